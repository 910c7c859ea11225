"""API Gateway targets: tools of a REST API in the local backend, calls through its stage's integrations."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
ECHO = """
import json
def handler(event, context):
    return {"statusCode": 201, "body": json.dumps({"id": event["pathParameters"]["petId"], "q": event["queryStringParameters"]})}
"""


class RestApi:
    """A REST API on local AWS, built method by method."""

    def __init__(self, local_aws: ControlPlane) -> None:
        self.aws = local_aws
        self.client = local_aws.client("apigateway")
        self.id = self.client.create_rest_api(name="pets")["id"]
        self.resources = {"/": self.client.get_resources(restApiId=self.id)["items"][0]["id"]}

    def method(
        self, path: str, method: str, integration: dict[str, Any], *, responds: bool = True, **more: Any
    ) -> None:
        """responds: whether the method declares a response, as the console does."""
        parent = "/"
        for part in path.strip("/").split("/"):
            here = f"{parent.rstrip('/')}/{part}"
            if here not in self.resources:
                made = self.client.create_resource(restApiId=self.id, parentId=self.resources[parent], pathPart=part)
                self.resources[here] = made["id"]
            parent = here
        where = {"restApiId": self.id, "resourceId": self.resources[path], "httpMethod": method}
        self.client.put_method(**where, **{"authorizationType": "NONE", **more})
        if responds:
            self.client.put_method_response(**where, statusCode="200")
        self.client.put_integration(**where, integrationHttpMethod=method, **integration)

    def deploy(self) -> None:
        self.client.create_deployment(restApiId=self.id, stageName="prod")

    def configuration(self, *filters: tuple[str, str], overrides: Any = None, stage: str = "prod") -> dict[str, Any]:
        tools: dict[str, Any] = {
            "toolFilters": [{"filterPath": path, "methods": methods.split()} for path, methods in filters]
        }
        if overrides:
            tools["toolOverrides"] = overrides
        return {"mcp": {"apiGateway": {"restApiId": self.id, "stage": stage, "apiGatewayToolConfiguration": tools}}}


@pytest.fixture
def pets(local_aws: ControlPlane, counterpart: Counterpart) -> RestApi:
    api = RestApi(local_aws)
    proxy = {"type": "HTTP_PROXY", "uri": f"{counterpart.url}/animals"}
    limit = {"requestParameters": {"method.request.querystring.limit": False}}
    api.method("/pets", "GET", proxy, operationName="listPets", **limit)
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    api.client.create_model(restApiId=api.id, name="Pet", contentType="application/json", schema=json.dumps(schema))
    api.method("/pets", "POST", proxy, operationName="addPet", requestModels={"application/json": "Pet"})
    one = {
        "type": "HTTP_PROXY",
        "uri": f"{counterpart.url}/animals/{{id}}",
        "requestParameters": {"integration.request.path.id": "method.request.path.petId"},
    }
    api.method("/pets/{petId}", "GET", one, operationName="getPet")
    api.method("/pets/{petId}", "DELETE", one)
    api.deploy()
    return api


def test_filters_and_overrides_choose_and_name_the_tools(gateway: Gateway, pets: RestApi) -> None:
    override = {"path": "/pets/{petId}", "method": "DELETE", "name": "removePet", "description": "Removes a pet"}
    configuration = pets.configuration(("/pets", "GET POST"), ("/pets/*", "DELETE"), overrides=[override])
    gateway.target(configuration, name="pets")
    tools = gateway.tools()
    assert set(tools) == {"pets___listPets", "pets___addPet", "pets___removePet"}
    assert tools["pets___removePet"]["description"] == "Removes a pet"
    assert tools["pets___removePet"]["inputSchema"]["required"] == ["petId"]
    assert tools["pets___addPet"]["inputSchema"]["required"] == ["name"]
    text = {"type": "string"}
    assert tools["pets___listPets"]["inputSchema"] == {
        "type": "object",
        "properties": {"limit": text, "basePath": text},
    }


def test_the_variable_of_the_exports_server_is_an_argument(
    make_gateway: Callable[..., Gateway], pets: RestApi, counterpart: Counterpart
) -> None:
    """E22 (public transcripts of 2026): whatever agents fill in for basePath fails, but the stage's name."""
    gateway = make_gateway(exceptionLevel="DEBUG")
    gateway.target(pets.configuration(("/pets", "GET")), name="pets")
    assert gateway.tools()["pets___listPets"]["description"] == "listPets"
    assert gateway.call("pets___listPets", {"basePath": "prod"}) == ({"ok": True}, False)
    refused = "Server URL parameter 'basePath' contains invalid character '/'"
    assert gateway.call("pets___listPets", {"basePath": "/prod"}) == (refused, True)
    text, failed = gateway.call("pets___listPets", {"basePath": "pets"})
    assert failed
    assert text.endswith('API request failed with status: 403 - {"message": "Forbidden"}')
    assert len(counterpart.received) == 1


