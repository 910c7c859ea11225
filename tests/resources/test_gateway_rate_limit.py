"""GatewayRateLimit: the documents that its arguments become, and problems that the program's side finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from agentcore_provider import Gateway, GatewayRateLimit, GatewayTarget, McpGateway, rate_limits, targets
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.loader import load

ROLE = "arn:aws:iam::123456789012:role/shop"
SUB = rate_limits.claim("sub")


def limit(*entries: Any, keys: Any = (rate_limits.TARGET,), **arguments: Any) -> Callable[[], None]:
    """A program with a gateway and this rate limit."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        GatewayRateLimit("limit", gateway=gateway, dimension_keys=keys, entries=list(entries), **arguments)

    return program


def only(declared: Any) -> dict[str, Any]:
    (found,) = declared.of("agentcore:GatewayRateLimit").values()
    return dict(found)


def reasons(declare: Any, program: Callable[[], None]) -> dict[str, list[str]]:
    """Why each rate limit of the program is refused at preview."""
    provider, declared = load("gateway_rate_limit"), declare(program).of("agentcore:GatewayRateLimit")
    known = {name: {**found, "gateway_identifier": "shop-0123456789"} for name, found in declared.items()}
    return {name: [it.reason for it in provider.check({}, found).failures] for name, found in known.items()}


def test_rates_become_aws_documents(declare: Any) -> None:
    """Each metric with the one period that AWS has for it."""
    every = rate_limits.Entry(requests_per_minute=60, tokens_per_minute=9000, connections=5)
    found = only(declare(limit(rate_limits.Entry({"targetName": "a"}, requests_per_second=0.5), every)))
    assert found["entries"] == [
        {"dimensions": {"targetName": "a"}, "requests": [{"rate": 0.5, "period": "second"}]},
        {
            "dimensions": {"targetName": "*"},
            "requests": [{"rate": 60, "period": "minute"}],
            "tokens": [{"rate": 9000, "period": "minute"}],
            "connections": [{"rate": 5, "period": "second"}],
        },
    ]
    assert found["dimension_keys"] == ["targetName"]


def test_a_value_that_is_left_out_stands_for_all(declare: Any) -> None:
    """For each key that the entry does not have."""
    found = only(declare(limit(rate_limits.Entry({"targetName": "a"}, connections=1), keys=["targetName", SUB])))
    assert found["entries"][0]["dimensions"] == {"targetName": "a", SUB: "*"}


@pytest.mark.parametrize("late", ["keys", "one key", "entries", "value", "rate"])
def test_every_part_can_be_an_output(declare: Any, late: str) -> None:
    """Whatever of it is known later."""

    def program() -> None:
        out = pulumi.Output.from_input
        keys: Any = {"keys": out(["targetName"]), "one key": [out("targetName")]}.get(late, ["targetName"])
        value: Any = out("a") if late == "value" else "a"
        entry: Any = {"dimensions": {"targetName": value}, "connections": out(1) if late == "rate" else 1}
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        entries: Any = out([entry]) if late == "entries" else [entry]
        GatewayRateLimit("limit", gateway=gateway, dimension_keys=keys, entries=entries)

    found = only(declare(program))
    expected = {"dimensions": {"targetName": "a"}, "connections": [{"rate": 1, "period": "second"}]}
    assert (found["dimension_keys"], found["entries"]) == (["targetName"], [expected])


def test_aws_own_form_stays_as_it_is(declare: Any) -> None:
    """Also beside records."""
    own = {"dimensions": {"targetName": "a"}, "connections": [{"rate": 1, "period": "second"}]}
    found = only(declare(limit(own, {"requests_per_minute": 2})))
    assert found["entries"][0] == own
    assert found["entries"][1]["requests"] == [{"rate": 2, "period": "minute"}]


def test_a_target_of_the_program_is_its_name(declare: Any) -> None:
    """As the name is known."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        target = GatewayTarget(
            "t", gateway=gateway, name="tools", target=targets.McpServer("https://tools.example.com/mcp")
        )
        entry = rate_limits.Entry({rate_limits.TARGET: target}, requests_per_second=1)
        GatewayRateLimit("limit", gateway=gateway, dimension_keys=[rate_limits.TARGET], entries=[entry])

    assert only(declare(program))["entries"][0]["dimensions"] == {"targetName": "tools"}


def test_names_of_keys_are_those_of_aws() -> None:
    """So that none has to be looked up."""
    assert [rate_limits.claim("team"), rate_limits.header("X-Tier"), rate_limits.body("metadata.tier")] == [
        "$.context.jwt.team",
        "$.context.request.header.X-Tier",
        "$.context.request.body.metadata.tier",
    ]


@pytest.mark.parametrize(
    ("entry", "report"),
    [
        (rate_limits.Entry(requests_per_second=1, requests_per_minute=2), "entries[0]: has requests_per_second and"),
        ({"requests_per_hour": 1}, "entries[0]: has no requests_per_hour"),
        (5, "entries[0]: is a int. Give a rate_limits.Entry"),
        ({"dimensions": ["a"], "connections": 1}, "entries[0].dimensions: is a list. Give a dict of key to value"),
        (
            rate_limits.Entry(),
            "entries[0]: limits nothing. Set at least one of requests_per_second, requests_per_minute, tokens_per_minute, "
            "connections",
        ),
        (
            {"dimensions": {"target": "a"}, "connections": 1},
            "entries[0].dimensions.target: is not one of the dimension",
        ),
        ({"connections": "many"}, "entries[0].connections[0].rate: is a string"),
    ],
)
def test_a_wrong_entry_is_reported_at_preview(declare: Any, entry: Any, report: str) -> None:
    """With its number."""
    (found,) = reasons(declare, limit(entry)).values()
    assert any(report in it for it in found), found


def test_two_limits_of_the_same_keys_are_reported(declare: Any) -> None:
    """In whatever order, as AWS takes one of them."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        for name, keys in (("one", ["targetName", "toolName"]), ("two", ["toolName", "targetName"])):
            GatewayRateLimit(name, gateway=gateway, dimension_keys=keys, entries=[{"connections": 1}])

    found = reasons(declare, program)
    assert found["one"] == []
    assert 'GatewayRateLimit "one" has these keys already, in whatever order' in found["two"][0]


