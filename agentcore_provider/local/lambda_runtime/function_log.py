"""What functions print: kept in CloudWatch Logs of local AWS and in the log of the process."""

from __future__ import annotations

import logging
import math
import time

from moto.logs.models import logs_backends

from agentcore_provider.local.lambda_runtime.function import Function

_log = logging.getLogger(__name__)


def report(function: Function, request_id: str, printed: str, seconds: float) -> str:
    """Frame what one invocation printed with the START, END and REPORT lines that Lambda writes."""
    if printed and not printed.endswith("\n"):
        printed += "\n"
    milliseconds = seconds * 1000
    return (
        f"START RequestId: {request_id} Version: {function.version}\n{printed}END RequestId: {request_id}\n"
        f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\t"
        f"Billed Duration: {math.ceil(milliseconds)} ms\tMemory Size: {function.memory} MB\n"
    )


def write(function: Function, stream: str | None, text: str) -> None:
    """Append to the worker's log stream in the function's log group, both made when they are missing."""
    _log.info("%s\n%s", function.name, text.rstrip())
    if stream is None:
        return
    backend = logs_backends[function.account_id][function.region]
    # Two workers may both find the group missing: the second to make it is not an error.
    if function.log_group not in backend.groups:
        try:
            backend.create_log_group(function.log_group, {})
        except Exception:
            _log.debug("log group %s was made by someone else", function.log_group)
    group = backend.groups[function.log_group]
    if stream not in group.streams:
        group.create_log_stream(stream)
    now = int(time.time() * 1000)
    backend.put_log_events(
        function.log_group, stream, [{"timestamp": now, "message": line} for line in text.splitlines()]
    )
