"""What the schema cannot check: missing files, tool schemas, and what AWS would reject in the documents that are built."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from agentcore_provider import target_kinds
from agentcore_provider.arguments import gateway as gateway_documents
from agentcore_provider.arguments import gateway_metrics, table
from agentcore_provider.arguments import gateway_target as target_documents
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.resources.consent_portal import ConsentPortal
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.gateway_target import GatewayTarget
from agentcore_provider.rules import consent_portal as portal_rules
from agentcore_provider.rules import gateway as gateway_rules
from agentcore_provider.rules import gateway_address
from agentcore_provider.rules import gateway_target as target_rules
from agentcore_provider.rules.tool_schema import INLINE_BYTES
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import inline_payload, lambda_code, tools
from agentcore_provider.stack_config import (
    beside,
    credentials,
    ez_auth_validation,
    keys,
    policy_validation,
    rate_limit_validation,
    registries,
    resource_policy_validation,
    rule_validation,
)
from agentcore_provider.stack_config.keys import Keys
from agentcore_provider.stack_config.places import GATEWAYS, PlacedProblem, place_of_member, placed, walked
from agentcore_provider.target_kinds import LAMBDA
from agentcore_provider.target_kinds.source import is_s3_uri
from agentcore_provider.target_kinds.target_kind import TargetKind, at

Document = Mapping[str, object]
"""A description of which nothing is certain yet, or a document of AWS."""

_SIGNING = {"credentials", "credential_provider_configurations"}

# Parts whose logical names are their owner's key and their own.
_NAMED_AFTER_BOTH = (
    *((GATEWAYS, kind) for kind in ("targets", "rules", "policies", "rate_limits", "credential_providers")),
    (registries.KEY, "records"),
)

# Where a member of AWS's document is in the stack file, longest first.
_GATEWAY_PLACES = {
    "authorizerConfiguration.customJWTAuthorizer": "authorizer.jwt",
    "authorizerType": "authorizer",
    **{f"protocolConfiguration.mcp.{'.'.join(path)}": name for name, path in gateway_documents.MCP_MEMBERS.items()},
    "protocolConfiguration.mcp.searchType": "search",
}


def problems(described: Document, folder: Path) -> Iterator[PlacedProblem]:
    """Everything that AWS would reject.

    described: values by their keys in the stack's configuration; what is UNKNOWN in them causes no problem. folder: what
    relative paths begin at.
    """
    for name, gateway in _members(described.get(GATEWAYS)):
        if isinstance(gateway, Mapping):
            yield from (it.below((GATEWAYS, name)) for it in _gateway(gateway, folder))
    yield from _one_name_twice(described)
    yield from beside.bundle_problems(described)
    yield from beside.problems(described)
    yield from registries.problems(described)


def _members(value: object) -> Iterable[tuple[str, object]]:
    return value.items() if isinstance(value, Mapping) else ()


def _one_name_twice(described: Document) -> Iterator[PlacedProblem]:
    """Parts whose logical names would be the same: `a-b` of `shop`, and `b` of `shop-a`."""
    for key, kind in _NAMED_AFTER_BOTH:
        first: dict[str, str] = {}
        for owner, it in _members(described.get(key)):
            for name, _ in _members(it.get(kind) if isinstance(it, Mapping) else None):
                logical_name, where = f"{owner}-{name}", f"{owner}.{kind}.{name}"
                other = first.setdefault(logical_name, where)
                if other != where:
                    message = f"has the same logical name as {other}: {logical_name}"
                    yield PlacedProblem((key, owner, kind, name), message, "rename one of both")


def _gateway(gateway: Document, folder: Path) -> Iterator[PlacedProblem]:
    yield from beside.access_problems(gateway)
    yield from ez_auth_validation.problems(gateway)
    document = None
    if "gateway_id" not in gateway:
        document = gateway_document(gateway)
        for problem in errors(gateway_rules.validate(document)):
            yield _placed(place_of_member(problem.path, _GATEWAY_PLACES, gateway), problem)
    elif isinstance(gateway["gateway_id"], str):
        try:
            there = gateway_address.parse(gateway["gateway_id"]).region
        except InvalidInput as error:
            there = None
            yield from placed(error, ("gateway_id",))
        wanted = gateway.get("region")
        if there is not None and isinstance(wanted, str) and wanted != there:
            yield PlacedProblem(("region",), f"is {wanted}, and gateway_id names a gateway in {there}", "remove region")
    providers = gateway.get("credential_providers", {})
    configurations: dict[str, object] = {name: UNKNOWN for name, _ in _members(gateway.get("targets"))}
    for name, target in _members(gateway.get("targets")):
        if isinstance(target, Mapping):
            configuration, usual, found = _configuration(target, folder)
            if not found:
                configurations[name] = configuration
            found += _target(name, target, configuration, usual, gateway=document, providers=providers)
            yield from (it.below(("targets", name)) for it in found)
    yield from (it.below(("rules",)) for it in rule_validation.problems(gateway, document))
    yield from (it.below(("rate_limits",)) for it in rate_limit_validation.problems(gateway, document))
    yield from policy_validation.problems(gateway, document, folder, configurations)
    yield from (it.below(("resource_policy",)) for it in resource_policy_validation.problems(gateway, document))
    yield from (it.below(("consent_portal",)) for it in _consent_portal(gateway, document))
    yield from _observed(gateway.get("observe"))


def _consent_portal(gateway: Document, document: Document | None) -> Iterator[PlacedProblem]:
    portal, providers = gateway.get("consent_portal"), gateway.get("credential_providers", {})
    if not isinstance(portal, Mapping):
        return
    arn = portal.get("credential_provider_arn")
    if isinstance(arn, str) and not arn.startswith("arn:"):
        described = {"oauth": {"provider": arn}}
        for _, message, cure in credentials.problems(described, providers):
            exists = isinstance(providers, Mapping) and arn in providers
            yield PlacedProblem(("credential_provider_arn",), message, "name one of kind oauth" if exists else cure)
        arn = UNKNOWN
    default = table.parameters(ConsentPortal)["scopes"].default
    members = {"scopes": [*default] if isinstance(default, tuple) else default, **portal}
    built = beside.aws_document(members, credential_provider_arn=arn, gateway_identifier=UNKNOWN)
    for problem in errors(portal_rules.validate(built, gateway=document)):
        yield beside.placed_problem(replace(problem, path="" if problem.path == "gateway" else problem.path))


def _observed(observe: object) -> Iterator[PlacedProblem]:
    if not isinstance(observe, Mapping) or any(it is UNKNOWN for _, it in walked(observe)):
        return
    try:
        gateway_metrics.thresholds(**observe)
    except InvalidInput as error:
        for it in error.problems:
            below = it.path.split(".") if it.path else ()
            yield PlacedProblem(("observe", *below), it.message, it.cure)


def gateway_document(gateway: Document) -> dict[str, object]:
    """CreateGateway's input, as the gateway's declaration builds it."""
    arguments = {"role_arn": UNKNOWN, **_with_more(keys.gateway_arguments(gateway))}
    authorizer = arguments.pop("authorizer", None)
    if authorizer is None:
        # The sign-in that is created.
        sign_in: tuple[object, object] = ("CUSTOM_JWT", UNKNOWN)
    else:
        sign_in = (UNKNOWN, UNKNOWN) if authorizer is UNKNOWN else gateway_documents.authorizer(authorizer)
    arguments.pop("policy_engine", None)
    known = (*table.arguments(Gateway), "semantic_search", *gateway_documents.MCP_MEMBERS, "more")
    arguments = {name: it for name, it in arguments.items() if name in known}
    return gateway_documents.document(
        {**arguments, "authorizer_type": sign_in[0], "authorizer_configuration": sign_in[1]}
    )


def _with_more(arguments: Document) -> Keys:
    more = arguments.get("more")
    return {**arguments, "more": more if isinstance(more, Mapping) else None}


def _configuration(target: Document, folder: Path) -> tuple[object, list[dict[str, object]], list[PlacedProblem]]:
    """AWS's targetConfiguration, UNKNOWN as far as it is not known; the usual credentials of its kind, where the
    description has none; and problems of the files that it needs."""
    kind = keys.kind_of(target)
    if kind is None:
        return UNKNOWN, [], []
    if kind == LAMBDA.key:
        function, found = _function(target[kind], folder)
        return LAMBDA.configuration(function), [], [it.below((kind,)) for it in found]
    if kind == "target_configuration":
        return inline_payload.as_text(target[kind], _text), [], []
    try:
        record = keys.record(target, folder)
        if record is not None:
            usual = [] if _SIGNING & target.keys() else record.credential_provider_configurations()
            return record.target_configuration(), usual, []
    except InvalidInput as error:
        return keys.outline(kind), [], [*placed(error, (kind,))]
    return keys.outline(kind), [], []


def _target(
    name: str,
    target: Document,
    configuration: object,
    usual: list[dict[str, object]],
    *,
    gateway: Document | None,
    providers: object,
) -> Iterator[PlacedProblem]:
    kind = keys.kind_of(target)
    for below, message, cure in credentials.problems(target.get("credentials"), providers):
        yield PlacedProblem(("credentials", *below), message, cure)
    if kind is None:
        return
    document = _target_document(name, target, configuration, usual)
    places = _kind_places(target_kinds.BY_KEY[kind]) if kind in target_kinds.BY_KEY else {}
    for problem in errors(target_rules.validate(document, gateway=gateway, accept=_accepted(target, kind))):
        if problem.path == "credentialProviderConfigurations" and problem.path not in document:
            yield _placed("credentials", replace(problem, cure="Add credentials, such as {iam_role: {}}"))
        else:
            yield _placed(place_of_member(problem.path, places, target), problem)


def _target_document(
    name: str, target: Document, configuration: object, usual: list[dict[str, object]]
) -> dict[str, object]:
    """CreateGatewayTarget's input. usual: the credentials of its kind, where the description has none."""
    known = (*table.arguments(GatewayTarget), "credential_provider_configurations", "more")
    arguments = {key: value for key, value in _with_more(target).items() if key in known}
    if "credentials" in target:
        arguments["credential_provider_configurations"] = [credentials.document(target["credentials"])]
    return target_documents.document({"name": name, **arguments, "target_configuration": configuration}, usual)


