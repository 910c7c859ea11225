"""What the schema cannot tell: missing files, tool schemas, and what AWS would refuse in its own documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from agentcore_provider import target_kinds as kinds
from agentcore_provider.arguments import gateway as gateway_arguments
from agentcore_provider.arguments import gateway_target as target_arguments
from agentcore_provider.arguments.members import property_name
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import gateway as gateway_rules
from agentcore_provider.rules import gateway_address
from agentcore_provider.rules import gateway_target as target_rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import inline_payload
from agentcore_provider.stack_config import credentials, lambda_function, target_kinds
from agentcore_provider.stack_config.authorizer import jwt_authorizer
from agentcore_provider.stack_config.mistake import Mistake, told

# Keys of the stack file that are no members of AWS's documents by themselves.
_OWN_GATEWAY_KEYS = {
    *("targets", "gateway_id", "authorizer", "role_statements", "search", "credential_providers"),
    *("schema_in_s3", "adopt", "protect"),
}
_OWN_TARGET_KEYS = {
    *target_kinds.SHORT,
    *(
        "lambda",
        "credentials",
        "resources",
        "synchronize_on",
        "schema_in_s3",
        "adopt",
        "accept",
        "tool_limit",
        "token_limit",
    ),
}

_SIGNING = {"credentials", "credential_provider_configurations"}

# Where a member of AWS's document stands in the stack file, longest first.
_GATEWAY_PLACES = {
    "authorizerConfiguration.customJWTAuthorizer": "authorizer.jwt",
    "authorizerType": "authorizer",
    "protocolConfiguration.mcp.instructions": "instructions",
    "protocolConfiguration.mcp.searchType": "search",
}
_LAMBDA_PLACES = {
    "targetConfiguration.mcp.lambda.toolSchema.inlinePayload": "lambda.tools",
    "targetConfiguration.mcp.lambda.toolSchema": "lambda.tools",
    "targetConfiguration.mcp.lambda.lambdaArn": "lambda.arn",
    "targetConfiguration.mcp.lambda": "lambda",
}


def refusals(gateways: Any, folder: Path) -> Iterator[Mistake]:
    """Everything that AWS would refuse.

    gateways: descriptions by logical name; what is UNKNOWN in them is not judged, and causes nothing. folder: what
    relative paths begin at.
    """
    for name, gateway in _members(gateways):
        if not isinstance(gateway, Mapping):
            continue
        described = None
        if "gateway_id" not in gateway:
            described = gateway_document(gateway)
        elif gateway["gateway_id"] is not UNKNOWN:
            try:
                gateway_address.parse(gateway["gateway_id"])
            except InvalidInput as error:
                yield from told(error, (name, "gateway_id"))
        for problem in errors(gateway_rules.validate(described)) if described is not None else ():
            yield _mistake((name,), _place(problem.path, _GATEWAY_PLACES, gateway), problem)
        providers = gateway.get("credential_providers", {})
        for target_name, target in _members(gateway.get("targets")):
            if isinstance(target, Mapping):
                where = (name, "targets", target_name)
                yield from (
                    it.below(where) for it in _target_refusals(target_name, target, described, providers, folder)
                )


def _text(payload: Any) -> Any:
    try:
        return inline_payload.text(payload)
    except InvalidInput:
        # YAML has nothing that JSON cannot say, so something in it is not known yet.
        return UNKNOWN


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, Mapping) else ()


def _target_refusals(
    name: str,
    target: Mapping[str, Any],
    gateway: Mapping[str, Any] | None,
    providers: Any,
    folder: Path,
) -> Iterator[Mistake]:
    kind = target_kinds.kind_of(target)
    signing = credentials.problems(target.get("credentials"), providers)
    yield from (Mistake(("credentials", *below), message, cure) for below, message, cure in signing)
    if kind is None:
        return
    configuration: Any = target_kinds.outline(kind)
    usual: list[dict[str, Any]] = []
    if kind == "lambda":
        function, found = lambda_function.judged(target[kind], folder)
        yield from (it.below((kind,)) for it in found)
        configuration = {"mcp": {"lambda": function}}
    elif kind == "target_configuration":
        configuration = inline_payload.as_text(target[kind], _text)
    else:
        try:
            record = target_kinds.record(target, folder)
            if record is not None:
                usual = [] if _SIGNING & target.keys() else record.credential_provider_configurations()
                configuration = record.target_configuration()
        except InvalidInput as error:
            yield from told(error, (kind,))
    document = target_document(name, target, configuration, usual)
    places = _LAMBDA_PLACES if kind == "lambda" else _places(kind)
    for problem in errors(target_rules.validate(document, gateway=gateway, accept=_accepted(target, kind))):
        if problem.path == "credentialProviderConfigurations" and problem.path not in document:
            yield _mistake((), "credentials", replace(problem, cure="Add credentials, such as {iam_role: {}}"))
        else:
            yield _mistake((), _place(problem.path, places, target), problem)


def _accepted(target: Mapping[str, Any], kind: str) -> list[str]:
    """The codes that a target accepts, at its own key or its kind's."""
    said = [target.get("accept"), target[kind].get("accept") if isinstance(target[kind], Mapping) else None]
    return [code for codes in said if isinstance(codes, (list, tuple)) for code in codes]


