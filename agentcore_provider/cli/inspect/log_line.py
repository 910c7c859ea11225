"""A line of a log as the command prints it: what a gateway wrote, or the handler of one of its Lambda targets."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from agentcore_provider.aws.documents import Document

_T = TypeVar("_T")

GATEWAY = "gateway"
HIDDEN = "(hidden)"
_MOST_KEPT = 10_000
# A token in the form of RFC 7519, and whatever follows the word Bearer: handlers print the headers that they get.
_TOKEN = re.compile(r"eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*|(?<=Bearer )[\w.~+/=-]{8,}", re.IGNORECASE)

# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html, and of Python and Node.js:
# python-logging.html, nodejs-logging.html
_PLATFORM = re.compile(r"(START|END|REPORT) RequestId: (\S+)\s*(.*)", re.DOTALL)
_PYTHON = re.compile(r"\[(\w+)\]\t\S+Z\t(\S*)\t(.*)", re.DOTALL)
_NODE = re.compile(r"\S+Z\t(\S+)\t([A-Z]+)\t(.*)", re.DOTALL)
_FAILURE = re.compile(r"(?:\S+Z )?(?:RequestId: )?(\S+) (Error: .*|Task timed out after .*)", re.DOTALL)
_ERROR = re.compile(r"\[(ERROR|CRITICAL|FATAL)\]")
_FAILED_REPORT = re.compile(r"\bStatus: (error|timeout)\b")
_LEVELS = ("ERROR", "CRITICAL", "FATAL")
_TRACEBACK = "Traceback (most recent call last):"


@dataclass(frozen=True)
class LogLine:
    """A line to print.

    at: milliseconds since the epoch; 0 if it is not known. source: `gateway`, or the targets whose handler printed it.
    is_quiet: what Lambda reports about each call, also about one that printed nothing. function: the name of the Lambda
    function; empty for a line of the gateway. message: the line as the service wrote it.
    """

    text: str
    source: str = ""
    at: float = 0
    request_id: str = ""
    is_error: bool = False
    is_quiet: bool = False
    function: str = ""
    message: str = ""

    def document(self) -> str:
        """The line as one JSON document: as the service wrote it if that is one, else with what is known of it."""
        if not self.function:
            return self.message
        known = {"timestamp": self.at, "function": self.function, "target": self.source, "request_id": self.request_id}
        return json.dumps({**known, "message": self.message}, ensure_ascii=False)


def without_tokens(text: str) -> str:
    """The text without tokens of callers."""
    return _TOKEN.sub(HIDDEN, text)


@dataclass
class GatewayLog:
    """The log of a gateway. target: the name of the only target whose calls are wanted."""

    target: str | None = None
    _wanted: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def line(self, event: Document) -> LogLine | None:
        """The line of an event; None if it is not wanted. What is not in the service's form is left as it is."""
        message = str(event.get("message", ""))
        try:
            document = json.loads(message)
            body = document["body"]
            log, is_error = str(body["log"]), body.get("isError") is True
            request_id = str(document.get("request_id", ""))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None if self.target else LogLine(message, message=message)
        if self.target is not None and not self._is_wanted(request_id, log, str(body.get("requestBody", ""))):
            return None
        at = document.get("event_timestamp", event.get("timestamp", 0))
        at = at if isinstance(at, (int, float)) else 0
        return LogLine(log, GATEWAY, at, request_id, is_error=is_error, message=message)

    def _is_wanted(self, request_id: str, log: str, request: str) -> bool:
        """Whether a line belongs to a request that calls a tool of the target."""
        if f"name={self.target}___" in request or log.startswith(f"Executing tool {self.target}___"):
            _keep(self._wanted, request_id, None)
        return request_id in self._wanted


@dataclass
class _Stream:
    """What is running in an execution environment.

    in_error: indented lines that follow belong to an error. in_traceback: so does the first that is not indented.
    """

    request_id: str = ""
    in_error: bool = False
    in_traceback: bool = False


