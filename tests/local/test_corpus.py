"""The corpora before local AWS, which judges by itself: what it refuses is what the rules call an error.

What it accepts becomes READY, and of a document that has operations each becomes a tool.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import corpus
import pytest
from corpus import Bad, Real

from agentcore_provider.rules import openapi

GATEWAY = "shop-0123456789"
ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
MOST_TARGETS = 100
MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
HERE = {
    "arn:aws-us-gov:": "arn:aws:",
    "arn:aws-cn:": "arn:aws:",
    "us-gov-west-1": "us-west-2",
    "role/service-role/shop": "role/service-role/service",
    # The one member whose name in JSON is not that of the model.
    '"defaultDomain":': '"default":',
}
"""What the documents say, and what it is on this local AWS."""

GOOD = [pytest.param(noun, name, id=f"{noun}: {name}") for noun in corpus.NOUNS for name in corpus.good(noun)]
BAD = [pytest.param(noun, it, id=f"{noun}: {it.broken}") for noun in corpus.NOUNS for it in corpus.bad(noun)]
REAL = [pytest.param(it, id=it.name) for it in corpus.real("openapi")]


class Shop:
    """A local AWS with everything that the corpora speak of, and requests made of their documents."""

    def __init__(self, aws: Any) -> None:
        self.aws = aws
        self.role_arn = aws.role()
        for name in (
            "BedrockAgentCoreGatewayExecutionRole",
            "shop",
            "runtimes",
            "inside",
            "guarded",
            "discreet",
            "open",
        ):
            self._role(name, "/")
        self._role("service", "/service-role/")
        for name in ("orders", "before", "after"):
            self._function(name)
        s3 = aws.client("s3")
        for bucket in ("schemas", "models"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        tools = corpus.good("tools")
        api, model = corpus.good("openapi")["quick start"], corpus.good("smithy")["weather"]
        for key, content in {"orders": next(iter(tools.values())), "legacy": api}.items():
            s3.put_object(Bucket="schemas", Key=f"{key}.json", Body=json.dumps(content))
        for key in ("weather", "crm", "calendar", "signed"):
            s3.put_object(Bucket="schemas", Key=f"{key}.yaml", Body=json.dumps(api))
        s3.put_object(Bucket="models", Key="dynamodb.json", Body=json.dumps(model))
        aws.control.create_api_key_credential_provider(name="weather", apiKey="key")
        for name in ("crm", "calendar"):
            discovery = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"}
            client = {"oauthDiscovery": discovery, "clientId": "client", "clientSecret": "secret"}
            aws.control.create_oauth2_credential_provider(
                name=name,
                credentialProviderVendor="CustomOauth2",
                oauth2ProviderConfigInput={"customOauth2ProviderConfig": client},
            )
        self.rest_api = self._rest_api()

    def create(
        self, noun: str, document: Any, gateway: Mapping[str, Any] | None = None, target: str | None = None
    ) -> tuple[int, Any]:
        """Status and answer of a request for what a document describes.

        Without boto3, which would leave out what it does not know. gateway: its members, for a target.
        target: its name, for a schema.
        """
        headers = self.aws.signed("bedrock-agentcore")
        if noun == "gateways":
            request = {"name": self.aws.unique("shop"), **self.sendable(document)}
            status, answer = self.aws.http("POST", "/gateways/", request, headers)
            if status == 202:
                self.aws.control.delete_gateway(gatewayIdentifier=answer["gatewayId"])
            return status, answer
        if noun == "targets":
            request = self.sendable(document)
        elif noun == "tools":
            request = {"targetConfiguration": self.aws.lambda_configuration(document)}
        else:
            member = "openApiSchema" if noun == "openapi" else "smithyModel"
            payload = document if isinstance(document, str) else json.dumps(document)
            request = {"targetConfiguration": {"mcp": {member: {"inlinePayload": payload}}}}
        if noun != "targets":
            request["name"] = target or self.aws.unique("target")
            request["credentialProviderConfigurations"] = None if noun == "openapi" else ROLE
        gateway_id = request.pop("gatewayIdentifier", GATEWAY)
        if gateway_id == GATEWAY:
            gateway_id = self.gateway_for(request, gateway)
        return self.aws.http("POST", f"/gateways/{quote(str(gateway_id), safe='')}/targets/", request, headers)

    def gateway_for(self, request: Mapping[str, Any], gateway: Mapping[str, Any] | None) -> str:
        """The id of a new gateway that targets of this kind can have."""
        http = "http" in (request.get("targetConfiguration") or {})
        members = {"authorizerType": "AWS_IAM", "protocolType": None if http else "MCP", **(gateway or {})}
        if members["authorizerType"] == "CUSTOM_JWT":
            members["authorizerConfiguration"] = corpus.good("gateways")["lambda sign-in of the quick start"][
                "authorizerConfiguration"
            ]
        made: str = self.aws.gateway(**{"roleArn": self.role_arn, **members})["gatewayId"]
        return made

    def sendable(self, document: Any) -> Any:
        """The document with whole numbers, as JSON knows them, about things that this local AWS has."""
        text = json.dumps(document).replace("abc123defg", self.rest_api)
        for there, here in HERE.items():
            text = text.replace(there, here)
        return json.loads(text, parse_float=lambda said: int(float(said)) if float(said).is_integer() else float(said))

    def _role(self, name: str, path: str) -> None:
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "bedrock-agentcore.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = self.aws.client("iam").create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document)
        self.aws.allow(role["Role"]["Arn"], "lambda:InvokeFunction", "*")

    def _function(self, name: str) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("index.py", "def handler(event, context): return event")
        self.aws.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=self.role_arn,
            Handler="index.handler",
            Code={"ZipFile": archive.getvalue()},
            Publish=True,
        )
        self.aws.client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    def _rest_api(self) -> str:
        apigateway = self.aws.client("apigateway")
        api: str = apigateway.create_rest_api(name="pets")["id"]
        parent = apigateway.get_resources(restApiId=api)["items"][0]["id"]
        for part, name in (("pets", "listPets"), ("{petId}", "getPet")):
            parent = apigateway.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"]
            at = {"restApiId": api, "resourceId": parent, "httpMethod": "GET"}
            apigateway.put_method(**at, authorizationType="NONE", operationName=name)
            apigateway.put_integration(**at, type="HTTP", integrationHttpMethod="GET", uri="https://pets.example.com")
        apigateway.create_deployment(restApiId=api, stageName="prod")
        return api


@pytest.fixture(scope="module")
def shop(local_aws: Any) -> Shop:
    return Shop(local_aws)


@pytest.mark.parametrize(("noun", "name"), GOOD)
def test_a_good_document_is_accepted(shop: Shop, noun: str, name: str) -> None:
    status, answer = shop.create(noun, corpus.good(noun)[name])
    assert status == 202, answer


@pytest.mark.parametrize(("noun", "case"), BAD)
def test_what_is_an_error_is_refused_and_what_is_a_warning_is_not(shop: Shop, noun: str, case: Bad) -> None:
    status, answer = shop.create(noun, case.document, **case.options)
    assert (status == 202) == (case.severity == "warning"), answer
    assert status < 500, answer


@pytest.mark.parametrize("real", REAL)
def test_a_real_description_is_refused_if_it_breaks_a_rule(shop: Shop, real: Real) -> None:
    status, answer = shop.create("openapi", real.text)
    assert status == (400 if real.refused else 202), answer


@pytest.mark.parametrize("real", [it for it in REAL if it.values[0].refused])
def test_a_mended_description_is_accepted_unless_something_is_left(shop: Shop, real: Real) -> None:
    status, answer = shop.create("openapi", openapi.mend(real.text, server=real.server).document)
    assert status == (400 if real.left else 202), answer


def served(shop: Shop, member: str, documents: Mapping[str, Any]) -> dict[str, set[str]]:
    """The tools that the data plane lists for each document, of targets that are ready."""
    listed: dict[str, set[str]] = {}
    names = list(documents)
    for first in range(0, len(names), MOST_TARGETS):
        gateway_id = shop.aws.gateway()["gatewayId"]
        targets = {}
        for name in names[first : first + MOST_TARGETS]:
            configuration = {"mcp": {member: {"inlinePayload": json.dumps(documents[name])}}}
            made = shop.aws.create_target(gateway_id, configuration, None if member == "openApiSchema" else ROLE)
            found = shop.aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=made["targetId"])
            assert found["status"] == "READY", (name, found.get("statusReasons"))
            targets[made["name"]] = name
            listed[name] = set()
        for tool in tools_of(shop, gateway_id):
            target, _, operation = tool["name"].partition("___")
            assert tool["inputSchema"]["type"] == "object"
            listed[targets[target]].add(operation)
    return listed


def tools_of(shop: Shop, gateway_id: str) -> Iterator[Any]:
    """Every tool of a gateway, page by page."""
    given: dict[str, Any] = {}
    while True:
        request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": given}
        _, answer = shop.aws.http("POST", f"/gateways/{gateway_id}/mcp", request, MCP)
        yield from answer["result"]["tools"]
        given = {"cursor": answer["result"].get("nextCursor")}
        if not given["cursor"]:
            return


def test_every_operation_of_an_accepted_description_is_a_tool(shop: Shop) -> None:
    documents = {
        real.name: openapi.mend(real.text, server=real.server).document
        for real in corpus.real("openapi")
        if not real.left
    } | corpus.good("openapi")
    listed = served(shop, "openApiSchema", documents)
    assert listed == {
        name: {
            operation["operationId"]
            for path, item in document["paths"].items()
            if not path.startswith("x-")
            for method, operation in item.items()
            if method in METHODS
        }
        for name, document in documents.items()
    }
    assert len(documents) > 100


def test_every_operation_of_a_real_smithy_model_is_a_tool(shop: Shop) -> None:
    models = {real.name: json.loads(real.text) for real in corpus.real("smithy")}
    listed = served(shop, "smithyModel", models)
    assert listed == {
        name: {
            shape_id.partition("#")[2] for shape_id, shape in model["shapes"].items() if shape["type"] == "operation"
        }
        for name, model in models.items()
    }
