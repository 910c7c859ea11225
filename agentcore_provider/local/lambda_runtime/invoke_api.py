"""Lambda's Invoke, as the AWS API has it: POST /2015-03-31/functions/<function>/invocations."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.lambda_runtime import trace
from agentcore_provider.local.lambda_runtime.function import InvokeError, find
from agentcore_provider.local.lambda_runtime.invocation import PAYLOAD_BYTES, run

_EVENT_BYTES = 1024 * 1024  # Lambda's limit for an asynchronous request
_LOG_TAIL_BYTES = 4096  # LogType=Tail gives the last 4 KB


def serve_invoke(
    request: Request, function_name_or_arn: str, qualifier: str | None, account: str, region: str
) -> Response:
    """Answer one Invoke: RequestResponse (the default), Event or DryRun, with LogType and ClientContext."""
    # A body left unread would be taken for the next request of the connection.
    request.get_data()
    kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
    try:
        function = find(unquote(function_name_or_arn), qualifier, account, region)
        event = _event(request, kind)
        client_context = _client_context(request.headers.get("X-Amz-Client-Context"))
        trace_id = trace.extend(request.headers.get("X-Amzn-Trace-Id", ""), function)
    except InvokeError as error:
        return _refuse(error)
    except ValueError as error:
        text = f"Could not parse request body into json: {error}"
        return _refuse(InvokeError(400, "InvalidRequestContentException", text))
    if kind == "DryRun":
        return _answer(Response(status=204))
    endpoint_url = request.host_url.rstrip("/")
    if kind == "Event":
        # Lambda has accepted the event once it answers; nobody waits for the handler.
        threading.Thread(
            target=run, args=(function, event, client_context, endpoint_url, trace_id), name="lambda-event", daemon=True
        ).start()
        return _answer(Response(status=202))
    result = run(function, event, client_context, endpoint_url, trace_id)
    response = Response(result.text, status=200, content_type="application/json")
    response.headers["X-Amz-Executed-Version"] = function.version
    if result.error:
        response.headers["X-Amz-Function-Error"] = result.error
    if request.headers.get("X-Amz-Log-Type") == "Tail":
        tail = result.log.encode()[-_LOG_TAIL_BYTES:]
        response.headers["X-Amz-Log-Result"] = base64.b64encode(tail).decode()
    return _answer(response)


def _event(request: Request, kind: str) -> str:
    if kind not in ("RequestResponse", "Event", "DryRun"):
        raise InvokeError(400, "InvalidParameterValueException", f"Invocation type {kind} is unknown.")
    body = request.get_data()
    limit = _EVENT_BYTES if kind == "Event" else PAYLOAD_BYTES
    if len(body) > limit:
        text = f"{len(body)} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
        raise InvokeError(413, "RequestTooLargeException", text)
    json_document.read(body or b"{}")
    return body.decode() or "{}"


def _client_context(header: str | None) -> JsonObject | None:
    if not header:
        return None
    document = json_document.read(base64.b64decode(header, validate=True))
    return document if isinstance(document, dict) else None


def _refuse(error: InvokeError) -> Response:
    body = json.dumps({"Type": "User", "Message": str(error), "message": str(error)})
    response = Response(body, status=error.status, content_type="application/json")
    response.headers["x-amzn-ErrorType"] = error.code
    return _answer(response)


def _answer(response: Response) -> Response:
    response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    return response