@dataclass
class HandlerLog:
    """The log of a Lambda function. targets: the names of those that invoke it. group: its log group."""

    function: str
    targets: Sequence[str]
    group: str
    _streams: OrderedDict[str, _Stream] = field(default_factory=OrderedDict)

    def owns(self, event: Document) -> bool:
        """Whether the event is this function's; functions may share a log group, whose streams have their names."""
        is_own_group = self.group == f"/aws/lambda/{self.function}"
        return is_own_group or f"/{self.function}[" in str(event.get("logStreamName", ""))

    def line(self, event: Document) -> LogLine | None:
        """The line of an event; None for what Lambda writes when a call begins and ends.

        The events of a stream have to come in their order: that of a call's begin has its request id.
        """
        name = str(event.get("logStreamName", ""))
        stream = self._streams.get(name) or _Stream()
        _keep(self._streams, name, stream)
        message = str(event.get("message", "")).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        line = _json_line(message, stream) if message.startswith("{") else _text_line(message, stream)
        if line is None:
            return None
        return replace(
            line,
            source=", ".join(self.targets),
            at=event.get("timestamp", 0),
            request_id=line.request_id or stream.request_id,
            function=self.function,
            message=str(event.get("message", "")),
        )


def _keep(kept: OrderedDict[str, _T], name: str, value: _T) -> None:
    kept[name] = value
    if len(kept) > _MOST_KEPT:
        kept.popitem(last=False)


def _text_line(message: str, stream: _Stream) -> LogLine | None:
    if found := _PLATFORM.fullmatch(message):
        kind, request_id, rest = found.groups()
        stream.request_id = request_id if kind == "START" else ""
        stream.in_error = stream.in_traceback = False
        if kind != "REPORT":
            return None
        is_error = _FAILED_REPORT.search(rest) is not None
        return LogLine(
            "  ".join(rest.split("\t")).strip(), request_id=request_id, is_error=is_error, is_quiet=not is_error
        )
    if message.startswith("INIT_START "):
        return None
    if found := _PYTHON.fullmatch(message):
        level, request_id, text = found.groups()
        line = LogLine(f"[{level}] {text}", request_id=request_id, is_error=level in _LEVELS)
    elif found := _NODE.fullmatch(message):
        request_id, level, text = found.groups()
        known = "" if request_id == "undefined" else request_id
        line = LogLine(f"[{level}] {text}", request_id=known, is_error=level in _LEVELS)
    elif found := _FAILURE.fullmatch(message):
        line = LogLine(found[2], request_id=found[1], is_error=True)
    else:
        return LogLine(message, is_error=_is_error(message, stream))
    stream.in_error, stream.in_traceback = line.is_error, False
    return line


def _is_error(message: str, stream: _Stream) -> bool:
    """Whether a line without a level is about an error. Each line of a traceback is an event of its own."""
    if message.startswith((" ", "\t")):
        return stream.in_error
    is_error = stream.in_traceback or _ERROR.match(message) is not None or message.startswith(_TRACEBACK)
    stream.in_error, stream.in_traceback = is_error, message.startswith(_TRACEBACK)
    return is_error


def _platform_line(kind: str, record: Mapping[str, object], stream: _Stream) -> LogLine | None:
    request_id = str(record.get("requestId", ""))
    if kind == "platform.start":
        stream.request_id = request_id
    if kind != "platform.report":
        return None
    stream.request_id = ""
    status, metrics = str(record.get("status", "success")), record.get("metrics")
    milliseconds = metrics.get("durationMs") if isinstance(metrics, Mapping) else None
    parts = [*([f"Duration: {milliseconds} ms"] if milliseconds is not None else []), f"Status: {status}"]
    if "errorType" in record:
        parts.append(f"Error Type: {record['errorType']}")
    is_error = status != "success"
    return LogLine("  ".join(parts), request_id=request_id, is_error=is_error, is_quiet=not is_error)


def _json_line(message: str, stream: _Stream) -> LogLine | None:
    """A line of a function whose logs are JSON; one that only looks so is left as it is."""
    try:
        document = json.loads(message)
    except (ValueError, RecursionError):
        document = {}
    record = document.get("record")
    kind = str(document.get("type", ""))
    if kind.startswith("platform.") and isinstance(record, Mapping):
        return _platform_line(kind, record, stream)
    level = str(document.get("level", "")).upper()
    request_id = str(document.get("requestId") or document.get("AWSRequestId") or "")
    if "timestamp" not in document or not request_id or "message" not in document:
        return LogLine(message, is_error=level in _LEVELS)
    text = document["message"]
    text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    if "errorType" in document:
        text = f"{document['errorType']}: {text}"
    trace = document.get("stackTrace")
    if isinstance(trace, list):
        text = "\n".join([text, *(str(it).rstrip("\n") for it in trace)])
    return LogLine(f"[{level}] {text}" if level else text, request_id=request_id, is_error=level in _LEVELS)
