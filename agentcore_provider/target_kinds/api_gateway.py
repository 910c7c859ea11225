"""REST APIs of Amazon API Gateway.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-api-gateway.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem, joined
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, exact
from agentcore_provider.target_kinds.target_kind import Call, Document, Outbound, Surroundings, TargetKind, at

SOURCE = "devguide gateway-target-api-gateway"


class ApiGateway(TargetKind):
    path = ("mcp", "apiGateway")
    key = "api_gateway"
    label = "API Gateway"
    keys = {
        "rest_api_id": "restApiId",
        "stage": "stage",
        "filters": "apiGatewayToolConfiguration.toolFilters",
        "overrides": "apiGatewayToolConfiguration.toolOverrides",
    }
    short_key = "rest_api_id"
    parts = {"overrides": {"path": "path", "method": "method", "name": "name", "description": "description"}}
    outbound = Outbound(
        frozenset(["none", "gateway role", "API key"]),
        signing_service="rejected",
        role_in_records=True,
        role_in_documents=True,
    )

    def described(self, content: Document) -> dict[str, object]:
        values = super().described(content)
        filters = _objects(values.get("filters"))
        return {**values, "filters": {str(one.get("filterPath")): one.get("methods") for one in filters}}

    def problems(self, content: Document, surroundings: Surroundings) -> Iterator[Problem]:
        for key, member in (("filters", "filterPath"), ("overrides", "path")):
            path, listed = joined(self.location, self.keys[key]), self.values(content).get(key)
            if key == "filters" and isinstance(listed, (list, tuple)) and not listed:
                yield Problem(path, "is empty", "Select at least one path and method.", SOURCE, code="tool-filters")
            for index, one in enumerate(listed if isinstance(listed, (list, tuple)) else ()):
                value = one.get(member) if isinstance(one, Mapping) else None
                if isinstance(value, str) and "{proxy+}" in value:
                    message = f"{value} is a proxy resource, which cannot be a tool"
                    cure = "Define the paths in the REST API and select those."
                    yield Problem(joined(joined(path, index), member), message, cure, SOURCE, code="proxy-path")

    def destination(self, content: Document) -> str:
        return f"{content.get('restApiId')}/{content.get('stage')}"

    def needs(self, call: Call) -> Needs:
        arns = [call.place.arn("execute-api", method) for method in sorted(set(_methods(call.content)))]
        return exact("execute-api:Invoke", *arns, source=SOURCE) if arns else NOTHING


def _methods(content: Document) -> Iterator[str]:
    """The methods of a REST API that the target exposes, as the resource part of their ARNs."""
    api, stage = content.get("restApiId"), content.get("stage")
    if not api or not stage:
        return
    for one in _objects(at(content, "apiGatewayToolConfiguration", "toolFilters")):
        methods = one.get("methods")
        for method in methods if isinstance(methods, (list, tuple)) else ():
            yield from _resource(f"{api}/{stage}", method, one.get("filterPath"))
    for one in _objects(at(content, "apiGatewayToolConfiguration", "toolOverrides")):
        yield from _resource(f"{api}/{stage}", one.get("method"), one.get("path"))


def _resource(stage: str, method: object, path: object) -> Iterator[str]:
    if method and isinstance(path, str) and path:
        # As ARNs have it: no leading slash, an asterisk for each parameter.
        pattern = re.sub(r"\{[^}]*\}", "*", path.lstrip("/"))
        yield f"{stage}/{method}/{pattern}"


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    yield from (one for one in value if isinstance(one, Mapping)) if isinstance(value, (list, tuple)) else ()
