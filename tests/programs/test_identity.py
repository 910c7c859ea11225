"""Whose a resource is: what others made is read, adopted or left alone, never taken by accident."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.stack import Stack


def run_instead(stack: Stack, program: Callable[[], None], **constants: object) -> None:
    """Make a function the stack's program; constants are its globals."""
    lines = [f"{name} = {value!r}" for name, value in constants.items()]
    (stack.folder / "__main__.py").write_text(
        "\n".join([*lines, inspect.getsource(program), f"{program.__name__}()\n"])
    )


def reads() -> None:
    import pulumi

    from agentcore_provider import Gateway

    gateway = Gateway.get("theirs", GATEWAY_ID)  # type: ignore[name-defined]  # noqa: F821
    pulumi.export("url", gateway.gateway_url)
    pulumi.export("description", gateway.description)


def reads_all() -> None:
    import pulumi

    from agentcore_provider import ApiKeyCredentialProvider, EzAuth, Gateway, GatewayTarget

    gateway = Gateway.get("theirs", GATEWAY_ID)  # type: ignore[name-defined]  # noqa: F821
    target = GatewayTarget.get("theirs", TARGET_ID)  # type: ignore[name-defined]  # noqa: F821
    auth = EzAuth.get("theirs", POOL_ID)  # type: ignore[name-defined]  # noqa: F821
    key = ApiKeyCredentialProvider.get("theirs", KEY_ARN)  # type: ignore[name-defined]  # noqa: F821
    pulumi.export(
        "read", [gateway.name, target.name, target.tools, auth.name, auth.scope, auth.token_endpoint, key.name]
    )


def makes_all() -> None:
    import pulumi

    from agentcore_provider import ApiKeyCredentialProvider, McpGateway, targets

    made = McpGateway("shop", targets={"orders": targets.LambdaCode("demo/order_desk")})
    target, auth = made.targets["orders"], made.ez_auth
    assert auth
    key = ApiKeyCredentialProvider("shop", api_key="k")
    pulumi.export(
        "read", [made.gateway.name, target.name, target.tools, auth.name, auth.scope, auth.token_endpoint, key.name]
    )
    pulumi.export("ids", [made.gateway.id, target.id, auth.id, key.id])


def makes() -> None:
    from agentcore_provider import Gateway, GatewayRole

    role = GatewayRole("shop", gateway_name="shared")
    Gateway("shop", name="shared", role_arn=role, authorizer="NONE", description="ours")


def theirs(stack: Stack) -> dict[str, Any]:
    """A gateway that nothing of ours made."""
    iam = stack.local_aws.client("iam")
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
        ' "Principal": {"Service": "bedrock-agentcore.amazonaws.com"}}]}'
    )
    role_arn = iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    created: dict[str, Any] = stack.local_aws.client("bedrock-agentcore-control").create_gateway(
        name="shared",
        roleArn=role_arn,
        authorizerType="NONE",
        protocolType="MCP",
        protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
        description="theirs",
    )
    return created


def test_a_gateway_of_somebody_else_is_read_and_never_changed(stack: Stack) -> None:
    gateway = theirs(stack)
    run_instead(stack, reads, GATEWAY_ID=gateway["gatewayId"])
    stack.up()
    assert stack.outputs() == {"url": gateway["gatewayUrl"], "description": "theirs"}
    stack.destroy()
    assert len(stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"]) == 1


def test_every_resource_can_be_read_by_its_id(stack: Stack, tmp_path: Path) -> None:
    """What one stack made, another reads as it is, and leaves alone."""
    other = type(stack)(shutil.copytree(stack.folder, tmp_path / "other", symlinks=True), stack.local_aws)
    run_instead(stack, makes_all)
    stack.up()
    made = stack.outputs()
    gateway_id, target_id, pool_id, key_arn = made["ids"]
    run_instead(other, reads_all, GATEWAY_ID=gateway_id, TARGET_ID=target_id, POOL_ID=pool_id, KEY_ARN=key_arn)
    other.up()
    assert other.outputs() == {"read": made["read"]}
    other.destroy()
    stack.refresh()
    assert stack.outputs() == made


def test_reading_what_does_not_exist_is_an_error_of_one_line(stack: Stack) -> None:
    run_instead(stack, reads, GATEWAY_ID="nothere-0123456789")
    outcome = stack.up(succeeds=False)
    assert "gateway nothere-0123456789 does not exist" in outcome.text
    assert "lifecycle.py" not in outcome.text, "no traceback of ours"


def test_a_taken_name_is_refused_and_adopted_on_request(stack: Stack) -> None:
    gateway = theirs(stack)
    run_instead(stack, makes)
    outcome = stack.up(succeeds=False)
    assert "gateway shared" in outcome.text
    assert "agentcore:adopt true" in outcome.text
    control = stack.local_aws.client("bedrock-agentcore-control")
    assert control.get_gateway(gatewayIdentifier=gateway["gatewayId"])["description"] == "theirs"

    stack.configure(lambda config: config.update({"agentcore:adopt": "true"}))
    stack.up()
    (standing,) = control.list_gateways()["items"]
    assert (standing["gatewayId"], standing["description"]) == (gateway["gatewayId"], "ours")
    stack.destroy()
    assert control.list_gateways()["items"] == []
