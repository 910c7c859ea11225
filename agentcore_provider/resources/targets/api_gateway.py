"""REST APIs of Amazon API Gateway as targets.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-api-gateway.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.accepting import Accepting
from agentcore_provider.resources.targets.target import gateway_role, given, listed


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

    def document(self) -> dict[str, Any]:
        """AWS's document."""
        return given(name=self.name, description=self.description, path=self.path, method=self.method)


@dataclass(frozen=True)
class ApiGateway(Accepting):
    """A REST API of API Gateway in the gateway's account and Region, with a public endpoint."""

    rest_api_id: pulumi.Input[str]
    """Id of the REST API. Changing it updates in place."""
    stage: pulumi.Input[str]
    """Name of the stage that is called. Changing it updates in place."""
    _: KW_ONLY
    filters: Mapping[str, Sequence[str]] | Sequence[Mapping[str, Any]]
    """Which operations become tools: path to methods, such as {"/pets/*": ["GET"]}, or AWS's toolFilters. Each needs
    an operationId in the API, or an override. Updates in place."""
    overrides: Sequence[ToolOverride | Mapping[str, Any]] = ()
    """Names and descriptions instead of the API's own. Updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document. Raises InvalidInput."""
        overrides = [one.document() if isinstance(one, ToolOverride) else dict(one) for one in self.overrides]
        tools = given(toolFilters=self._filters(), toolOverrides=overrides or None)
        api = {"restApiId": self.rest_api_id, "stage": self.stage, "apiGatewayToolConfiguration": tools}
        return {"mcp": {"apiGateway": api}}

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """The gateway's role, signed for execute-api."""
        return gateway_role()

    def _filters(self) -> list[dict[str, Any]]:
        if not isinstance(self.filters, Mapping):
            return [dict(one) for one in self.filters]
        single = [path for path, methods in self.filters.items() if isinstance(methods, str)]
        if single:
            raise InvalidInput(f'filters[{single[0]}]: is text. Give a list of methods, such as ["GET"]')
        return [{"filterPath": path, "methods": listed(methods)} for path, methods in self.filters.items()]
