"""Which part of local AWS answers a request."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_GATEWAY = re.compile(r"/gateways/(?P<id>[^/]+)/(?:mcp|\.well-known)(?:/.*)?")
_GATEWAY_METADATA = re.compile(r"/\.well-known/[^/]+/gateways/(?P<id>[^/]+)(?:/.*)?")
_TOKEN = re.compile(r"/cognito/(?P<domain>[^/]+)/oauth2/token")


class Application:
    """The WSGI application of local AWS."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.aws_plugin_port: int | None = None
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        base_url = self.settings.base_url
        if request.path == "/_local/status":
            return _json({"endpoint": base_url, "aws_plugin_port": self.aws_plugin_port, "pid": os.getpid()})
        if request.path == "/_local/health":
            return _json({"status": "ok"})
        if match := _GATEWAY.fullmatch(request.path) or _GATEWAY_METADATA.fullmatch(request.path):
            from agentcore_provider.local import mcp_endpoint

            return mcp_endpoint.serve(request, match["id"], base_url)
        if match := _TOKEN.fullmatch(request.path):
            from agentcore_provider.local import token_endpoint

            return token_endpoint.serve(request, match["domain"], base_url)
        return Response.from_app(self._moto, request.environ)


def _json(document: Any) -> Response:
    import json

    return Response(json.dumps(document), content_type="application/json")
