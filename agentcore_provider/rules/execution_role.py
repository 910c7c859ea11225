"""The role a gateway assumes: whom it trusts, and exactly what each target needs of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.rules.gateway_target import kind
from agentcore_provider.rules.source_text import SourceText

SERVICE = "bedrock-agentcore.amazonaws.com"
SOURCE = "devguide gateway-prerequisites-permissions"
_PROVIDERS = {
    # type of credential: its resource, its secret, the action that hands it out
    "API_KEY": ("apikeycredentialprovider", "apikey", "bedrock-agentcore:GetResourceApiKey"),
    "OAUTH": ("oauth2credentialprovider", "oauth2", "bedrock-agentcore:GetResourceOauth2Token"),
}


def trust_policy(*, partition: str, region: str, account_id: str, gateway_name: str | Sequence[str]) -> dict[str, Any]:
    """Who may assume the role: the service, for this gateway alone, or for these.

    One statement: a second one without the conditions would make them void. The gateway's ARN begins with its
    lower-cased name, so this holds before the gateway exists.
    """
    arns = _gateways(_Place(partition, region, account_id), gateway_name)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {"aws:SourceArn": arns[0] if len(arns) == 1 else arns},
                },
            }
        ],
    }


def statements(
    target_configuration: Mapping[str, Any],
    credential_provider_configurations: Sequence[Mapping[str, Any]] | None,
    *,
    partition: str,
    region: str,
    account_id: str,
    gateway_name: str | Sequence[str] | None = None,
    secret_id: str | None = None,
) -> list[dict[str, Any]]:
    """What the role needs for one target, as IAM statements on exact ARNs. None at all for a target that needs none.

    gateway_name: narrows workload identities to those of gateways of this name, or these; without it, to all of the account's.
    secret_id: name or ARN of the credential's secret, if it is not the one that AWS keeps for the credential provider.
    """
    place = _Place(partition, region, account_id)
    found: list[dict[str, Any]] = []
    types = [one.get("credentialProviderType") for one in credential_provider_configurations or ()]
    if "GATEWAY_IAM_ROLE" in types or kind(target_configuration) == "lambda":
        found += _target(target_configuration, place)
    for one in credential_provider_configurations or ():
        found += _credential(one, place, gateway_name, secret_id)
    return found


def interceptor_statements(interceptor_configurations: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """What the role needs for a gateway's interceptors: to invoke their functions."""
    arns = sorted(
        {
            str(one["interceptor"]["lambda"]["arn"])
            for one in interceptor_configurations or ()
            if one.get("interceptor", {}).get("lambda", {}).get("arn")
        }
    )
    return [_allow("lambda:InvokeFunction", *arns)] if arns else []


def policy_engine_statements(
    policy_engine_configuration: Mapping[str, Any] | None,
    *,
    partition: str,
    region: str,
    account_id: str,
    gateway_name: str | Sequence[str],
) -> list[dict[str, Any]]:
    """What the role needs for a gateway's policy engine (devguide policy-permissions)."""
    engine = (policy_engine_configuration or {}).get("arn")
    if not engine:
        return []
    place = _Place(partition, region, account_id)
    gateways = _gateways(place, gateway_name)
    return [
        _allow("bedrock-agentcore:GetPolicyEngine", engine),
        _allow(["bedrock-agentcore:AuthorizeAction", "bedrock-agentcore:PartiallyAuthorizeActions"], engine, *gateways),
    ]


class _Place:
    """Partition, Region and account, as ARNs need them."""

    def __init__(self, partition: str, region: str, account_id: str) -> None:
        self._partition, self._region, self._account_id = partition, region, account_id

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self._partition}:{service}:{self._region}:{self._account_id}:{resource}"


def _gateways(place: _Place, names: str | Sequence[str]) -> list[str]:
    """ARNs of all gateways whose names are these, whatever their ids end in."""
    return [place.arn("bedrock-agentcore", f"gateway/{name}-*") for name in _lower(names)]


def _lower(names: str | Sequence[str]) -> list[str]:
    return [name.lower() for name in ([names] if isinstance(names, str) else names)]


def _allow(action: str | list[str], *resources: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": action,
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }


def _target(configuration: Mapping[str, Any], place: _Place) -> Iterator[dict[str, Any]]:
    """What the gateway's own role needs to reach the target."""
    target = kind(configuration)
    content: Any = next(iter(next(iter(configuration.values())).values())) if target else None
    if not isinstance(content, Mapping):
        return
    if target == "lambda" and content.get("lambdaArn"):
        yield _allow("lambda:InvokeFunction", content["lambdaArn"])
    elif target == "apiGateway":
        arns = _methods(content)
        if arns:
            yield _allow("execute-api:Invoke", *(place.arn("execute-api", arn) for arn in arns))
    elif target == "smithyModel":
        actions = smithy_actions(content.get("inlinePayload"))
        if actions:
            yield _allow(actions, "*")
    elif target == "agentcoreRuntime" and content.get("arn"):
        arn = str(content["arn"])
        yield _allow("bedrock-agentcore:InvokeAgentRuntime", arn, f"{arn}/runtime-endpoint/*")
    elif target in ("mcpServer", "passthrough", "provider"):
        yield from _endpoint(str(content.get("endpoint", "")), place)
    elif target == "openApiSchema":
        for url in _servers(content.get("inlinePayload")):
            yield from _endpoint(url, place)


