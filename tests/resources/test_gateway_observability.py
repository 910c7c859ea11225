"""Where the log and the traces of a gateway go."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider import Gateway, GatewayObservability, McpGateway, targets
from agentcore_provider.errors import InvalidInput

GROUP = "/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS/shop-id"


def _gateway() -> Gateway:
    return Gateway("shop", role_arn="arn:aws:iam::123456789012:role/own", authorizer="NONE")


def test_log_and_traces_are_delivered(declare: Any) -> None:
    """Of the gateway, to the log group that the service's console would make, and to X-Ray."""
    declared = declare(lambda: GatewayObservability("watch", gateway=_gateway(), tags={"team": "a"}).log_group_name)
    assert declared.result == GROUP
    [group] = declared.of(":LogGroup").values()
    assert (group["name"], group["retentionInDays"], group["tags"]) == (GROUP, 30, {"team": "a"})
    sources = declared.of(":LogDeliverySource")
    assert {name: it["logType"] for name, it in sources.items()} == {
        "watch-logs": "APPLICATION_LOGS",
        "watch-traces": "TRACES",
    }
    assert {it["resourceArn"].rpartition("/")[2] for it in sources.values()} == {"shop-1234567-0123456789"}
    assert declared.of(":LogDeliveryDestination")["watch-traces"]["deliveryDestinationType"] == "XRAY"
    assert len(declared.of(":LogDelivery")) == 2


@pytest.mark.parametrize(("kind", "other"), [("logs", "traces"), ("traces", "logs")])
def test_one_of_both_is_enough(declare: Any, kind: str, other: str) -> None:
    """Without a log there is no group that costs something; with neither the component would do nothing."""
    chosen: dict[str, Any] = {kind: True, other: False}
    declared = declare(lambda: GatewayObservability("watch", gateway=_gateway(), **chosen))
    assert declared.of(":LogDelivery").keys() == {f"watch-{kind}"}
    assert len(declared.of(":LogGroup")) == (kind == "logs")
    with pytest.raises(InvalidInput, match="delivers neither logs nor traces"):
        declare(lambda: GatewayObservability("watch", gateway=_gateway(), logs=False, traces=False))


@pytest.mark.parametrize(
    ("observe", "days"), [(True, 30), ({"retention_in_days": 90, "traces": False}, 90), (False, None)]
)
def test_one_word_observes_a_whole_gateway(declare: Any, observe: Any, days: int | None) -> None:
    """With the gateway's tags, and the component's own arguments where a program sets them."""
    declared = declare(
        lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, observe=observe, tags={"team": "a"}).gateway_id
    )
    groups = [*declared.of(":LogGroup").values()]
    assert [(it["retentionInDays"], it["tags"]) for it in groups] == ([(days, {"team": "a"})] if days else [])


def test_what_is_not_a_gateway_is_refused(declare: Any) -> None:
    with pytest.raises(InvalidInput, match=r"gateway: is a str\. Pass a Gateway or an McpGateway"):
        declare(lambda: GatewayObservability("watch", gateway="shop"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("observe", "groups"), [(None, 0), ({}, 1)])
def test_no_answer_observes_nothing(declare: Any, observe: Any, groups: int) -> None:
    """A key that the configuration does not have does not store requests."""
    declared = declare(lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, observe=observe).gateway_id)
    assert len(declared.of(":LogGroup")) == groups


@pytest.mark.parametrize("observe", ["false", 0, 1])
def test_observe_is_true_false_or_arguments(declare: Any, observe: Any) -> None:
    with pytest.raises(InvalidInput, match="observe: is a"):
        declare(lambda: McpGateway("shop", targets={"web": targets.WebSearch()}, observe=observe))
    with pytest.raises(InvalidInput, match="logs: is a"):
        declare(lambda: GatewayObservability("watch", gateway=_gateway(), logs=observe))