def test_two_limits_of_one_id_are_reported(declare: Any) -> None:
    """As AWS would refuse the second."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        for key in ("targetName", "toolName"):
            entries = [{"connections": 1}]
            GatewayRateLimit(key, gateway=gateway, dimension_keys=[key], entries=entries, rate_limit_id="mine")

    assert (
        'GatewayRateLimit "targetName" has the rate_limit_id "mine" already' in reasons(declare, program)["toolName"][0]
    )


def test_more_limits_than_aws_takes_are_reported(declare: Any) -> None:
    """The 51st."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        for number in range(51):
            keys = [rate_limits.header(f"X-{number}"), rate_limits.PRINCIPAL]
            GatewayRateLimit(f"l{number}", gateway=gateway, dimension_keys=keys, entries=[{"connections": 1}])

    refused = {name: it for name, it in reasons(declare, program).items() if it}
    assert [*refused] == ["l50"]
    assert "the gateway has 50 rate limits already, which is the most" in refused["l50"][0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], r"rate_limits: is a list. Give a dict of name to arguments"),
        ({"r": []}, r"rate_limits\.r: is a list. Give a dict of arguments of GatewayRateLimit"),
        ({"r": {"entries": []}}, r"rate_limits\.r: dimension_keys is missing. Name what its requests are counted by"),
        ({"r": {"dimension_keys": []}}, r"rate_limits\.r: entries is missing"),
        ({"r": {"dimensionkeys": []}}, r"has no argument dimensionkeys. Did you mean dimension_keys\?"),
        ({"r": {"gateway": 1}}, r"has no argument gateway here"),
    ],
)
def test_arguments_of_an_mcp_gateway_are_checked(declare: Any, given: Any, message: str) -> None:
    """Before anything is declared."""
    with pytest.raises(InvalidInput, match=message):
        declare(lambda: McpGateway("shop", targets={}, rate_limits=given))


def test_an_mcp_gateway_has_its_limits_by_name(declare: Any) -> None:
    """Each a resource of its own."""
    made = {"per-tool": {"dimension_keys": ["toolName"], "entries": [{"requests_per_minute": 60}]}}
    declared = declare(lambda: McpGateway("shop", targets={}, rate_limits=made))
    assert [*declared.of("agentcore:GatewayRateLimit")] == ["shop-per-tool"]


def test_a_limit_needs_one_gateway(declare: Any) -> None:
    """Declared here or anywhere."""
    with pytest.raises(InvalidInput, match="needs exactly one of gateway and gateway_identifier"):
        declare(lambda: GatewayRateLimit("l", dimension_keys=["toolName"], entries=[{"connections": 1}]))


@pytest.mark.parametrize("late", [False, True])
def test_names_that_the_gateway_does_not_have_are_a_warning(
    declare: Any, caplog: pytest.LogCaptureFixture, late: bool
) -> None:
    """Also of targets that are declared after the limit; a target without a name yet may have any."""
    tool = {"name": "refund", "description": "Pay back", "inputSchema": {"type": "object"}}

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        entries = [
            rate_limits.Entry({rate_limits.TOOL: name}, connections=1) for name in ("orders___refund", "orders___refnd")
        ]
        GatewayRateLimit("limit", gateway=gateway, dimension_keys=[rate_limits.TOOL], entries=entries)
        target = targets.Lambda("arn:aws:lambda:us-west-2:123456789012:function:orders", tools=[tool])
        GatewayTarget("orders", gateway=gateway, target=target)
        if late:
            name = pulumi.Output.from_input("other")
            GatewayTarget("other", gateway=gateway, target="https://orders.example.com/mcp", name=name)

    declare(program)
    found = [it.message for it in caplog.records if "the gateway has no" in it.message]
    assert len(found) == (0 if late else 1)
    for line in found:
        assert (
            "gateway rate limit 'limit': entries[1].dimensions.toolName: the gateway has no tool orders___refnd" in line
        )
        assert "Did you mean orders___refund?" in line
