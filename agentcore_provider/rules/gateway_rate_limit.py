"""What the service accepts as a rate limit of a gateway: CreateGatewayRateLimit's input, by AWS's member names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import service_model
from agentcore_provider.rules.tool_names import SEPARATOR, full_name
from agentcore_provider.rules.unknown import UNKNOWN

LIMITS = "devguide gateway-rate-limits"
DIMENSIONS = "devguide gateway-rate-limits-dimensions"
METRICS = "devguide gateway-rate-limits-metrics"
MOST = 50
"""Rate limits of a gateway (devguide gateway-rate-limits)."""
IMMUTABLE = {
    "gatewayIdentifier": "botocore model bedrock-agentcore-control, UpdateGatewayRateLimitRequest",
    "rateLimitId": "botocore model bedrock-agentcore-control, UpdateGatewayRateLimitRequest",
    "dimensionKeys": "botocore model bedrock-agentcore-control, UpdateGatewayRateLimitRequest",
}
"""Top-level members that UpdateGatewayRateLimit cannot change, and where that is written."""
PERIODS = {"requests": ("second", "minute"), "tokens": ("minute",), "connections": ("second",)}
"""The periods of each metric (devguide gateway-rate-limits-metrics)."""

_WRITTEN_BY_CALLERS = "$.context.request."
_TOKEN, _SIGNATURE = "$.context.jwt.", "$.context.iam."
_OF_EACH_REQUEST = ("$.context.jwt.jti", "$.context.jwt.nonce")
_OF_THE_SERVICE = "x_amz_"
"""What the names of the service's own tools begin with."""
_MOST_NAMES = 5
_VALUE = re.compile(r"entries\[\d+\]\.dimensions\.(.+)")

Document = Mapping[str, object]


def validate(document: Document, *, gateway: Document | None = None) -> list[Problem]:
    """Everything the service would refuse or serve badly. The gateway's identifier may be absent.

    gateway: the CreateGateway document of the gateway, if known: some rules need both.
    """
    problems = service_model.validate(document, "CreateGatewayRateLimit", absent=("gatewayIdentifier", "clientToken"))
    keys = _list(document.get("dimensionKeys"))
    problems = _without_repeats(problems, keys)
    problems += _keys(keys, gateway or {})
    known = [it for it in keys if isinstance(it, str)]
    if len(known) < len(keys) or not keys or len({*known}) < len(known):
        return problems
    earlier: dict[tuple[object, ...], int] = {}
    for index, entry in enumerate(_list(document.get("entries"))):
        if isinstance(entry, Mapping):
            problems += _entry(joined("entries", index), entry, known, earlier, index)
    return problems


def unknown_names(entries: object, tools: Mapping[str, Collection[str] | None]) -> Iterator[Problem]:
    """Warnings about targets and tools in AWS's entries that the gateway does not have.

    tools: names of the tools of each target, without the target's; None if they are not known.
    """
    known = [full_name(target, it) for target, its in tools.items() for it in its or ()]
    for index, entry in enumerate(_list(entries)):
        dimensions = entry.get("dimensions") if isinstance(entry, Mapping) else None
        named = dimensions if isinstance(dimensions, Mapping) else {}
        path = joined(joined("entries", index), "dimensions")
        target, tool = named.get("targetName"), named.get("toolName")
        if isinstance(target, str) and target not in ("*", *tools):
            yield _not_there(joined(path, "targetName"), "target", target, tools)
        if not isinstance(tool, str) or SEPARATOR not in tool or tool.startswith(_OF_THE_SERVICE):
            continue
        its_target, _, name = tool.partition(SEPARATOR)
        listed = tools.get(its_target, ())
        if listed is not None and name not in listed:
            yield _not_there(joined(path, "toolName"), "tool", tool, [*known, *_renamed(its_target, name, tools)])


def _renamed(target: str, tool: str, tools: Mapping[str, Collection[str] | None]) -> list[str]:
    """The tool in the target that was probably meant, if its tools are not known."""
    meant = service_model.guess(target, tools)
    return [full_name(meant, tool)] if meant and tools[meant] is None else []


def _not_there(path: str, kind: str, name: str, known: Collection[str]) -> Problem:
    meant = service_model.guess(name, known)
    some = ", ".join([*known][:_MOST_NAMES])
    cure = f"Did you mean {meant}?" if meant else f"Name one of its {kind}s, such as {some}." if some else ""
    message = f"the gateway has no {kind} {name} that is declared here: the entry never applies"
    return Problem(path, message, cure, DIMENSIONS, severity="warning")


def _without_repeats(problems: list[Problem], keys: list[object]) -> list[Problem]:
    """The problems without those of values whose key has one: that of the dimension keys, or that it is none of these."""
    wrong = {it.path for it in problems}
    sound = {key for index, key in enumerate(keys) if joined("dimensionKeys", index) not in wrong}
    return [it for it in problems if not (found := _VALUE.fullmatch(it.path)) or found[1] in sound or UNKNOWN in keys]


