"""Which Lambda function intercepts a gateway's traffic at a point, and its invocation."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import iam_role, lambda_runtime
from agentcore_provider.local.interception.failure import InterceptorError, access_denied, invalid_answer, no_request
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError
from agentcore_provider.local.store import Gateway

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import InterceptorConfiguration

Part = dict[str, Any]
"""A part of what a function gets or answers."""

_log = logging.getLogger(__name__)

VERSION = "1.0"


@dataclass(frozen=True)
class Interceptor:
    """The function for one point of a gateway. `point` is REQUEST or RESPONSE."""

    gateway: Gateway
    base_url: str
    point: str
    configuration: InterceptorConfiguration

    @property
    def arn(self) -> str:
        """The function's ARN."""
        return self.configuration["interceptor"]["lambda"]["arn"]

    @property
    def passes_headers(self) -> bool:
        """Whether the function may see the client's headers."""
        configured = self.configuration.get("inputConfiguration")
        return configured is not None and configured["passRequestHeaders"]

    @property
    def sees_response_body(self) -> bool:
        """Whether the answer's body goes to the function."""
        configured = self.configuration.get("inputConfiguration")
        excluded = configured.get("payloadFilter", {}).get("exclude", []) if configured is not None else []
        return all(selector["field"] != "RESPONSE_BODY" for selector in excluded)

    def invoke(self, kind: str, members: Part, custom: dict[str, str] | None = None) -> Part:
        """The member `kind` of what the function answers. Raises InterceptorError.

        kind: `mcp` or `http`. members: the member of that name in its input. custom: its client context.
        """
        output = self._run({"interceptorInputVersion": VERSION, kind: members}, {"custom": custom} if custom else None)
        transformed = output.get(kind) if isinstance(output, dict) else None
        if not isinstance(transformed, dict) or output.get("interceptorOutputVersion") != VERSION:
            raise self.failed(
                f'must answer "interceptorOutputVersion": "{VERSION}" and "{kind}"; it answered {_described(output, members)}'
            )
        allowed = [f"transformedGateway{part}" for part in ("Request", "Response")]
        self.require_members(output, kind, "interceptorOutputVersion")
        self.require_members(transformed, *allowed, of=kind)
        for member in allowed:
            if not isinstance(transformed.get(member), (dict, type(None))):
                raise self.failed(f'must answer an object as "{member}"')
        return transformed

    def require_members(self, part: Part, *allowed: str, of: str = "its answer") -> None:
        """Raises InterceptorError if a part of the answer has a member that the service does not know there."""
        if unknown := sorted(part.keys() - set(allowed)):
            raise self.failed(
                f"may answer {_listed(allowed)} in {_quoted(of)}, and nothing else; it answered {_listed(unknown)} too"
            )

    def require_types(self, part: Part, member: str) -> None:
        """Raises InterceptorError if headers or status of a part are of another type."""
        for name, kind, wanted in (("headers", dict, "an object"), ("statusCode", int, "a number")):
            if not isinstance(part.get(name), (kind, type(None))):
                raise self.failed(f'must answer {wanted} as "{name}" of "{member}"')

    def failed(self, fault: str) -> InterceptorError:
        """The service's error for an invalid answer; the reason goes to the log."""
        return self._logged(invalid_answer(f"{self.point} interceptor {self.arn} {fault}."))

    def left_nothing(self, fault: str) -> InterceptorError:
        """The service's error where no request is left to answer."""
        return self._logged(no_request(f"{self.point} interceptor {self.arn} {fault}."))

    def _run(self, event: Part, context: Part | None) -> Any:
        gateway = self.gateway
        if not iam_role.role_allows(gateway.role_arn, "lambda:InvokeFunction", self.arn):
            raise self._logged(access_denied(self.arn, gateway.role_arn))
        try:
            result = lambda_runtime.invoke(
                self.arn, event, context, gateway.region, account_id=gateway.account_id, endpoint_url=self.base_url
            )
        except FunctionNotFoundError:
            raise self.failed("does not exist") from None
        if result.error is not None:
            raise self.failed(f"failed: {result.payload}")
        return result.payload

    def _logged(self, error: InterceptorError) -> InterceptorError:
        _log.warning("gateway %s: %s: %s", self.gateway.gateway_id, error.text, error.reason)
        return error


def _described(output: object, members: Part) -> str:
    """What the function answered, in short and without its values, which may be confidential."""
    if isinstance(output, dict) and members in output.values():
        return "its own event"
    if isinstance(output, dict) and output:
        return f"an object with {', '.join(map(str, output))}"
    text = json.dumps(output)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _quoted(part: str) -> str:
    return part if " " in part else f'"{part}"'


def find(gateway: Gateway, base_url: str, point: str) -> Interceptor | None:
    """The interceptor for a point; a gateway has at most one."""
    for configuration in gateway.interceptor_configurations:
        if point in configuration["interceptionPoints"]:
            return Interceptor(gateway, base_url, point, configuration)
    return None
