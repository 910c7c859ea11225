"""Where a rule of a gateway sends requests: records that build AWS's routeToTarget documents.

Each takes the place of its mapping too, as stack files have it: {"target": "primary", "model": "gpt-5.5"} is a
StaticRoute, {"split": [...]} a WeightedRoute.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-rules.html
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, TypeVar

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.gateway_target import GatewayTarget
from agentcore_provider.resources.target_arguments import type_of
from agentcore_provider.resources.targets.target import given

__all__ = ["Fallback", "FallbackTarget", "StaticRoute", "TrafficSplit", "WeightedRoute"]

TargetName = GatewayTarget | pulumi.Input[str]
"""A target of this program, or the name of any target of the gateway. A rule of a target of this program is created
after it."""
FallbackError = Literal["CONNECTION_ERROR", "FIRST_BYTE_TIMEOUT", "UNROUTABLE"]

_Record = TypeVar("_Record")


@dataclass(frozen=True)
class FallbackTarget:
    """The next inference target to try, and when to go on to the one after it."""

    target: TargetName
    """The inference target."""
    _: KW_ONLY
    model: pulumi.Input[str] | None = None
    """Model to ask it for. Default: the one that the caller asks for."""
    status_codes: Sequence[pulumi.Input[str]] | None = None
    """Its status codes that trigger the next fallback, such as 429 or 5XX; 1 to 10, of 4XX and 5XX only. Default, if errors
    are not set either: 5XX."""
    errors: Sequence[FallbackError] | None = None
    """Errors that trigger the next fallback. Default, if status_codes are not set either: all three."""
    first_byte_timeout_milliseconds: pulumi.Input[int] | None = None
    """How long its answer may take to begin, 50 to 900000 milliseconds. Default: no limit."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return given(
            targetName=name_of(self.target),
            model=self.model,
            triggerOn=_triggers(self.status_codes, self.errors),
            firstByteTimeoutMilliseconds=self.first_byte_timeout_milliseconds,
        )


@dataclass(frozen=True)
class Fallback:
    """Inference targets to try when that of a route fails, before its answer has begun."""

    targets: Sequence[FallbackTarget | TargetName | Mapping[str, Any]]
    """One or two, in the order in which they are tried."""
    _: KW_ONLY
    status_codes: Sequence[pulumi.Input[str]] | None = None
    """Status codes of the route's own target that trigger the first fallback, such as 429 or 5XX; 1 to 10, of 4XX and 5XX
    only. Default, if errors are not set either: 5XX."""
    errors: Sequence[FallbackError] | None = None
    """Errors that trigger the first fallback: CONNECTION_ERROR, FIRST_BYTE_TIMEOUT, UNROUTABLE. Default, if status_codes
    are not set either: all three."""
    first_byte_timeout_milliseconds: pulumi.Input[int] | None = None
    """How long the answer of the route's own target may take to begin, 50 to 900000 milliseconds. Default: no limit."""
    circuit_breaker: bool | None = None
    """Whether targets that fail repeatedly are skipped for a while. Default: they are."""

    def document(self) -> dict[str, object]:
        """AWS's document. Raises InvalidInput."""
        if not isinstance(self.circuit_breaker, (bool, type(None))):
            raise InvalidInput(f"is {type_of(self.circuit_breaker)}", "Give True or False", path="circuit_breaker")
        mode = None if self.circuit_breaker is None else "ENABLED" if self.circuit_breaker else "DISABLED"
        chain = [_document(FallbackTarget, it, f"targets[{index}]") for index, it in enumerate(_listed(self.targets))]
        return given(
            targetFallback=chain,
            triggerOn=_triggers(self.status_codes, self.errors),
            firstByteTimeoutMilliseconds=self.first_byte_timeout_milliseconds,
            circuitBreaker=mode and {"mode": mode},
        )


@dataclass(frozen=True)
class StaticRoute:
    """All requests go to one target."""

    target: TargetName
    """The target."""
    _: KW_ONLY
    model: pulumi.Input[str] | None = None
    """(inference targets) Model to ask it for. Default: the one that the caller asks for."""
    fallback: Fallback | Mapping[str, Any] | None = None
    """(inference targets) What to try when it fails. Default: nothing."""

    def document(self) -> dict[str, object]:
        """AWS's routeToTarget. Raises InvalidInput."""
        return {"staticRoute": _destination(self.target, self.model, self.fallback)}