def replaces(old: Document, new: Document) -> list[str]:
    """Top-level members whose change needs a new rate limit. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)


def _keys(keys: Sequence[object], gateway: Document) -> Iterator[Problem]:
    found: set[object] = set()
    for index, key in enumerate(keys):
        path = joined("dimensionKeys", index)
        if not isinstance(key, str):
            continue
        if key in found:
            yield Problem(path, f"is a second {key}", "Keep one.", LIMITS)
        found.add(key)
        if key in _OF_EACH_REQUEST:
            yield Problem(
                path,
                f"{key} differs with each token or request, so that none is ever counted twice",
                "Use a claim that callers keep, such as $.context.jwt.sub.",
                DIMENSIONS,
                severity="warning",
            )
        yield from _never_found(path, key, gateway)
    verified = any(it is UNKNOWN or str(it).startswith((_TOKEN, _SIGNATURE)) for it in keys)
    written = [i for i, it in enumerate(keys) if isinstance(it, str) and it.startswith(_WRITTEN_BY_CALLERS)]
    if written and not verified:
        yield Problem(
            joined("dimensionKeys", written[0]),
            "is what callers write themselves, which counts only beside who they are",
            "Add a key such as $.context.jwt.sub or $.context.iam.principal.",
            DIMENSIONS,
        )


def _never_found(path: str, key: str, gateway: Document) -> Iterator[Problem]:
    """A limit with a key that no request has a value for is skipped for all of them."""
    inbound, protocol = gateway.get("authorizerType"), gateway.get("protocolType")
    wanted = "CUSTOM_JWT" if key.startswith(_TOKEN) else "AWS_IAM" if key.startswith(_SIGNATURE) else None
    if wanted and isinstance(inbound, str) and inbound != wanted:
        yield Problem(
            path,
            f"is found only where callers sign in by {wanted}, and this gateway has {inbound}: the limit never applies",
            "Use a key that its requests have.",
            DIMENSIONS,
            severity="warning",
        )
    if key == "qualifiedModelId" and isinstance(protocol, str):
        yield Problem(
            path,
            f"is found only on inference targets, and a gateway with protocolType {protocol} has none: the limit never applies",
            "Use toolName or targetName.",
            DIMENSIONS,
            severity="warning",
        )


def _entry(
    path: str, entry: Document, keys: Sequence[str], earlier: dict[tuple[object, ...], int], index: int
) -> Iterator[Problem]:
    dimensions = entry.get("dimensions")
    if isinstance(dimensions, Mapping) and UNKNOWN not in dimensions:
        where = joined(path, "dimensions")
        yield from _dimensions(where, dimensions, keys)
        values = tuple(dimensions.get(it) for it in keys)
        if all(isinstance(it, str) for it in values) and earlier.setdefault(values, index) != index:
            yield Problem(
                where,
                f"are those of entries[{earlier[values]}] too",
                "Put both rates into one entry.",
                LIMITS,
                severity="warning",
            )
    if not any(it in entry for it in PERIODS) and "dimensions" in entry:
        yield Problem(path, "limits nothing", "Set at least one of requests, tokens and connections.", METRICS)
    for metric, periods in PERIODS.items():
        for number, rate in enumerate(_list(entry.get(metric))):
            period = rate.get("period") if isinstance(rate, Mapping) else None
            if period in ("second", "minute") and period not in periods:
                where = joined(joined(joined(path, metric), number), "period")
                yield Problem(
                    where, f"{metric} are not counted by the {period}", f"Write {' or '.join(periods)}.", METRICS
                )
    if "tokens" in entry and "toolName" in keys:
        yield Problem(
            joined(path, "tokens"),
            "never apply: calls of tools have no tokens, and inference requests have no toolName",
            "Limit requests instead, or leave toolName out of the dimension keys.",
            METRICS,
            severity="warning",
        )


def _dimensions(path: str, dimensions: Document, keys: Sequence[str]) -> Iterator[Problem]:
    for name in (it for it in dimensions if it not in keys):
        meant = service_model.guess(str(name), keys)
        cure = f"Did you mean {meant}?" if meant else f"Write one of {', '.join(keys)}."
        yield Problem(joined(path, str(name)), "is not one of the dimension keys", cure, LIMITS)
    missing = [it for it in keys if it not in dimensions]
    if missing:
        yield Problem(path, f"has no value for {', '.join(missing)}", "Add it; * stands for every value.", LIMITS)
    values = [dimensions.get(it) for it in keys]
    first = values.index("*") if "*" in values else len(values)
    for key, value in zip(keys[first:], values[first:], strict=True):
        if isinstance(value, str) and value != "*":
            yield Problem(
                joined(path, key),
                f"has a value of its own after the * of {keys[first]}",
                "Write * here too, or move the key before that one in the dimension keys.",
                DIMENSIONS,
            )
            break
    tool = dimensions.get("toolName")
    if isinstance(tool, str) and tool != "*" and SEPARATOR not in tool and not tool.startswith(_OF_THE_SERVICE):
        yield Problem(
            joined(path, "toolName"),
            f"no tool is called {tool}: callers put the name of its target in front",
            f"Write TARGET___{tool}.",
            DIMENSIONS,
            severity="warning",
        )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []
