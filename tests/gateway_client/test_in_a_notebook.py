"""What one types first does what one expects: tools, names, secrets, progress."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider import GatewayClient, errors
from agentcore_provider.gateway_client.progress import Progress
from tests.support.world import World

Clients = Callable[..., GatewayClient]

HANDLER = """
TOOLS = [{"name": "double", "description": "Double a number",
          "inputSchema": {"type": "object", "properties": {"number": {"type": "number"}}, "required": ["number"]}}]

def handler(event, context):
    return {"doubled": event["number"] * 2}
"""


class NoTime:
    """A clock for what waits for nothing."""

    def now(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError(f"waited for {seconds} s")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder of code with one tool."""
    (tmp_path / "handler.py").write_text(HANDLER)
    return str(tmp_path)


def test_code_becomes_a_gateway_whose_tools_are_called(
    client: GatewayClient, world: World, name: str, folder: str
) -> None:
    """From a folder to an answer; then the code changes; then nothing is left."""
    gateway = client.setup_gateway(name, folder)
    assert gateway.call_tool("double", number=4).value == {"doubled": 8}
    assert gateway.call_tool("double", {"number": 5}).value == {"doubled": 10}
    Path(folder, "handler.py").write_text(HANDLER.replace("* 2", "* 20"))
    client.setup_gateway(name, folder)
    assert gateway.call_tool("double", number=4).value == {"doubled": 80}
    client.cleanup_gateway(gateway)
    iam, functions = world.client("iam"), world.client("lambda")
    left = [it["RoleName"] for it in iam.list_roles(MaxItems=1000)["Roles"]]
    left += [it["FunctionName"] for it in functions.list_functions()["Functions"]]
    assert [it for it in left if it.startswith(name)] == []


def test_tools_are_called_where_an_event_loop_runs(client: GatewayClient, name: str, folder: str) -> None:
    """As in every notebook."""
    gateway = client.setup_gateway(name, folder)

    async def cell() -> Any:
        return gateway.call_tool("double", number=4).value

    assert asyncio.run(cell()) == {"doubled": 8}
    client.cleanup_gateway(gateway)


def test_one_session_serves_several_calls(client: GatewayClient, name: str, folder: str) -> None:
    """Signed in as the gateway requires; agents get the official client's session, whose errors stay its own."""
    gateway = client.setup_gateway(name, folder)

    async def talk() -> list[Any]:
        async with gateway.connect() as session:
            listed = await session.client.list_tools()
            answers = [await session.call_tool(f"{name}-target___double", {"number": it}) for it in (1, 2)]
            return [it.name for it in listed.tools if it.name.startswith(name)] + [it.value for it in answers]

    assert asyncio.run(talk()) == [f"{name}-target___double", {"doubled": 2}, {"doubled": 4}]

    async def refused() -> None:
        async with gateway.connect(token="not-a-jwt"):
            pass

    with pytest.raises(errors.TokenRefused):
        asyncio.run(refused())
    client.cleanup_gateway(gateway)


def test_a_wrong_tool_is_answered_with_the_nearest_and_a_wrong_token_with_the_cure(
    client_of: Clients, name: str, folder: str
) -> None:
    """Cures say arguments, never flags."""
    gateway = client_of().setup_gateway(name, folder)
    for wrong in ("duoble", f"{name}-target___duoble"):
        with pytest.raises(errors.InvalidInput, match=rf"Did you mean {name}-target___double\?"):
            gateway.call_tool(wrong, number=1)
    for wrong in ("", "not-a-jwt"):
        with pytest.raises(errors.TokenRefused) as caught:
            gateway.list_tools(token=wrong)
        assert "--" not in str(caught.value).partition("): ")[2]
    with pytest.raises(errors.InvalidInput, match=r"arguments: is str, not a mapping"):
        gateway.call_tool("double", "4")  # type: ignore[arg-type]
    found = client_of("somebody else").get_gateway(name)
    assert [tool.short_name for tool in found.list_tools()][-1] == "double"
    client_of().cleanup_gateway(gateway)


