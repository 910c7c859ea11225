"""Rates of a GatewayRateLimit, and what they are counted by.

Each record takes the place of its mapping too, as stack files have it: {"requests_per_minute": 60} is an Entry.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-rate-limits-dimensions.html
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.gateway_target import GatewayTarget
from agentcore_provider.resources.routes import name_of
from agentcore_provider.resources.target_arguments import type_of
from agentcore_provider.resources.targets.target import given
from agentcore_provider.rules.gateway_rate_limit import METRICS

__all__ = ["MODEL", "PRINCIPAL", "SOURCE_IDENTITY", "TARGET", "TOOL", "Entry", "body", "claim", "header"]

TARGET: Final = "targetName"
"""The target that a request is for, by name."""
TOOL: Final = "toolName"
"""The tool that is called, as callers see it: TARGET___TOOL."""
MODEL: Final = "qualifiedModelId"
"""The model of an inference request."""
PRINCIPAL: Final = "$.context.iam.principal"
"""The ARN of a caller who signs requests."""
SOURCE_IDENTITY: Final = "$.context.iam.sourceIdentity"
"""The source identity that a caller set when assuming a role."""
_RATES: Final = ("requests_per_second", "requests_per_minute", "tokens_per_minute", "connections")
"""The members of an Entry that limit something."""


def claim(name: str) -> str:
    """A claim of the caller's token, such as sub or team. Not one that differs with each token, such as jti."""
    return f"$.context.jwt.{name}"


def header(name: str) -> str:
    """A header that callers set, in any case. It counts only beside a claim or principal."""
    return f"$.context.request.header.{name}"


def body(path: str) -> str:
    """A member of the JSON that callers send, by names with dots between. It counts only beside a claim or principal."""
    return f"$.context.request.body.{path}"


@dataclass(frozen=True)
class Entry:
    """How many requests or tokens those may have that some values are found in. Several rates all apply."""

    dimensions: Mapping[str, GatewayTarget | pulumi.Input[str]] | None = None
    """Dimension key to value, of at most 256 characters; `*` gives every value the rate for itself. A key that is left out
    has `*`; after one with `*`, in the order of the dimension keys, all have it. Default: `*` for all."""
    _: KW_ONLY
    requests_per_second: pulumi.Input[float] | None = None
    """Requests in a second, 0 to 10000000; 0 refuses all. Not with requests_per_minute. Default: no limit."""
    requests_per_minute: pulumi.Input[float] | None = None
    """Requests in a minute, 0 to 10000000; 0 refuses all. Default: no limit."""
    tokens_per_minute: pulumi.Input[float] | None = None
    """(inference targets) Tokens of requests and answers in a minute, 0 to 10000000. Default: no limit."""
    connections: pulumi.Input[float] | None = None
    """Requests at the same time, 0 to 10000000. Default: no limit."""

    def document(self) -> dict[str, object]:
        """AWS's document. Raises InvalidInput."""
        by_second, by_minute = self.requests_per_second, self.requests_per_minute
        if by_second is not None and by_minute is not None:
            raise InvalidInput(
                "has requests_per_second and requests_per_minute, and AWS takes one of them",
                "Keep one; the other needs a rate limit with other dimension keys",
            )
        if all(getattr(self, it) is None for it in _RATES):
            raise InvalidInput("limits nothing", f"Set at least one of {', '.join(_RATES)}", source=METRICS)
        if not isinstance(self.dimensions, (Mapping, pulumi.Output, type(None))):
            raise InvalidInput(f"is {type_of(self.dimensions)}", "Give a dict of key to value", path="dimensions")
        dimensions = self.dimensions
        if isinstance(dimensions, Mapping):
            dimensions = {key: name_of(it) for key, it in dimensions.items()}
        return given(
            dimensions={} if dimensions is None else dimensions,
            requests=_rate(by_second, "second") or _rate(by_minute, "minute"),
            tokens=_rate(self.tokens_per_minute, "minute"),
            connections=_rate(self.connections, "second"),
        )


def entry_document(value: object) -> Any:
    """AWS's document of an Entry or of its mapping; a document of AWS and an Output of one as they are.

    Raises InvalidInput.
    """
    if isinstance(value, Entry):
        return value.document()
    if isinstance(value, pulumi.Output) or _is_of_aws(value):
        return value
    if not isinstance(value, Mapping):
        raise InvalidInput(f"is {type_of(value)}", "Give a rate_limits.Entry")
    try:
        return Entry(**value).document()
    except TypeError:
        known = [it.name for it in dataclasses.fields(Entry)]
        unknown = ", ".join(str(it) for it in value if it not in known)
        raise InvalidInput(f"has no {unknown}", f"Members of rate_limits.Entry: {', '.join(known)}") from None


def _is_of_aws(value: object) -> bool:
    return isinstance(value, Mapping) and (
        "requests" in value or "tokens" in value or isinstance(value.get("connections"), (list, tuple))
    )


def _rate(rate: object, period: str) -> list[dict[str, object]] | None:
    return None if rate is None else [{"rate": rate, "period": period}]
