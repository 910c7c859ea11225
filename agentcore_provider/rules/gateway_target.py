"""What the service accepts as a gateway target: CreateGatewayTarget's input, by AWS's member names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agentcore_provider.credential_kinds import GATEWAY_ROLE, AuthMethod, auth_method
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.rules import (
    codes,
    connector,
    credential_provider,
    header_propagation,
    lambda_function,
    openapi,
    service_model,
    smithy,
    tool_schema,
)
from agentcore_provider.rules.authorization import OUTBOUND, TABLE
from agentcore_provider.rules.gateway import mended_name
from agentcore_provider.rules.problem import UNKNOWN, Problem, joined, unreadable

IMMUTABLE = {
    "gatewayIdentifier": "botocore model bedrock-agentcore-control, UpdateGatewayTargetRequest",
    "targetConfiguration": "hashicorp/terraform-provider-aws, internal/service/bedrockagentcore",
}
"""Top-level members that need a new target: the configuration only when its kind changes."""

_SCHEMAS: Mapping[str, Callable[..., list[Problem]]] = {
    "openApiSchema": openapi.validate,
    "smithyModel": smithy.validate,
}
_MCP_SERVER = "targetConfiguration.mcp.mcpServer"
_CREDENTIALS = "credentialProviderConfigurations"


def validate(
    document: Mapping[str, Any],
    *,
    gateway: Mapping[str, Any] | None = None,
    region: str | None = None,
    accept: Sequence[str] | None = None,
) -> list[Problem]:
    """Everything the service would refuse or serve badly. The gateway's identifier may be absent.

    gateway: the CreateGateway document of the gateway, if known: some rules need both. region: the gateway's, if known.
    accept: codes of rules whose errors are to be warnings.
    """
    wrong = list(codes.unknown(accept))
    found = _problems(document, gateway, region)
    return [*wrong, *codes.accepted(found, () if wrong or accept is None else accept)]


def _problems(document: Mapping[str, Any], gateway: Mapping[str, Any] | None, region: str | None) -> list[Problem]:
    problems = [
        _named(problem, document)
        for problem in service_model.validate(
            document, "CreateGatewayTarget", absent=("gatewayIdentifier", "clientToken")
        )
    ]
    configuration = document.get("targetConfiguration")
    family, found = _branch(configuration)
    if isinstance(family, str) and isinstance(found, str):
        content = configuration[family][found]  # type: ignore[index]
        path = joined(joined("targetConfiguration", family), found)
        problems += _content(found, content, path, document, problems)
        if found == "lambda" and isinstance(content, Mapping):
            problems += lambda_function.other_region(content.get("lambdaArn"), region, joined(path, "lambdaArn"))
    listed = document.get(_CREDENTIALS)
    target = kind(configuration)
    if target in TABLE and listed is not UNKNOWN:
        problems += _authorization(target, document, gateway or {})
    if isinstance(listed, (list, tuple)):
        for index, one in enumerate(listed):
            if isinstance(one, Mapping):
                problems += credential_provider.validate_use(one, path=joined(_CREDENTIALS, index))
    problems += _listing(document, gateway or {})
    problems += header_propagation.validate(document, family)
    if gateway is not None:
        problems += _gateway_protocol(family, gateway)
    return problems


def kind(target_configuration: Any) -> str | None:
    """What kind of target it is, by AWS's member name: "lambda", "openApiSchema", "mcpServer", "agentcoreRuntime"...

    None if it cannot be told. Connectors are "connector" (MCP), "http.connector" and "inference.connector".
    """
    family, found = _branch(target_configuration)
    if not isinstance(found, str):
        return None
    return f"{family}.{found}" if found == "connector" and family != "mcp" else found


def replaces(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Top-level members whose change needs a new target. A value not known yet counts as changed, but a
    configuration only when its kind is seen to change."""
    changed = []
    before, after = old.get("gatewayIdentifier"), new.get("gatewayIdentifier")
    if before is not None and after is not None and (after is UNKNOWN or before != after):
        changed.append("gatewayIdentifier")
    was, is_now = kind(old.get("targetConfiguration")), kind(new.get("targetConfiguration"))
    if was is not None and is_now is not None and was != is_now:
        changed.append("targetConfiguration")
    return changed


