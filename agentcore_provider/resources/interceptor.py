"""Interceptors: functions that see and change the requests and responses of a gateway.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pulumi


class Function(Protocol):
    """A Lambda function of the program: a LambdaFunction of this package, or an aws.lambda_.Function."""

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN of the function."""
        ...


@dataclass(frozen=True)
class Interceptor:
    """A function that a gateway invokes with each request, each response, or both. A GatewayRole allows it by itself.

    Example:
        ```python
        Interceptor(function, points=("REQUEST", "RESPONSE"), pass_headers=True)
        ```
    """

    function: Function | pulumi.Input[str]
    """The function, or its ARN. Changing it updates in place."""
    points: Sequence[Literal["REQUEST", "RESPONSE"]] = ("REQUEST",)
    """What it gets: REQUEST, RESPONSE, or both; a gateway has one interceptor for each. Default: requests. Updates in place."""
    pass_headers: bool = False
    """Whether it gets the headers of the client, Authorization among them. Default: no. Updates in place."""
    payload_filter: Sequence[Literal["RESPONSE_BODY"]] = ()
    """What is left out of its payload. Default: nothing. Updates in place."""
    response: Literal["BUFFERED", "STREAM"] | None = None
    """Whether it gets a streamed response as a whole or event by event; for the point RESPONSE. Default: BUFFERED. Updates in
    place."""
    max_events_per_invocation: int | None = None
    """Events that it gets at a time, 1 to 8192; for STREAM. Default: the service's. Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        arn = (
            self.function
            if isinstance(self.function, (str, pulumi.Output))
            else getattr(self.function, "arn", self.function)
        )
        found: dict[str, object] = {"interceptor": {"lambda": {"arn": arn}}, "interceptionPoints": _list(self.points)}
        if self.pass_headers or self.payload_filter:
            given: dict[str, object] = {"passRequestHeaders": self.pass_headers}
            if self.payload_filter:
                given["payloadFilter"] = {"exclude": [{"field": it} for it in _list(self.payload_filter)]}
            found["inputConfiguration"] = given
        if self.response is not None:
            found["responseInterceptionMode"] = self.response
        if self.max_events_per_invocation is not None:
            found["responseStreamingConfiguration"] = {"maxEventsPerInvocation": self.max_events_per_invocation}
        return found


def _list(value: object) -> list[object]:
    """The values of a list; a single value is a list of itself, which validation reports if it is of a wrong type."""
    return [*value] if isinstance(value, (list, tuple, set, frozenset)) else [value]


def documents(interceptors: Any) -> Any:
    """AWS's documents of interceptors, some of which may be records; anything else but a list stays as it is."""
    if isinstance(interceptors, pulumi.Output):
        return interceptors.apply(documents)
    if not isinstance(interceptors, (list, tuple)):
        return [interceptors.document()] if isinstance(interceptors, Interceptor) else interceptors
    return [it.document() if isinstance(it, Interceptor) else it for it in interceptors]
