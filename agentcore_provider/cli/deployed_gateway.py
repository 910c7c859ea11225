"""The gateways of a stack, as its state and its outputs have them, each with what lets a caller in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from agentcore_provider.errors import InvalidInput

_GATEWAY = "pulumi-python:dynamic/agentcore:Gateway"
_EZ_AUTH = "pulumi-python:dynamic/agentcore:EzAuth"
_STACK = "pulumi:pulumi:Stack"

# How the engine marks a secret in its state; with --show-secrets its value stands beside, as JSON.
_MARK, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
_HIDDEN = "[secret]"
_WELL_KNOWN = "/.well-known/openid-configuration"

_SIGN_IN = ("token_endpoint", "client_id", "client_secret", "scope")
_EXPORTED = ("mcp_url", "gateway_id", "gateway_arn", "authorizer_type", *_SIGN_IN)
_WORDS = {
    "NONE": "nobody: everybody may call",
    "AWS_IAM": "AWS IAM, signed requests",
    "AUTHENTICATE_ONLY": "any valid token or signature",
}


@dataclass(frozen=True)
class DeployedGateway:
    """A gateway of a stack."""

    name: str
    """Its name in the output `gateways`, else its logical name in the program."""
    mcp_url: str
    gateway_id: str = ""
    gateway_arn: str = ""
    token_endpoint: str = ""
    """Where to sign in; empty when nothing in the stack issues tokens for this gateway."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    authorizer_type: str = ""
    """How callers sign in, by AWS's word; empty when it is not known."""
    authorizer: Mapping[str, Any] = field(default_factory=dict)
    """Whose tokens the gateway takes, as AWS's customJWTAuthorizer; what is a secret in it is hidden."""

    @property
    def signs_in(self) -> bool:
        """Whether a token can be fetched with what is known."""
        return bool(self.token_endpoint and self.client_id and self.client_secret)


def gateways_of(resources: Sequence[Mapping[str, Any]]) -> dict[str, DeployedGateway]:
    """The gateways of a stack by name: those that its outputs name, then all others in its state.

    resources: the stack's, secrets in clear. The state counts where both know a gateway: the engine writes no outputs
    when an update fails.
    """
    others = gateways_in_state(resources)
    found: dict[str, DeployedGateway] = {}
    for name, said in _exported(resources).items():
        known = {said.gateway_id, said.mcp_url} - {""}
        same = next((it for it in others if known & {it.gateway_id, it.mcp_url}), None)
        if same is not None:
            others.remove(same)
            own = {key: getattr(said, key) for key in _SIGN_IN} if not same.signs_in else {}
            found[name or same.name] = replace(
                same, name=name or same.name, mcp_url=said.mcp_url or same.mcp_url, **own
            )
        elif said.mcp_url:
            found[said.name] = said
    standing = {it.gateway_id for it in gateways_in_state(resources)}
    # The engine keeps resources in the order in which they were made, which is another each time.
    for gateway in sorted(others, key=lambda it: it.name):
        namesake = found.get(gateway.name)
        taken = namesake is not None and namesake.gateway_id in standing
        found[gateway.gateway_id if taken else gateway.name] = gateway
    return found


def gateways_in_state(resources: Iterable[Mapping[str, Any]]) -> list[DeployedGateway]:
    """The gateways among the resources of a stack, with the EzAuth of the same stack whose tokens they take.

    The sign-in is known only if the secrets of the state are in clear.
    """
    standing = [it for it in resources if it.get("id") and not it.get("delete") and not it.get("pendingReplacement")]
    sign_ins = [_outputs(it) for it in standing if it.get("type") == _EZ_AUTH]
    return [_gateway(it, sign_ins) for it in standing if it.get("type") == _GATEWAY]


def choose_gateway(gateways: Mapping[str, DeployedGateway], reference: str | None) -> DeployedGateway:
    """The gateway of this name, id, ARN or URL; without one, the only gateway there is. Raises InvalidInput."""
    if not gateways:
        raise InvalidInput("The stack has no gateway: describe one under agentcore:gateways and run `pulumi up`")
    if reference is None:
        if len(gateways) > 1:
            raise InvalidInput(f"The stack has several gateways: choose with --gateway: {', '.join(gateways)}")
        return next(iter(gateways.values()))
    for name, gateway in gateways.items():
        if reference in (name, gateway.gateway_id, gateway.gateway_arn, gateway.mcp_url):
            return gateway
    raise InvalidInput(f"The stack has no gateway {reference!r}: choose one of {', '.join(gateways)}")


