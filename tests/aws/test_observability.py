"""Logs and traces of a gateway: requests that AWS's model allows, in an order that AWS can follow."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from agentcore_provider.aws import observability
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.errors import AwsRefused

GATEWAY = "shop-0123456789"
ARN = f"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/{GATEWAY}"


class Logs(Connection):
    """CloudWatch Logs as far as deliveries go: it validates requests by AWS's model and keeps what is made."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.model = ServiceModel(Loader().load_service_model("logs", "service-2"))
        self.kept: dict[str, Any] = {}
        self.deliveries: dict[str, str] = {}

    def call(self, operation: str, *, service: str, **parameters: Any) -> dict[str, Any]:
        assert service == "logs"
        report = ParamValidator().validate(parameters, self.model.operation_model(operation).input_shape)
        assert not report.has_errors(), report.generate_report()
        return dict(getattr(self, operation)(**parameters) or {})

    def CreateLogGroup(self, logGroupName: str) -> None:  # noqa: N802, N803
        if logGroupName in self.kept:
            raise self.refused("ResourceAlreadyExistsException")
        self.kept[logGroupName] = {}

    def PutDeliverySource(self, **members: Any) -> None:  # noqa: N802
        self.kept[members["name"]] = members

    def PutDeliveryDestination(self, **members: Any) -> dict[str, Any]:  # noqa: N802
        self.kept[members["name"]] = members
        return {
            "deliveryDestination": {
                "arn": f"arn:aws:logs:us-west-2:123456789012:delivery-destination:{members['name']}"
            }
        }

    def CreateDelivery(self, deliverySourceName: str, **_: Any) -> dict[str, Any]:  # noqa: N802, N803
        if deliverySourceName in self.deliveries.values():
            raise self.refused("ConflictException")
        self.deliveries[f"id{len(self.deliveries)}"] = deliverySourceName
        return {"delivery": {"id": f"id{len(self.deliveries) - 1}"}}

    def DescribeDeliveries(self) -> dict[str, Any]:  # noqa: N802
        return {"deliveries": [{"id": it, "deliverySourceName": name} for it, name in self.deliveries.items()]}

    def DeleteDelivery(self, id: str) -> None:  # noqa: A002, N802
        del self.deliveries[id]

    def DeleteDeliverySource(self, name: str) -> None:  # noqa: N802
        if name in self.deliveries.values():
            raise self.refused("ConflictException")
        self._delete(name)

    def DeleteDeliveryDestination(self, name: str) -> None:  # noqa: N802
        self._delete(name)

    def DeleteLogGroup(self, logGroupName: str) -> None:  # noqa: N802, N803
        self._delete(logGroupName)

    def _delete(self, name: str) -> None:
        if name not in self.kept:
            raise self.refused("ResourceNotFoundException")
        del self.kept[name]

    def refused(self, code: str) -> AwsRefused:
        return AwsRefused(code, operation="", code=code)


@pytest.mark.parametrize("kind", ["logs", "traces"])
def test_turning_it_on_twice_and_off_twice_leaves_nothing(kind: str) -> None:
    """The second time finds the same delivery; off goes in the order that AWS asks for."""
    logs: Any = Logs()
    first = observability.enable(logs, GATEWAY, ARN, kind)
    assert observability.enable(logs, GATEWAY, ARN, kind) == first
    assert first["delivery_id"] == "id0"
    assert len(observability.disable(logs, GATEWAY, kind)) == 3
    assert observability.disable(logs, GATEWAY, kind) == []
    assert list(logs.kept) == ([observability.log_group(GATEWAY)] if kind == "logs" else [])
    assert len(observability.delete_log_group(logs, GATEWAY)) == len(logs.kept) + (kind == "logs")


def test_logs_go_to_the_gateways_own_group() -> None:
    """By the name that AWS documents."""
    logs: Any = Logs()
    observability.enable(logs, GATEWAY, ARN, "logs")
    place = logs.kept[f"{GATEWAY}-logs-destination"]["deliveryDestinationConfiguration"]["destinationResourceArn"]
    assert place == (
        "arn:aws:logs:us-west-2:123456789012:log-group:/aws/vendedlogs/bedrock-agentcore/gateway/APPLICATION_LOGS/"
        + GATEWAY
    )
    assert logs.kept[f"{GATEWAY}-logs-source"]["logType"] == "APPLICATION_LOGS"
