"""A wrong program is reported everything that is wrong with it by one preview."""

from __future__ import annotations

import inspect

import pytest

from tests.support.stack import Stack


def wrong() -> None:
    """A program in which every resource has a problem."""
    from agentcore_provider import EzAuth, Gateway, GatewayRole, GatewayTarget, credentials, targets

    auth = EzAuth("shop", scopes=["a/b"])
    EzAuth("other", access_token_validity_seconds=3)
    role = GatewayRole("shop")
    gateway = Gateway("my_shop", role_arn=role.arn, authorizer=auth, description="")
    function = "arn:aws:lambda:us-west-2:123456789012:function:f"
    GatewayTarget("a", gateway=gateway, target=targets.Lambda(function, tools="nothere.json"))
    GatewayTarget("b", gateway=gateway, name="c", target=targets.Lambda("no arn"))
    GatewayTarget("c", gateway=gateway, target={"mcp": {"openApiSchema": {"s3": "s3://b/k"}}})
    server = {"mcp": {"mcpServer": {"endpoint": "https://x.example.com/mcp"}}}
    GatewayTarget("d", gateway=gateway, target=server, credentials=credentials.IamRole())


EXPECTED = (
    "sign-in 'shop': scopes[0]:",
    "sign-in 'other': access_token_validity_seconds:",
    "gateway 'my_shop': Gateway \"my_shop\" cannot assume this GatewayRole",
    "gateway 'my_shop': description:",
    "target 'a': ",
    "target 'b': target_configuration.mcp.lambda.lambdaArn:",
    'target \'c\': name: GatewayTarget "b" has the name "c" already',
    "target 'c': target_configuration.mcp.openApiSchema.s3:",
    "target 'd': credential_provider_configurations[0].credentialProvider.iamCredentialProvider:",
)


@pytest.mark.parametrize("operation", ["preview", "up"])
def test_every_problem_of_every_resource_is_reported_at_once(stack: Stack, operation: str) -> None:
    program = inspect.getsource(wrong) + "\n\nwrong()\n"
    (stack.folder / "__main__.py").write_text(program)
    outcome = getattr(stack, operation)(succeeds=False)
    reported = [line for line in outcome.text[outcome.text.find("Diagnostics:") :].splitlines() if "error:" in line]
    for expected in EXPECTED:
        assert sum(expected in line for line in reported) == 1, expected
    assert len(reported) == len(EXPECTED)
    assert "Traceback" not in outcome.text
    assert "RuntimeWarning" not in outcome.text
    assert stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"] == []
