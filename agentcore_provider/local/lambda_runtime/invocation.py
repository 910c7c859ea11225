"""One invocation, from a function's ARN to its result."""

from __future__ import annotations

import atexit
import json
import threading
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import call_trace
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.lambda_runtime import function_log, trace
from agentcore_provider.local.lambda_runtime.code_folder import CodeFolder
from agentcore_provider.local.lambda_runtime.function import Function, find
from agentcore_provider.local.lambda_runtime.launch import NotRunnableError, plan
from agentcore_provider.local.lambda_runtime.worker import Worker, WorkerExitError, WorkerTimeoutError
from agentcore_provider.local.lambda_runtime.worker_pool import SURPLUS_SECONDS, WorkerPool

if TYPE_CHECKING:
    from agentcore_provider.local.lambda_runtime.worker import Reply, Request

PAYLOAD_BYTES = 6 * 1024 * 1024  # Lambda's limit for a synchronous request and for its response
MOST_AT_ONCE = 1000  # Lambda's default for the concurrent executions of an account
DEFAULT_ENDPOINT_URL = "http://127.0.0.1:4599"


@dataclass(frozen=True)
class InvokeResult:
    """What an invocation gave.

    payload: the handler's result as JSON values or, after a failure, Lambda's error document
        (errorMessage, errorType, requestId, stackTrace).
    error: None, or Lambda's word for a failure: "Unhandled".
    text: `payload` as the JSON text that left the handler.
    log: what the function printed, between Lambda's START and END lines.
    """

    payload: Any
    error: str | None
    text: str = "null"
    log: str = ""


class _Pools:
    def __init__(self) -> None:
        self._code = CodeFolder()
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, str], WorkerPool] = {}
        self._stopped: threading.Event | None = None
        """Ends the thread that prunes the pools; None while none runs."""

    def of(self, function: Function, endpoint_url: str) -> WorkerPool:
        key = (function.arn, endpoint_url)
        fingerprint = function.fingerprint
        with self._lock:
            if sum(pool.busy for pool in self._pools.values()) >= MOST_AT_ONCE:
                raise NotRunnableError(f"{MOST_AT_ONCE} invocations are under way, as many as an account may have.")
            pool = self._pools.get(key)
            outdated = pool if pool and pool.fingerprint != fingerprint else None
            if pool is None or outdated:
                pool = WorkerPool(fingerprint, lambda: Worker(plan(function, endpoint_url, self._code)))
                self._pools[key] = pool
            if self._stopped is None:
                self._stopped = threading.Event()
                threading.Thread(target=self._prune, args=(self._stopped,), name="lambda-prune", daemon=True).start()
        if outdated:
            outdated.close(busy_too=False)
        return pool

    def stop(self) -> None:
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
            # Another folder for calls that come meanwhile: this one is removed below them.
            code, self._code = self._code, CodeFolder()
            if self._stopped is not None:
                self._stopped.set()
                self._stopped = None
        for pool in pools:
            pool.close(busy_too=True)
        code.remove()

    def _prune(self, stopped: threading.Event) -> None:
        while not stopped.wait(SURPLUS_SECONDS):
            with self._lock:
                pools = list(self._pools.values())
            for pool in pools:
                pool.prune()


_pools = _Pools()


def stop() -> None:
    """End every worker at once, busy or not, and remove the unpacked code. Later invocations start new ones."""
    _pools.stop()


atexit.register(stop)


def invoke(
    function_arn: str,
    event: Any,
    client_context: JsonObject | None,
    region: str,
    *,
    account_id: str = "123456789012",
    endpoint_url: str = DEFAULT_ENDPOINT_URL,
) -> InvokeResult:
    """Run a function and wait for it, at most its own time-out.

    function_arn: name or ARN, whose account, Region, version and alias count.
    event: any JSON value; the handler's first argument.
    client_context: `{"custom": {...}}` for the handler's `context.client_context`, or None.
    endpoint_url: where the handler's own AWS calls go.

    Raises FunctionNotFoundError. Whatever else goes wrong is a result with `error`.
    """
    function = find(function_arn, None, account_id, region)
    text = json.dumps(event)
    with call_trace.sending(f"Lambda function {function.arn}", text) as sent:
        result = run(function, text, client_context, endpoint_url, trace.extend("", function))
        sent.answer, sent.log = result.text, result.log
    return result


def run(
    function: Function, event: str, client_context: JsonObject | None, endpoint_url: str, trace_id: str
) -> InvokeResult:
    """Run one version of a function with an event that is JSON text. trace_id: the trace that the call belongs to."""
    request_id = str(uuid.uuid4())
    try:
        pool = _pools.of(function, endpoint_url)
        worker = pool.take()
    except (NotRunnableError, OSError) as error:
        return _finish(function, request_id, _error("Runtime.NotRunnable", str(error), request_id))
    request: Request = {
        "request_id": request_id,
        "function_arn": function.arn,
        "event": event,
        "client_context": client_context,
        "trace_id": trace_id,
    }
    began = time.monotonic()
    try:
        reply = worker.call(request, function.timeout)
    except WorkerTimeoutError:
        text = f"RequestId: {request_id} Error: Task timed out after {function.timeout:.2f} seconds"
        reply = _error("Sandbox.Timedout", text, request_id)
    except WorkerExitError as error:
        text = f"RequestId: {request_id} Error: {_exit_reason(error.args[0])}"
        reply = _error("Runtime.ExitError", text, request_id)
    finally:
        seconds = time.monotonic() - began
        log = worker.log(request_id)
        pool.give_back(worker)
    return _finish(function, request_id, reply, stream=worker.log_stream, seconds=seconds, log=log)


def _finish(
    function: Function,
    request_id: str,
    reply: Reply,
    *,
    stream: str | None = None,
    seconds: float = 0.0,
    log: str = "",
) -> InvokeResult:
    failed = "error" in reply
    text: str = reply["error"] if failed else reply["payload"]
    if len(text.encode()) > PAYLOAD_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_BYTES} bytes)."
        failed, text = True, _error("Function.ResponseSizeTooLarge", message, request_id)["error"]
    payload = json.loads(text)
    if failed and payload["errorType"].startswith(("Sandbox.", "Runtime.Exit", "Runtime.NotRunnable")):
        log += f"{payload['errorMessage']}\n"
    report = function_log.report(function, request_id, log, seconds)
    function_log.write(function, stream, request_id, report)
    return InvokeResult(payload, "Unhandled" if failed else None, text, report)


def _error(error_type: str, message: str, request_id: str) -> Reply:
    document = {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": []}
    return {"error": json.dumps(document)}


def _exit_reason(code: int | None) -> str:
    if not code:
        return "Runtime exited without providing a reason"
    if code < 0:
        return f"Runtime exited with error: signal: {-code}"
    return f"Runtime exited with error: exit status {code}"