def _branch(configuration: Any) -> tuple[str | None, str | None]:
    """The members that two unions have: ("mcp", "lambda")."""
    if not isinstance(configuration, Mapping) or len(configuration) != 1:
        return None, None
    family, content = next(iter(configuration.items()))
    if not isinstance(content, Mapping) or len(content) != 1:
        return family, None
    return family, next(iter(content))


def _named(problem: Problem, document: Mapping[str, Any]) -> Problem:
    """A problem of the name, with a name that would do. The model hides target names, agents see them anyway."""
    name = document.get("name")
    if problem.path != "name" or not isinstance(name, str):
        return problem
    message = f"{name!r} is not a target name: 1 to 100 letters or digits, single hyphens between them"
    mended = mended_name(name, 100)
    fix = f"Use {mended}." if mended else "Use letters, digits and hyphens."
    return replace(problem, message=message, fix=fix)


def _content(
    found: str, content: Any, path: str, document: Mapping[str, Any], problems: list[Problem]
) -> list[Problem]:
    """What only this kind of target asks for."""
    if not isinstance(content, Mapping):
        return []
    name = document.get("name")
    target = name if isinstance(name, str) else None
    if found == "lambda" and isinstance(content.get("toolSchema"), Mapping):
        where = joined(path, "toolSchema.inlinePayload")
        tools = content["toolSchema"].get("inlinePayload")
        if isinstance(tools, (list, tuple)):
            # The tools are judged as a whole below, in words that fit them.
            problems[:] = [problem for problem in problems if not problem.path.startswith(f"{where}[")]
            return tool_schema.validate(tools, path=where, target=target)
    if found in _SCHEMAS and isinstance(content.get("inlinePayload"), str):
        where = joined(path, "inlinePayload")
        judged = _SCHEMAS[found](content["inlinePayload"], target=target, inline=True)
        return [one if one.path == "name" else one.below(where) for one in judged]
    if found == "mcpServer":
        return list(_server_tools(content.get("mcpToolSchema"), joined(path, "mcpToolSchema.inlinePayload")))
    own = {"apiGateway": _api_gateway, "connector": connector.validate}.get(found)
    is_http = path.startswith("targetConfiguration.http") or path.startswith("targetConfiguration.inference")
    return [] if own is None or is_http else list(own(content, path))


def _server_tools(source: Any, path: str) -> Iterator[Problem]:
    """A list of tools as an MCP server gives it: an object, and never the bare list."""
    payload = source.get("inlinePayload") if isinstance(source, Mapping) else None
    if not isinstance(payload, str):
        return
    try:
        document = parsed(payload, yaml=False)
    except Unreadable as error:
        yield replace(unreadable(error), path=path)
        return
    if not isinstance(document, Mapping) or not isinstance(document.get("tools"), list):
        where = "a public report of 2026 of a live target: mcpToolSchema must be an object with 'tools' array"
        fix = 'Give {"tools": [...]}, as the server answers tools/list.'
        yield Problem("error", path, "is not an object with a list of tools", fix, where, code="server-tools")


def _api_gateway(content: Mapping[str, Any], path: str) -> Iterator[Problem]:
    source = "devguide gateway-target-api-gateway"
    tools = content.get("apiGatewayToolConfiguration")
    if not isinstance(tools, Mapping):
        return
    below = joined(path, "apiGatewayToolConfiguration")
    filters, overrides = tools.get("toolFilters"), tools.get("toolOverrides")
    if isinstance(filters, (list, tuple)):
        if not filters:
            yield Problem(
                "error",
                joined(below, "toolFilters"),
                "is empty",
                "Select at least one path and method.",
                source,
                code="tool-filters",
            )
        for index, one in enumerate(filters):
            yield from _no_proxy(one, "filterPath", joined(joined(below, "toolFilters"), index), source)
    if isinstance(overrides, (list, tuple)):
        for index, one in enumerate(overrides):
            yield from _no_proxy(one, "path", joined(joined(below, "toolOverrides"), index), source)


