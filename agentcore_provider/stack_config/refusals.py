"""What AWS would refuse of a description that keeps the schema: missing files, tool schemas, AWS's own documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.members import document as as_document
from agentcore_provider.providers.members import property_name
from agentcore_provider.resources.lambda_function import code_problem, tools_file
from agentcore_provider.resources.targets.lambda_function import tool_schema
from agentcore_provider.rules import gateway as gateway_rules
from agentcore_provider.rules import gateway_target as target_rules
from agentcore_provider.rules.problem import UNKNOWN, Problem, errors
from agentcore_provider.rules.tool_schema import INLINE_BYTES
from agentcore_provider.schemas import default, tools
from agentcore_provider.stack_config import credentials, target_kinds
from agentcore_provider.stack_config.authorizer import jwt_authorizer
from agentcore_provider.stack_config.existing_gateway import gateway_id
from agentcore_provider.stack_config.places import shown as path

# Keys of the stack file that are no members of AWS's documents by themselves.
_OWN_GATEWAY_KEYS = {
    *("targets", "gateway_id", "authorizer", "search", "instructions", "credential_providers"),
    *("schema_in_s3", "adopt", "protect", "more"),
}
_OWN_TARGET_KEYS = {*target_kinds.SHORT, "lambda", "credentials", "synchronize_on", "schema_in_s3", "adopt", "more"}

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


def refusals(name: str, gateway: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """One line for each thing that AWS would refuse.

    name: logical name of the gateway. gateway: its description. folder: what relative paths begin at.
    """
    described = None
    if "gateway_id" not in gateway:
        described = gateway_document(gateway)
    else:
        try:
            gateway_id(gateway["gateway_id"])
        except InvalidInput as error:
            yield f"{path((name, 'gateway_id'))}: {error}"
    for problem in errors(gateway_rules.validate(described)) if described is not None else ():
        yield _line((name,), _place(problem.path, _GATEWAY_PLACES, gateway), problem)
    for target_name, target in gateway["targets"].items():
        where = (name, "targets", target_name)
        providers = gateway.get("credential_providers", {})
        yield from _target_refusals(where, target, described, providers, folder)


def _target_refusals(
    where: tuple[str, ...],
    target: Mapping[str, Any],
    gateway: Mapping[str, Any] | None,
    providers: Mapping[str, Any],
    folder: Path,
) -> Iterator[str]:
    kind = target_kinds.kind_of(target)
    function = target.get("lambda", {})
    found: list[tuple[tuple[str, ...], str]] = [((kind, key), text) for key, text in _file_problems(function, folder)]
    configuration: Any = UNKNOWN
    usual: list[dict[str, Any]] = []
    try:
        record = None if _waits_for_a_secret(target) else target_kinds.record(target, folder)
        usual = record.credential_provider_configurations() if record else []
        configuration = record.target_configuration() if record else target.get("target_configuration", UNKNOWN)
    except InvalidInput as error:
        found += [((kind,), f"{line.rstrip('.')}.") for line in error.problems or (str(error),)]
    signing = credentials.problems(target.get("credentials", {}), providers)
    found += [(("credentials", *below), text) for below, text in signing]
    yield from (f"{path((*where, *below))}: {text}" for below, text in found)
    if "lambda" in target:
        schema = UNKNOWN if found else _tool_schema(function, folder)
        configuration = {"mcp": {"lambda": {"lambdaArn": function.get("arn", UNKNOWN), "toolSchema": schema}}}
    if configuration is UNKNOWN:
        return
    document = target_document(where[-1], target, configuration, usual)
    places = _LAMBDA_PLACES if "lambda" in target else {}
    if kind in target_kinds.PLACES:
        member = target_kinds.PLACES[kind]
        places = {member: kind, member.rpartition(".")[0]: kind}
    for problem in errors(target_rules.validate(document, gateway=gateway)):
        yield _line(where, _place(problem.path, places, target), problem)


def _waits_for_a_secret(target: Mapping[str, Any]) -> bool:
    """Whether the schema itself is made of a value that only Secrets Manager knows."""
    builtin = target.get("builtin")
    return isinstance(builtin, Mapping) and UNKNOWN in builtin.get("settings", {}).values()


def gateway_document(gateway: Mapping[str, Any]) -> dict[str, Any]:
    """CreateGateway's document of a description."""
    described = as_document({key: value for key, value in gateway.items() if key not in _OWN_GATEWAY_KEYS})
    authorizer = gateway.get("authorizer", "ez_auth")
    jwt = authorizer.get("jwt") if isinstance(authorizer, Mapping) else None
    described.setdefault("roleArn", UNKNOWN)
    if jwt is not None:
        members = jwt_authorizer(jwt).authorizer_configuration()
        described |= {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": members}
    elif isinstance(authorizer, Mapping) or authorizer == "ez_auth":
        described |= {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": UNKNOWN}
    else:
        described["authorizerType"] = authorizer.upper()
    if gateway.get("protocol_type", "MCP") is not None:
        described["protocolType"] = "MCP"
        short = {"searchType": "SEMANTIC"} if gateway.get("search", True) else {}
        short |= {"instructions": gateway["instructions"]} if "instructions" in gateway else {}
        given = described.get("protocolConfiguration", {})
        described["protocolConfiguration"] = {**given, "mcp": {**short, **given.get("mcp", {})}}
    else:
        described.pop("protocolType", None)
    return {**described, **as_document(gateway.get("more", {}))}


def target_document(
    name: str, target: Mapping[str, Any], configuration: Any, usual: list[dict[str, Any]]
) -> dict[str, Any]:
    """CreateGatewayTarget's document of a description.

    configuration: AWS's targetConfiguration. usual: how the gateway signs in if the description does not say.
    """
    described = as_document({key: value for key, value in target.items() if key not in _OWN_TARGET_KEYS})
    described |= {"name": name, "targetConfiguration": configuration}
    if "credentials" in target:
        described["credentialProviderConfigurations"] = [credentials.document(target["credentials"])]
    role_only = target_rules.kind(described["targetConfiguration"]) in (
        "lambda",
        "smithyModel",
        "apiGateway",
        "connector",
    )
    if role_only:
        described.setdefault("credentialProviderConfigurations", [{"credentialProviderType": "GATEWAY_IAM_ROLE"}])
    elif usual:
        described.setdefault("credentialProviderConfigurations", usual)
    return {**described, **as_document(target.get("more", {}))}


def _file_problems(function: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """Key and problem of each file that the function needs and that is not there."""
    if "code" in function:
        problem = code_problem(
            function["code"],
            project=folder,
            handler=function.get("handler", "handler.handler"),
            runtime=function.get("runtime", "python3.12"),
        )
        if problem:
            yield "code", problem
    source = _tools(function, folder)
    if source is not None and not _in_s3(source):
        try:
            _listed(source, function, folder)
        except InvalidInput as problem:
            yield from (("tools", f"{line.rstrip('.')}.") for line in problem.problems or (str(problem),))


def _tool_schema(function: Mapping[str, Any], folder: Path) -> Any:
    source = _tools(function, folder)
    if _in_s3(source):
        return {"s3": {"uri": source}}
    listed = default.tools() if source is None else _listed(source, function, folder)
    # A longer one goes through S3, where its target's own check reads it.
    return {"inlinePayload": listed} if len(json.dumps(listed)) <= INLINE_BYTES else UNKNOWN


def _listed(source: Any, function: Mapping[str, Any], folder: Path) -> list[Any]:
    """The tools as they reach AWS. Raises InvalidInput."""
    schema = tool_schema(tools.load(source, folder=folder), fold=function.get("fold", True))
    listed: list[Any] = schema["inlinePayload"]
    return listed


def _tools(function: Mapping[str, Any], folder: Path) -> Any:
    """Where the function's tools are told: as written, or in the handler's own file."""
    if "tools" in function or "code" not in function:
        return function.get("tools")
    return tools_file(folder / function["code"], function.get("handler", "handler.handler"))


def _in_s3(source: Any) -> bool:
    return isinstance(source, str) and source.startswith("s3://")


def _place(member: str, places: Mapping[str, str], written: Mapping[str, Any]) -> str:
    """Where a member of AWS's document stands in the stack file."""
    for long, short in places.items():
        if member == long or member.startswith((f"{long}.", f"{long}[")):
            if short == "authorizer.jwt":
                first, *rest = member[len(long) + 1 :].split(".")
                return ".".join([short, property_name(first), *rest]).rstrip(".")
            if short.split(".")[0] in written or short == "authorizer":
                return short + member[len(long) :]
    top = re.match("[A-Za-z]*", member)[0]  # type: ignore[index]
    return property_name(top) + member[len(top) :]


def _line(where: tuple[str, ...], member: str, problem: Problem) -> str:
    below = () if member in ("", "name") else (member,)
    return f"{path((*where, *below))}: {problem.message.rstrip('.')}. {problem.fix.rstrip('.')}. ({problem.source})"