def _servers(inline: Any) -> list[str]:
    """The addresses of an OpenAPI document, or none if it cannot be read."""
    try:
        document = SourceText(inline).document
    except (Unreadable, TypeError):
        return []
    listed = document.get("servers") if isinstance(document, Mapping) else None
    urls = [one.get("url") for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return sorted({url for url in urls if isinstance(url, str) and "{" not in url})


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


def _endpoint(endpoint: str, place: _Place) -> Iterator[dict[str, Any]]:
    """What AWS's own endpoints ask of who calls them signed; nothing for any other host."""
    from urllib.parse import unquote, urlsplit

    url = urlsplit(endpoint)
    host = url.hostname or ""
    runtime = re.fullmatch(r"/runtimes/([^/]+)/invocations/?", url.path)
    if re.fullmatch(r"bedrock-agentcore\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", host) and runtime:
        arn = unquote(runtime[1])
        yield _allow("bedrock-agentcore:InvokeAgentRuntime", arn, f"{arn}/runtime-endpoint/*")
    gateway = re.fullmatch(r"([0-9a-z-]+)\.gateway\.bedrock-agentcore\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", host)
    if gateway:
        yield _allow("bedrock-agentcore:InvokeGateway", place.arn("bedrock-agentcore", f"gateway/{gateway[1]}"))
    api = re.fullmatch(r"([0-9a-z]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", host)
    if api:
        stage = url.path.strip("/").split("/")[0] or "*"
        yield _allow("execute-api:Invoke", place.arn("execute-api", f"{api[1]}/{stage}/*"))


def smithy_actions(inline: Any) -> list[str]:
    """The IAM actions of the operations in a Smithy model, or none if it cannot be read."""
    try:
        model = parsed(inline, yaml=False) if isinstance(inline, str) else inline
    except Unreadable:
        return []
    shapes = _object(_object(model).get("shapes"))
    found = set()
    for shape in map(_object, shapes.values()):
        traits = _object(shape.get("traits"))
        described = _object(traits.get("aws.api#service"))
        namespace = _object(traits.get("aws.auth#sigv4")).get("name") or described.get("arnNamespace")
        if shape.get("type") != "service" or not namespace:
            continue
        for operation in [*_list(shape.get("operations")), *_resource_operations(shape, shapes)]:
            target = str(_object(operation).get("target", ""))
            renamed = _object(_object(shapes.get(target)).get("traits")).get("aws.iam#actionName")
            found.add(f"{namespace}:{renamed or target.rpartition('#')[2]}")
    return sorted(found)


def _resource_operations(owner: Mapping[str, Any], shapes: Mapping[str, Any]) -> Iterator[Any]:
    """Operations bound to the resources of a service."""
    for reference in map(_object, _list(owner.get("resources"))):
        resource = _object(shapes.get(str(reference.get("target"))))
        for lifecycle in ("create", "put", "read", "update", "delete", "list"):
            if lifecycle in resource:
                yield resource[lifecycle]
        for several in ("operations", "collectionOperations"):
            yield from _list(resource.get(several))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _credential(
    configuration: Mapping[str, Any], place: _Place, gateway_name: str | Sequence[str] | None, secret_id: str | None
) -> Iterator[dict[str, Any]]:
    """What the role needs to fetch an API key or an OAuth token from its provider."""
    known = _PROVIDERS.get(str(configuration.get("credentialProviderType")))
    provider = configuration.get("credentialProvider")
    used: Any = next(iter(provider.values()), None) if isinstance(provider, Mapping) else None
    arn = used.get("providerArn") if isinstance(used, Mapping) else None
    if known is None or not isinstance(arn, str):
        return
    resource, secret, action = known
    name = arn.rpartition(f"/{resource}/")[2] or "*"
    directory = place.arn("bedrock-agentcore", "workload-identity-directory/default")
    beginnings = [f"{it}-" for it in _lower(gateway_name)] if gateway_name else [""]
    identities = [f"{directory}/workload-identity/{it}*" for it in beginnings]
    vault = place.arn("bedrock-agentcore", "token-vault/default")
    yield _allow("bedrock-agentcore:GetWorkloadAccessToken", directory, *identities)
    yield _allow(action, directory, *identities, vault, arn)
    if secret_id is None:
        secret_id = f"bedrock-agentcore-identity!default/{secret}/{name}"
    # The ARN of a secret ends in a hyphen and six characters that nobody chooses.
    arn = secret_id if secret_id.startswith("arn:") else place.arn("secretsmanager", f"secret:{secret_id}-*")
    yield _allow("secretsmanager:GetSecretValue", arn)
