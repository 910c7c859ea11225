"""Which Lambda function intercepts a gateway's traffic at a point, and its invocation."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from agentcore_provider.local import lambda_runtime
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError
from agentcore_provider.local.store import Gateway

_log = logging.getLogger(__name__)

VERSION = "1.0"


class InterceptorError(Exception):
    """The function failed, or answered what is no answer; the text says which and how."""


@dataclass(frozen=True)
class Interceptor:
    """The function for one point of a gateway. `point` is REQUEST or RESPONSE."""

    gateway: Gateway
    base_url: str
    point: str
    configuration: dict[str, Any]

    @property
    def passes_headers(self) -> bool:
        """Whether the function may see the client's headers."""
        return bool(self.configuration.get("inputConfiguration", {}).get("passRequestHeaders"))

    @property
    def sees_response_body(self) -> bool:
        """Whether the answer's body goes to the function."""
        chosen = self.configuration.get("inputConfiguration", {}).get("payloadFilter", {}).get("exclude", ())
        return all(selector.get("field") != "RESPONSE_BODY" for selector in chosen)

    def invoke(self, kind: str, seen: dict[str, Any], custom: dict[str, str] | None = None) -> dict[str, Any]:
        """What the function makes of it: the member `kind` of its output. Raises InterceptorError.

        kind: `mcp` or `http`. seen: the member of that name in its input. custom: its client context.
        """
        arn = self.configuration["interceptor"]["lambda"]["arn"]
        event = {"interceptorInputVersion": VERSION, kind: seen}
        context = {"custom": custom} if custom else None
        gateway = self.gateway
        try:
            result = lambda_runtime.invoke(
                arn, event, context, gateway.region, account_id=gateway.account_id, endpoint_url=self.base_url
            )
        except FunctionNotFoundError:
            raise self._error("does not exist") from None
        output = result.payload
        if result.error is not None:
            raise self._error(f"failed: {output}")
        made = output.get(kind) if isinstance(output, dict) else None
        if not isinstance(made, dict) or output.get("interceptorOutputVersion") != VERSION:
            raise self._error(
                f'must answer "interceptorOutputVersion": "{VERSION}" and "{kind}"; it answered {_shown(output, event)}'
            )
        for member in ("transformedGatewayRequest", "transformedGatewayResponse"):
            self._check(made.get(member), member)
        return made

    def _check(self, part: Any, member: str) -> None:
        if not isinstance(part, (dict, type(None))):
            raise self._error(f'must answer an object as "{member}"')
        for name, kind, said in (("headers", dict, "an object"), ("statusCode", int, "a number")):
            if part and not isinstance(part.get(name), (kind, type(None))):
                raise self._error(f'must answer {said} as "{name}" of "{member}"')

    def _error(self, fault: str) -> InterceptorError:
        """The error with the function's name, which also goes to the log: a client may not show what it is told."""
        arn = self.configuration["interceptor"]["lambda"]["arn"]
        error = InterceptorError(f"{self.point} interceptor {arn} {fault}.")
        _log.warning("gateway %s: %s", self.gateway.gateway_id, error)
        return error


def _shown(output: Any, event: dict[str, Any]) -> str:
    """What the function answered, in few words: the values may be nobody else's business."""
    if output == event:
        return "its own event"
    if isinstance(output, dict) and output:
        return f"an object with {', '.join(map(str, output))}"
    text = json.dumps(output)
    return text if len(text) <= 80 else f"{text[:77]}..."


def find(gateway: Gateway, base_url: str, point: str) -> Interceptor | None:
    """The interceptor for a point; a gateway has at most one."""
    for configuration in gateway.interceptor_configurations:
        if point in configuration["interceptionPoints"]:
            return Interceptor(gateway, base_url, point, configuration)
    return None
