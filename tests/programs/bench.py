"""`make bench`: how long deployments take, as ratios within one run, so that any machine can judge them.

Not collected with the tests: it measures, and measuring wants the machine for itself.
"""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest

from tests.support.stack import Stack, StartedAws

_TARGETS = 16
_READY_AFTER = ("--ready-after=gateway=1", "--ready-after=target=1")


def _make_function(local_aws: StartedAws) -> str:
    """A function that is there already, so that targets alone are measured; returns its ARN."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = local_aws.client("iam").create_role(RoleName="orders", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): return {}")
    function = local_aws.client("lambda").create_function(
        FunctionName="orders",
        Runtime="python3.12",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": package.getvalue()},
    )
    arn: str = function["FunctionArn"]
    return arn


def _many_targets(config: dict[str, Any], arn: str) -> None:
    target = {"lambda": {"arn": arn, "tools": "demo/order_desk/handler.py"}}
    config["agentcore:gateways"] = {"shop": {"targets": {f"orders-{number}": target for number in range(_TARGETS)}}}


def _seconds(call: Any, *flags: str) -> float:
    started = time.monotonic()
    call(*flags)
    return time.monotonic() - started


@pytest.mark.parametrize("local_aws", [_READY_AFTER], indirect=True)
def test_ratios(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    arn = _make_function(stack.local_aws)
    stack.configure(lambda config: _many_targets(config, arn))
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
