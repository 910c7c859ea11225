"""Checks that take more than one request: each is given the ground, and returns what the row's form is compared with."""

from __future__ import annotations

import datetime
import importlib.util
import inspect
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jwt
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.wrappers import Response

from agentcore_provider import targets
from agentcore_provider.rules import execution_role, gateway_target

_PLACE = {"partition": "aws", "region": "us-west-2", "account_id": "123456789012", "gateway_name": "desk"}


def resource_metadata(ground: Any) -> dict[str, Any]:
    """The document that the challenge names."""
    challenge = ground.answer({}, {"message": "tools/list"})["headers"]["www-authenticate"]
    return ground.answer({}, {"http": f"GET {challenge.partition('resource_metadata=')[2].split(chr(34))[1]}"})


def token_of_another_issuer(ground: Any) -> dict[str, Any]:
    """The answer to a token that somebody else signed and issued."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    claims = {"iss": "https://login.example.com", "client_id": ground.known["sign_in"]["client_id"], "exp": end}
    token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "other"})
    return ground.answer({}, {"message": "tools/list", "headers": {"Authorization": f"Bearer {token}"}})


def signed_for(ground: Any, service: str) -> dict[str, int]:
    """The status of three methods, signed for a service."""
    found = {}
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}
    methods = {"initialize": hello, "tools/list": {}, "tools/call": {"name": "orders___find_order", "arguments": {}}}
    for method, params in methods.items():
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        request = AWSRequest("POST", ground.known["gateway"]["url"], data=body, headers=headers)
        SigV4Auth(Credentials("local", "local"), service, "us-west-2").add_auth(request)
        found[method] = requests.post(request.url, data=body, headers=dict(request.headers), timeout=30).status_code
    return found


def call_after_permission_is_gone(ground: Any) -> dict[str, Any]:
    """A call once the role of its gateway may no longer invoke the function."""
    gateway = ground.aws.control.get_gateway(gatewayIdentifier=ground.known["gateway"]["id"])
    ground.aws.allow(gateway["roleArn"], "lambda:InvokeFunction", "*", effect="Deny")
    return ground.answer({}, {"message": {"tool": "orders___find_order", "arguments": {"id": "a"}}})


def log_of_a_call(ground: Any, tool: str) -> dict[str, Any]:
    """Stream and texts of the log that a call writes, and the texts about errors, once it is delivered."""
    logs, name = ground.aws.client("logs"), ground.aws.unique("log")
    logs.create_log_group(logGroupName=name)
    gateway, group = ground.known["gateway"]["arn"], f"arn:aws:logs:us-west-2:123456789012:log-group:{name}"
    logs.put_delivery_source(name=name, resourceArn=gateway, logType="APPLICATION_LOGS")
    where = {"destinationResourceArn": group}
    destination = logs.put_delivery_destination(name=name, deliveryDestinationConfiguration=where)
    logs.create_delivery(deliverySourceName=name, deliveryDestinationArn=destination["deliveryDestination"]["arn"])
    ground.answer({}, {"message": {"tool": tool, "arguments": {}}})
    events = logs.filter_log_events(logGroupName=name)["events"]
    bodies = [json.loads(it["message"])["body"] for it in events]
    return {
        "stream": events[0]["logStreamName"],
        "lines": [it["log"] for it in bodies],
        "errors": [it["log"] for it in bodies if it["isError"]],
    }


def call_before_initialized(ground: Any) -> dict[str, Any]:
    """A list right after initialize."""
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}
    first = ground.answer({}, {"message": {"method": "initialize", "params": hello}})
    session = {"Mcp-Session-Id": first["headers"].get("mcp-session-id", "none"), "MCP-Protocol-Version": "2025-11-25"}
    return ground.answer({}, {"message": "tools/list", "headers": session})


def update_without_description(ground: Any) -> dict[str, Any]:
    """The gateway after an update that leaves the description out."""
    control, gateway = ground.aws.control, ground.known["gateway"]["id"]
    found = control.get_gateway(gatewayIdentifier=gateway)
    members = {name: found[name] for name in ("name", "roleArn", "authorizerType", "protocolType")}
    control.update_gateway(gatewayIdentifier=gateway, **members)
    return control.get_gateway(gatewayIdentifier=gateway)


def update_target_without_description(ground: Any) -> dict[str, Any]:
    """The target after an update that leaves the description out."""
    request = ground.target_request({})
    ground.aws.control.update_gateway_target(targetId=ground.known["target"]["targetId"], **request)
    return ground.settled(ground.known["target"]["targetId"])


def stamps_of_a_target(ground: Any) -> dict[str, bool]:
    """Whether updatedAt of a READY target is later than its createdAt."""
    ground.gateway({})
    ground.target({})
    target = ground.known["target"]
    return {"updated_later": target["updatedAt"] > target["createdAt"]}


def what_the_server_got(ground: Any) -> dict[str, Any]:
    """Methods that reached the MCP server, and the protocol version that the gateway offered it."""
    received = [it.json for it in ground.known["mcp_server"]["server"].received if it.method == "POST"]
    offered = [it["params"]["protocolVersion"] for it in received if it["method"] == "initialize"]
    return {"methods": [it["method"] for it in received], "offered": offered[0] if offered else None}


def tools_after_a_change(ground: Any) -> dict[str, list[str]]:
    """Names of tools before the server changes them, after that, and after a synchronization."""
    found = {"before": list(_tools(ground))}
    other = ground.filled({"tools": [{"name": "other", "description": "Other", "inputSchema": {"type": "object"}}]})
    ground.known["mcp_server"]["server"].answer = ground.mcp_answers({"tools/list": other})
    found["changed"] = list(_tools(ground))
    target, gateway = ground.known["target"]["targetId"], ground.known["gateway"]["id"]
    ground.aws.control.synchronize_gateway_targets(gatewayIdentifier=gateway, targetIdList=[target])
    ground.settled(target)
    found["synchronized"] = list(_tools(ground))
    return found


def _tools(ground: Any) -> dict[str, Any]:
    answer = ground.answer({}, {"message": "tools/list"})
    return {tool["name"]: tool for tool in answer["body"]["result"]["tools"]}


def api_gateway_tool(ground: Any) -> dict[str, Any]:
    """The tool of an API Gateway target with one method."""
    api_gateway_target(ground, operation_name="listPets")
    return _tools(ground)["orders___listPets"]


def api_gateway_target(ground: Any, operation_name: str | None, responses: bool = True) -> dict[str, Any]:
    """CreateGatewayTarget of a REST API with GET /pets, settled, or its error."""
    client = ground.aws.client("apigateway")
    api = client.create_rest_api(name=ground.aws.unique("pets"))["id"]
    [root] = client.get_resources(restApiId=api)["items"]
    pets = client.create_resource(restApiId=api, parentId=root["id"], pathPart="pets")["id"]
    where = {"restApiId": api, "resourceId": pets, "httpMethod": "GET"}
    named = {"operationName": operation_name} if operation_name else {}
    client.put_method(authorizationType="NONE", **where, **named)
    if responses:
        client.put_method_response(statusCode="200", **where)
    client.put_integration(type="HTTP_PROXY", integrationHttpMethod="GET", uri="https://pets.example.com", **where)
    client.create_deployment(restApiId=api, stageName="prod")
    role = ground.role(["apigateway:GET", "execute-api:Invoke"])
    ground.gateway({"roleArn": role})
    tools = {"toolFilters": [{"filterPath": "/pets", "methods": ["GET"]}]}
    configuration = {"mcp": {"apiGateway": {"restApiId": api, "stage": "prod", "apiGatewayToolConfiguration": tools}}}
    given = {"targetConfiguration": configuration}
    return ground.answer({}, {"operation": "CreateGatewayTarget", "settle": True, "with": given})


def headers_at_the_backend(ground: Any, tool: str) -> dict[str, str]:
    """Headers of the request that a call of a tool makes."""
    ground.answer({}, {"message": {"tool": tool}})
    return dict(ground.known["backend"]["server"].last.headers)


def claims(ground: Any) -> dict[str, Any]:
    """Claims of a token of the user pool, and `seconds` that it lives."""
    found = jwt.decode(ground.known["sign_in"]["token"], options={"verify_signature": False})
    return {**found, "seconds": found["exp"] - found["iat"]}


def deploy_policy(_: Any) -> dict[str, list[str]]:
    """Actions of the policy for whoever deploys."""
    name, file = "deploy_policy", Path(__file__).parents[2] / "docs" / "reference" / "deploy_policy.py"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    # Its dataclass looks itself up.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return {"actions": [action for it in module.policy()["Statement"] for action in it["Action"]]}


def role_for_an_api_key(_: Any) -> dict[str, list[str]]:
    """Resources by action of a role whose target has an API key."""
    provider = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/crm"
    use = {
        "credentialProviderType": "API_KEY",
        "credentialProvider": {"apiKeyCredentialProvider": {"providerArn": provider}},
    }
    target = {"mcp": {"mcpServer": {"endpoint": "https://mcp.example.com/mcp"}}}
    return _by_action(execution_role.statements(target, [use], **_PLACE))


def role_for_a_policy_engine(_: Any) -> dict[str, list[str]]:
    """Resources by action of a role whose gateway has a policy engine."""
    engine = {
        "arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:policy-engine/rules-0123456789",
        "mode": "ENFORCE",
    }
    return _by_action(execution_role.policy_engine_statements(engine, **_PLACE))


def call_by_policies(ground: Any, statement: str) -> dict[str, Any]:
    """A call of a tool of a gateway whose policy engine has this policy, or none."""
    engine = _gateway_with_an_engine(ground)
    if statement:
        _create_policy(ground, engine, statement, "IGNORE_ALL_FINDINGS")
    return ground.answer({}, {"message": {"tool": "orders___find_order", "arguments": {"id": "a"}}})


def tools_without_a_permit(ground: Any) -> dict[str, list[str]]:
    """The tools that a gateway lists whose policy engine has no policies."""
    _gateway_with_an_engine(ground)
    return {"tools": list(_tools(ground))}


def policy_of_a_gateway(ground: Any, rest: str, ignore: bool = False) -> dict[str, Any]:
    """Statuses and reasons of a policy. rest: its statement after the principal; GATEWAY stands for the gateway."""
    engine = _gateway_with_an_engine(ground)
    statement = f"permit(principal, {rest}".replace(
        "GATEWAY", f'AgentCore::Gateway::"{ground.known["gateway"]["arn"]}"'
    )
    made = _create_policy(ground, engine, statement, "IGNORE_ALL_FINDINGS" if ignore else "FAIL_ON_ANY_FINDINGS")
    found = ground.aws.control.get_policy(policyEngineId=engine, policyId=made["policyId"])
    return {"began": made["status"], "status": found["status"], "reasons": found["statusReasons"]}


def list_without_permission_to_ask(ground: Any) -> dict[str, Any]:
    """tools/list once the role of the gateway may no longer ask its policy engine."""
    _gateway_with_an_engine(ground)
    gateway = ground.aws.control.get_gateway(gatewayIdentifier=ground.known["gateway"]["id"])
    ground.aws.allow(gateway["roleArn"], "bedrock-agentcore:PartiallyAuthorizeActions", "*", effect="Deny")
    return ground.answer({}, {"message": "tools/list"})


def gateway_whose_role_may_not_ask(ground: Any) -> dict[str, Any]:
    """CreateGateway with a policy engine and a role without permissions."""
    engine = ground.aws.control.create_policy_engine(name=ground.aws.unique("engine").replace("-", "_"))
    used = {"policyEngineConfiguration": {"arn": engine["policyEngineArn"], "mode": "ENFORCE"}}
    return ground.answer({}, {"operation": "CreateGateway", "with": {"roleArn": ground.role([]), **used}})


def sign_in_without_a_return_url(ground: Any) -> dict[str, Any]:
    """GetResourceOauth2Token for a user of a workload identity without return URLs."""
    name, config = ground.aws.unique("forge"), {"githubOauth2ProviderConfig": {"clientId": "id", "clientSecret": "s"}}
    ground.aws.control.create_workload_identity(name=name)
    ground.aws.control.create_oauth2_credential_provider(
        name=name, credentialProviderVendor="GithubOauth2", oauth2ProviderConfigInput=config
    )
    data = ground.aws.client("bedrock-agentcore")
    issued = data.get_workload_access_token_for_user_id(workloadName=name, userId="ada")["workloadAccessToken"]
    asked = {"workloadIdentityToken": issued, "resourceCredentialProviderName": name, "oauth2Flow": "USER_FEDERATION"}
    call = {"operation": "GetResourceOauth2Token", "service": "bedrock-agentcore", "with": {**asked, "scopes": []}}
    return dict(ground.answer({}, call))


def call_as_a_member_of_groups(ground: Any) -> dict[str, Any]:
    """A call with a token that has a list of groups, one of which a policy permits by its name in quotes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = {"keys": [{**public, "kid": "k", "alg": "RS256", "use": "sig"}]}

    def answer(request: Any) -> Response:
        about = {"issuer": request.host_url.rstrip("/"), "jwks_uri": f"{request.host_url}keys"}
        return Response(json.dumps(keys if request.path == "/keys" else about), content_type="application/json")

    issuer = ground.http(answer).url
    authorizer = {"discoveryUrl": f"{issuer}/.well-known/openid-configuration", "allowedClients": ["agent"]}
    engine = _gateway_with_an_engine(
        ground, authorizerType="CUSTOM_JWT", authorizerConfiguration={"customJWTAuthorizer": authorizer}
    )
    condition = (
        'principal.hasTag("cognito:groups") && principal.getTag("cognito:groups") like "*\\"platform\\"*" && '
        'principal.getTag("cognito:groups") like "*platform*"'
    )
    statement = f"permit(principal, action, resource is AgentCore::Gateway) when {{ {condition} }};"
    _create_policy(ground, engine, statement, "FAIL_ON_ANY_FINDINGS")
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    claims = {"iss": issuer, "sub": "ann", "client_id": "agent", "exp": end, "cognito:groups": ["staff", "platform"]}
    token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k"})
    message = {"tool": "orders___find_order", "arguments": {"id": "a"}}
    return ground.answer({}, {"message": message, "headers": {"Authorization": f"Bearer {token}"}})