def _text(payload: object) -> object:
    try:
        return inline_payload.text(payload)
    except InvalidInput:
        # Whatever YAML has, JSON has too, so something in it is not known yet.
        return UNKNOWN


def _accepted(target: Document, kind: str) -> list[str]:
    """The codes that a target accepts, at its own key or its kind's."""
    below = target[kind]
    listed = [target.get("accept"), below.get("accept") if isinstance(below, Mapping) else None]
    return [code for codes in listed if isinstance(codes, (list, tuple)) for code in codes]


def _function(function: object, folder: Path) -> tuple[object, list[PlacedProblem]]:
    """AWS's document of a function, UNKNOWN as far as it is not known, and problems of the files that it needs."""
    if not isinstance(function, Mapping):
        return UNKNOWN, []
    found: list[PlacedProblem] = []
    code = function.get("code")
    handler, runtime = function.get("handler", lambda_code.HANDLER), function.get("runtime", lambda_code.RUNTIME)
    if isinstance(code, str):
        # Which file is needed is only known with handler and runtime.
        known = (
            (handler, runtime) if isinstance(handler, str) and isinstance(runtime, str) else (lambda_code.HANDLER, "")
        )
        problem = lambda_code.problem(code, project=folder, handler=known[0], runtime=known[1])
        found += [PlacedProblem(("code",), problem.message, problem.cure)] if problem else []
    source = _tools(function, code, handler, folder)
    schema: object = UNKNOWN
    if source is not UNKNOWN:
        if "bucket_owner" in function and not (isinstance(source, str) and is_s3_uri(source)):
            cure = "remove it, or give their s3:// address"
            found.append(PlacedProblem(("bucket_owner",), "goes only with tools in S3", cure))
        try:
            schema = tools.schema(source, folder=folder, fold_keywords=bool(function.get("fold", True)))
        except InvalidInput as error:
            found += placed(error, ("tools",))
        if len(json.dumps(at(schema, "inlinePayload"))) > INLINE_BYTES:
            # It goes through S3, where its target's own check reads it.
            schema = UNKNOWN
    return {"lambdaArn": function.get("arn", UNKNOWN), "toolSchema": schema}, found


