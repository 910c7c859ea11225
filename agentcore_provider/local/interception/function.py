"""Which Lambda function intercepts a gateway's traffic at a point, and its invocation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agentcore_provider.local import lambda_runtime
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError
from agentcore_provider.local.store import Gateway

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
            raise InterceptorError(f"{self.point} interceptor {arn} does not exist.") from None
        output = result.payload
        if result.error is not None:
            raise InterceptorError(f"{self.point} interceptor {arn} failed: {output}")
        if not isinstance(output, dict) or output.get("interceptorOutputVersion") != VERSION:
            raise InterceptorError(
                f'{self.point} interceptor {arn} must answer "interceptorOutputVersion": "{VERSION}".'
            )
        made = output.get(kind)
        if not isinstance(made, dict):
            raise InterceptorError(f'{self.point} interceptor {arn} must answer an object "{kind}".')
        return made


def find(gateway: Gateway, base_url: str, point: str) -> Interceptor | None:
    """The interceptor for a point; a gateway has at most one."""
    for configuration in gateway.interceptor_configurations:
        if point in configuration["interceptionPoints"]:
            return Interceptor(gateway, base_url, point, configuration)
    return None
