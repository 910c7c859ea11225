"""`make bench`: how long deployments take, as ratios within one run, so that any machine can judge them.

Not collected with the tests: it measures, and measuring wants the machine for itself.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

_TARGETS = 16
_READY_AFTER = ("--ready-after=gateway=1", "--ready-after=target=1")
_FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def _many_targets(config: dict[str, Any]) -> None:
    target = {"lambda": {"arn": _FUNCTION, "tools": "demo/order_desk/handler.py"}}
    config["agentcore:gateways"] = {"shop": {"targets": {f"orders-{number}": target for number in range(_TARGETS)}}}


def _seconds(call: Any, *flags: str) -> float:
    started = time.monotonic()
    call(*flags)
    return time.monotonic() - started


@pytest.mark.parametrize("local_aws", [_READY_AFTER], indirect=True)
def test_ratios(stack: Any, capsys: pytest.CaptureFixture[str]) -> None:
    stack.configure(_many_targets)
    first = _seconds(stack.up)
    stack.local_aws.forget_requests()
    unchanged = _seconds(stack.up)
    # The program itself looks up its account, which the role's trust names.
    requests = len([operation for operation in stack.local_aws.requests() if operation != "GetCallerIdentity"])
    destroyed = _seconds(stack.destroy)
    serial = _seconds(stack.up, "--parallel", "1")
    stack.destroy()
    with capsys.disabled():
        print(f"\nOne gateway with {_TARGETS} targets; each is ready a second after it was asked for")
        print(f"  first up            {first:6.1f} s")
        print(f"  one at a time       {serial:6.1f} s   {serial / first:5.2f} x the first up")
        print(f"  up, nothing changed {unchanged:6.1f} s   {unchanged / first:5.2f} x, {requests} requests to AWS")
        print(f"  destroy             {destroyed:6.1f} s   {destroyed / first:5.2f} x")
    assert requests == 0
