"""The WSGI application: reads a request, passes it to the chain, records it."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import agentcore_control, call_trace, cognito, kept, log_lines, store
from agentcore_provider.local.application import call_record, chain, local_endpoint, moto, operation, request_body
from agentcore_provider.local.application.faults import Faults
from agentcore_provider.local.application.moto import Moto
from agentcore_provider.local.application.request_body import UnreadableBodyError
from agentcore_provider.local.application.request_log import RequestLog
from agentcore_provider.local.call_trace import CallTrace
from agentcore_provider.local.disk.keeper import Keeper
from agentcore_provider.local.outbound import Caller, oauth2_token
from agentcore_provider.local.service_error import answer
from agentcore_provider.local.settings import READY_AFTER_KINDS, Settings
from agentcore_provider.local.store import Gateway, ServerLists, Target
from agentcore_provider.local.tool_schemas.tool_schema import Tool

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_MOTO_RESET = "/moto-api/reset"
"""Where programs that know moto's server ask for a reset."""
NUMBER = "agentcore.call_number"
"""Where the number of a recorded call is left in the WSGI environment."""
_TRACED = ("mcp", "http")


class Application:
    """The WSGI application of local AWS."""

    def __init__(self, settings: Settings) -> None:
        self.aws_plugin_port: int | None = None
        self.requests = RequestLog()
        self.faults = Faults()
        self.ending = threading.Event()
        """Set when the server ends, so that stalled calls end too."""
        self._settings = settings
        self._first_delays = {kind: settings.seconds_until_ready(kind) for kind in READY_AFTER_KINDS}
        self.serve_page: Callable[[Request], Response | None] | None = None
        """The page for people: its answer, or None for a request that is not for it."""
        self.keeper: Keeper | None = None
        """Keeps what was created on disk; None: nothing is kept there."""
        self._services = chain.Services(
            base_url=settings.base_url,
            control_plane=agentcore_control.ControlPlane(settings, _read_server_lists, _list_tools),
            cognito=cognito.Cognito(settings),
            moto=Moto(),
            ending=self.ending,
        )

    def end(self) -> None:
        """End what waits: the server ends."""
        self.ending.set()
        self.requests.wake()
        log_lines.LINES.wake()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Those to /_local/ are neither recorded nor subject to faults."""
        request = Request(environ)
        try:
            request_body.read(request, operation.signed_service(request))
        except UnreadableBodyError as error:
            return answer(error.status, error.code, error.message)(environ, start_response)
        if self.serve_page is not None and (page := self.serve_page(request)) is not None:
            return page(environ, start_response)
        if request.path.startswith("/_local/"):
            base_url = self._services.base_url
            state = self.keeper.status() if self.keeper is not None else {"kept": False}
            status = {
                "endpoint": base_url,
                "aws_plugin_port": self.aws_plugin_port,
                "pid": os.getpid(),
                "state": state,
            }
            return local_endpoint.serve(request, status, self.requests, self.faults, self.reset, keeper=self.keeper)(
                environ, start_response
            )
        if request.method == "POST" and request.path == _MOTO_RESET:
            self.reset()
            return Response('{"status": "ok"}', content_type="application/json")(environ, start_response)
        called = operation.identify(request)
        fault = self.faults.hit(called.name)
        began = time.perf_counter()
        tracing = call_trace.begin() if called.service in _TRACED else call_trace.withheld()
        with tracing as trace, self._not_while_state_is_read(called):
            response = chain.respond(chain.ServiceRequest(request, called, fault, self._services))
        if not operation.only_reads(called):
            kept.changed()
        response.headers.setdefault("x-amzn-RequestId", str(uuid.uuid4()))
        is_dropped = fault is not None and fault.kind == "drop"
        seconds = time.perf_counter() - began
        environ[NUMBER] = self._record(request, called, response, trace, seconds, is_dropped=is_dropped)
        if is_dropped:
            response.close()
            raise _close_connection(environ)
        return response(environ, start_response)

    def reset(self) -> None:
        """Forget every AWS resource, fault, changed delay, recorded request and named runtime, on disk as well."""
        self.forget()
        if self.keeper is not None:
            self.keeper.replaced()

    def _not_while_state_is_read(self, called: operation.Operation) -> contextlib.AbstractContextManager[None]:
        # What a gateway or a function is called for may take long, and may call local AWS itself.
        is_short = called.service not in _TRACED and called.name != "Invoke"
        return self.keeper.gate.passing() if self.keeper is not None and is_short else contextlib.nullcontext()

    def forget(self) -> None:
        """Forget it all, but not what is on disk."""
        from agentcore_provider.local import lambda_runtime

        lambda_runtime.stop()
        moto.reset()
        store.forget()
        oauth2_token.forget()
        kept.forget()
        self._settings.role_versions.clear()
        self.faults.clear()
        self._settings.set_delays(self._first_delays)
        self.requests.clear()
        log_lines.LINES.clear()

    def _record(
        self,
        request: Request,
        called: operation.Operation,
        response: Response,
        trace: CallTrace | None,
        seconds: float,
        *,
        is_dropped: bool,
    ) -> int:
        error = "" if is_dropped else call_record.error_of(response)
        if trace is not None:
            trace.hide(value for name, value in request.headers if call_trace.is_secret_name(name))
        lines, tool = (trace.kept_lines(), trace.tool) if trace is not None else ((), "")
        if trace is not None and not (trace.tool or trace.sent or trace.error or error):
            # Nobody looks into what only read the gateway's own lists.
            trace = None
        if trace is not None:
            # A target may answer an error with the credential in it.
            trace.error = trace.error or error
            trace.keep(request.get_data(), b"" if response.is_streamed else response.get_data())
            error = call_record.summary(trace.error)
        gateway_id = call_record.gateway_of(request)
        number = self.requests.add(
            called.service,
            called.name,
            0 if is_dropped else response.status_code,
            seconds=seconds,
            caller=call_record.caller_of(request, called),
            client=call_record.client_of(request),
            gateway_id=gateway_id,
            error="The answer was withheld on request" if is_dropped else error,
            trace=trace,
        )
        log_lines.LINES.add(lines, gateway_id=gateway_id, tool=tool, call=number)
        return number


def _read_server_lists(gateway: Gateway, target: Target, base_url: str, caller: Caller) -> ServerLists:
    """What the control plane needs of the data plane. The MCP client is loaded with the first server."""
    from agentcore_provider.local.mcp_endpoint import mcp_server_session, mcp_server_target
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext

    try:
        return mcp_server_target.read_lists(target, RequestContext(gateway, base_url, caller))
    except mcp_server_session.McpServerError as error:
        raise agentcore_control.ServerUnreadableError(str(error)) from error


def _list_tools(gateway: Gateway, base_url: str) -> tuple[list[Tool], list[str]]:
    """The schema of a policy engine is made of these. The MCP endpoint is loaded with the first policy."""
    from agentcore_provider.local.mcp_endpoint import tools
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext

    return tools.known(RequestContext(gateway, base_url))


def _close_connection(environ: WSGIEnvironment) -> ConnectionAbortedError:
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("The answer is withheld on request")