def _places(kind: str) -> dict[str, str]:
    location = kinds.BY_KEY[kind].location if kind in kinds.BY_KEY else ""
    return {location: kind, location.rpartition(".")[0]: kind} if location else {}


def gateway_document(gateway: Mapping[str, Any]) -> dict[str, Any]:
    """CreateGateway's document of a description."""
    authorizer = _authorizer(gateway.get("authorizer", "ez_auth"))
    search = gateway.get("search", True)
    described = {"role_arn": UNKNOWN, **_arguments(gateway, _OWN_GATEWAY_KEYS), **authorizer, "semantic_search": search}
    return gateway_arguments.document(described)


def _arguments(described: Mapping[str, Any], own: Collection[str]) -> dict[str, Any]:
    """The arguments of a resource in a description. own: keys that are none."""
    more = described.get("more")
    found = {key: value for key, value in described.items() if key not in own}
    return {**found, "more": more if isinstance(more, Mapping) else None}


def _authorizer(authorizer: Any) -> dict[str, Any]:
    if isinstance(authorizer, str) and authorizer != "ez_auth":
        return {"authorizer_type": authorizer.upper()}
    jwt = authorizer.get("jwt") if isinstance(authorizer, Mapping) else None
    known = authorizer == "ez_auth" or (isinstance(authorizer, Mapping) and authorizer)
    members = jwt_authorizer(jwt).authorizer_configuration() if isinstance(jwt, Mapping) else UNKNOWN
    return {"authorizer_type": "CUSTOM_JWT" if known else UNKNOWN, "authorizer_configuration": members}


def target_document(
    name: str, target: Mapping[str, Any], configuration: Any, usual: list[dict[str, Any]]
) -> dict[str, Any]:
    """CreateGatewayTarget's document of a description.

    configuration: AWS's targetConfiguration. usual: how the gateway signs in if the description does not say.
    """
    described = {"name": name, **_arguments(target, _OWN_TARGET_KEYS), "target_configuration": configuration}
    if "credentials" in target:
        described["credential_provider_configurations"] = [credentials.document(target["credentials"])]
    return target_arguments.document(described, usual)


def _place(member: str, places: Mapping[str, str], written: Mapping[str, Any]) -> str:
    """Where a member of AWS's document stands in the stack file."""
    if member.startswith("credentialProviderConfigurations") and "credentials" in written:
        return ".".join(("credentials", *written["credentials"]))
    for long, short in places.items():
        if member == long or member.startswith((f"{long}.", f"{long}[")):
            if short == "authorizer.jwt":
                first, *rest = member[len(long) + 1 :].split(".")
                return ".".join([short, property_name(first), *rest]).rstrip(".")
            if short.split(".")[0] in written or short == "authorizer":
                return short + member[len(long) :]
    top = re.match("[A-Za-z]*", member)[0]  # type: ignore[index]
    return property_name(top) + member[len(top) :]


def _mistake(where: tuple[str, ...], member: str, problem: Problem) -> Mistake:
    below = () if member in ("", "name") else (member,)
    return Mistake((*where, *below), problem.message, problem.cure, problem.source, problem.code)