def _gateway_with_an_engine(ground: Any, **members: Any) -> str:
    """Makes a gateway that enforces the policies of an engine, and a target; the engine's id."""
    engine = ground.aws.control.create_policy_engine(name=ground.aws.unique("engine").replace("-", "_"))
    ground.gateway({"policyEngineConfiguration": {"arn": engine["policyEngineArn"], "mode": "ENFORCE"}, **members})
    ground.target({})
    found: str = engine["policyEngineId"]
    return found


def _create_policy(ground: Any, engine: str, statement: str, mode: str) -> dict[str, Any]:
    name, definition = ground.aws.unique("policy").replace("-", "_"), {"cedar": {"statement": statement}}
    found: dict[str, Any] = ground.aws.control.create_policy(
        policyEngineId=engine, name=name, definition=definition, validationMode=mode
    )
    return found


def _by_action(statements: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in statements:
        actions = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
        resources = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        for action in actions:
            found[action] = [*found.get(action, []), *resources]
    return found


def tools_of_a_file(ground: Any, text: str) -> list[dict[str, Any]]:
    """What AWS is sent of a YAML file of tools."""
    file = ground.folder / "tools.yaml"
    file.write_text(text)
    target = targets.Lambda("arn:aws:lambda:us-west-2:123456789012:function:orders", tools=str(file))
    return target.target_configuration()["mcp"]["lambda"]["toolSchema"]["inlinePayload"]


def part_of_an_openapi_document(_: Any) -> dict[str, Any]:
    """Problems and operations of what is sent of a document, once the operations with composed inputs are left out."""
    ok = {"200": {"description": "ok"}}
    composed = {"content": {"application/json": {"schema": {"allOf": [{"type": "object"}]}}}}
    paths = {
        "/tickets": {
            "get": {"operationId": "listTickets", "summary": "List tickets", "responses": ok},
            "post": {"operationId": "openTicket", "summary": "Open one", "requestBody": composed, "responses": ok},
        }
    }
    info, servers = {"title": "Desk", "version": "1"}, [{"url": "https://desk.example.com"}]
    document = {"openapi": "3.0.3", "info": info, "servers": servers, "paths": paths}
    if "only" not in inspect.signature(targets.OpenApi).parameters:
        return {"problems": ["nothing leaves operations out"]}
    target = targets.OpenApi(document, only=["listTickets"])
    sent = json.loads(target.target_configuration()["mcp"]["openApiSchema"]["inlinePayload"])
    operations = [it["operationId"] for path in sent["paths"].values() for it in path.values()]
    judged = gateway_target.validate({"name": "desk", "targetConfiguration": target.target_configuration()})
    return {"problems": [str(it) for it in judged], "operations": operations}