def test_an_open_gateway_and_one_for_aws_identities_need_no_token(
    client: GatewayClient, members: dict[str, Any]
) -> None:
    """The authorizer says what is sent."""
    for authorizer in ("NONE", "AWS_IAM"):
        gateway = client.create_gateway(
            **{**members, "name": f"{members['name']}-{authorizer[:3]}", "authorizerType": authorizer}
        )
        assert len(gateway.list_tools()) == 1
        client.cleanup_gateway(gateway)


def test_somebody_elses_issuer_is_named(client: GatewayClient, members: dict[str, Any]) -> None:
    """Whose token is wanted, and where to give it."""
    jwt = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration", "allowedClients": ["a"]}
    gateway = client.create_gateway(
        **members | {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": {"customJWTAuthorizer": jwt}}
    )
    with pytest.raises(errors.NotSignedIn, match=r"takes tokens of https://login\.example\.com.*Give token="):
        gateway.list_tools()
    client.cleanup_gateway(gateway)


def test_names_do_wherever_ids_do(
    client: GatewayClient, members: dict[str, Any], target: dict[str, Any], name: str
) -> None:
    """Of gateways and of targets; what is not there is answered with what is."""
    gateway = client.create_gateway(**members)
    made = client.create_gateway_target(name, **target)
    assert client.get_gateway(name).id == gateway.id
    assert client.get_gateway_target(name, "orders").id == made.id
    assert client.update_gateway_target(name, "orders", description="new")["description"] == "new"
    assert client.update_gateway(name, description="new")["description"] == "new"
    assert [it.name for it in gateway.targets] == ["orders"]
    with pytest.raises(errors.AwsRefused, match="has no target order; there are orders"):
        client.get_gateway_target(name, "order")
    with pytest.raises(errors.AwsRefused, match=f"There is no gateway nobody in us-west-2; there are .*{name}"):
        client.get_gateway("nobody")
    client.delete_gateway_target(name, "orders")
    assert gateway.targets == []
    client.delete_gateway(name)


def test_results_that_hold_secrets_do_not_show_them(client: GatewayClient, name: str) -> None:
    """They work as what they are."""
    made = client.create_oauth_authorizer_with_cognito(name)
    secret = made["client_info"]["client_secret"]
    token = client.get_access_token_for_cognito(made["client_info"])
    assert secret not in f"{made} {made['client_info']!r}"
    assert json.loads(json.dumps(made))["client_info"]["client_secret"] == secret
    assert token not in repr(token)
    assert f"{token}".count(".") == 2
    client.cleanup_gateway(name)


def test_what_cannot_become_a_gateway_leaves_nothing(client: GatewayClient, world: World, name: str) -> None:
    """A missing function or role is reported before anything is made or waited for, with a cure that fits."""
    function = "arn:aws:lambda:us-west-2:123456789012:function:nowhere"
    for arguments, report in (
        ((function,), r"there is no Lambda function .*. Pass the ARN of one that exists, or the folder of its code"),
        (("no-such-folder/",), "there is no such file or folder"),
        ((function.replace("us-west-2", "eu-west-1"),), r"is in eu-west-1, and the gateway in us-west-2"),
        ((world.function_arn, "NoSuchRole"), r"there is no role .*\. .*leave the role out and GatewayClient makes one"),
    ):
        client._account.connection.clock = NoTime()
        with pytest.raises(errors.InvalidInput, match=report):
            client.setup_gateway(name, *arguments)
    assert client.find_gateway(name) is None
    assert name not in [it["Name"] for it in world.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]]


def test_a_gateway_that_fails_takes_its_own_role_along(client: GatewayClient, world: World, name: str) -> None:
    """What was made on the side goes when the gateway cannot be made."""
    world.fault(operation="CreateGateway", kind="fail", reason="not today")
    with pytest.raises(errors.ResourceFailed, match="not today"):
        client.create_gateway(name=name, authorizerType="NONE", protocolType="MCP")
    roles = [it["RoleName"] for it in world.client("iam").list_roles(MaxItems=1000)["Roles"]]
    assert not [it for it in roles if it.startswith(name)]


