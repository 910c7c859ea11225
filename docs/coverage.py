"""Writes docs/coverage.md from AWS's models and docs/coverage.yaml: .venv/bin/python docs/coverage.py"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import agentcore_provider
from agentcore_provider import credential_kinds, target_kinds, targets
from agentcore_provider.arguments import table
from agentcore_provider.arguments.gateway import MCP_MEMBERS
from agentcore_provider.arguments.members import property_name
from agentcore_provider.local import agentcore_control
from agentcore_provider.resources.credentials import RECORDS as CREDENTIALS
from agentcore_provider.rules import service_model

_FOLDER = Path(__file__).parent
PAGE = _FOLDER / "coverage.md"
GROUPS: dict[str, list[dict[str, Any]]] = yaml.safe_load((_FOLDER / "coverage.yaml").read_text(encoding="utf-8"))

_HEAD = """# Coverage of AWS's API

Every operation of AWS's models, and every member of those about gateways: which resource or argument has it, or why
none does. `docs/coverage.py` writes this page from the models of the boto3 that the project is tested with;
`make test` fails when a model has an operation or member that this page does not mention.

What has no argument can still be passed: members on top in `more=`, members below in AWS's own documents. The limits of
each member are in [Members of AWS's API](reference/api.md).
"""
_TITLES = {
    "bedrock-agentcore-control": "Control plane",
    "bedrock-agentcore": "Data plane",
    "agent-registry-control": "Agent Registry, control plane",
    "agent-registry": "Agent Registry, data plane",
    "cognito-idp": "Cognito",
}
_VERDICTS = {
    "covered": "",
    "not_yet": "**Not yet.** ",
    "elsewhere": "Not about gateways. ",
    "closed": "Closed by AWS. ",
}
# Structures of rules and rate limits, which class builds them, and of which members.
_ROUTES = (
    ("Condition", "`GatewayRule`", "matchPrincipals matchPaths matchModels"),
    ("MatchPrincipals", "`GatewayRule(principals=)`", "anyOf"),
    ("MatchPaths", "`GatewayRule(paths=)`", "anyOf"),
    ("MatchModels", "`GatewayRule(models=)`", "anyOf"),
    ("Action", "`GatewayRule`", "routeToTarget configurationBundle"),
    ("RouteToTargetAction", "`GatewayRule(route=)`", "staticRoute weightedRoute"),
    ("StaticRoute", "`routes.StaticRoute`", "targetName model fallback"),
    ("WeightedRoute", "`routes.WeightedRoute`", "trafficSplit"),
    (
        "TargetTrafficSplitEntry",
        "`routes.TrafficSplit`",
        "targetName model fallback name weight description metadata",
    ),
    (
        "Fallback",
        "`routes.Fallback`",
        "triggerOn firstByteTimeoutMilliseconds circuitBreaker targetFallback",
    ),
    ("FallbackTarget", "`routes.FallbackTarget`", "targetName model triggerOn firstByteTimeoutMilliseconds"),
    ("FallbackTriggers", "`routes.Fallback`, `routes.FallbackTarget`", "statusCodes errors"),
    ("CircuitBreakerConfiguration", "`routes.Fallback`", "mode"),
    ("LimitEntry", "`rate_limits.Entry`", "dimensions requests tokens connections"),
    ("RateConfig", "`rate_limits.Entry`", "rate period"),
)
# Structures that a record builds whole.
_RECORDS = {
    "CertificateConfiguration": "S3Certificate`, `SecretsManagerCertificate",
    "ConsentPortalIdpConfig": "ConsentPortal",
    "ConsentPortalSource": "ConsentPortal",
    "DomainOverride": "DomainOverride",
    "ManagedVpcResource": "ManagedVpcResource",
    "PrivateEndpoint": "ManagedVpcResource`, `SelfManagedLatticeResource",
    "PrivateEndpointOverride": "PrivateEndpointOverride",
    "S3CertificateConfiguration": "S3Certificate",
    "SecretsManagerCertificateConfiguration": "SecretsManagerCertificate",
    "SelfManagedLatticeResource": "SelfManagedLatticeResource",
}
_PAGING = {"maxResults": "all pages are read", "nextToken": "all pages are read"}


def unmentioned(of: Mapping[str, list[dict[str, Any]]] = GROUPS) -> list[str]:
    """Operations and members that neither code nor coverage.yaml accounts for, and entries that account for none."""
    found = []
    for service, groups in of.items():
        known = set(service_model.load(service)["operations"])
        mentioned = [it for group in groups for it in group["operations"]]
        found += [f"{service} {it}: in no group" for it in sorted(known - set(mentioned))]
        found += [f"{service} {it}: in no model" for it in sorted(set(mentioned) - known)]
        found += [f"{service} {it}: in two groups" for it in sorted(set(mentioned)) if mentioned.count(it) > 1]
    for group in _all(of):
        if "resource" in group:
            members = _members(group)
            texts = group.get("members", {})
            derived = {it: _derived(group, it) for it in members}
            found += [
                f"{group['resource']}.{it}: no argument, output or text" for it in members if not _text(group, it)
            ]
            found += [f"{group['resource']}.{it}: has a text without need" for it in texts if derived.get(it, "-")]
    return found


def page() -> str:
    """The page's text."""
    lines = [_HEAD]
    for service, groups in GROUPS.items():
        local = agentcore_control.operations(service)
        lines += [f"## {_TITLES[service]}", "", "| operations | here | on local AWS |", "|---|---|---|"]
        for group in groups:
            names = ", ".join(f"`{it}`" for it in group["operations"])
            has = set(group["operations"]) & local
            here = "yes" if len(has) == len(group["operations"]) else f"{len(has)} of them" if has else "no"
            lines.append(f"| **{group['title']}**: {names} | {_verdict(group)} | {here if local else ''} |")
        lines.append("")
    for group in _all(GROUPS):
        if "resource" in group:
            lines += [f"## {group['resource']}", "", "| member | request | response | here |", "|---|---|---|---|"]
            lines += [_row(group, it, *where) for it, where in _members(group).items()]
            lines.append("")
    lines += [
        "## Structures in requests",
        "",
        "Which members of the structures below have an argument or field of a class; all others are part of AWS's own "
        "documents, which the arguments above take.",
        "",
        "| structure | with an argument or field | in AWS's own document |",
        "|---|---|---|",
    ]
    lines += _structures()
    return "\n".join(lines) + "\n"


def _all(of: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [group for groups in of.values() for group in groups]


def _service(group: Mapping[str, Any]) -> str:
    return table.service(getattr(agentcore_provider, group["resource"]))


def _verdict(group: Mapping[str, Any]) -> str:
    if "resource" in group:
        return f"[`{group['resource']}`](#{group['resource'].lower()})"
    return next(f"{word}{group[key]}" for key, word in _VERDICTS.items() if key in group)


def _members(group: Mapping[str, Any]) -> dict[str, tuple[list[str], bool]]:
    """Of the group's operations all members, each with the verbs of its requests, and whether it is in a response."""
    model = service_model.load(_service(group))
    found: dict[str, tuple[list[str], bool]] = {}
    for name in group["operations"]:
        operation = model["operations"][name]
        for side in ("input", "output"):
            for member in model["shapes"][operation[side]["shape"]].get("members", {}):
                verbs, response = found.get(member, ([], False))
                is_input = side == "input"
                verb = next(it for it in _verbs(name))
                verbs = [*verbs, verb] if is_input and verb not in verbs else verbs
                found[member] = (verbs, response or not is_input)
    return found


def _verbs(operation: str) -> Iterator[str]:
    yield from (
        it
        for it in ("Create", "Get", "List", "Update", "Delete", "Put", "Set", "Synchronize", "Submit")
        if it in operation[:11]
    )


def _row(group: Mapping[str, Any], member: str, verbs: list[str], response: bool) -> str:
    return f"| `{member}` | {', '.join(verbs)} | {'yes' if response else ''} | {_text(group, member)} |"


def _text(group: Mapping[str, Any], member: str) -> str:
    return str(group.get("members", {}).get(member) or _derived(group, member))


def _derived(group: Mapping[str, Any], member: str) -> str:
    """What the class of the resource has of a member; empty if it has nothing of it."""
    kind = getattr(agentcore_provider, group["resource"])
    name = property_name(member)
    argument = group.get("arguments", {}).get(member, name)
    found = {"argument": argument} if argument in inspect.signature(kind).parameters else {}
    found |= {"output": name} if name in kind.__annotations__ else {}
    if found and len(set(found.values())) == 1:
        return f"{' and '.join(found)} `{next(iter(found.values()))}`"
    if found:
        return ", ".join(f"{it} `{name}`" for it, name in found.items())
    if member == "clientToken":
        return "generated for each create"
    return _PAGING.get(member, "")


def _structures() -> list[str]:
    shapes = service_model.load(service_model.CONTROL)["shapes"]
    forms = dict(_forms())
    found: dict[str, Mapping[str, Any]] = {}
    for group in GROUPS["bedrock-agentcore-control"]:
        for name in group["operations"] if "resource" in group else ():
            if name.startswith(("Create", "Update", "Put")):
                for member in service_model.member_shapes(name).values():
                    _reached(shapes, member, found)
    lines = []
    for name in sorted(found):
        text, has = forms.get(name, ("", ()))
        members = list(found[name]["members"])
        typed = ", ".join(f"`{it}`" for it in members if it in has)
        rest = ", ".join(f"`{it}`" for it in members if it not in has)
        lines.append(f"| `{name}` | {f'{text}: {typed}' if typed else ''} | {rest} |")
    return lines


def _reached(shapes: Mapping[str, Any], name: str, found: dict[str, Mapping[str, Any]]) -> None:
    shape = shapes[name]
    if shape["type"] in ("list", "map"):
        _reached(shapes, (shape.get("member") or shape["value"])["shape"], found)
    elif shape["type"] == "structure" and not shape.get("document") and name not in found:
        found[name] = shape
        for member in shape["members"].values():
            _reached(shapes, member["shape"], found)


def _forms() -> Iterator[tuple[str, tuple[str, frozenset[str]]]]:
    """The structures that a class of this package builds: by name, the class and the members that it has fields for."""
    top = service_model.member_shapes("CreateGatewayTarget")
    for key, record in targets.RECORDS.items():
        kind = target_kinds.BY_KEY[key]
        shape = top["targetConfiguration"]
        for member in kind.path:
            shape = service_model.member_shapes(shape)[member]
        members = {path.partition(".")[0] for path in kind.keys.values()}
        every = members == {""}
        yield shape, (f"`targets.{record.__name__}`", frozenset(service_model.members(shape) if every else members))
    provider = service_model.member_shapes("CredentialProviderConfiguration")["credentialProvider"]
    for one in credential_kinds.KINDS:
        if one.member:
            shape = service_model.member_shapes(provider)[one.member]
            yield shape, (f"`credentials.{CREDENTIALS[one].__name__}`", frozenset(one.keys.values()))
    jwt = "CustomJWTAuthorizerConfiguration"
    fields = {it.name for it in dataclasses.fields(agentcore_provider.JwtAuthorizer)}
    typed = frozenset(it for it in service_model.members(jwt) if property_name(it) in fields)
    yield jwt, ("`JwtAuthorizer`", typed)
    vendor = inspect.signature(agentcore_provider.OAuth2CredentialProvider).parameters
    for shape in [*service_model.member_shapes("Oauth2ProviderConfigInput").values(), "Oauth2Discovery"]:
        typed = frozenset(it for it in service_model.members(shape) if property_name(it) in vendor)
        yield shape, ("`OAuth2CredentialProvider`", typed)
    for name, record, members in _ROUTES:
        yield name, (record, frozenset(members.split()))
    short = frozenset(("searchType", *(path[0] for path in MCP_MEMBERS.values())))
    yield "MCPGatewayConfiguration", (f"`Gateway({'=, '.join(('semantic_search', *MCP_MEMBERS))}=)`", short)
    for shape, record in _RECORDS.items():
        yield shape, (f"`{record}`", frozenset(service_model.members(shape)))
    for shape in (
        *("GatewayInterceptorConfiguration", "InterceptorConfiguration", "LambdaInterceptorConfiguration"),
        *("InterceptorInputConfiguration", "InterceptorPayloadFilter", "InterceptorPayloadExclusionSelector"),
        service_model.shape_at("GatewayInterceptorConfiguration", "responseStreamingConfiguration"),
    ):
        yield str(shape), ("`Interceptor`", frozenset(service_model.members(str(shape))))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
