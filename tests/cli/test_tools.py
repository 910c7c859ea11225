from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.cli.inspect.tools import signature
from tests.support import mcp_gateway
from tests.support.mcp_gateway import ScriptedGateway

Agentcore = Callable[..., Result]
SECRET = "marker-secret-4711"


@pytest.mark.usefixtures("deployed")
class TestOnTheSelectedStack:
    def test_list_signs_in_and_shows_names_first_sentences_and_arguments(self, agentcore: Agentcore) -> None:
        result = agentcore("tools", "list")
        assert result.exit_code == 0, result.output
        line = next(line for line in result.stdout.splitlines() if "orders___get_order" in line)
        assert "Look up one order." in line
        assert "Long explanation" not in line
        assert "order_id*: string, full: boolean" in line

    def test_list_json_is_the_mcp_documents(self, agentcore: Agentcore) -> None:
        tools = json.loads(agentcore("tools", "list", "--json").stdout)
        assert [tool["name"] for tool in tools][:2] == ["orders___get_order", "orders___find"]
        assert tools[0]["inputSchema"]["required"] == ["order_id"]

    def test_call_takes_the_short_name_and_prints_the_answer_as_json(
        self, agentcore: Agentcore, gateway: ScriptedGateway
    ) -> None:
        result = agentcore("tools", "call", "get_order", '{"order_id": "A-7"}')
        assert (result.exit_code, json.loads(result.stdout)) == (0, {"orderId": "A-7", "status": "SHIPPED"})
        assert gateway.calls == [("orders___get_order", {"order_id": "A-7"})]

    def test_call_reads_arguments_from_stdin(self, agentcore: Agentcore, gateway: ScriptedGateway) -> None:
        result = agentcore("tools", "call", "get_order", "-", input='{"order_id": "B"}')
        assert result.exit_code == 0
        assert gateway.calls == [("orders___get_order", {"order_id": "B"})]

    def test_call_json_is_the_whole_mcp_result_also_when_the_tool_fails(self, agentcore: Agentcore) -> None:
        result = agentcore("tools", "call", "fail", "--json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["isError"] is True

    def test_a_failing_tool_is_one_line_and_exit_code_1(self, agentcore: Agentcore) -> None:
        result = agentcore("tools", "call", "fail")
        assert result.exit_code == 1
        assert result.stderr == "Error: Tool stock___fail answered an error: stock is closed\n"
        assert result.stdout == ""

    def test_a_reason_that_the_gateway_keeps_back_is_in_its_log(
        self, agentcore: Agentcore, gateway: ScriptedGateway
    ) -> None:
        gateway.failing = "An internal error occurred. Please retry later."
        result = agentcore("tools", "call", "fail")
        assert result.stderr == (
            "Error: Tool stock___fail answered an error: An internal error occurred. Please retry later: the gateway hides "
            'the reason. Check its log (`agentcore logs`; on local AWS `agentcore local open` shows it), or set exception_level to "DEBUG" on it.\n'
        )

    @pytest.mark.parametrize(
        ("arguments", "reported"),
        [
            (("get_ordr", "{}"), "Did you mean orders___get_order?"),
            (("find", "{}"), "several targets. Use one of orders___find, stock___find"),
            (("get_order", "{order_id: A}"), "Arguments of get_order: line 1, column 2: is not JSON"),
            (("get_order", '["A"]'), "Arguments of get_order: is not a JSON object"),
        ],
    )
    def test_wrong_input_is_exit_code_2_and_calls_nothing(
        self, agentcore: Agentcore, gateway: ScriptedGateway, arguments: tuple[str, ...], reported: str
    ) -> None:
        result = agentcore("tools", "call", *arguments)
        assert result.exit_code == 2
        assert reported in result.stderr
        assert gateway.calls == []

    def test_search_shows_what_the_gateway_found(self, agentcore: Agentcore) -> None:
        result = agentcore("tools", "search", "where is my order", "--json")
        assert [tool["name"] for tool in json.loads(result.stdout)] == ["orders___get_order"]


def test_arguments_come_in_the_order_of_required_and_then_by_name() -> None:
    """The engine hands properties on in any order."""
    properties = {name: {"type": "string"} for name in ("note", "to", "at", "from")}
    assert signature({"properties": properties, "required": ["from", "to", "gone"]}) == (
        "from*: string, to*: string, at: string, note: string"
    )


def test_a_url_needs_no_project(
    agentcore: Agentcore, gateway: ScriptedGateway, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert agentcore("tools", "list", "--url", gateway.base + "/open/mcp").exit_code == 0


def test_the_token_may_come_from_the_environment(agentcore: Agentcore, gateway: ScriptedGateway) -> None:
    token = mcp_gateway.GOOD_TOKEN
    result = agentcore("tools", "list", "--url", gateway.url, env={"AGENTCORE_TOKEN": token})
    assert result.exit_code == 0


def test_a_refused_token_is_exit_code_3(agentcore: Agentcore, gateway: ScriptedGateway) -> None:
    result = agentcore("tools", "list", "--url", gateway.url, "--token", "nonsense")
    assert result.exit_code == 3
    assert "HTTP 401" in result.stderr
    assert result.stderr.count("\n") == 1


def test_nobody_there_is_exit_code_3(agentcore: Agentcore) -> None:
    assert agentcore("tools", "list", "--url", "http://127.0.0.1:1/mcp").exit_code == 3


@pytest.mark.parametrize(
    ("flags", "reported"),
    [
        (("--url", "gateway.example.com/mcp"), "not a URL"),
        (("--url", "https://x/mcp", "--stack", "dev"), "Leave out --stack"),
    ],
)
def test_flags_that_do_not_go_together_are_exit_code_2(
    agentcore: Agentcore, flags: tuple[str, ...], reported: str
) -> None:
    result = agentcore("tools", "list", *flags)
    assert (result.exit_code, reported in result.stderr) == (2, True)


def test_several_gateways_need_a_choice(agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway) -> None:
    outputs = json.loads((deployed / "outputs.json").read_text())
    outputs["gateways"]["back-office"] = {"mcp_url": gateway.base + "/open/mcp"}
    (deployed / "outputs.json").write_text(json.dumps(outputs))
    result = agentcore("tools", "list")
    assert (result.exit_code, "--gateway: shop, back-office" in result.stderr) == (2, True)
    assert agentcore("tools", "list", "--gateway", "shop").exit_code == 0
    # One that exports no sign-in is asked without a token.
    assert agentcore("tools", "list", "--gateway", "back-office").exit_code == 0
    result = agentcore("tools", "list", "--gateway", "shopp")
    assert (result.exit_code, "Choose one of shop, back-office" in result.stderr) == (2, True)


def test_a_failed_sign_in_is_exit_code_3_and_keeps_the_secret(
    agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
) -> None:
    text = (deployed / "outputs.json").read_text().replace("shop-client", "other_owner")
    (deployed / "outputs.json").write_text(text)
    result = agentcore("tools", "list")
    assert result.exit_code == 3
    assert "invalid_client" in result.stderr
    assert SECRET not in result.output


def test_token_prints_a_token_and_nothing_else(agentcore: Agentcore, deployed: Path) -> None:
    result = agentcore("token")
    assert result.exit_code == 0
    assert result.stdout.count(".") == 2
    assert result.stdout.count("\n") == 1
    assert json.loads(agentcore("token", "--json").stdout)["scope"] == "shop/invoke"


def test_list_and_show_say_where_and_what_but_no_secret(agentcore: Agentcore, deployed: Path) -> None:
    for arguments in (("list",), ("list", "--json"), ("show",), ("show", "shop", "--json")):
        result = agentcore(*arguments)
        assert result.exit_code == 0, result.output
        assert "shop-0123456789" in result.stdout
        assert SECRET not in result.output
    shown = agentcore("show").stdout
    assert "target orders" in shown
    assert "get_order" in shown
