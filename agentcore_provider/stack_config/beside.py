"""What a stack describes beside its gateways, since it belongs to none of them or to several: declared and validated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from agentcore_provider.arguments import members
from agentcore_provider.problem import Problem, errors
from agentcore_provider.resources.configuration_bundle import ConfigurationBundle
from agentcore_provider.resources.token_vault_key import TokenVaultKey
from agentcore_provider.resources.workload_identity import WorkloadIdentity
from agentcore_provider.rules import aws_access, configuration_bundle, token_vault_key, workload_identity
from agentcore_provider.stack_config import keys
from agentcore_provider.stack_config.places import GATEWAYS, PlacedProblem

Document = Mapping[str, object]

NAME_OF_THE_KEY = "token-vault"
"""Logical name of the TokenVaultKey, of which a stack has one."""
# Keys that are not members of AWS's document.
_OWN = ("region", "profile", "assume_role", "adopt", "more")


@dataclass(frozen=True)
class _Kind:
    """Resources of one kind, under a key of the stack's configuration. named: several by name, or just one."""

    resource: Callable[..., pulumi.Resource]
    validate: Callable[[Document, str | None], Sequence[Problem]]
    named: bool = True

    def members(self, described: object) -> Iterator[tuple[tuple[str, ...], Document]]:
        """Place and description of each."""
        if not isinstance(described, Mapping):
            return
        for place, it in [((str(name),), it) for name, it in described.items()] if self.named else [((), described)]:
            if isinstance(it, Mapping):
                yield place, it


_KINDS: Mapping[str, _Kind] = {
    "workloadIdentities": _Kind(WorkloadIdentity, lambda it, _: workload_identity.validate(it)),
    "configurationBundles": _Kind(ConfigurationBundle, lambda it, _: configuration_bundle.validate(it)),
    "tokenVaultKey": _Kind(TokenVaultKey, lambda it, region: token_vault_key.validate(it, region=region), named=False),
}
DESCRIBED = (GATEWAYS, *_KINDS, "registries")
"""The keys of a stack's configuration that describe resources."""


def declare(described: Mapping[str, Any]) -> dict[str, ConfigurationBundle]:
    """Declare all of it. described: valid descriptions by key. Returns the configuration bundles by name."""
    bundles = {}
    for key, kind in _KINDS.items():
        for place, it in kind.members(described.get(key)):
            name = place[0] if place else NAME_OF_THE_KEY
            made = kind.resource(name, **{**it, **keys.access(it)})
            if isinstance(made, ConfigurationBundle):
                bundles[name] = made
    return bundles


def problems(described: Mapping[str, object]) -> Iterator[PlacedProblem]:
    """Everything about it that AWS would reject. What is UNKNOWN causes no problem."""
    for key, kind in _KINDS.items():
        for place, it in kind.members(described.get(key)):
            yield from (problem.below((key, *place)) for problem in _problems(kind, it))


def _problems(kind: _Kind, described: Document) -> Iterator[PlacedProblem]:
    yield from access_problems(described)
    region = described.get("region")
    for problem in errors(kind.validate(aws_document(described), region if isinstance(region, str) else None)):
        yield placed_problem(problem)


def access_problems(described: Document) -> Iterator[PlacedProblem]:
    """What is wrong with where a resource is, and who signs in."""
    role = described.get("assume_role")
    if isinstance(role, Mapping):
        role = {"roleArn": role.get("role_arn"), "duration": role.get("duration")}
    roles = [] if role is None else [role]
    # Which profiles there are is known where the stack is deployed.
    for problem in aws_access.validate({"region": described.get("region"), "assume_roles": roles}, tuple):
        yield placed_problem(problem)


def aws_document(described: Document, **others: object) -> dict[str, object]:
    """AWS's document of a resource whose keys are members of it. others: members in place of those, by property name."""
    more = described.get("more")
    own = {name: it for name, it in described.items() if name not in _OWN}
    return members.document({**own, **members.further(more if isinstance(more, Mapping) else None), **others})


def placed_problem(problem: Problem) -> PlacedProblem:
    """A problem of AWS's document, at the key of the member."""
    it = members.with_property(problem)
    return PlacedProblem((it.path,) if it.path else (), it.message, it.cure, it.source, it.code)


def bundle_problems(described: Mapping[str, object]) -> Iterator[PlacedProblem]:
    """Rules of gateways that name a configuration bundle which the stack does not describe."""
    bundles = described.get("configurationBundles")
    known = [*map(str, bundles)] if isinstance(bundles, Mapping) else []
    for place, name in _named_bundles(described.get(GATEWAYS)):
        if name not in known:
            cure = f"name one of {', '.join(known)}" if known else "describe it under agentcore:configurationBundles"
            yield PlacedProblem(place, f"the stack has no configuration bundle {name}", cure)


def _named_bundles(gateways: object) -> Iterator[tuple[tuple[str, ...], str]]:
    for gateway_name, gateway in gateways.items() if isinstance(gateways, Mapping) else ():
        rules = gateway.get("rules") if isinstance(gateway, Mapping) else None
        for name, rule in rules.items() if isinstance(rules, Mapping) else ():
            bundle = rule.get("configuration_bundle") if isinstance(rule, Mapping) else None
            if isinstance(bundle, str):
                yield (GATEWAYS, gateway_name, "rules", name, "configuration_bundle"), bundle
