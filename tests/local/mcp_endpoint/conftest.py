"""A data plane on a free port, with gateways, targets, functions and an issuer of tokens made up by the tests."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import textwrap
import threading
import time
import uuid
import zipfile
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.iam.models import iam_backends
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import lambda_runtime, mcp_endpoint
from agentcore_provider.local.store import Gateway, Target

ACCOUNT = "123456789012"
REGION = "us-west-2"
KEY_ID = "key-1"


class KeepAlive(WSGIRequestHandler):
    """Serves several requests on a connection, as local AWS does."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Be quiet."""


class DataPlane:
    """Stands in for the store, and speaks HTTP to the endpoint as clients do."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self.key = key
        self.gateways: dict[str, Gateway] = {}
        self.targets: dict[str, list[Target]] = {}
        self.issuer_requests: list[str] = []
        self.role_arn = role()

        @Request.application
        def app(request: Request) -> Response:
            parts = request.path.strip("/").split("/")
            if parts[0] == "issuer":
                return self._issue(request)
            gateway_id = parts[parts.index("gateways") + 1]
            return mcp_endpoint.serve(request, gateway_id, self.base_url, gateways=self)

        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=KeepAlive)
        self.base_url = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def find_gateway(self, gateway_id: str) -> Gateway | None:
        return self.gateways.get(gateway_id)

    def targets_of(self, gateway_id: str) -> list[Target]:
        return self.targets[gateway_id]

    def find_target(self, gateway_id: str, name: str) -> Target | None:
        return next((target for target in self.targets[gateway_id] if target.name == name), None)

    def gateway(self, **members: Any) -> str:
        """Add a gateway (open to all by default) and return its id."""
        name = f"g{uuid.uuid4().hex[:6]}"
        gateway = Gateway(
            gateway_id=f"{name}-abcdefghij",
            gateway_arn=f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:gateway/{name}-abcdefghij",
            name=name,
            status="READY",
            account_id=ACCOUNT,
            region=REGION,
            authorizer_type="NONE",
            authorizer_configuration={},
            protocol_configuration={},
            protocol_type="MCP",
            interceptor_configurations=[],
            role_arn=self.role_arn,
            exception_level=None,
        )
        gateway = dataclasses.replace(gateway, **members)
        self.gateways[gateway.gateway_id] = gateway
        self.targets[gateway.gateway_id] = []
        return gateway.gateway_id

    def target(self, gateway_id: str, name: str, tools: Any, code: str = "", **members: Any) -> Target:
        """Add a Lambda target whose function runs this code."""
        arn = deploy(code or "def handler(event, context): return event")
        configuration = {"mcp": {"lambda": {"lambdaArn": arn, "toolSchema": {"inlinePayload": tools}}}}
        target = Target(
            target_id=uuid.uuid4().hex[:10].upper(),
            name=name,
            status="READY",
            target_configuration=configuration,
            credential_provider_configurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
            metadata_configuration={},
            tool_schema=tools,
        )
        target = dataclasses.replace(target, **members)
        self.targets[gateway_id].append(target)
        return target

    def url(self, gateway_id: str) -> str:
        return f"{self.base_url}/gateways/{gateway_id}/mcp"

    def post(self, gateway_id: str, body: Any, **headers: str) -> requests.Response:
        """POST with no header but the given ones: not even Accept."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else None
        defaults = {"Accept": None, "User-Agent": None}
        return requests.post(
            self.url(gateway_id), json=None if data else body, data=data, headers={**defaults, **names}, timeout=30
        )

    def ask(self, gateway_id: str, method: str, params: Any = None, **headers: str) -> dict[str, Any]:
        """One request, whose answer must be a 200 with a result."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        response = self.post(gateway_id, body, **headers)
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["id"] == 1
        assert "error" not in answer, answer
        return answer["result"]

    def call(self, gateway_id: str, tool: str, arguments: Any = None) -> dict[str, Any]:
        return self.ask(gateway_id, "tools/call", {"name": tool, "arguments": arguments or {}})

    @property
    def issuer_url(self) -> str:
        return f"{self.base_url}/issuer"

    @property
    def discovery_url(self) -> str:
        return f"{self.issuer_url}/.well-known/openid-configuration"

    def token(self, *, key: rsa.RSAPrivateKey | None = None, key_id: str = KEY_ID, **claims: Any) -> str:
        now = int(time.time())
        base = {"iss": self.issuer_url, "exp": now + 60, "iat": now, "client_id": "agent", "sub": "agent"}
        claims = {name: value for name, value in {**base, **claims}.items() if value is not None}
        return jwt.encode(claims, key or self.key, algorithm="RS256", headers={"kid": key_id})

    def _issue(self, request: Request) -> Response:
        self.issuer_requests.append(request.path)
        if request.path.endswith("openid-configuration"):
            document = {"issuer": self.issuer_url, "jwks_uri": f"{self.issuer_url}/jwks.json"}
        else:
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            document = {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}
        return Response(json.dumps(document), content_type="application/json")


def role() -> str:
    """Put an execution role that may do anything into local AWS's store and return its ARN."""
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    backend = iam_backends[ACCOUNT]["aws"]
    made = backend.create_role(f"data-plane-{uuid.uuid4().hex[:10]}", "{}", "/", None, "", [], "3600")
    made.put_policy("all", json.dumps(may))
    return str(made.arn)


def deploy(code: str) -> str:
    """Put a Python function into local AWS's store and return its ARN."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", textwrap.dedent(code))
    spec = {
        "FunctionName": f"f-{uuid.uuid4().hex[:10]}",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/any",
        "Runtime": "python3.12",
        "Handler": "app.handler",
        "Timeout": 1,
        "Code": {"ZipFile": base64.b64encode(buffer.getvalue()).decode()},
    }
    function = LambdaFunction(ACCOUNT, spec, REGION)
    lambdas = lambda_backends[ACCOUNT][REGION]._lambdas
    lambdas._functions[spec["FunctionName"]] = {"latest": function, "versions": []}
    lambdas._arns[function.function_arn] = function
    return function.function_arn


def tool(name: str, properties: dict[str, Any] | None = None, *required: str, **more: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": properties or {}}
    if required:
        schema["required"] = list(required)
    return {"name": name, "description": f"The {name} tool", "inputSchema": schema, **more}


@pytest.fixture(scope="session")
def signing_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def plane(signing_key):
    data_plane = DataPlane(signing_key)
    yield data_plane
    data_plane.server.shutdown()
    data_plane.server.server_close()
    lambda_runtime.stop()


@pytest.fixture(scope="session")
def make_tool():
    return tool
