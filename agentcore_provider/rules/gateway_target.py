"""What the service accepts as a gateway target: CreateGatewayTarget's input, by AWS's member names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from agentcore_provider import target_kinds
from agentcore_provider.credential_kinds import GATEWAY_ROLE, AuthMethod, auth_method
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import (
    aws_access,
    codes,
    credential_provider,
    header_propagation,
    openapi,
    service_model,
    smithy,
    tool_schema,
)
from agentcore_provider.rules.gateway import fixed_name
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.target_kinds.target_kind import OUTBOUND, SchemaFormat, Surroundings, TargetKind

IMMUTABLE = {
    "gatewayIdentifier": "botocore model bedrock-agentcore-control, UpdateGatewayTargetRequest",
    "targetConfiguration": "hashicorp/terraform-provider-aws, internal/service/bedrockagentcore",
}
"""Top-level members that need a new target: the configuration only when its kind changes."""

_SCHEMAS: Mapping[SchemaFormat, Callable[..., list[Problem]]] = {"OpenAPI": openapi.validate, "Smithy": smithy.validate}
_CREDENTIALS = "credentialProviderConfigurations"


def validate(
    document: Mapping[str, object],
    *,
    gateway: Mapping[str, object] | None = None,
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


def _problems(
    document: Mapping[str, object], gateway: Mapping[str, object] | None, region: str | None
) -> list[Problem]:
    problems = [
        _named(problem, document)
        for problem in service_model.validate(
            document, "CreateGatewayTarget", absent=("gatewayIdentifier", "clientToken")
        )
    ]
    configuration = document.get("targetConfiguration")
    family, _ = target_kinds.branch(configuration)
    kind = target_kinds.of(configuration)
    listed = document.get(_CREDENTIALS)
    if kind is not None:
        problems = _content(kind, document, gateway, region, problems)
        if listed is not UNKNOWN:
            problems += _authorization(kind, document, gateway or {})
    if isinstance(listed, (list, tuple)):
        for index, one in enumerate(listed):
            if isinstance(one, Mapping):
                problems += credential_provider.validate_use(one, path=joined(_CREDENTIALS, index))
    problems += header_propagation.validate(document, family)
    if gateway is not None:
        problems += _gateway_protocol(family, gateway)
    return problems


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new target. A value not known yet counts as changed, but a
    configuration only if its kind is known to change."""
    changed = []
    before, after = old.get("gatewayIdentifier"), new.get("gatewayIdentifier")
    if before is not None and after is not None and (after is UNKNOWN or before != after):
        changed.append("gatewayIdentifier")
    branches = [target_kinds.branch(it.get("targetConfiguration")) for it in (old, new)]
    if branches[0] != branches[1] and all(member is not None for _, member in branches):
        changed.append("targetConfiguration")
    return changed


def _named(problem: Problem, document: Mapping[str, object]) -> Problem:
    """A problem of the name, with a name that would do. The model hides target names, agents see them anyway."""
    name = document.get("name")
    if problem.path != "name" or not isinstance(name, str):
        return problem
    message = f"{name!r} is not a target name: 1 to 100 letters or digits, single hyphens between them"
    fixed = fixed_name(name, 100)
    cure = f"Use {fixed}." if fixed else "Use letters, digits and hyphens."
    return replace(problem, message=message, cure=cure)