def test_targets_go_along_only_when_that_is_wanted(
    client: GatewayClient, members: dict[str, Any], target: dict[str, Any]
) -> None:
    """The cure is an argument."""
    gateway = client.create_gateway(**members)
    client.create_gateway_target(gateway, **target)
    with pytest.raises(errors.AwsRefused, match=r"still has targets: orders .*skip_resource_in_use=True"):
        client.delete_gateway(gateway)
    assert client.delete_gateway(gateway, skip_resource_in_use=True) == {"status": "success", "gatewayId": gateway.id}


def test_a_gateway_of_another_region_says_where_it_is(
    client: GatewayClient, world: World, members: dict[str, Any]
) -> None:
    """Its ARN and URL tell."""
    gateway = client.create_gateway(**members)
    elsewhere = GatewayClient("eu-west-1", endpoint_url=world.endpoint, owner="me")
    with pytest.raises(errors.InvalidInput, match=r"is a gateway in us-west-2.*region_name='us-west-2'"):
        elsewhere.get_gateway(gateway["gatewayArn"])
    client.delete_gateway(gateway)


def test_an_update_is_judged_whole(client: GatewayClient, members: dict[str, Any]) -> None:
    """Members that only an update takes are judged, and what cannot change in place is compared whole."""
    gateway = client.create_gateway(**members)
    for wrong, report in (
        ({"wafConfiguration": {"failureMode": "FAIL_MAYBE"}}, "wafConfiguration.failureMode: is 'FAIL_MAYBE'"),
        ({"protocolConfiguration": {"mcp": {"instructions": "Ask"}}}, "protocolConfiguration cannot change in place"),
        ({"exceptionLevel": "LOUD"}, "exceptionLevel: is 'LOUD'"),
    ):
        with pytest.raises(errors.InvalidInput, match=report):
            client.update_gateway(gateway, **wrong)
    changed = client.update_gateway(gateway, wafConfiguration={"failureMode": "FAIL_OPEN"})
    assert changed["wafConfiguration"]["failureMode"] == "FAIL_OPEN"
    client.delete_gateway(gateway)


def test_warnings_name_the_line_that_called(client: GatewayClient, members: dict[str, Any]) -> None:
    """Whatever stands between."""
    unused = {
        "customJWTAuthorizer": {
            "discoveryUrl": "https://a.example/.well-known/openid-configuration",
            "allowedClients": ["a"],
        }
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gateway = client.create_gateway(**members, authorizerConfiguration=unused)
    assert [Path(it.filename).name for it in caught] == ["test_in_a_notebook.py"]
    client.delete_gateway(gateway)


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def _steps(logger: logging.Logger) -> None:
    progress = Progress(logger)
    with progress.operation("setup_gateway"):
        for text in ("creating", "waiting (1 s)", "waiting (2 s)"):
            progress.report(text)


def test_progress_is_one_line_on_a_terminal_and_few_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is replaced where it can be; without a terminal no line for each second."""
    logger = logging.Logger("script")
    monkeypatch.setattr(sys, "stderr", _Screen())
    _steps(logger)
    shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert [it.partition(": ")[0] for it in shown.split("\r\x1b[K")] == [
        "",
        "creating",
        "waiting (1 s)",
        "waiting (2 s)",
        "setup_gateway",
    ]
    assert shown.count("\n") == 1
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    _steps(logger)
    lines = sys.stderr.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[:2] == ["creating", "waiting (1 s)"]
    assert len(lines) == 3


def test_progress_follows_the_logger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off for warnings only; in the log where a script has configured one."""
    monkeypatch.setattr(sys, "stderr", _Screen())
    quiet = logging.Logger("quiet", logging.WARNING)
    _steps(quiet)
    log = io.StringIO()
    logged = logging.Logger("logged", logging.INFO)
    logged.addHandler(logging.StreamHandler(log))
    _steps(logged)
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]
    assert log.getvalue().splitlines()[:2] == ["creating", "waiting (1 s)"]