@dataclass(frozen=True)
class TrafficSplit:
    """The part of the requests that goes to one of two targets."""

    target: TargetName
    """The target."""
    _: KW_ONLY
    weight: pulumi.Input[int]
    """Percentage of the requests, 1 to 99; both together are 100."""
    name: pulumi.Input[str] | None = None
    """What to call this variant: up to 64 letters, digits and hyphens. Default: the target's name, cut off there."""
    model: pulumi.Input[str] | None = None
    """(inference targets) Model to ask it for. Default: the one that the caller asks for."""
    fallback: Fallback | Mapping[str, Any] | None = None
    """(inference targets) What to try when it fails. Default: nothing."""
    description: pulumi.Input[str] | None = None
    """1 to 200 characters."""
    metadata: Mapping[str, pulumi.Input[str]] | None = None
    """Up to 25 texts by name."""

    def document(self) -> dict[str, object]:
        """AWS's document. Raises InvalidInput."""
        target = name_of(self.target)
        variant = self.name if self.name is not None else once_known(_variant, target)
        others = given(name=variant, weight=self.weight, description=self.description, metadata=self.metadata)
        return {**_destination(self.target, self.model, self.fallback), **others}


@dataclass(frozen=True)
class WeightedRoute:
    """The requests are split between two targets."""

    split: Sequence[TrafficSplit | Mapping[str, Any]]
    """The two parts."""

    def document(self) -> dict[str, object]:
        """AWS's routeToTarget. Raises InvalidInput."""
        parts = [_document(TrafficSplit, it, f"split[{index}]") for index, it in enumerate(_listed(self.split))]
        return {"weightedRoute": {"trafficSplit": parts}}


def route_to_target(route: object) -> Any:
    """AWS's routeToTarget of a record, its mapping, a target or the name of one; a document of AWS and an Output of one
    as they are. Raises InvalidInput.
    """
    if isinstance(route, Mapping):
        if not route or {"staticRoute", "weightedRoute"} & route.keys():
            return route
        route = _record(WeightedRoute if "split" in route else StaticRoute, route)
    if isinstance(route, (GatewayTarget, str, pulumi.Output)):
        route = StaticRoute(route)
    if isinstance(route, (StaticRoute, WeightedRoute)):
        return route.document()
    raise InvalidInput(f"is {type_of(route)}", "Give a target, a routes.StaticRoute or a routes.WeightedRoute")


def name_of(target: object) -> Any:
    """The name of a target."""
    return target.name if isinstance(target, GatewayTarget) else target


def once_known(build: Callable[[Any], object], value: object) -> Any:
    """What is built of a text: now, or when the engine knows it."""
    return value.apply(build) if isinstance(value, pulumi.Output) else build(value)


def _destination(target: object, model: object, fallback: object) -> dict[str, object]:
    chain = None if fallback is None else _document(Fallback, fallback, "fallback")
    return given(targetName=name_of(target), model=model, fallback=chain)


def _triggers(status_codes: object, errors: object) -> dict[str, object] | None:
    codes = [str(it) if isinstance(it, int) else it for it in _listed(status_codes or ())] or None
    return given(statusCodes=codes, errors=_listed(errors or ()) or None) or None


def _variant(target: object) -> object:
    return target[:64].rstrip("-") if isinstance(target, str) else target


def _document(kind: type[Fallback | FallbackTarget | TrafficSplit], value: object, path: str) -> dict[str, object]:
    """AWS's document of a record or of what stands for one. Raises InvalidInput with the path."""
    try:
        return _record(kind, value).document()
    except InvalidInput as error:
        raise error.below(path) from None


def _record(kind: type[_Record], value: object) -> _Record:
    """The value as a record: itself, of its mapping, or of a target alone. Raises InvalidInput."""
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        if isinstance(value, (GatewayTarget, str, pulumi.Output)) and kind is FallbackTarget:
            return kind(value)  # type: ignore[call-arg]
        raise InvalidInput(f"is a {type(value).__name__}", f"Give a routes.{kind.__name__}")
    try:
        return kind(**value)
    except TypeError:
        known = [it.name for it in dataclasses.fields(kind)]  # type: ignore[arg-type]
        unknown = [str(it) for it in value if it not in known]
        message = f"has no {', '.join(unknown)}" if unknown else "lacks a member"
        raise InvalidInput(message, f"Members of routes.{kind.__name__}: {', '.join(known)}") from None


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
