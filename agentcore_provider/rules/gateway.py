"""What the service accepts as a gateway: CreateGateway's input, by AWS's member names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.target_kinds.lambda_function import other_region

INBOUND = "devguide gateway-inbound-auth"
IMMUTABLE = {
    "name": "botocore model bedrock-agentcore-control, UpdateGatewayRequest",
    "authorizerType": "aws-cloudformation/cloudformation-coverage-roadmap#2578",
}
"""Top-level members that UpdateGateway cannot change, and where that is written."""

_COGNITO_ISSUER = re.compile(r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/")
_JWT_PATH = "authorizerConfiguration.customJWTAuthorizer"

MCP_VERSIONS = ("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26")
"""Versions of MCP that gateways speak, newest first (devguide gateway-target-MCPservers)."""


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse or serve badly. The name may be absent: it is chosen later.

    document: CreateGateway's input, with the members that only UpdateGateway takes, which is called next.
    """
    later = service_model.update_only("CreateGateway", "UpdateGateway")
    on_create = {name: it for name, it in document.items() if name not in later}
    on_update = {name: it for name, it in document.items() if name in later}
    problems = [
        _named(problem, document)
        for problem in service_model.validate(on_create, "CreateGateway", absent=("name", "clientToken"))
    ]
    problems += service_model.validate(on_update, "UpdateGateway", absent=service_model.members("UpdateGateway"))
    problems += _authorizer(document)
    problems += _protocol(document)
    problems += _interceptors(document)
    problems += _domains(document)
    return problems