def sign_in_words(authorizer_type: str, authorizer: Mapping[str, Any], client_id: str = "") -> str:
    """How callers of a gateway sign in. client_id: the client of an EzAuth of the stack, if it has one."""
    if client_id:
        return f"EzAuth, client {client_id}"
    if authorizer_type == "CUSTOM_JWT" and authorizer:
        return f"JWT of {urlsplit(str(authorizer.get('discoveryUrl', ''))).netloc}"
    return _WORDS.get(authorizer_type, authorizer_type or "not by this stack")


def token_wanted(authorizer: Mapping[str, Any]) -> str:
    """Whose token a gateway takes for which the stack has no sign-in, where it comes from, and how to pass it."""
    url = str(authorizer.get("discoveryUrl", ""))
    wanted = [
        f"{what} {' or '.join(map(str, authorizer[member]))}"
        for member, what in (
            ("allowedClients", "client"),
            ("allowedAudience", "audience"),
            ("allowedScopes", "scope"),
        )
        if isinstance(authorizer.get(member), (list, tuple)) and authorizer[member]
    ]
    of = (
        f" of {url.removesuffix(_WELL_KNOWN)}{''.join(f', {it}' for it in wanted)}"
        if url
        else " of its identity provider"
    )
    source = f" at the token_endpoint that {url} names" if url else " there"
    return (
        f"takes tokens{of}: get one{source}, and pass it to `agentcore tools` and `doctor` with --token or in "
        "AGENTCORE_TOKEN"
    )


def _gateway(resource: Mapping[str, Any], sign_ins: Sequence[Mapping[str, Any]]) -> DeployedGateway:
    outputs = _outputs(resource)
    jwt = _jwt(outputs)
    issued = next((it for it in sign_ins if _issues(it, jwt)), {})
    return DeployedGateway(
        name=str(resource["urn"]).rpartition("::")[2],
        mcp_url=_text(outputs, "gateway_url"),
        gateway_id=str(resource["id"]),
        gateway_arn=_text(outputs, "gateway_arn"),
        token_endpoint=_text(issued, "issuing_endpoint"),
        client_id=_text(issued, "client_id"),
        client_secret=_text(issued, "client_secret"),
        scope=_text(issued, "scope"),
        authorizer_type=_text(outputs, "authorizer_type"),
        authorizer=_jwt(_clear(resource.get("outputs"), hide=True)),
    )


def _issues(sign_in: Mapping[str, Any], jwt: Mapping[str, Any]) -> bool:
    """Whether a gateway that checks tokens in this way takes those of an EzAuth."""
    clients = jwt.get("allowedClients")
    url = jwt.get("discoveryUrl")
    return bool(url) and url == sign_in.get("discovery_url") and (not clients or sign_in.get("client_id") in clients)


def _exported(resources: Sequence[Mapping[str, Any]]) -> dict[str, DeployedGateway]:
    """What the outputs say of gateways: under `gateways`, or one by one, which gives no name."""
    outputs = next((_outputs(it) for it in resources if it.get("type") == _STACK and not it.get("delete")), {})
    gateways = outputs.get("gateways")
    if not isinstance(gateways, Mapping):
        gateways = {"": outputs}
    found = {}
    for name, said in gateways.items():
        if isinstance(said, Mapping) and (_text(said, "mcp_url") or _text(said, "gateway_id")):
            known: dict[str, Any] = {key: _text(said, key) for key in _EXPORTED}
            found[name] = DeployedGateway(name=name or "gateway", **known)
    return found


def _outputs(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    outputs = _clear(resource.get("outputs"))
    return outputs if isinstance(outputs, Mapping) else {}


def _jwt(outputs: Any) -> Mapping[str, Any]:
    """The customJWTAuthorizer among the outputs of a gateway; empty if it has none, or if it is hidden."""
    authorizer = outputs.get("authorizer_configuration") if isinstance(outputs, Mapping) else None
    jwt = authorizer.get("customJWTAuthorizer") if isinstance(authorizer, Mapping) else None
    return jwt if isinstance(jwt, Mapping) else {}


def _text(outputs: Mapping[str, Any], key: str) -> str:
    value = outputs.get(key)
    return value if isinstance(value, str) else ""


def _clear(value: Any, *, hide: bool = False) -> Any:
    """A value of the state without the marks of its secrets; None for one that is locked. hide: a word in its place."""
    if isinstance(value, Mapping):
        if value.get(_MARK) != _SECRET:
            return {key: _clear(it, hide=hide) for key, it in value.items()}
        plain = value.get("plaintext")
        return _HIDDEN if hide else _clear(json.loads(plain)) if isinstance(plain, str) else None
    if isinstance(value, list):
        return [_clear(it, hide=hide) for it in value]
    return value
