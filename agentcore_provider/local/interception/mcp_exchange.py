"""Passes the messages at /mcp through a gateway's interceptors.

Their input and output are as observed on the service, where that differs from the developer guide: the guide
has no `gatewayResponse` and no `context` in requests, no `headers` where they are not passed on, and no body that has
to come back.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from agentcore_provider.local import access_key
from agentcore_provider.local.interception.function import Interceptor, Part, find
from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.store import Gateway

_PATH, _METHOD = "/mcp", "POST"
_REQUEST, _RESPONSE = "transformedGatewayRequest", "transformedGatewayResponse"


@dataclass(frozen=True)
class McpAnswer:
    """An answer to a client. `body` is a JSON-RPC document, None for a notification.

    events: what comes after `body` where the answer is a stream of events; None where it is not.
    """

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    events: Iterator[Any] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class McpRequest:
    """What is to be answered. `answer` is set if an interceptor has answered it already."""

    document: object
    caller: Caller
    answer: McpAnswer | None = None


class McpExchange:
    """One request of a client and its answer."""

    def __init__(self, gateway: Gateway, base_url: str, caller: Caller, raw_body: str) -> None:
        self._gateway = gateway
        self._base_url = base_url
        self._caller = caller
        self._raw_body = raw_body

    def on_request(self, document: object) -> McpRequest:
        """The request as the REQUEST interceptor leaves it. Raises InterceptorError."""
        interceptor = find(self._gateway, self._base_url, "REQUEST")
        if interceptor is None:
            return McpRequest(document, self._caller)
        output = interceptor.invoke("mcp", {**self._input(interceptor, document), "gatewayResponse": None})
        if answered := output.get(_RESPONSE):
            return McpRequest(document, self._caller, _answered(interceptor, answered))
        changed = output.get(_REQUEST) or {}
        interceptor.require_members(changed, "headers", "body", of=_REQUEST)
        interceptor.require_types(changed, _REQUEST)
        if "body" not in changed:
            raise interceptor.left_nothing(f'must answer "{_REQUEST}" with "body", also when it changes nothing')
        _require_document(interceptor, changed["body"], _REQUEST)
        overrides = {str(name).lower(): str(value) for name, value in (changed.get("headers") or {}).items()}
        return McpRequest(changed["body"], Caller(self._caller.headers, self._caller.query, overrides))

    @property
    def buffers(self) -> bool:
        """Whether the RESPONSE interceptor wants answers whole, and not event by event."""
        interceptor = find(self._gateway, self._base_url, "RESPONSE")
        return interceptor is not None and interceptor.configuration.get("responseInterceptionMode") == "BUFFERED"

    def on_response(self, document: object, answer: McpAnswer) -> McpAnswer:
        """The answer as the RESPONSE interceptor leaves it. Raises InterceptorError."""
        interceptor = find(self._gateway, self._base_url, "RESPONSE")
        if interceptor is None:
            return answer
        about = {"path": _PATH, "httpMethod": _METHOD, "statusCode": answer.status, "headers": answer.headers}
        return self._on_response(interceptor, document, answer, {**about, "isStreamingResponse": False})

    def on_events(self, document: object, answer: McpAnswer) -> Generator[McpAnswer, None, None]:
        """The events of an answer, each as the RESPONSE interceptor leaves it; status and headers are the first's.

        It gets results and what servers ask, not their notifications (devguide gateway-interceptors-types,
        response interceptors with streaming). Raises InterceptorError.
        """
        interceptor = find(self._gateway, self._base_url, "RESPONSE")
        is_first = True
        for body in itertools.chain((answer.body,), answer.events or ()):
            event = McpAnswer(answer.status, body, answer.headers)
            if interceptor is not None and "id" in body:
                about = {"path": _PATH, "httpMethod": _METHOD, "statusCode": answer.status, "headers": answer.headers}
                members = {**(about if is_first else {}), "isStreamingResponse": True}
                event = self._on_response(interceptor, document, event, members)
            yield event
            is_first = False

    def _on_response(self, interceptor: Interceptor, document: object, answer: McpAnswer, about: Part) -> McpAnswer:
        body = answer.body if interceptor.sees_response_body else None
        members = {**about, "body": body}
        output = interceptor.invoke("mcp", {**self._input(interceptor, document), "gatewayResponse": members})
        changed = output.get(_RESPONSE) or {}
        interceptor.require_members(changed, "statusCode", "headers", "body", of=_RESPONSE)
        interceptor.require_types(changed, _RESPONSE)
        if body is None and changed.get("body") is None:
            # A notification has no answer, and a body that was kept back cannot come back.
            return _changed(answer, changed)
        _require_document(interceptor, changed.get("body"), _RESPONSE)
        return _changed(answer, changed)

    def _input(self, interceptor: Interceptor, document: object) -> Part:
        headers = self._caller.headers if interceptor.passes_headers else {}
        request: Part = {
            "path": _PATH,
            "httpMethod": _METHOD,
            "headers": {_titled(name): value for name, value in headers.items()},
            "body": document,
            "context": {"identity": self._identity()},
        }
        return {"rawGatewayRequest": {"body": self._raw_body}, "gatewayRequest": request}

    def _identity(self) -> dict[str, str]:
        # Of callers with a token the service passes nothing here: their claims are in the Authorization header.
        key_id = self._caller.access_key
        if self._gateway.authorizer_type not in ("AWS_IAM", "AUTHENTICATE_ONLY") or key_id is None:
            return {}
        known = access_key.find(key_id)
        own = f"arn:aws:iam::{self._gateway.account_id}:user/{key_id}"
        return {"awsPrincipalArn": (known and known.principal_arn) or own}


def _answered(interceptor: Interceptor, answer: Part) -> McpAnswer:
    """The answer of a REQUEST interceptor in the target's place."""
    interceptor.require_members(answer, "statusCode", "body", of=_RESPONSE)
    interceptor.require_types(answer, _RESPONSE)
    if answer.get("statusCode") is None:
        raise interceptor.failed(f'must answer "statusCode" in "{_RESPONSE}" when it answers in the target\'s place')
    _require_document(interceptor, answer.get("body"), _RESPONSE)
    return McpAnswer(int(answer["statusCode"]), answer["body"])


def _require_document(interceptor: Interceptor, body: object, member: str) -> None:
    if not isinstance(body, (dict, list)):
        raise interceptor.failed(
            f'must answer "body" in "{member}", as the JSON object that it received and not as its text'
        )


def _changed(answer: McpAnswer, by: Part) -> McpAnswer:
    status, body, headers = by.get("statusCode"), by.get("body"), by.get("headers")
    return McpAnswer(
        answer.status if status is None else int(status),
        answer.body if body is None else body,
        answer.headers if headers is None else {str(name): str(value) for name, value in headers.items()},
    )


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
