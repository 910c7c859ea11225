"""`/_local/...`: the state of local AWS, its recorded requests, and faults to inject."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document, runtimes
from agentcore_provider.local.application.faults import FaultError, Faults
from agentcore_provider.local.application.request_log import RequestLog
from agentcore_provider.local.runtimes import RuntimesUnreadableError


def serve(
    request: Request,
    status: Mapping[str, object],
    requests: RequestLog,
    faults: Faults,
    reset: Callable[[], None],
) -> Response:
    """Answer a request below /_local/. status: the answer of GET /_local/status."""
    answers: dict[tuple[str, str], Callable[[], Response]] = {
        ("GET", "status"): lambda: _json(status),
        ("GET", "health"): lambda: _json({"status": "ok"}),
        ("POST", "reset"): lambda: _done(reset),
        ("GET", "requests"): lambda: _json(requests.list()),
        ("DELETE", "requests"): lambda: _done(requests.clear),
        ("GET", "faults"): lambda: _json(faults.list()),
        ("POST", "faults"): lambda: _changed(request, faults.set, faults.list),
        ("DELETE", "faults"): lambda: _done(faults.clear),
        ("GET", "runtimes"): lambda: _read(runtimes.addresses),
        ("POST", "runtimes"): lambda: _changed(request, runtimes.name_addresses, runtimes.addresses),
        ("DELETE", "runtimes"): lambda: _done(runtimes.forget_addresses),
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
