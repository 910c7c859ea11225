"""What the gateway's own role needs to reach a target, for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.rules import smithy_permissions
from agentcore_provider.rules.connector import TOOLS
from agentcore_provider.rules.endpoint_permissions import of_endpoint, of_mantle, of_runtime
from agentcore_provider.rules.gateway_target import kind
from agentcore_provider.rules.role_needs import NOTHING, Needs, Place, allow, exact, within
from agentcore_provider.rules.source_text import SourceText

_LAMBDA = "devguide gateway-add-target-lambda"
_API_GATEWAY = "devguide gateway-target-api-gateway"
_WEB_SEARCH = "devguide web-search-api-get-started"
_KNOWLEDGE_BASE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html"


@dataclass(frozen=True)
class _Target:
    """A target of one kind. content: AWS's document of it. The others are `of_target`'s."""

    content: Mapping[str, Any]
    place: Place
    gateways: Sequence[str]
    signing: Mapping[str, Any]
    resources: Sequence[str]

    def endpoint(self, url: Any, **more: Any) -> Needs:
        """What signed calls to an address need."""
        if not isinstance(url, str):
            return NOTHING
        service, region = self.signing.get("service"), self.signing.get("region")
        return of_endpoint(url, self.place, service=service, region=region, resources=self.resources, **more)

    @property
    def connector_id(self) -> str:
        """Id of the connector that it is, empty where it cannot be told."""
        source = self.content.get("source")
        found = source.get("connectorId") if isinstance(source, Mapping) else None
        return found if isinstance(found, str) else ""


def of_target(
    configuration: Mapping[str, Any],
    place: Place,
    *,
    gateways: Sequence[str],
    signing: Mapping[str, Any],
    resources: Sequence[str] = (),
) -> Needs:
    """What the role needs to reach the target.

    gateways: ARNs of the gateways themselves. signing: the credential's iamCredentialProvider; empty where it says none.
    resources: ARNs in place of all that a service has, where the target does not name what it touches.
    """
    target = kind(configuration)
    content: Any = next(iter(next(iter(configuration.values())).values())) if target else None
    if not isinstance(content, Mapping):
        return NOTHING
    needs = _KINDS.get(str(target), _unknown_kind)
    return needs(_Target(content, place, gateways, signing, resources))


def _lambda(target: _Target) -> Needs:
    arn = target.content.get("lambdaArn")
    return exact("lambda:InvokeFunction", str(arn), source=_LAMBDA) if arn else NOTHING


def _api_gateway(target: _Target) -> Needs:
    arns = [target.place.arn("execute-api", it) for it in _methods(target.content)]
    return exact("execute-api:Invoke", *arns, source=_API_GATEWAY) if arns else NOTHING


def _smithy(target: _Target) -> Needs:
    if "inlinePayload" not in target.content:
        return Needs(unknown=("the operations of a Smithy model that is in S3",))
    return smithy_permissions.of_model(target.content["inlinePayload"], target.resources)


def _openapi(target: _Target) -> Needs:
    if "inlinePayload" not in target.content:
        return Needs(unknown=("the servers of an OpenAPI document that is in S3",))
    return sum(map(target.endpoint, _servers(target.content["inlinePayload"])), NOTHING)


def _runtime(target: _Target) -> Needs:
    arn = target.content.get("arn")
    return of_runtime(str(arn), reads_card=True) if arn else NOTHING


def _mcp_server(target: _Target) -> Needs:
    return target.endpoint(target.content.get("endpoint"))


def _passthrough(target: _Target) -> Needs:
    return target.endpoint(target.content.get("endpoint"), reads_card=target.content.get("protocolType") == "A2A")


def _provider(target: _Target) -> Needs:
    return target.endpoint(target.content.get("endpoint"), models=_models(target.content))


def _connector(target: _Target) -> Needs:
    if target.connector_id == "web-search":
        tool = target.place.arn("bedrock-agentcore", "tool/web-search.v1", account_id="aws")
        needs = exact("bedrock-agentcore:InvokeGateway", *target.gateways, source=_WEB_SEARCH)
        return needs + exact("bedrock-agentcore:InvokeWebSearch", tool, source=_WEB_SEARCH)
    if target.connector_id in ("bedrock-knowledge-bases", "bedrock-agentic-retrieve"):
        return _knowledge_bases(target)
    return _other_connector(target)


def _inference_connector(target: _Target) -> Needs:
    if target.connector_id == "bedrock-mantle":
        return of_mantle(target.place, target.resources)
    return _other_connector(target)


def _other_connector(target: _Target) -> Needs:
    return Needs(unknown=(f"the connector {target.connector_id}",)) if target.connector_id else NOTHING


def _unknown_kind(_: _Target) -> Needs:
    return Needs(unknown=("this kind of target",))


_KINDS: Mapping[str, Callable[[_Target], Needs]] = {
    "lambda": _lambda,
    "apiGateway": _api_gateway,
    "smithyModel": _smithy,
    "openApiSchema": _openapi,
    "mcpServer": _mcp_server,
    "connector": _connector,
    "agentcoreRuntime": _runtime,
    "passthrough": _passthrough,
    "http.connector": _other_connector,
    "inference.connector": _inference_connector,
    "provider": _provider,
}


def _servers(inline: Any) -> list[str]:
    """The addresses of an OpenAPI document, or none if it cannot be read."""
    try:
        document = SourceText(inline).document
    except (Unreadable, TypeError):
        return []
    listed = document.get("servers") if isinstance(document, Mapping) else None
    urls = [one.get("url") for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return sorted({url for url in urls if isinstance(url, str)})


def _models(content: Mapping[str, Any]) -> list[str]:
    """Ids of the models that a provider's operations expose; none if one of them exposes all."""
    operations = [it for it in content.get("operations") or () if isinstance(it, Mapping)]
    if not operations or not all(it.get("models") for it in operations):
        return []
    return sorted({str(it.get("model")) for one in operations for it in one["models"] if isinstance(it, Mapping)})