def _content(
    kind: TargetKind,
    document: Mapping[str, object],
    gateway: Mapping[str, object] | None,
    region: str | None,
    problems: list[Problem],
) -> list[Problem]:
    """The problems, with those of what only this kind of target has."""
    configuration = document["targetConfiguration"]
    content, name = kind.content(configuration), document.get("name")
    if not isinstance(content, Mapping):
        return problems
    target = name if isinstance(name, str) else None
    schema_format, payload = target_kinds.inline_schema(configuration)
    where = ".".join(("targetConfiguration", *kind.schema_path, "inlinePayload"))
    if schema_format == "tool definitions" and isinstance(payload, (list, tuple)):
        # The tools are validated as a whole, with messages of their own.
        problems = [problem for problem in problems if not problem.path.startswith(f"{where}[")]
        problems += tool_schema.validate(payload, path=where, target=target)
    elif schema_format is not None and schema_format in _SCHEMAS and isinstance(payload, str):
        found = _SCHEMAS[schema_format](payload, target=target, inline=True)
        problems += [one if one.path == "name" else one.below(where) for one in found]
    elif schema_format == "MCP tools" and isinstance(payload, str):
        problems += _server_tools(payload, where)
    credentials = document.get(_CREDENTIALS)
    listed = [it for it in credentials if isinstance(it, Mapping)] if isinstance(credentials, (list, tuple)) else []
    for index, credential in enumerate(listed):
        for member, used in _members(credential.get("credentialProvider")):
            path = f"{_CREDENTIALS}[{index}].credentialProvider.{member}.providerArn"
            problems += aws_access.provider_elsewhere(used.get("providerArn"), region, path)
    return [*problems, *kind.problems(content, Surroundings(gateway or {}, region, listed))]


def _members(value: object) -> list[tuple[object, Mapping[str, object]]]:
    members = value.items() if isinstance(value, Mapping) else ()
    return [(name, it) for name, it in members if isinstance(it, Mapping)]


def _server_tools(payload: str, path: str) -> Iterator[Problem]:
    """A list of tools as an MCP server returns it: an object, and never the bare list."""
    try:
        document = parsed(payload, yaml=False)
    except Unreadable as error:
        yield replace(error.problem, path=path)
        return
    if not isinstance(document, Mapping) or not isinstance(document.get("tools"), list):
        where = "a public report of 2026 of a live target: mcpToolSchema must be an object with 'tools' array"
        cure = 'Give {"tools": [...]}, as the server answers tools/list.'
        yield Problem(path, "is not an object with a list of tools", cure, where, code="server-tools")


def _authorization(
    kind: TargetKind, document: Mapping[str, object], gateway: Mapping[str, object]
) -> Iterator[Problem]:
    outbound = kind.outbound
    listed = document.get(_CREDENTIALS)
    if listed is None:
        if outbound.verdict("none") == "no":
            yield Problem(
                _CREDENTIALS,
                f"is required: a target of kind {kind.name} is reached with {_listed(outbound.supported)}",
                f"Give it [{json.dumps(GATEWAY_ROLE.configuration())}].",
                outbound.source,
                code="credentials",
            )
        elif outbound.verdict("none") == "doubtful":
            yield Problem(
                _CREDENTIALS,
                f"sources disagree whether a target of kind {kind.name} is reached without one",
                "Give one if the service refuses the target.",
                outbound.source,
                code="credentials",
                severity="warning",
            )
        return
    if not isinstance(listed, (list, tuple)):
        return
    for index, one in enumerate(listed):
        path = joined(_CREDENTIALS, index)
        method = auth_method(one) if isinstance(one, Mapping) else None
        if method is None:
            continue
        verdict = outbound.verdict(method)
        if verdict == "no":
            message = f"{method} does not reach a target of kind {kind.name}"
            yield Problem(
                path, message, f"Use {_listed(outbound.supported - {'none'})}.", outbound.source, code="credentials"
            )
        elif verdict == "doubtful":
            yield Problem(
                path,
                f"AWS's documents disagree or are silent about whether {method} reaches a target of kind {kind.name}",
                f"Sure to work: {_listed(outbound.supported - {'none'})}.",
                outbound.source,
                code="credentials",
                severity="warning",
            )
        elif method == "gateway role":
            yield from credential_provider.validate_gateway_role(one, kind, path)
        if gateway:
            yield from credential_provider.validate_inbound(method, gateway, joined(path, "credentialProviderType"))


def _gateway_protocol(family: str | None, gateway: Mapping[str, object]) -> Iterator[Problem]:
    if family == "http" and gateway.get("protocolType") not in (None, UNKNOWN):
        yield Problem(
            "targetConfiguration.http",
            f"needs a gateway without protocolType, and this one has {gateway['protocolType']}",
            "Put it on a gateway of its own that sets no protocol_type.",
            OUTBOUND,
            code="gateway-protocol",
        )


def _listed(methods: frozenset[AuthMethod]) -> str:
    return " or ".join(sorted(methods))
