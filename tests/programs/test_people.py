"""People sign in to a gateway that `pulumi up` deployed, with the MCP client of its makers."""

from __future__ import annotations

import json

from tests.programs.test_identity import run_instead
from tests.support.people_pool import PASSWORD, PeoplePool, list_tools
from tests.support.stack import Stack


def desk() -> None:
    import pulumi

    from agentcore_provider import McpGateway, targets

    orders = targets.LambdaCode("demo/order_desk")
    arguments = {"people": True} if PEOPLE else {}  # type: ignore[name-defined]  # noqa: F821
    gateway = McpGateway("desk", targets={"orders": orders}, ez_auth_arguments=arguments)
    pulumi.export("gateways", {"desk": gateway.client_settings})


def test_one_word_of_the_program_lets_people_in(stack: Stack) -> None:
    """Added to a sign-in of machines in place; a person gets from the gateway's 401 to its tools; removed again."""
    run_instead(stack, desk, PEOPLE=False)
    stack.up()
    machine = stack.outputs()["gateways"]["desk"]
    run_instead(stack, desk, PEOPLE=True)
    assert stack.up().changes == {"update": 2, "same": 11}
    assert set(stack.up("--refresh").changes) == {"same"}
    made = stack.outputs()["gateways"]["desk"]
    assert made["client_id"] == machine["client_id"]
    auth = next(it for it in stack.resources() if it["type"].endswith("agentcore:EzAuth"))["outputs"]
    cognito, pool_id = stack.local_aws.client("cognito-idp"), auth["user_pool_id"]
    cognito.admin_create_user(UserPoolId=pool_id, Username="ada")
    cognito.admin_set_user_password(UserPoolId=pool_id, Username="ada", Password=PASSWORD, Permanent=True)
    people = PeoplePool(stack.local_aws, pool_id, auth["domain_prefix"], made["people_client_id"], made["scope"])
    tools = [tool.name for tool in list_tools(made["mcp_url"], people.client_id, people.sign_in)]
    assert "orders___order_status" in tools
    assert "orders___order_status" in stack.agentcore("tools", "list")
    stack.agentcore("connect", "claude")
    written = (stack.folder / ".mcp.json").read_text()
    [server] = json.loads(written)["mcpServers"].values()
    assert (server["url"], server["oauth"]["clientId"]) == (made["mcp_url"], made["people_client_id"])
    assert made["client_secret"] not in written
    run_instead(stack, desk, PEOPLE=False)
    stack.up()
    assert "people_client_id" not in stack.outputs()["gateways"]["desk"]
