"""REST APIs of Amazon API Gateway as targets.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-api-gateway.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import Record, listed
from agentcore_provider.target_kinds import API_GATEWAY
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class ToolOverride:
    """How one operation of a REST API is called as a tool."""

    path: pulumi.Input[str]
    """Path of a resource of the API, such as /pets/{id}."""
    method: pulumi.Input[str]
    """HTTP method: GET, DELETE, HEAD, OPTIONS, PATCH, PUT or POST."""
    _: KW_ONLY
    name: pulumi.Input[str]
    """Name of the tool, behind the target's name."""
    description: pulumi.Input[str] | None = None
    """What it does. Default: what the API's own description says."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return API_GATEWAY.part("overrides", vars(self))


@dataclass(frozen=True)
class ApiGateway(Record):
    """A REST API of API Gateway in the gateway's account and Region, with a public endpoint."""

    kind: ClassVar[TargetKind] = API_GATEWAY

    rest_api_id: pulumi.Input[str]
    """Id of the REST API. Changing it updates in place."""
    stage: pulumi.Input[str]
    """Name of the stage that is called. Changing it updates in place."""
    _: KW_ONLY
    filters: Mapping[str, Sequence[str]] | Sequence[Mapping[str, object]]
    """Which operations become tools: path to methods, such as {"/pets/*": ["GET"]}, or AWS's toolFilters. Each needs
    an operationId in the API, or an override. Updates in place."""
    overrides: Sequence[ToolOverride | Mapping[str, object]] = ()
    """Names and descriptions instead of the API's own. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        return {**super().values(), "filters": self._filters()}

    def _filters(self) -> list[dict[str, object]]:
        if not isinstance(self.filters, Mapping):
            return [dict(one) for one in self.filters]
        single = [path for path, methods in self.filters.items() if isinstance(methods, str)]
        if single:
            raise InvalidInput("is text", 'Give a list of methods, such as ["GET"]', path=f"filters[{single[0]}]")
        return [{"filterPath": path, "methods": listed(methods)} for path, methods in self.filters.items()]