def _tools(function: Document, code: object, handler: object, folder: Path) -> object:
    """Where the function's tools are: as written, or in the handler's own file; None for the default ones."""
    written = function.get("tools")
    if "tools" in function or "code" not in function:
        unknown = function.get("fold") is UNKNOWN or any(it is UNKNOWN for _, it in walked(written))
        return UNKNOWN if unknown else written
    if not isinstance(code, str) or not isinstance(handler, str) or function.get("fold") is UNKNOWN:
        return UNKNOWN
    return lambda_code.tools_file(folder / code, handler)


def _kind_places(kind: TargetKind) -> dict[str, str]:
    """Where members of AWS's document are in the stack file, the longest first."""
    places = {f"{kind.location}.{path}": f"{kind.key}.{key}" for key, path in kind.keys.items() if path}
    if kind.schema and places:
        places[".".join(("targetConfiguration", *kind.schema_path, "inlinePayload"))] = f"{kind.key}.{kind.schema.key}"
    places |= {kind.location: kind.key, f"targetConfiguration.{kind.path[0]}": kind.key}
    return dict(sorted(places.items(), key=lambda place: -len(place[0])))


def _placed(member: str, problem: Problem) -> PlacedProblem:
    below = () if member in ("", "name") else (member,)
    return PlacedProblem(below, problem.message, problem.cure, problem.source, problem.code)
