"""`/_local/...`: the state of local AWS, its recorded requests, and faults to inject."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document, log_lines, runtimes
from agentcore_provider.local.application.faults import FaultError, Faults
from agentcore_provider.local.application.request_log import RequestLog
from agentcore_provider.local.disk.keeper import Keeper
from agentcore_provider.local.disk.state_file import StateUnusableError
from agentcore_provider.local.disk.state_folder import StateNameError
from agentcore_provider.local.runtimes import RuntimesUnreadableError

_WAIT_SECONDS = 10.0
_MOST_DIGITS = 20


def serve(
    request: Request,
    status: Mapping[str, object],
    requests: RequestLog,
    faults: Faults,
    reset: Callable[[], None],
    *,
    keeper: Keeper | None,
) -> Response:
    """Answer a request below /_local/. status: the answer of GET /_local/status. keeper: of the state on disk."""
    answers: dict[tuple[str, str], Callable[[], Response]] = {
        ("GET", "status"): lambda: _json(status),
        ("GET", "health"): lambda: _json({"status": "ok"}),
        ("POST", "reset"): lambda: _done(reset),
        ("GET", "requests"): lambda: _json(requests.list()),
        ("DELETE", "requests"): lambda: _done(requests.clear),
        ("GET", "logs"): lambda: _json({"number": _await_lines(request)}),
        ("GET", "faults"): lambda: _json(faults.list()),
        ("POST", "faults"): lambda: _changed(request, faults.set, faults.list),
        ("DELETE", "faults"): lambda: _done(faults.clear),
        ("GET", "runtimes"): lambda: _read(runtimes.addresses),
        ("POST", "runtimes"): lambda: _changed(request, runtimes.name_addresses, runtimes.addresses),
        ("DELETE", "runtimes"): lambda: _done(runtimes.forget_addresses),
    }
    if keeper is not None:
        answers |= {
            ("POST", "state/save"): lambda: _with_name(request, keeper.save),
            ("POST", "state/load"): lambda: _with_name(request, keeper.load),
        }
    answer = answers.get((request.method, request.path.removeprefix("/_local/")))
    if answer is None:
        known = ", ".join(f"{method} /_local/{name}" for method, name in answers)
        return _json({"message": f"{request.method} {request.path} does not exist; use one of {known}"}, 404)
    return answer()


def _changed(request: Request, change: Callable[[object], None], read: Callable[[], object]) -> Response:
    try:
        change(json_document.read(request.get_data()))
    except (FaultError, RuntimesUnreadableError) as error:
        return _json({"message": str(error)}, 400)
    except ValueError as error:
        return _json({"message": f"The body is not JSON: {error}"}, 400)
    return _read(read)


def _with_name(request: Request, action: Callable[[str], None]) -> Response:
    """Save or load the state of the name in the body."""
    try:
        document = json_document.read(request.get_data())
        name = document.get("name") if isinstance(document, dict) else None
        action(name if isinstance(name, str) else "")
    except FileNotFoundError:
        return _json({"message": f"No state is saved as {name}"}, 404)
    except StateUnusableError as error:
        return _json({"message": f"The state {name} {error}", "cure": error.cure}, 409)
    except StateNameError as error:
        return _json({"message": str(error)}, 400)
    except OSError as error:
        return _json({"message": f"The state cannot be written ({error.strerror})"}, 507)
    except (ValueError, RuntimeError) as error:
        return _json({"message": str(error)}, 400)
    return Response(status=204)


def _await_lines(request: Request) -> int:
    """How often logs were written to. ?after=NUMBER waits until that is another number, at most a few seconds."""
    after = request.args.get("after", "")
    return log_lines.LINES.await_write(int(after[:_MOST_DIGITS]) if after.isdecimal() else None, _WAIT_SECONDS)


def _read(read: Callable[[], object]) -> Response:
    try:
        return _json(read())
    except RuntimesUnreadableError as error:
        return _json({"message": str(error)}, 400)


def _done(action: Callable[[], None]) -> Response:
    action()
    return Response(status=204)


def _json(document: object, status: int = 200) -> Response:
    return Response(json.dumps(document), status=status, content_type="application/json")