def _no_proxy(one: Any, member: str, path: str, source: str) -> Iterator[Problem]:
    value = one.get(member) if isinstance(one, Mapping) else None
    if isinstance(value, str) and "{proxy+}" in value:
        yield Problem(
            "error",
            joined(path, member),
            f"{value} is a proxy resource, which cannot be a tool",
            "Define the paths in the REST API and select those.",
            source,
            code="proxy-path",
        )


def _authorization(target: str | None, document: Mapping[str, Any], gateway: Mapping[str, Any]) -> Iterator[Problem]:
    row = TABLE[str(target)]
    listed = document.get(_CREDENTIALS)
    if listed is None:
        if row.verdict("none") == "no":
            yield Problem(
                "error",
                _CREDENTIALS,
                f"is required: a target of kind {target} is reached with {_listed(row.takes)}",
                f"Give it [{json.dumps(GATEWAY_ROLE.configuration())}].",
                row.source,
                code="credentials",
            )
        elif row.verdict("none") == "doubtful":
            yield Problem(
                "warning",
                _CREDENTIALS,
                f"sources disagree whether a target of kind {target} is reached without one",
                "Give one if the service refuses the target.",
                row.source,
                code="credentials",
            )
        return
    if not isinstance(listed, (list, tuple)):
        return
    for index, one in enumerate(listed):
        path = joined(_CREDENTIALS, index)
        method = auth_method(one) if isinstance(one, Mapping) else None
        if method is None:
            continue
        verdict = row.verdict(method)
        if verdict == "no":
            message = f"{method} does not reach a target of kind {target}"
            yield Problem(
                "error", path, message, f"Use {_listed(row.takes - {'none'})}.", row.source, code="credentials"
            )
        elif verdict == "doubtful":
            yield Problem(
                "warning",
                path,
                f"AWS's documents disagree or are silent about whether {method} reaches a target of kind {target}",
                f"Sure to work: {_listed(row.takes - {'none'})}.",
                row.source,
                code="credentials",
            )
        elif method == "gateway role":
            yield from credential_provider.validate_gateway_role(one, target, row.iam_service, path)
        if gateway:
            yield from credential_provider.validate_inbound(method, gateway, joined(path, "credentialProviderType"))


def _listing(document: Mapping[str, Any], gateway: Mapping[str, Any]) -> Iterator[Problem]:
    """An MCP server whose tools are listed anew each time cannot be searched, nor ask a person."""
    source = "devguide gateway-target-MCPservers"
    family, found = _branch(document.get("targetConfiguration"))
    if (family, found) != ("mcp", "mcpServer"):
        return
    server = document["targetConfiguration"]["mcp"]["mcpServer"]
    if not isinstance(server, Mapping) or server.get("listingMode") != "DYNAMIC":
        return
    path = joined(_MCP_SERVER, "listingMode")
    protocol = gateway.get("protocolConfiguration")
    mcp = protocol.get("mcp") if isinstance(protocol, Mapping) else None
    if isinstance(mcp, Mapping) and mcp.get("searchType") == "SEMANTIC":
        yield Problem(
            "error",
            path,
            "DYNAMIC does not go with the gateway's semantic search",
            "Use DEFAULT, or a gateway without searchType.",
            source,
            code="listing-mode",
        )
    listed = document.get(_CREDENTIALS)
    for one in listed if isinstance(listed, (list, tuple)) else ():
        if isinstance(one, Mapping) and auth_method(one) == "OAuth authorization code":
            message = "DYNAMIC does not go with the authorization-code grant"
            yield Problem("error", path, message, "Use DEFAULT, or another grantType.", source, code="listing-mode")


def _gateway_protocol(family: str | None, gateway: Mapping[str, Any]) -> Iterator[Problem]:
    if family == "http" and gateway.get("protocolType") not in (None, UNKNOWN):
        yield Problem(
            "error",
            "targetConfiguration.http",
            f"needs a gateway without protocolType, and this one has {gateway['protocolType']}",
            "Put it on a gateway of its own that sets no protocol_type.",
            OUTBOUND,
            code="gateway-protocol",
        )


def _listed(methods: frozenset[AuthMethod]) -> str:
    return " or ".join(sorted(methods))
