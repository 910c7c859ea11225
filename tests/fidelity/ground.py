"""Makes what a check needs on local AWS, does what it does, and returns the answer."""

from __future__ import annotations

import io
import json
import re
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import requests
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from agentcore_provider.cli.app import app
from tests.support.control_plane import ControlPlane

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
_LAMBDA_LIKE = {"lambda", "smithyModel", "apiGateway", "connector"}
_SECONDS = 20
_PLACE = re.compile(r"\$\{([\w.]+)\}")
_ABOUT = {"name": "server", "version": "1"}
_BUSY = ("CREATING", "UPDATING", "SYNCHRONIZING")


class Ground:
    """What one check stands on. `known` is what `${name.member}` in its documents stands for."""

    def __init__(
        self, local_aws: ControlPlane, folder: Path, counterpart: Callable[[], Any], programs: ModuleType
    ) -> None:
        self.aws = local_aws
        self.folder = folder
        self._counterpart = counterpart
        self._programs = programs
        self.known: dict[str, Any] = {"base_url": local_aws.endpoint, "account": "123456789012", "region": "us-west-2"}
        self._endings: list[Callable[[], None]] = []

    def close(self) -> None:
        """Ends the servers that checks began."""
        for end in self._endings:
            end()

    def answer(self, given: dict[str, Any], when: dict[str, Any]) -> Any:
        """Makes what is given, in its order, and does `when`."""
        for name, value in given.items():
            self._make(name, self.filled(value))
        for step in when.get("before", ()):
            self.known["before"] = self._do(self.filled(step))
        return self._do(self.filled({name: value for name, value in when.items() if name != "before"}))

    def filled(self, value: Any) -> Any:
        """The value with everything in place of `${name.member}`, and JSON texts written out."""
        if isinstance(value, dict):
            return {name: self.filled(it) for name, it in value.items()}
        if isinstance(value, list):
            return [self.filled(it) for it in value]
        if type(value).__name__ == "JsonText":
            return json.dumps(self.filled(value.value))
        if not isinstance(value, str):
            return value
        whole = _PLACE.fullmatch(value)
        return self._of(whole[1]) if whole else _PLACE.sub(lambda it: str(self._of(it[1])), value)

    def expected(self, form: Any) -> Any:
        """The form with everything in place of `${name.member}`."""
        if isinstance(form, dict):
            return {name: self.expected(it) for name, it in form.items()}
        if isinstance(form, list):
            return [self.expected(it) for it in form]
        if type(form).__name__ == "JsonText":
            return type(form)(self.expected(form.value))
        if type(form).__name__ == "Contains":
            return type(form)(tuple(self.expected(it) for it in form.items))
        return self.filled(form) if isinstance(form, str) else form

    def _of(self, name: str) -> Any:
        found: Any = self.known
        for member in name.split("."):
            found = found[member]
        return found

    # given

    def _make(self, name: str, value: Any) -> None:
        makers = {
            "functions": lambda: self.known.update(functions={it: self.function(code) for it, code in value.items()}),
            "role": lambda: self.known.update(role=self.role(value)),
            "sign_in": lambda: self.known.update(sign_in=self.sign_in(**(value or {}))),
            "backend": lambda: self.known.update(backend=self._backend(value)),
            "mcp_server": lambda: self.known.update(mcp_server=self._mcp_server(value)),
            "api_key": lambda: self.known.update(api_key=self._api_key(value)),
            "oauth": lambda: self.known.update(oauth=self._oauth(value)),
            "gateway": lambda: self.gateway(value or {}),
            "target": lambda: self.target(value or {}),
            "targets": lambda: [self.target(it) for it in value],
        }
        makers[name]()

    def function(self, code: str) -> str:
        """A Lambda function of this Python code; its ARN."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("app.py", textwrap.dedent(code))
        arn: str = self.aws.client("lambda").create_function(
            FunctionName=self.aws.unique("observed"),
            Runtime="python3.12",
            Role=self.aws.execution_role(),
            Handler="app.handler",
            Code={"ZipFile": archive.getvalue()},
            Timeout=20,
        )["FunctionArn"]
        return arn

    def role(self, actions: list[str]) -> str:
        """A role that AgentCore may assume and that may do these actions on everything; its ARN."""
        iam, name = self.aws.client("iam"), self.aws.unique("observed")
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "bedrock-agentcore.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        for action in actions:
            self.aws.allow(arn, action, "*")
        return arn

    def sign_in(self, scopes: list[str] | None = None) -> dict[str, str]:
        """A user pool, a client of it and its token."""
        cognito, name = self.aws.client("cognito-idp"), self.aws.unique("observed")
        pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
        cognito.create_user_pool_domain(Domain=name, UserPoolId=pool)
        offered = [{"ScopeName": it, "ScopeDescription": it} for it in scopes or ["invoke"]]
        cognito.create_resource_server(UserPoolId=pool, Identifier="desk", Name=name, Scopes=offered)
        client = cognito.create_user_pool_client(
            UserPoolId=pool,
            ClientName=name,
            GenerateSecret=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[f"desk/{it['ScopeName']}" for it in offered],
            AllowedOAuthFlowsUserPoolClient=True,
        )["UserPoolClient"]
        discovery = f"{self.aws.endpoint}/{pool}/.well-known/openid-configuration"
        endpoint = requests.get(discovery, timeout=10).json()["token_endpoint"]
        pair = (client["ClientId"], client["ClientSecret"])
        token = requests.post(endpoint, data={"grant_type": "client_credentials"}, auth=pair, timeout=10).json()
        return {"discovery_url": discovery, "client_id": pair[0], "token": token["access_token"]}

    def _backend(self, answer: dict[str, Any]) -> dict[str, Any]:
        """An HTTP server that gives one answer to everything: status, body (text, or JSON) and content_type."""
        from werkzeug.wrappers import Response

        body = answer.get("body", {"ok": True})
        text = body if isinstance(body, str) else json.dumps(body)
        kind = answer.get("content_type", "application/json")
        found = self.http(lambda _: Response(text, answer.get("status", 200), content_type=kind))
        return {"url": found.url, "server": found}

    def _mcp_server(self, results: dict[str, Any] | None) -> dict[str, Any]:
        """An MCP server that gives these results by method; it has one tool unless `tools/list` says otherwise."""
        found = self.http(self.mcp_answers(results or {}))
        return {"url": f"{found.https_url}/mcp", "server": found}

    @staticmethod
    def mcp_answers(given: dict[str, Any]) -> Callable[[Any], Any]:
        """What an MCP server of these results answers."""
        from werkzeug.wrappers import Response

        about = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": _ABOUT}
        results = {
            "initialize": about,
            "tools/list": {"tools": [{"name": "add", "description": "Add", "inputSchema": {"type": "object"}}]},
            "tools/call": {"content": [{"type": "text", "text": "done"}], "isError": False},
            **given,
        }

        def answer(request: Any) -> Response:
            if request.method != "POST":
                return Response(status=405)
            message = json.loads(request.get_data())
            if "id" not in message:
                return Response(status=202)
            document: dict[str, Any] = {"jsonrpc": "2.0", "id": message["id"]}
            if message["method"] in results:
                document["result"] = results[message["method"]]
            else:
                document["error"] = {"code": -32601, "message": "Method not found"}
            return Response(json.dumps(document), content_type="application/json")

        return answer

    def http(self, answer: Callable[[Any], Any]) -> Any:
        """An HTTP server on loopback."""
        found = self._counterpart()
        found.answer = answer

        def end() -> None:
            found.server.shutdown()
            found.server.server_close()

        self._endings.append(end)
        return found

    def _api_key(self, where: dict[str, Any] | None) -> list[dict[str, Any]]:
        made = self.aws.control.create_api_key_credential_provider(name=self.aws.unique("key"), apiKey="k3y")
        use = {"providerArn": made["credentialProviderArn"], **(where or {})}
        return [{"credentialProviderType": "API_KEY", "credentialProvider": {"apiKeyCredentialProvider": use}}]

    def _oauth(self, use: dict[str, Any] | None) -> list[dict[str, Any]]:
        made = self.aws.control.create_oauth2_credential_provider(
            name=self.aws.unique("oauth"),
            credentialProviderVendor="GithubOauth2",
            oauth2ProviderConfigInput={"githubOauth2ProviderConfig": {"clientId": "id", "clientSecret": "s3cret"}},
        )
        use = {"providerArn": made["credentialProviderArn"], "scopes": ["repo"], **(use or {})}
        return [{"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": use}}]

    def gateway(self, members: dict[str, Any]) -> None:
        """A gateway, open to all unless its members say otherwise, READY; "absent" takes a member away."""
        given = {"roleArn": self.known.get("role"), **members}
        made = self.aws.gateway(**{name: None if value == "absent" else value for name, value in given.items()})
        self.known["gateway"] = {"id": made["gatewayId"], "url": made["gatewayUrl"], "arn": made["gatewayArn"]}

    def target(self, members: dict[str, Any]) -> None:
        """A target of the gateway: a Lambda function with one tool unless its members say otherwise; settled."""
        made = self.aws.control.create_gateway_target(**self.target_request(members))
        self.known["target"] = self.settled(made["targetId"])

    def target_request(self, members: dict[str, Any]) -> dict[str, Any]:
        """CreateGatewayTarget's input. `tools` are those of the function; "absent" takes a member away."""
        tools = members.get("tools")
        given = {
            "gatewayIdentifier": self.known["gateway"]["id"],
            "name": "orders",
            "targetConfiguration": None,
            "credentialProviderConfigurations": ROLE,
            **{name: value for name, value in members.items() if name != "tools"},
        }
        if given["targetConfiguration"] is None:
            if "function" not in self.known:
                self.known["function"] = self.function("def handler(event, context): return event")
            given["targetConfiguration"] = self.aws.lambda_configuration(tools)
            given["targetConfiguration"]["mcp"]["lambda"]["lambdaArn"] = self.known["function"]
        if not _LAMBDA_LIKE & set(given["targetConfiguration"].get("mcp", {})):
            given["credentialProviderConfigurations"] = members.get("credentialProviderConfigurations", "absent")
        return {name: value for name, value in given.items() if value != "absent"}

    def settled(self, target_id: str) -> dict[str, Any]:
        """GetGatewayTarget's answer once nothing moves any more."""
        deadline = time.monotonic() + _SECONDS
        while (found := self._get_target(target_id))["status"] in _BUSY:
            assert time.monotonic() < deadline, found
            threading.Event().wait(0.01)
        return found

    def _get_target(self, target_id: str) -> dict[str, Any]:
        gateway = self.known["gateway"]["id"]
        answer: dict[str, Any] = self.aws.control.get_gateway_target(gatewayIdentifier=gateway, targetId=target_id)
        return answer

    # when

    def _do(self, when: dict[str, Any]) -> Any:
        [kind] = [it for it in when if it in ("message", "http", "operation", "judge", "program")]
        return {
            "message": self._message,
            "http": self._http,
            "operation": self._operation,
            "judge": self._judge,
            "program": self._program,
        }[kind](when)

    def _message(self, when: dict[str, Any]) -> dict[str, Any]:
        """POST one JSON-RPC message to the gateway: `message` has its members, or is its method."""
        message = when["message"]
        message = {"method": message} if isinstance(message, str) else message
        if "tool" in message:
            arguments = message.get("arguments", {})
            message = {"method": "tools/call", "params": {"name": message["tool"], "arguments": arguments}}
        return self._http({**when, "body": {"jsonrpc": "2.0", "id": 1, "params": {}, **message}})

    def _http(self, when: dict[str, Any]) -> dict[str, Any]:
        """Any request; `http` is its method and URL, POST to the gateway by default."""
        verb, _, url = when.get("http", f"POST {self.known['gateway']['url']}").partition(" ")
        headers = {"Accept": "application/json, text/event-stream", **when.get("headers", {})}
        headers = {name: None if value == "absent" else value for name, value in headers.items()}
        answer = requests.request(verb, url, json=when.get("body"), headers=headers, timeout=30)
        try:
            body = answer.json()
        except ValueError:
            body = answer.text
        found = {name.lower(): value for name, value in answer.headers.items()}
        return {"status": answer.status_code, "headers": found, "body": body}

    def _operation(self, when: dict[str, Any]) -> dict[str, Any]:
        """A call of the control plane: its answer, or `error` and `message`. A target's request has its defaults."""
        name, given = when["operation"], when.get("with", {})
        if name == "CreateGatewayTarget":
            given = self.target_request(given)
        if name == "CreateGateway":
            given = {
                "name": self.aws.unique("gateway"),
                "roleArn": self.known.get("role") or self.aws.execution_role(),
                "authorizerType": "NONE",
                "protocolType": "MCP",
                **given,
            }
        client = self.aws.client(when.get("service", "bedrock-agentcore-control"))
        method = {it.replace("_", ""): it for it in dir(client)}[name.lower()]
        try:
            answer: dict[str, Any] = getattr(client, method)(
                **{member: value for member, value in given.items() if value != "absent"}
            )
        except ClientError as error:
            return {"error": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
        if when.get("settle"):
            answer = self.settled(answer.get("targetId") or given["targetId"])
        return json.loads(json.dumps(answer, default=lambda it: it.isoformat()))

    def _judge(self, when: dict[str, Any]) -> dict[str, Any]:
        """`agentcore validate KIND FILE --json`, which judges as the preview does."""
        document = when["document"]
        file = self.folder / "document.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        arguments = ["validate", when["judge"], str(file), "--json"]
        if "gateway" in when:
            (self.folder / "gateway.json").write_text(json.dumps(when["gateway"]))
            arguments += ["--gateway", str(self.folder / "gateway.json")]
        return json.loads(CliRunner().invoke(app, arguments).stdout)

    def _program(self, when: dict[str, Any]) -> Any:
        """A function of programs.py, for what takes more than a request."""
        return getattr(self._programs, when["program"])(self, **when.get("with", {}))
