"""Which part of local AWS answers a request, and what is recorded and broken on the way."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import sys
import threading
import traceback
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from moto.bedrockagentcorecontrol.responses import BedrockAgentCoreControlResponse
from moto.core.utils import camelcase_to_underscores
from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import agentcore_control, cognito, local_endpoint, operation
from agentcore_provider.local.faults import Fault, Faults
from agentcore_provider.local.operation import Operation
from agentcore_provider.local.requests import RequestLog
from agentcore_provider.local.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_INVOCATION = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
# Reached by moto's path alone, whatever service signs. A reset of moto alone would leave gateways without their roles.
_MOTO_API = re.compile(r"/+(?:moto-api(?:/.*)?|favicon\.ico)", re.DOTALL)
_OWN_RESOURCES = re.compile(
    r"arn:[^:]*:bedrock-agentcore:[^:]*:\d*:(?:gateway|token-vault|workload-identity-directory)/"
)


class Application:
    """The WSGI application of local AWS."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.aws_plugin_port: int | None = None
        self.requests = RequestLog()
        self.faults = Faults()
        self.ending = threading.Event()
        """Set when the server ends, so that stalled calls end too."""
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._control_plane = agentcore_control.ControlPlane(settings)
        self._cognito = cognito.Cognito(settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if request.path.startswith("/_local/"):
            status = {"endpoint": self.settings.base_url, "aws_plugin_port": self.aws_plugin_port, "pid": os.getpid()}
            return local_endpoint.serve(request, status, self.requests, self.faults)(environ, start_response)
        called = operation.identify(request)
        fault = self.faults.hit(called.name)
        response = self._answer_or_explain(request, called, fault)
        response.headers.setdefault("x-amzn-RequestId", str(uuid.uuid4()))
        if fault is not None and fault.kind == "drop":
            self.requests.add(called.service, called.name, 0)
            response.close()
            raise _close_connection(environ)
        self.requests.add(called.service, called.name, response.status_code)
        return response(environ, start_response)

    def _answer_or_explain(self, request: Request, called: Operation, fault: Fault | None) -> Response:
        if fault is not None and fault.kind == "status":
            return fault.answer(as_xml=called.speaks_xml)
        if fault is not None and fault.kind == "stall":
            self.ending.wait(fault.seconds)
        fail_with = fault.reason if fault is not None and fault.kind == "fail" else None
        what = f"{called.service} {called.name}"
        try:
            return self._answer(request, called, fail_with)
        except NotImplementedError:
            # Not 500: clients would try again.
            missing = Fault("", "status", status=501, code="NotImplemented", reason=f"Local AWS does not have {what}")
            return missing.answer(as_xml=called.speaks_xml)
        except HTTPException as error:
            return error.get_response(request.environ)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            broken = Fault("", "status", code="InternalFailure", reason=f"Local AWS failed in {what}: {error!r}")
            return broken.answer(as_xml=called.speaks_xml)

    def _answer(self, request: Request, called: Operation, fail_with: str | None) -> Response:
        if _MOTO_API.fullmatch(request.path):
            return _not_served(request.path)
        gateway = self._answer_gateway(request, called)
        if gateway is not None:
            return gateway
        account_id = request.headers.get("x-moto-account-id") or get_account_id_from(called.access_key)
        if called.service == "lambda" and (found := _INVOCATION.fullmatch(request.path)):
            from agentcore_provider.local import lambda_runtime

            return lambda_runtime.serve_invoke(
                request, found["function"], request.args.get("Qualifier"), account_id, called.region
            )
        if called.service in ("bedrock-agentcore", agentcore_control.SERVICE):
            return self._answer_agentcore(request, called, account_id, fail_with)
        if called.service == "cognito-idp":
            return self._cognito.serve(request, called, account_id) or self._ask_moto(request)
        return self._ask_moto(request)

    def _answer_gateway(self, request: Request, called: Operation) -> Response | None:
        base_url, path = self.settings.base_url, request.path
        if found := operation.GATEWAY_PATH.fullmatch(path) or operation.GATEWAY_METADATA_PATH.fullmatch(path):
            from agentcore_provider.local import mcp_endpoint

            return mcp_endpoint.serve(request, found["id"], base_url)
        if called.service == "http" and (found := operation.http_target(request)):
            from agentcore_provider.local import http_endpoint

            return http_endpoint.serve(request, found["id"], unquote(found["target"]), found["path"], base_url)
        if found := operation.TOKEN_PATH.fullmatch(path):
            from agentcore_provider.local import token_endpoint

            return token_endpoint.serve(request, found["domain"], base_url)
        return None

    def _answer_agentcore(
        self, request: Request, called: Operation, account_id: str, fail_with: str | None
    ) -> Response:
        if called.route is None:
            return agentcore_control.unknown_operation(called.name)
        arn = called.route.path_values.get("resourceArn")
        if self._control_plane.serves(called.name) and (arn is None or _OWN_RESOURCES.match(arn)):
            return self._control_plane.serve(
                request, called.route, account_id=account_id, region=called.region, fail_with=fail_with
            )
        is_control = called.service == agentcore_control.SERVICE
        if is_control and not hasattr(BedrockAgentCoreControlResponse, camelcase_to_underscores(called.name)):
            return agentcore_control.unknown_operation(f"{called.service} {called.name}")
        return self._ask_moto(request)

    def _ask_moto(self, request: Request) -> Response:
        # Whoever identified the call may have read the body already.
        request.environ["wsgi.input"] = io.BytesIO(request.get_data())
        return Response.from_app(self._moto, request.environ)


def _not_served(path: str) -> Response:
    text = f"Local AWS does not serve {path}. To begin with nothing: agentcore local stop, then agentcore local start."
    return Response(json.dumps({"message": text}), status=404, content_type="application/json")


def _close_connection(environ: WSGIEnvironment) -> ConnectionAbortedError:
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("The answer is withheld on request")
