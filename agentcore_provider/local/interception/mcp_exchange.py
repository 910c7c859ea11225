"""Messages at /mcp on their way through a gateway's interceptors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agentcore_provider.local.interception.function import Interceptor, find
from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.store import Gateway


@dataclass(frozen=True)
class McpAnswer:
    """An answer to a client. `body` is a JSON-RPC document, None for a notification."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class McpRequest:
    """What is to be answered. `answer` is there if an interceptor has answered it already."""

    document: Any
    caller: Caller
    answer: McpAnswer | None = None


class McpExchange:
    """One request of a client and its answer."""

    def __init__(self, gateway: Gateway, base_url: str, caller: Caller, raw_body: str) -> None:
        self._gateway = gateway
        self._base_url = base_url
        self._caller = caller
        self._raw_body = raw_body

    def on_request(self, document: Any) -> McpRequest:
        """The request as the REQUEST interceptor leaves it. Raises InterceptorError."""
        interceptor = find(self._gateway, self._base_url, "REQUEST")
        if interceptor is None:
            return McpRequest(document, self._caller)
        made = interceptor.invoke("mcp", self._seen(interceptor, document))
        changed = made.get("transformedGatewayRequest") or {}
        overrides = {str(name).lower(): str(value) for name, value in (changed.get("headers") or {}).items()}
        caller = Caller(self._caller.headers, self._caller.query, overrides)
        answered = made.get("transformedGatewayResponse")
        answer = _changed(McpAnswer(200, None), answered) if answered else None
        body = changed.get("body")
        return McpRequest(document if body is None else body, caller, answer)

    def on_response(self, document: Any, answer: McpAnswer) -> McpAnswer:
        """The answer as the RESPONSE interceptor leaves it. Raises InterceptorError."""
        interceptor = find(self._gateway, self._base_url, "RESPONSE")
        if interceptor is None:
            return answer
        body = answer.body if interceptor.sees_response_body else None
        shown = {"statusCode": answer.status, "headers": answer.headers, "body": body}
        made = interceptor.invoke("mcp", {**self._seen(interceptor, document), "gatewayResponse": shown})
        return _changed(answer, made.get("transformedGatewayResponse") or {})

    def _seen(self, interceptor: Interceptor, document: Any) -> dict[str, Any]:
        request: dict[str, Any] = {"path": "/mcp", "httpMethod": "POST", "body": document}
        if interceptor.passes_headers:
            request["headers"] = {_titled(name): value for name, value in self._caller.headers.items()}
        return {"rawGatewayRequest": {"body": self._raw_body}, "gatewayRequest": request}


def _changed(answer: McpAnswer, by: dict[str, Any]) -> McpAnswer:
    status, body, headers = by.get("statusCode"), by.get("body"), by.get("headers")
    return McpAnswer(
        answer.status if status is None else int(status),
        answer.body if body is None else body,
        answer.headers if headers is None else {str(name): str(value) for name, value in headers.items()},
    )


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