def functions_elsewhere(document: Mapping[str, object], region: str | None) -> list[Problem]:
    """A warning for each Lambda function of the gateway itself that is in another Region.

    document: CreateGateway's input, or UpdateGateway's. region: the gateway's; None if it is not known.
    """
    return [it for path, arn in _functions(document) for it in other_region(arn, region, path)]


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new gateway. A value not known yet counts as changed."""
    protocol = _search_type(old) != _search_type(new) or _versions_added(old, new)
    return [*service_model.changed(IMMUTABLE, old, new), *(["protocolConfiguration"] if protocol else ())]


def is_name(text: str) -> bool:
    """Whether the text can be the name of a gateway."""
    return not service_model.validate(text, "GatewayName")


def fixed_name(name: str, longest: int) -> str:
    """The nearest name that the service takes: letters, digits and single hyphens."""
    return re.sub(r"-{2,}", "-", re.sub(r"[^0-9a-zA-Z-]+", "-", name)).strip("-")[:longest]


def _named(problem: Problem, document: Mapping[str, object]) -> Problem:
    """A problem of the name, with a name that would do."""
    name = document.get("name")
    if problem.path != "name" or not isinstance(name, str):
        return problem
    message = f"{name!r} is not a gateway name: 1 to 48 letters or digits, single hyphens between them"
    fixed = fixed_name(name, 48)
    cure = f"Use {fixed}." if fixed else "Use letters, digits and hyphens."
    return Problem(problem.path, message, cure, problem.source)


def _authorizer(document: Mapping[str, object]) -> Iterator[Problem]:
    kind, configuration = document.get("authorizerType"), document.get("authorizerConfiguration")
    if kind == "CUSTOM_JWT" and configuration is None:
        yield Problem(
            "authorizerConfiguration",
            "is required with authorizerType CUSTOM_JWT",
            "Give customJWTAuthorizer a discoveryUrl and allowedClients or allowedAudience.",
            "botocore model bedrock-agentcore-control, CreateGatewayRequest",
        )
    if kind in ("AWS_IAM", "NONE", "AUTHENTICATE_ONLY") and configuration is not None:
        # Whether the service refuses this is written nowhere; that it has no use for it is.
        yield Problem(
            "authorizerConfiguration",
            f"has no effect with authorizerType {kind}",
            "Remove it, or set authorizerType to CUSTOM_JWT.",
            INBOUND,
            severity="warning",
        )
    jwt = configuration.get("customJWTAuthorizer") if isinstance(configuration, Mapping) else None
    if isinstance(jwt, Mapping):
        yield from _jwt_authorizer(jwt)


def _jwt_authorizer(jwt: Mapping[str, object]) -> Iterator[Problem]:
    issuer = jwt.get("discoveryUrl")
    if isinstance(issuer, str) and _COGNITO_ISSUER.match(issuer) and "allowedAudience" in jwt:
        yield Problem(
            joined(_JWT_PATH, "allowedAudience"),
            "never matches a Cognito access token, which carries client_id and no aud, so every call answers 401",
            "List the app clients under allowedClients instead.",
            INBOUND,
            severity="warning",
        )
    checks = ("allowedAudience", "allowedClients", "allowedScopes", "customClaims", "allowedWorkloadConfiguration")
    if issuer is not None and not any(check in jwt for check in checks):
        yield Problem(
            _JWT_PATH,
            "checks nothing but the issuer, so any token of it opens the gateway",
            "Add allowedClients, allowedAudience or allowedScopes.",
            INBOUND,
            severity="warning",
        )
    if "certificateConfigurations" in jwt and "privateEndpoint" not in jwt:
        yield Problem(
            joined(_JWT_PATH, "certificateConfigurations"),
            "goes only with privateEndpoint",
            "Add privateEndpoint, or remove certificateConfigurations.",
            "botocore model bedrock-agentcore-control, CustomJWTAuthorizerConfiguration",
        )
    yield from _advertised_scopes(jwt)


def _advertised_scopes(jwt: Mapping[str, object]) -> Iterator[Problem]:
    mapping, allowed = jwt.get("advertisedScopeMapping"), jwt.get("allowedScopes", ())
    if not isinstance(mapping, Mapping) or not isinstance(allowed, (list, tuple)) or UNKNOWN in allowed:
        return
    for scope in mapping:
        if scope not in allowed:
            yield Problem(
                joined(joined(_JWT_PATH, "advertisedScopeMapping"), scope),
                "is not one of allowedScopes",
                "Use a scope of allowedScopes as the key.",
                "botocore model bedrock-agentcore-control, CustomJWTAuthorizerConfiguration",
                severity="warning",
            )


def _protocol(document: Mapping[str, object]) -> Iterator[Problem]:
    configuration = document.get("protocolConfiguration")
    if isinstance(configuration, Mapping) and "mcp" in configuration and "protocolType" not in document:
        yield Problem(
            "protocolConfiguration.mcp",
            "configures MCP on a gateway without a protocolType",
            'Set protocolType to "MCP".',
            "botocore model bedrock-agentcore-control, CreateGatewayRequest",
            severity="warning",
        )
    mcp = configuration.get("mcp") if isinstance(configuration, Mapping) else None
    versions = mcp.get("supportedVersions") if isinstance(mcp, Mapping) else None
    for index, version in enumerate(versions if isinstance(versions, (list, tuple)) else ()):
        if isinstance(version, str) and version not in MCP_VERSIONS:
            # A new revision of MCP does not make a gateway invalid.
            is_date = re.fullmatch(r"\d{4}-\d{2}-\d{2}", version) and version > MCP_VERSIONS[0]
            yield Problem(
                joined("protocolConfiguration.mcp.supportedVersions", index),
                f"{version} is not a version of MCP that gateways are known to speak",
                f"Choose from {', '.join(MCP_VERSIONS)}.",
                "a public report of 2026, Unsupported MCP Version(s) are provided in request; devguide gateway-target-MCPservers",
                severity="warning" if is_date else "error",
            )


def _interceptors(document: Mapping[str, object]) -> Iterator[Problem]:
    """The rules that the model only documents in prose, below GatewayInterceptorConfiguration."""
    source = "botocore model bedrock-agentcore-control, GatewayInterceptorConfiguration"
    listed = document.get("interceptorConfigurations")
    if not isinstance(listed, (list, tuple)):
        return
    taken: dict[str, int] = {}
    for index, interceptor in enumerate(listed):
        if not isinstance(interceptor, Mapping):
            continue
        own = interceptor.get("interceptionPoints")
        # More than two are one too many whatever they are for.
        for point in own if isinstance(own, (list, tuple)) and len(listed) == 2 else ():
            if isinstance(point, str) and taken.setdefault(point, index) != index:
                yield Problem(
                    joined(joined("interceptorConfigurations", index), "interceptionPoints"),
                    f"{point} is the point of interceptorConfigurations[{taken[point]}] too, and a gateway has one for each",
                    "Let one function do both.",
                    "devguide gateway-interceptors",
                )
        path = joined("interceptorConfigurations", index)
        points, mode = interceptor.get("interceptionPoints"), interceptor.get("responseInterceptionMode")
        streaming = "responseStreamingConfiguration" in interceptor
        if mode is not None and _lacks(points, "RESPONSE"):
            yield Problem(
                joined(path, "responseInterceptionMode"),
                "is set on an interceptor without the RESPONSE interception point",
                "Add RESPONSE to interceptionPoints, or remove it.",
                source,
            )
        if mode == "STREAM" and not streaming:
            yield Problem(
                joined(path, "responseStreamingConfiguration"),
                "is required with responseInterceptionMode STREAM",
                "Give it maxEventsPerInvocation.",
                source,
            )
        if streaming and mode not in ("STREAM", UNKNOWN):
            yield Problem(
                joined(path, "responseStreamingConfiguration"),
                "goes only with responseInterceptionMode STREAM",
                "Set responseInterceptionMode to STREAM, or remove it.",
                source,
            )
        if mode == "STREAM" and _excludes_body(interceptor):
            yield Problem(
                joined(path, "inputConfiguration.payloadFilter.exclude"),
                "excludes the response body, which responseInterceptionMode STREAM needs",
                "Remove RESPONSE_BODY from exclude.",
                source,
            )


def _functions(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The ARN of each Lambda function that the gateway itself calls, and where it is."""
    listed = document.get("interceptorConfigurations")
    for index, one in enumerate(listed if isinstance(listed, (list, tuple)) else ()):
        below = joined("interceptorConfigurations", index)
        yield f"{below}.interceptor.lambda.arn", _within(one, "interceptor", "lambda", "arn")
    path = ("customTransformConfiguration", "lambda", "arn")
    yield ".".join(path), _within(document, *path)


