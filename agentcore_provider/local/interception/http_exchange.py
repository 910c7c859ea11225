"""Passes requests to targets of the http and inference kinds through a gateway's interceptors."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass, replace

from agentcore_provider.local.interception.function import Interceptor, Part, find
from agentcore_provider.local.outbound import Caller, HttpAnswer, HttpCall
from agentcore_provider.local.store import Gateway


@dataclass(frozen=True)
class HttpRequest:
    """What is to be forwarded. `answer` is there if an interceptor has answered it already."""

    call: HttpCall
    caller: Caller
    answer: HttpAnswer | None = None


class HttpExchange:
    """One request of a client and its answer. path: `/<target>/<path>`."""

    def __init__(self, gateway: Gateway, base_url: str, caller: Caller, path: str, source_ip: str | None) -> None:
        self._gateway = gateway
        self._base_url = base_url
        self._caller = caller
        self._path = path
        self._custom = {
            "GATEWAY_ARN": gateway.gateway_arn,
            "GATEWAY_ACCOUNT_ID": gateway.account_id,
            "REQUEST_ID": str(uuid.uuid4()),
            **({"SOURCE_IP": source_ip} if source_ip else {}),
        }

    @property
    def caller(self) -> Caller:
        """The client, as it came."""
        return self._caller

    @property
    def base_url(self) -> str:
        """The address of local AWS."""
        return self._base_url

    @property
    def buffers(self) -> bool:
        """Whether the answer has to be whole before it goes on."""
        return find(self._gateway, self._base_url, "RESPONSE") is not None

    def on_request(self, call: HttpCall) -> HttpRequest:
        """The request as the REQUEST interceptor leaves it. Raises InterceptorError."""
        interceptor = find(self._gateway, self._base_url, "REQUEST")
        if interceptor is None:
            return HttpRequest(call, self._caller)
        members: Part = {"path": self._path, "httpMethod": call.method, "body": _encoded(call.body)}
        if interceptor.passes_headers:
            members["headers"] = dict(self._caller.headers)
        output = interceptor.invoke("http", {"gatewayRequest": members}, self._custom)
        if answered := output.get("transformedGatewayResponse"):
            interceptor.require_types(answered, "transformedGatewayResponse")
            plain = HttpAnswer(200, "", (("Content-Type", "application/json"),))
            answer = _changed(interceptor, plain, answered)
            return HttpRequest(call, self._caller, answer)
        changed = output.get("transformedGatewayRequest") or {}
        # Observed on the service: path and httpMethod, which the function receives, may not come back.
        interceptor.require_members(changed, "headers", "body", of="transformedGatewayRequest")
        interceptor.require_types(changed, "transformedGatewayRequest")
        overrides = {str(name): str(value) for name, value in (changed.get("headers") or {}).items()}
        for name, value in overrides.items():
            call = call.with_header(name, value)
        if changed.get("body") is not None:
            call = replace(call, body=_decoded(interceptor, changed["body"]))
        lowered = {name.lower(): value for name, value in overrides.items()}
        return HttpRequest(call, Caller(self._caller.headers, self._caller.query, lowered))

    def on_response(self, answer: HttpAnswer) -> HttpAnswer:
        """The answer as the RESPONSE interceptor leaves it; it must be whole. Raises InterceptorError."""
        interceptor = find(self._gateway, self._base_url, "RESPONSE")
        if interceptor is None:
            return answer
        response = {
            "statusCode": answer.status,
            "headers": None,
            "body": _encoded(answer.body) if interceptor.sees_response_body else None,
            "contentType": answer.header("content-type"),
        }
        output = interceptor.invoke("http", {"gatewayRequest": None, "gatewayResponse": response}, self._custom)
        changed = output.get("transformedGatewayResponse") or {}
        interceptor.require_types(changed, "transformedGatewayResponse")
        return _changed(interceptor, answer, changed)


def _changed(interceptor: Interceptor, answer: HttpAnswer, by: Part) -> HttpAnswer:
    headers = {str(name): str(value) for name, value in (by.get("headers") or {}).items()}
    if by.get("contentType"):
        headers["Content-Type"] = str(by["contentType"])
    names = {name.lower() for name in headers}
    kept = [pair for pair in answer.headers if pair[0].lower() not in names]
    status, body = by.get("statusCode"), by.get("body")
    return HttpAnswer(
        answer.status if status is None else int(status),
        answer.reason,
        (*kept, *headers.items()),
        answer.body if body is None else _decoded(interceptor, body),
    )


def _encoded(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _decoded(interceptor: Interceptor, text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error:
        raise interceptor.failed('must answer "body" as a string in base64') from None
