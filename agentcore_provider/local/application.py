"""Which part of local AWS answers a request, and what is recorded and broken on the way."""

from __future__ import annotations

import os
import re
import socket
import sys
import threading
import traceback
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.bedrockagentcorecontrol.responses import BedrockAgentCoreControlResponse
from moto.core.utils import camelcase_to_underscores
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import (
    agentcore_control,
    cognito,
    identities_endpoint,
    local_endpoint,
    log_delivery,
    operation,
    request_body,
    service_model,
    wrong_address,
)
from agentcore_provider.local.faults import Fault, Faults
from agentcore_provider.local.moto_answer import Moto
from agentcore_provider.local.operation import Operation
from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.request_body import UnreadableBodyError
from agentcore_provider.local.requests import RequestLog
from agentcore_provider.local.service_error import answer
from agentcore_provider.local.settings import Settings
from agentcore_provider.local.store import Gateway, Target

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_INVOCATION = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
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
        self._moto = Moto()
        self._control_plane = agentcore_control.ControlPlane(settings, _read_server_lists)
        self._cognito = cognito.Cognito(settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        signed_for = operation.signed_service(request)
        try:
            request_body.read(request, signed_for)
        except UnreadableBodyError as error:
            return answer(error.status, error.code, error.message)(environ, start_response)
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
            text = f"Local AWS does not have {what}"
            return answer(501, "NotImplemented", text, as_xml=called.speaks_xml)
        except HTTPException as error:
            return self._moto.in_the_form_of_aws(
                Response.force_type(error.get_response(request.environ)), request, called
            )
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            text = f"Local AWS failed in {what}: {error!r}"
            return answer(500, "InternalFailure", text, as_xml=called.speaks_xml)

    def _answer(self, request: Request, called: Operation, fail_with: str | None) -> Response:
        answered = self._answer_gateway(request, called) or self._refuse(request, called)
        if answered is not None:
            return answered
        account_id = get_account_id_from(called.access_key)
        if called.service == "lambda" and (found := _INVOCATION.fullmatch(request.path)):
            from agentcore_provider.local import lambda_runtime

            return lambda_runtime.serve_invoke(
                request, found["function"], request.args.get("Qualifier"), account_id, called.region
            )
        if called.service in ("bedrock-agentcore", agentcore_control.SERVICE):
            return self._answer_agentcore(request, called, account_id, fail_with)
        if called.service == "cognito-idp":
            return self._cognito.serve(request, called, account_id) or self._moto.serve(request, called)
        return log_delivery.serve(request, called, account_id) or self._moto.serve(request, called)

    def _answer_gateway(self, request: Request, called: Operation) -> Response | None:
        base_url, path = self.settings.base_url, request.path
        if found := operation.GATEWAY_PATH.fullmatch(path) or operation.GATEWAY_METADATA_PATH.fullmatch(path):
            from agentcore_provider.local import mcp_endpoint

            return mcp_endpoint.serve(request, found["id"], base_url)
        if called.service == "http" and (found := operation.http_target(request)):
            from agentcore_provider.local import http_endpoint

            return http_endpoint.serve(request, found["id"], unquote(found["target"]), found["path"], base_url)
        if found := identities_endpoint.PATH.fullmatch(path):
            return identities_endpoint.serve(request, found["what"])
        if found := operation.TOKEN_PATH.fullmatch(path):
            from agentcore_provider.local.cognito import token_endpoint

            return token_endpoint.serve(request, found["domain"], base_url)
        return None

    def _refuse(self, request: Request, called: Operation) -> Response | None:
        """The answer to what no service is asked."""
        signed = operation.signed_service(request) is not None
        if signed and called.region not in service_model.regions():
            text = f"Credential should be scoped to a valid region, not {called.region[:100]!r}."
            return answer(403, "InvalidSignatureException", text, as_xml=called.speaks_xml)
        return wrong_address.find(request, self.settings.base_url, signed=signed)

    def _answer_agentcore(
        self, request: Request, called: Operation, account_id: str, fail_with: str | None
    ) -> Response:
        if called.route is None:
            return agentcore_control.unknown_operation(called.name)
        arn = called.route.path_values.get("resourceArn")
        if arn is not None and f":bedrock-agentcore:{called.region}:{account_id}:" not in arn:
            return agentcore_control.foreign_arn(arn)
        if self._control_plane.serves(called.name) and (arn is None or _OWN_RESOURCES.match(arn)):
            return self._control_plane.serve(
                request, called.route, account_id=account_id, region=called.region, fail_with=fail_with
            )
        is_control = called.service == agentcore_control.SERVICE
        if is_control and not hasattr(BedrockAgentCoreControlResponse, camelcase_to_underscores(called.name)):
            return agentcore_control.unknown_operation(f"{called.service} {called.name}")
        return self._moto.serve(request, called)


def _read_server_lists(
    gateway: Gateway, target: Target, base_url: str, caller: Caller
) -> dict[str, list[dict[str, Any]]]:
    """What the control plane needs of the data plane. The MCP client is loaded with the first server."""
    from agentcore_provider.local.mcp_endpoint import mcp_server_session, mcp_server_target
    from agentcore_provider.local.mcp_endpoint.target_kinds import Visit

    try:
        return mcp_server_target.read_lists(target, Visit(gateway, base_url, caller))
    except mcp_server_session.McpServerError as error:
        raise agentcore_control.ServerUnreadableError(str(error)) from error


def _close_connection(environ: WSGIEnvironment) -> ConnectionAbortedError:
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("The answer is withheld on request")
