"""What functions print: kept in CloudWatch Logs of local AWS and in the log of the process."""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Iterator

from moto.logs.models import logs_backends

from agentcore_provider.local import log_lines
from agentcore_provider.local.call_trace import Line
from agentcore_provider.local.lambda_runtime.function import Function

_log = logging.getLogger(__name__)
_LOGGED = re.compile(r"^\[(\w+)\]\t\S+Z\t\S*\t")
"""What a logger of Python writes in front of a message."""
_ERROR = re.compile(r"\[(ERROR|CRITICAL)\]|Error: |Traceback ")


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


def write(function: Function, stream: str | None, request_id: str, text: str) -> None:
    """Append to the worker's log stream in the function's log group, both made when they are missing.

    text: of one invocation, as `report` frames it.
    """
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
    log_lines.write(tuple(_lines(function.name, request_id, text)))


def _lines(name: str, request_id: str, text: str) -> Iterator[Line]:
    """The lines that a reader wants: what was printed, and how long it took."""
    is_error = False
    for text_line in text.splitlines():
        kind, _, rest = text_line.partition(f" RequestId: {request_id}")
        if kind in ("START", "END"):
            continue
        if kind == "REPORT":
            yield Line(name, " ".join(rest.split()), request_id, is_report=True)
            continue
        shown = _LOGGED.sub(r"[\1] ", text_line).removeprefix(f"RequestId: {request_id} ")
        # The lines below an error are indented.
        is_error = _ERROR.match(shown) is not None or (is_error and shown.startswith(" "))
        yield Line(name, shown, request_id, is_error)