def _methods(content: Mapping[str, Any]) -> list[str]:
    """The methods of a REST API that the target exposes, as the resource part of their ARNs."""
    tools = content.get("apiGatewayToolConfiguration")
    api, stage = content.get("restApiId"), content.get("stage")
    if not isinstance(tools, Mapping) or not api or not stage:
        return []
    chosen = [
        (method, one.get("filterPath", ""))
        for one in tools.get("toolFilters") or ()
        for method in one.get("methods") or ()
    ]
    chosen += [(one.get("method"), one.get("path", "")) for one in tools.get("toolOverrides") or ()]
    return sorted({f"{api}/{stage}/{method}/{_wild(path)}" for method, path in chosen if method and path})


def _wild(path: str) -> str:
    """A resource path as ARNs have it: no leading slash, an asterisk for each parameter."""
    return re.sub(r"\{[^}]*\}", "*", path.lstrip("/"))


def _knowledge_bases(target: _Target) -> Needs:
    configured = {
        str(it.get("name")).lower(): it.get("parameterValues") or {}
        for it in target.content.get("configurations") or ()
        if isinstance(it, Mapping)
    }
    offered = target.content.get("enabled") or configured or TOOLS[target.connector_id]
    ids = {found for values in configured.values() for found in _knowledge_base_ids(values)}
    retrieves = ["bedrock:GetKnowledgeBase", "bedrock:Retrieve"]
    if ids:
        arns = [target.place.arn("bedrock", f"knowledge-base/{it}") for it in sorted(ids)]
        needs = exact(retrieves, *arns, source=_KNOWLEDGE_BASE)
    else:
        every = target.place.arn("bedrock", "knowledge-base/*")
        what = "every knowledge base: no knowledgeBaseId is fixed"
        needs = within(target.resources, retrieves, every, what=what, source=_KNOWLEDGE_BASE)
    if any(str(it).lower() == "agenticretrievestream" for it in offered):
        # IAM knows no resource for it.
        needs += Needs((allow("bedrock:AgenticRetrieveStream", "*"),))
    return needs


def _knowledge_base_ids(value: Any) -> set[str]:
    """What stands below knowledgeBaseId, at any depth: each tool has it elsewhere."""
    if isinstance(value, Mapping):
        own = value.get("knowledgeBaseId")
        found = {own} if isinstance(own, str) else set()
        return found.union(*(_knowledge_base_ids(it) for it in value.values()))
    if isinstance(value, (list, tuple)):
        return set[str]().union(*(_knowledge_base_ids(it) for it in value))
    return set()
