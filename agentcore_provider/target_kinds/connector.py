"""Connectors that AWS runs: to services of its own, to HTTP resources, to providers of language models.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_ConnectorTargetConfiguration.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from agentcore_provider.problem import Problem, joined
from agentcore_provider.target_kinds.endpoint_permissions import of_mantle
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, allow, exact, within
from agentcore_provider.target_kinds.target_kind import (
    ALL_METHODS,
    OAUTH_METHODS,
    OUTBOUND,
    Call,
    Document,
    Outbound,
    Surroundings,
    TargetKind,
    at,
)

TOOLS: Mapping[str, tuple[str, ...]] = {
    "bedrock-knowledge-bases": ("AgenticRetrieveStream", "Retrieve"),
    "bedrock-agentic-retrieve": ("AgenticRetrieveStream",),
    "web-search": ("WebSearch",),
}
"""By connector. Capitals count: in all public deployments tools are named so."""

IAM_PROVIDER = (
    f"{OUTBOUND}; public reports of 2026: Only MCP Server, OpenAPI, and Passthrough targets can configure "
    "IamCredentialProvider"
)
FILTERED_FROM = "1.2.0"
"""The first version of web-search that accepts a list of domains to include; the default is older."""
DOMAINS = 100
"""How many domains each list of a web search may have."""

_TOOL_NAMES = "devguide gateway-add-target-api-target-config"
_SDK = "bedrock-agentcore 1.25.0, GatewayClient.create_web_search_target"
_REQUEST = "devguide web-search-api-reference"
_KNOWLEDGE_BASE_ID = "the model of bedrock-agent-runtime, Retrieve: knowledgeBaseId"
_WEB_SEARCH = "devguide web-search-api-get-started"
_KNOWLEDGE_BASE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html"

_ID_CURE = "Write its 10 letters and digits, such as ABCDEFGHIJ."
_ID = re.compile(r"[0-9a-zA-Z]{10}|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:knowledge-base/[0-9a-zA-Z]{10}")
_DOMAIN = re.compile(r"[^\s/:@?#*.]+(\.[^\s/:@?#*.]+)+")


class Connector(TargetKind):
    path = ("mcp", "connector")
    key = "connector"
    label = "connector"
    keys = {
        "connector_id": "source.connectorId",
        "version": "source.version",
        "enabled": "enabled",
        "configurations": "configurations",
    }
    short_key = "connector_id"
    parts = {
        "configurations": {
            "name": "name",
            "description": "description",
            "parameter_values": "parameterValues",
            "parameter_overrides": "parameterOverrides",
        }
    }
    outbound = Outbound(
        frozenset(["gateway role"]),
        doubtful=frozenset(["none", *OAUTH_METHODS, "API key"]),
        signing_service="rejected",
        source=IAM_PROVIDER,
        role_in_records=True,
        role_in_documents=True,
    )

    def problems(self, content: Document, surroundings: Surroundings) -> Iterator[Problem]:
        """Configurations without parameterValues, and tools that the connector is not known to have."""
        configurations = content.get("configurations")
        listed = configurations if isinstance(configurations, (list, tuple)) else ()
        bare = [index for index, it in enumerate(listed) if isinstance(it, Mapping) and "parameterValues" not in it]
        # The service drops them, and rejects a target that has no others.
        is_rejected = len(bare) == len(listed)
        for index in bare:
            yield Problem(
                f"{self.location}.configurations[{index}]",
                "has no parameterValues, so the service drops it"
                + (" and answers: Connector configurations must not be empty" if is_rejected else ""),
                "Give it parameterValues, {} if none are fixed.",
                _SDK,
                severity="error" if is_rejected else "warning",
            )
        connector_id = _id(content)
        known = TOOLS.get(connector_id, ())
        for path, name in _tool_names(content) if known else ():
            if name not in known:
                by_lower = {it.lower(): it for it in known}
                near = get_close_matches(name[:100].lower(), by_lower, n=1, cutoff=0.75)
                cure = f"Write {by_lower[near[0]]}." if near else f"Known are {', '.join(known)}."
                message = f"{name} is not a tool that {connector_id} is known to have"
                yield Problem(joined(self.location, path), message, cure, _TOOL_NAMES, severity="warning")
        for index, one in enumerate(listed):
            place = f"{self.location}.configurations[{index}].parameterValues"
            fixed = at(one, "parameterValues")
            if connector_id == "web-search":
                yield from _domain_problems(place, fixed, at(content, "source", "version"))
            elif connector_id == "bedrock-knowledge-bases":
                yield from _id_problems(place, fixed)

    def part(self, key: str, values: Mapping[str, object]) -> dict[str, object]:
        # Without parameterValues the service drops the whole configuration (bedrock-agentcore 1.25.0).
        fixed = values.get("parameter_values")
        overrides = values.get("parameter_overrides") or None
        return super().part(
            key, {**values, "parameter_values": {} if fixed is None else fixed, "parameter_overrides": overrides}
        )

    def needs(self, call: Call) -> Needs:
        connector_id = _id(call.content)
        if connector_id == "web-search":
            tool = call.place.arn("bedrock-agentcore", "tool/web-search.v1", account_id="aws")
            needs = exact("bedrock-agentcore:InvokeGateway", *call.gateways, source=_WEB_SEARCH)
            return needs + exact("bedrock-agentcore:InvokeWebSearch", tool, source=_WEB_SEARCH)
        if connector_id in ("bedrock-knowledge-bases", "bedrock-agentic-retrieve"):
            return _knowledge_bases(call, connector_id)
        return _other(call)


# Nothing is documented about the outbound credentials of the next two: everything is accepted.
class HttpConnector(TargetKind):
    path = ("http", "connector")
    key = "http_connector"
    label = "connector"
    keys = {"connector_id": "source.connectorId", "parameters": "parameters"}
    short_key = "connector_id"
    outbound = Outbound(ALL_METHODS, signing_service="rejected", source=IAM_PROVIDER, role_in_records=True)

    def needs(self, call: Call) -> Needs:
        return _other(call)


class InferenceConnector(TargetKind):
    path = ("inference", "connector")
    key = "inference_connector"
    label = "connector"
    keys = {"connector_id": "source.connectorId"}
    short_key = "connector_id"
    outbound = Outbound(ALL_METHODS, signing_service="rejected", source=IAM_PROVIDER, role_in_records=True)

    def needs(self, call: Call) -> Needs:
        return of_mantle(call.place, call.resources) if _id(call.content) == "bedrock-mantle" else _other(call)


def _id(content: Document) -> str:
    """Id of the connector; empty if it is not known."""
    found = at(content, "source", "connectorId")
    return found if isinstance(found, str) else ""


def _tool_names(content: Document) -> Iterator[tuple[str, str]]:
    """Each name of a tool with its path."""
    for member, below in (("enabled", ""), ("configurations", ".name")):
        listed = content.get(member)
        for index, one in enumerate(listed if isinstance(listed, (list, tuple)) else ()):
            name = one.get("name") if below and isinstance(one, Mapping) else one
            if isinstance(name, str):
                yield f"{member}[{index}]{below}", name


def _domain_problems(place: str, fixed: object, version: object) -> Iterator[Problem]:
    """What AWS would reject of the domains that a web search is limited to."""
    for name in ("include", "exclude"):
        path, domains = f"{place}.domainFilter.{name}", at(fixed, "domainFilter", name)
        if not isinstance(domains, (list, tuple)):
            if isinstance(domains, (str, int, float, Mapping)):
                yield Problem(path, f"is a {type(domains).__name__}", "List the domains.", _REQUEST)
            continue
        if not 1 <= len(domains) <= DOMAINS:
            cure = f"List 1 to {DOMAINS} domains." if domains else "Remove the list, or name a domain."
            yield Problem(path, f"has {len(domains)} domains", cure, _REQUEST)
        for index, domain in enumerate(domains):
            if domain is None or isinstance(domain, (bool, int, float, list, Mapping)):
                yield Problem(f"{path}[{index}]", "is not a text", "Write it as example.com.", _REQUEST)
            elif isinstance(domain, str) and not _DOMAIN.fullmatch(domain):
                message = f"{domain[:80]} is not the name of a domain, so it matches no result"
                yield Problem(f"{path}[{index}]", message, "Write it as example.com.", _REQUEST, severity="warning")
        if name == "include" and _older(version):
            message = "needs version 1.2.0 of the connector or a later one" + (f", not {version}" if version else "")
            yield Problem(path, message, f"Set the version to {FILTERED_FROM}.", _SDK)


def _older(version: object) -> bool:
    """Whether a version comes before the first that filters; without one the default does."""
    numbers = str("0" if version is None else version).split(".")
    first = [int(it) for it in FILTERED_FROM.split(".")]
    return all(it.isdecimal() for it in numbers) and [int(it) for it in numbers] < first


def _id_problems(place: str, fixed: object) -> Iterator[Problem]:
    """Ids that no knowledge base has: each call would fail, and with none agents may choose any."""
    for value in _knowledge_base_values(fixed):
        if value is None or isinstance(value, (bool, int, float, list, Mapping)):
            yield Problem(place, "knowledgeBaseId is not a text", _ID_CURE, _KNOWLEDGE_BASE_ID)
        elif isinstance(value, str) and not _ID.fullmatch(value):
            message = f"{value[:40]!r} is not the id of a knowledge base"
            yield Problem(place, message, _ID_CURE, _KNOWLEDGE_BASE_ID, severity="warning" if value else "error")


def _other(call: Call) -> Needs:
    connector_id = _id(call.content)
    return Needs(unknown=(f"the connector {connector_id}",)) if connector_id else NOTHING


def _knowledge_bases(call: Call, connector_id: str) -> Needs:
    configurations = call.content.get("configurations")
    configured = {
        str(one.get("name")).lower(): one.get("parameterValues") or {}
        for one in (configurations if isinstance(configurations, (list, tuple)) else ())
        if isinstance(one, Mapping)
    }
    enabled = call.content.get("enabled")
    offered = (enabled if isinstance(enabled, (list, tuple)) else ()) or configured or TOOLS[connector_id]
    ids = {found for values in configured.values() for found in _knowledge_base_ids(values)}
    retrieves = ["bedrock:GetKnowledgeBase", "bedrock:Retrieve"]
    if ids:
        # Retrieve accepts an ARN, too.
        arns = [
            it if it.startswith("arn:") else call.place.arn("bedrock", f"knowledge-base/{it}") for it in sorted(ids)
        ]
        needs = exact(retrieves, *arns, source=_KNOWLEDGE_BASE)
    else:
        every = call.place.arn("bedrock", "knowledge-base/*")
        what = "every knowledge base: no knowledgeBaseId is fixed"
        needs = within(call.resources, retrieves, every, what=what, source=_KNOWLEDGE_BASE)
    if any(str(it).lower() == "agenticretrievestream" for it in offered):
        # IAM knows no resource for it.
        needs += Needs((allow("bedrock:AgenticRetrieveStream", "*"),))
    return needs


def _knowledge_base_ids(value: object) -> set[str]:
    return {it for it in _knowledge_base_values(value) if isinstance(it, str)}


def _knowledge_base_values(value: object) -> Iterator[object]:
    """The values of knowledgeBaseId at any depth: each tool has it elsewhere."""
    if isinstance(value, Mapping):
        if "knowledgeBaseId" in value:
            yield value["knowledgeBaseId"]
        for it in value.values():
            yield from _knowledge_base_values(it)
    elif isinstance(value, (list, tuple)):
        for it in value:
            yield from _knowledge_base_values(it)
