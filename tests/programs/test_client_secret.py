"""The secret of a sign-in's client: kept by Secrets Manager, then rotated by the program; in clear nowhere."""

from __future__ import annotations

import json

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack


def desk() -> None:
    import pulumi

    from agentcore_provider import McpGateway

    arguments = ARGUMENTS  # type: ignore[name-defined]  # noqa: F821
    pulumi.export("gateways", {"desk": McpGateway("desk", targets={}, ez_auth_arguments=arguments).client_settings})


def test_a_secret_is_read_where_it_is_kept_and_rotated(stack: Stack) -> None:
    """The command asks Secrets Manager each time; after a rotation it has the new secret; previews show neither."""
    run_instead(stack, desk, ARGUMENTS={"secret_in_secrets_manager": True})
    stack.up()
    auth = next(it for it in stack.resources() if it["type"].endswith("agentcore:EzAuth"))["outputs"]
    manager, arn = stack.local_aws.client("secretsmanager"), auth["client_secret_arn"]
    kept = manager.get_secret_value(SecretId=arn)["SecretString"]
    first = json.loads(kept)["clientSecretValue"]
    assert stack.agentcore("token").count(".") == 2
    manager.put_secret_value(SecretId=arn, SecretString=json.dumps({"clientSecretValue": "rotated-by-another"}))
    assert "invalid_client" in stack.agentcore("token", succeeds=False)
    manager.put_secret_value(SecretId=arn, SecretString=kept)

    for arguments in ({"secret_in_secrets_manager": False}, {"rotate_on": "2026-12"}):
        run_instead(stack, desk, ARGUMENTS=arguments)
        shown = stack.preview("--diff").text
        outcome = stack.up()
        assert stack.agentcore("token").count(".") == 2
        second = stack.outputs()["gateways"]["desk"]["client_secret"]
        exported = stack.pulumi("stack", "export")
        for secret in (first, second):
            assert secret not in shown + outcome.text + exported
    assert second != first
    assert set(stack.up("--refresh").changes) == {"same"}