def _within(given: object, *path: str) -> object:
    for member in path:
        given = given.get(member) if isinstance(given, Mapping) else None
    return given


def _lacks(values: object, wanted: str) -> bool:
    """Whether a list that is known to the end does not have the value."""
    return isinstance(values, (list, tuple)) and wanted not in values and UNKNOWN not in values


def _excludes_body(interceptor: Mapping[str, object]) -> bool:
    given = _within(interceptor, "inputConfiguration", "payloadFilter", "exclude")
    return isinstance(given, (list, tuple)) and {"field": "RESPONSE_BODY"} in given


def _domains(document: Mapping[str, object]) -> Iterator[Problem]:
    override = document.get("domainOverride")
    others = override.get("alternateDomains") if isinstance(override, Mapping) else None
    if not isinstance(override, Mapping) or not isinstance(others, (list, tuple)):
        return
    used = [override.get("defaultDomain")]
    for index, domain in enumerate(others):
        if isinstance(domain, str) and domain in used:
            yield Problem(
                joined("domainOverride.alternateDomains", index),
                f"{domain} is listed already",
                "List each domain once, the default not at all.",
                "botocore model bedrock-agentcore-control, DomainOverride",
            )
        used.append(domain)


def _mcp(document: Mapping[str, object]) -> object:
    configuration = document.get("protocolConfiguration")
    return configuration.get("mcp", {}) if isinstance(configuration, Mapping) else {}


def _search_type(document: Mapping[str, object]) -> object:
    # Semantic search can only be chosen when the gateway is created (devguide gateway-using-mcp-semantic-search).
    mcp = _mcp(document)
    return mcp.get("searchType") if isinstance(mcp, Mapping) else UNKNOWN


def _versions_added(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether a protocol version comes back: one can be removed but not added again (aws/aws-cli#10346)."""
    before, after = _mcp(old), _mcp(new)
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    had, has = before.get("supportedVersions"), after.get("supportedVersions")
    if not isinstance(had, (list, tuple)) or not isinstance(has, (list, tuple)):
        return False
    return any(version not in had for version in has if version is not UNKNOWN)