def test_a_method_without_responses_fails_the_target_later(
    gateway: Gateway, local_aws: ControlPlane, counterpart: Counterpart
) -> None:
    """E34 (public transcripts of 2026): the request is taken; put_method_response and an update cure."""
    api = RestApi(local_aws)
    proxy = {"type": "HTTP_PROXY", "uri": counterpart.url}
    api.method("/cart", "GET", proxy, operationName="getCart", responds=False)
    api.deploy()
    target = gateway.target(api.configuration(("/cart", "GET")))
    found = gateway.get(target)
    reason = "Failed to parse OpenAPI specification: attribute paths.'/cart'(get).responses is missing"
    assert (found["status"], found["statusReasons"]) == ("FAILED", [reason])
    assert gateway.tools() == {}
    where = {"restApiId": api.id, "resourceId": api.resources["/cart"], "httpMethod": "GET"}
    api.client.put_method_response(**where, statusCode="200")
    local_aws.control.update_gateway_target(
        gatewayIdentifier=gateway.id, targetId=target, name="t", targetConfiguration=found["targetConfiguration"]
    )
    assert gateway.get(gateway.settle(target))["status"] == "READY"
    assert gateway.call("t___getCart") == ({"ok": True}, False)


def test_http_proxy_integrations_are_called(gateway: Gateway, pets: RestApi, counterpart: Counterpart) -> None:
    gateway.target(pets.configuration(("/pets", "GET POST"), ("/pets/{petId}", "GET")), name="pets")
    assert gateway.call("pets___listPets", {"limit": "3"}) == ({"ok": True}, False)
    assert (counterpart.last.path, counterpart.last.query) == ("/animals", "limit=3")
    gateway.call("pets___addPet", {"name": "Rex"})
    assert (counterpart.last.method, counterpart.last.json) == ("POST", {"name": "Rex"})
    gateway.call("pets___getPet", {"petId": "7"})
    assert counterpart.last.path == "/animals/7"


def test_methods_that_ask_for_a_signature_or_a_key_get_it(
    make_gateway: Callable[..., Gateway], local_aws: ControlPlane, counterpart: Counterpart, api_key: Any
) -> None:
    gateway = make_gateway(exceptionLevel="DEBUG")
    api = RestApi(local_aws)
    proxy = {"type": "HTTP_PROXY", "uri": counterpart.url}
    api.method("/signed", "GET", proxy, operationName="signed", authorizationType="AWS_IAM")
    api.method("/keyed", "GET", proxy, operationName="keyed", apiKeyRequired=True)
    api.deploy()
    api.client.create_api_key(name=local_aws.unique("key"), value="k" * 20, enabled=True)
    signed, keyed = api.configuration(("/signed", "GET")), api.configuration(("/keyed", "GET"))
    gateway.target(signed, ROLE, name="signed")
    gateway.target(signed, name="unsigned")
    gateway.target(keyed, api_key("k" * 20, credentialParameterName="x-api-key"), name="keyed")
    gateway.target(keyed, api_key("wrong", credentialParameterName="x-api-key"), name="lock")
    assert gateway.call("signed___signed") == ({"ok": True}, False)
    assert "authorization" not in counterpart.last.headers
    assert gateway.call("keyed___keyed") == ({"ok": True}, False)
    for tool in ("unsigned___signed", "lock___keyed"):
        text, failed = gateway.call(tool)
        assert failed
        assert "Client error: API request failed with status: 403 - {" in text


def test_lambda_and_mock_integrations_answer(gateway: Gateway, local_aws: ControlPlane) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("app.py", ECHO)
    arn = local_aws.client("lambda").create_function(
        FunctionName=local_aws.unique("pets"),
        Runtime="python3.12",
        Role=local_aws.execution_role(),
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    api = RestApi(local_aws)
    uri = f"arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/{arn}/invocations"
    api.method("/pets/{petId}", "POST", {"type": "AWS_PROXY", "uri": uri}, operationName="invoke")
    api.method("/mock", "GET", {"type": "MOCK"}, operationName="mock")
    where = {"restApiId": api.id, "resourceId": api.resources["/mock"], "httpMethod": "GET", "statusCode": "200"}
    api.client.put_integration_response(**where, responseTemplates={"application/json": '{"mock":1}'})
    api.deploy()
    gateway.target(api.configuration(("/*", "GET POST")))
    assert gateway.call("t___invoke", {"petId": "7"}) == ({"id": "7", "q": None}, False)
    assert gateway.call("t___mock") == ({"mock": 1}, False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"restApiId": "nothing"}, "REST API nothing does not exist in us-west-2"),
        ({"stage": "beta"}, "has no stage beta"),
        ({"filters": [("/pets/{petId}", "DELETE")]}, "DELETE /pets/{petId} has no operationId"),
        ({"filters": [("/cats", "GET")]}, "toolFilters select no operation"),
        (
            {"overrides": [{"path": "/pets/{petId}", "method": "GET", "name": "x"}]},
            "toolOverrides: GET /pets/{petId} is not one of the operations",
        ),
    ],
)
def test_what_the_export_lacks_is_refused(
    gateway: Gateway, pets: RestApi, change: dict[str, Any], message: str
) -> None:
    filters = change.get("filters", [("/pets", "GET")])
    configuration = pets.configuration(*filters, overrides=change.get("overrides"), stage=change.get("stage", "prod"))
    configuration["mcp"]["apiGateway"]["restApiId"] = change.get("restApiId", pets.id)
    with pytest.raises(ClientError) as refused:
        gateway.target(configuration)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert message in str(refused.value)
