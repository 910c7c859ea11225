"""Runs inside a worker process: imports the handler, then answers one invocation after the other.

Imports nothing of this package: the function must see its own code and nothing else. Started as
`python -I python_bootstrap.py REPLY_FD HANDLER [FOLDER...]`; requests come as JSON lines on standard input,
replies leave as JSON lines on REPLY_FD, so that the function's own output stays apart from both.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from types import SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Modules that the handler may never need are not loaded: their time is that of every worker's start.
    from typing import Any

_CLIENT_FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class HandlerLoadError(Exception):
    """The handler cannot be loaded. `args`: error type, message, stack trace."""


class LambdaContext:
    """What a handler gets as its second argument."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.aws_request_id: str = request["request_id"]
        self.invoked_function_arn: str = request["function_arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.client_context = _client_context(request.get("client_context"))
        self.tenant_id = None
        self._deadline: float = request["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is stopped, never below 0."""
        return max(int((self._deadline - time.time()) * 1000), 0)


def _client_context(document: Any) -> SimpleNamespace | None:
    if not isinstance(document, dict):
        return None
    client = document.get("client")
    return SimpleNamespace(
        custom=document.get("custom"),
        env=document.get("env"),
        client=SimpleNamespace(**{f: client.get(f) for f in _CLIENT_FIELDS}) if isinstance(client, dict) else None,
    )


class _RequestId(logging.Filter):
    request_id = ""

    def filter(self, record: logging.LogRecord) -> bool:
        record.aws_request_id = self.request_id
        return True


def _listen(requests: queue.SimpleQueue[dict[str, Any]], fd: int) -> None:
    with os.fdopen(fd, "rb") as stream:
        for line in stream:
            requests.put(json.loads(line))
    # The one who asks is gone: end at once, with everything the handler started.
    os.killpg(os.getpid(), signal.SIGKILL)


def _load(handler: str) -> Any:
    module_name, dot, function_name = handler.rpartition(".")
    if not dot:
        text = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise HandlerLoadError("Runtime.MalformedHandlerName", text, [])
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        text = f"Unable to import module '{module_name}': {error}"
        raise HandlerLoadError("Runtime.ImportModuleError", text, []) from error
    except SyntaxError as error:
        text = f"Syntax error in module '{module_name}': {error}"
        place = [f'  File "{error.filename}" Line {error.lineno}\n    {(error.text or "").strip()}']
        raise HandlerLoadError("Runtime.UserCodeSyntaxError", text, place) from error
    except Exception as error:
        raise HandlerLoadError(type(error).__name__, str(error), _stack_trace(error)) from error
    try:
        return getattr(module, function_name)
    except AttributeError as error:
        text = f"Handler '{function_name}' missing on module '{module_name}'"
        raise HandlerLoadError("Runtime.HandlerNotFound", text, []) from error


def _stack_trace(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename != __file__ and not f.filename.startswith("<frozen importlib")]
    return traceback.format_list(own)


def _plain(value: Any) -> Any:
    # Without the module there is no such value.
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _run(handler: Any, request: dict[str, Any]) -> dict[str, Any]:
    try:
        result = handler(json.loads(request["event"]), LambdaContext(request))
    except Exception as error:
        return _failure(type(error).__name__, str(error), request["request_id"], _stack_trace(error))
    try:
        return {"payload": json.dumps(result, default=_plain, ensure_ascii=False)}
    except (TypeError, ValueError) as error:
        text = f"Unable to marshal response: {error}"
        return _failure("Runtime.MarshalError", text, request["request_id"], [])


def _failure(error_type: str, message: str, request_id: str, stack_trace: list[str]) -> dict[str, Any]:
    print(
        f"[ERROR] {error_type}: {message}", *(["Traceback (most recent call last):"] if stack_trace else []), sep="\n"
    )
    print("".join(stack_trace), end="")
    error = {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": stack_trace,
    }
    return {"error": json.dumps(error, ensure_ascii=False)}


def main(reply_fd: int, handler_name: str, folders: list[str]) -> None:
    """Serve invocations until standard input ends."""
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, os.dup(0)), daemon=True).start()
    # The handler must neither eat requests nor inherit the descriptor of the answers.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.set_inheritable(reply_fd, False)
    # What was printed is in the log, in its order, even if the handler is killed.
    for printed in (sys.stdout, sys.stderr):
        printed.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.path[0:1] = folders
    request_id = _RequestId()
    log = logging.StreamHandler(sys.stdout)
    log.setFormatter(
        logging.Formatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
        )
    )
    log.addFilter(request_id)
    logging.getLogger().addHandler(log)

    def reply(message: dict[str, Any], end_of_log: str) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(1, f"\x1e{end_of_log}\n".encode())
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(reply_fd, data) :]

    handler: Any = None
    broken: HandlerLoadError | None = None
    try:
        handler = _load(handler_name)
    except HandlerLoadError as error:
        broken = error
    reply({"ready": True}, "init")
    while True:
        request = requests.get()
        request_id.request_id = request["request_id"]
        # Read by the SDK in the function, which sends it on.
        os.environ["_X_AMZN_TRACE_ID"] = request["trace_id"]
        if broken is not None:
            outcome = _failure(broken.args[0], broken.args[1], request["request_id"], broken.args[2])
        else:
            outcome = _run(handler, request)
        reply(outcome, request["request_id"])


if __name__ == "__main__":
    status = 1
    try:
        main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Threads that the handler left behind must not keep a dead worker alive.
        os._exit(status)
