"""What goes wrong at one call to AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from simulated_aws import TOKEN, Call, SimulatedAws, response

MINUTE = 60.0
_WORKS = ("CreateGateway", "UpdateGateway", "DeleteGateway")
_POLICIES = tuple(f"{verb}{noun}" for noun in ("PolicyEngine", "Policy") for verb in ("Create", "Update", "Delete"))
_STATUSES = (*_WORKS, *(f"{it}Target" for it in _WORKS), "SynchronizeGatewayTargets", *_POLICIES)
_THROTTLED = {"cognito-identity-provider": ("TooManyRequestsException", 400), "s3": ("SlowDown", 503)}
_NOT_FOUND = {
    "Gateway": "The execution role cannot be assumed by the service",
    "GatewayTarget": "Gateway execution role lacks permission to invoke the function",
}


def faults_of(operation: str) -> list[str]:
    """The names of everything that can go wrong at an operation."""
    if operation == TOKEN:
        return ["500 once", "500 for a minute", "lost answer", "throttled for a minute"]
    found = [
        "killed before",
        "killed after",
        "throttled for a minute",
        "500 once",
        "500 for a minute",
        "lost answer",
        "lost answers for a minute",
        "stall",
        "refused",
    ]
    if operation in _STATUSES:
        found.append("FAILED")
    if operation.removeprefix("Create").removeprefix("Update") in _NOT_FOUND and not operation.startswith("Delete"):
        found.append("role not found for a minute")
    return found


def every_fault() -> list[str]:
    """The names of everything that can go wrong anywhere."""
    return faults_of("CreateGateway")


class Fault:
    """One of them at the nth call of an operation; `*`: at the nth call of all. `happened`: whether that call came."""

    def __init__(self, aws: SimulatedAws, operation: str, nth: int, name: str) -> None:
        self.happened = False
        self._operation, self._nth, self._name = operation, nth, name
        self._until = 0.0
        self._any = nth if operation == "*" else -1
        if operation == TOKEN:
            self._set_at_token_endpoint(aws)

    def __str__(self) -> str:
        return f"{self._operation} {self._nth}: {self._name}"

    def __call__(self, aws: SimulatedAws, call: Call) -> Any:
        """What becomes of a call; see `simulated_aws.Answer`."""
        if not self.happened:
            if (call.operation, call.nth) != (self._operation, self._nth) and len(aws.calls) != self._any:
                return None
            self.happened = True
            if self._name not in faults_of(call.operation):
                # A read does not end FAILED.
                self._name = "500 once"
            self._operation = call.operation
            self._until = aws.clock.now() + MINUTE
            return self._first(aws, call)
        if self._name.endswith("for a minute") and aws.clock.now() < self._until:
            return self._while_it_lasts(call)
        return None

    def _first(self, aws: SimulatedAws, call: Call) -> Any:
        name = self._name
        if name == "killed before":
            raise aws.die()
        if name == "killed after":
            call.send()
            raise aws.die()
        if name == "500 once":
            return _refusal(call, "InternalServerException", 500)
        if name == "lost answer":
            call.send()
            raise ConnectionClosedError(endpoint_url=call.url)
        if name == "stall":
            call.send()
            aws.clock.sleep(MINUTE)
            raise ReadTimeoutError(endpoint_url=call.url)
        if name == "refused":
            return _refusal(call, "AccessDeniedException", 403)
        if name == "FAILED":
            fault = {"operation": call.operation, "kind": "fail", "reason": "no capacity today"}
            aws.server.application.faults.set(fault)
            try:
                return call.send()
            finally:
                aws.server.application.faults.clear()
        return self._while_it_lasts(call)

    def _while_it_lasts(self, call: Call) -> Any:
        if self._name.startswith("throttled"):
            return _refusal(call, *_THROTTLED.get(call.service, ("ThrottlingException", 429)))
        if self._name.startswith("500"):
            return _refusal(call, "InternalServerException", 500)
        if self._name.startswith("lost"):
            call.send()
            raise ConnectionClosedError(endpoint_url=call.url)
        if call.operation != self._operation:
            return None
        return _refusal(call, "ValidationException", 400, _NOT_FOUND[call.operation[len("Create") :]])

    def _set_at_token_endpoint(self, aws: SimulatedAws) -> None:
        """It is asked over plain HTTP, so that AWS itself has to answer amiss; it is asked every few seconds."""
        kinds: dict[str, dict[str, Any]] = {
            "500 once": {"kind": "status", "status": 500},
            "500 for a minute": {"kind": "status", "status": 500, "times": 25},
            "throttled for a minute": {"kind": "status", "status": 429, "times": 25},
            "lost answer": {"kind": "drop"},
        }
        aws.server.application.faults.set({"operation": TOKEN, "nth": self._nth, **kinds[self._name]})
        self.happened = True


def points(calls: list[str]) -> Iterator[tuple[str, int]]:
    """The calls worth a fault, each as an operation and its number: of a row of the same reads, the first and last."""
    counts: dict[str, int] = {}
    for index, operation in enumerate(calls):
        counts[operation] = counts.get(operation, 0) + 1
        in_the_middle = 0 < index < len(calls) - 1 and calls[index - 1] == operation == calls[index + 1]
        if not in_the_middle:
            yield operation, counts[operation]


def _refusal(call: Call, code: str, status: int, message: str = "simulated") -> AWSResponse:
    headers: dict[str, str] = {"x-amzn-RequestId": "simulated"}
    if call.service in ("s3", "iam", "sts"):
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        body = error if call.service == "s3" else f"<ErrorResponse>{error}</ErrorResponse>"
        headers["Content-Type"] = "text/xml"
    else:
        body = json.dumps({"__type": code, "message": message})
        headers |= {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return response(call.url, status, headers, b"" if "Head" in call.operation else body.encode())
