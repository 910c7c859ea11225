"""A rule of a gateway in words, as `agentcore show` displays it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agentcore_provider.documents.json_types import JsonObject


@dataclass(frozen=True)
class ShownRule:
    """A rule of a gateway."""

    priority: int
    matches: str = ""
    """Its conditions in words; empty for every request."""
    action: str = ""
    """What happens to such requests, in words."""
    targets: Sequence[str] = ()
    """Names of the targets that they may reach, those of fallbacks included."""
    status: str = ""
    description: str = ""


def described_rule(rule: JsonObject) -> ShownRule:
    """The rule that AWS has. rule: its properties."""
    actions = [it for it in rule.get("actions") or [] if isinstance(it, Mapping)]
    return ShownRule(
        priority=int(rule["priority"]),
        matches=" and ".join(filter(None, map(_condition, rule.get("conditions") or []))),
        action=", ".join(filter(None, map(_action, actions))),
        targets=list(dict.fromkeys(name for it in actions for name in _names(it))),
        status=str(rule.get("status", "")),
        description=str(rule.get("description") or ""),
    )


def _condition(condition: JsonObject) -> str:
    kind, content = next(iter(condition.items()), ("", {}))
    entries = content.get("anyOf", []) if isinstance(content, Mapping) else []
    texts = [it if isinstance(it, str) else it.get("value") or it.get("iamPrincipal", {}).get("arn") for it in entries]
    word = {"matchPaths": "path", "matchPrincipals": "caller", "matchModels": "model"}.get(kind, kind)
    return f"{word} {' or '.join(map(str, texts))}"


def _action(action: JsonObject) -> str:
    route = action.get("routeToTarget") or {}
    if "staticRoute" in route:
        return f"to {_destination(route['staticRoute'])}"
    if "weightedRoute" in route:
        split = route["weightedRoute"].get("trafficSplit", [])
        return "to " + ", ".join(f"{it['weight']}% {_destination(it)}" for it in split)
    bundle = action.get("configurationBundle") or {}
    if "staticOverride" in bundle:
        return f"with {_bundle(bundle['staticOverride'])}"
    split = bundle.get("weightedOverride", {}).get("trafficSplit", [])
    return "with " + ", ".join(f"{it['weight']}% {_bundle(it['configurationBundle'])}" for it in split)


def _destination(route: JsonObject) -> str:
    text = _target(route)
    chain = (route.get("fallback") or {}).get("targetFallback") or []
    return text + "".join(f", else {_target(it)}" for it in chain)


def _target(route: JsonObject) -> str:
    model = route.get("model")
    return f"{route['targetName']} ({model})" if model else str(route["targetName"])


def _bundle(reference: JsonObject) -> str:
    name = str(reference.get("bundleArn", "")).rpartition("/")[2]
    return f"{name} {reference.get('bundleVersion', '')}".strip()


def _names(action: JsonObject) -> Iterator[str]:
    route = action.get("routeToTarget") or {}
    own = [route["staticRoute"]] if "staticRoute" in route else []
    for one in (*own, *(route.get("weightedRoute") or {}).get("trafficSplit", [])):
        chain: Sequence[JsonObject] = (one.get("fallback") or {}).get("targetFallback") or []
        yield from (str(it["targetName"]) for it in (one, *chain))
