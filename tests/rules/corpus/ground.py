"""What the documents of the corpora speak of, made on an AWS: roles, functions, schemas, credentials, a REST API.

Local AWS keeps these things for the whole process, so they may be there from another test module.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import corpus
from botocore.exceptions import ClientError

_ROLES = ("BedrockAgentCoreGatewayExecutionRole", "shop", "runtimes", "inside", "guarded", "discreet", "open")
_ENGINE = "policy-engine/shop-0123456789"
_HERE = {
    "arn:aws-us-gov:": "arn:aws:",
    "arn:aws-cn:": "arn:aws:",
    "us-gov-west-1": "us-west-2",
    "role/service-role/shop": "role/service-role/service",
}


class Ground:
    """Everything is made when this is. client: makes a boto3 client of a service. role_arn: of an execution role."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client
        for name in _ROLES:
            self.role_arn = self._role(name, "/")
        self._role("service", "/service-role/")
        for name in ("orders", "before", "after"):
            self._function(name)
        self._schemas()
        self._credential_providers()
        self._rest_api = self._made_rest_api()
        self._engine = self._made_policy_engine()

    def here(self, document: Any) -> Any:
        """The document about things of this AWS: of its one partition, with ids as it gave them."""
        text = json.dumps(document).replace("abc123defg", self._rest_api)
        text = text.replace(_ENGINE, self._engine)
        for there, here in _HERE.items():
            text = text.replace(there, here)
        return json.loads(text)

    def _role(self, name: str, path: str) -> str:
        service = {"Service": "bedrock-agentcore.amazonaws.com"}
        trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
        invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
        documents = [json.dumps({"Version": "2012-10-17", "Statement": [it]}) for it in (trust, invoke)]
        iam = self._client("iam")
        _make(iam.create_role, RoleName=name, Path=path, AssumeRolePolicyDocument=documents[0])
        iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=documents[1])
        arn: str = iam.get_role(RoleName=name)["Role"]["Arn"]
        return arn

    def _made_policy_engine(self) -> str:
        """An engine that the role `open` may ask."""
        asking = {"Effect": "Allow", "Action": "bedrock-agentcore:*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [asking]})
        self._client("iam").put_role_policy(RoleName="open", PolicyName="engine", PolicyDocument=document)
        made = self._client("bedrock-agentcore-control").create_policy_engine(name=f"corpus_{uuid.uuid4().hex[:8]}")
        return str(made["policyEngineArn"].rpartition(":")[2])

    def _function(self, name: str) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("index.py", "def handler(event, context): return event")
        functions = self._client("lambda")
        _make(
            functions.create_function,
            FunctionName=name,
            Runtime="python3.11",
            Role=self.role_arn,
            Handler="index.handler",
            Code={"ZipFile": archive.getvalue()},
            Publish=True,
        )
        _make(functions.create_alias, FunctionName=name, Name="live", FunctionVersion="1")

    def _schemas(self) -> None:
        api = corpus.good("openapi")["quick start"]
        objects = {
            ("schemas", "orders.json"): next(iter(corpus.good("tools").values())),
            ("schemas", "legacy.json"): api,
            **{("schemas", f"{key}.yaml"): api for key in ("weather", "crm", "calendar", "signed")},
            ("models", "dynamodb.json"): corpus.good("smithy")["weather"],
        }
        s3 = self._client("s3")
        for bucket in ("schemas", "models"):
            _make(s3.create_bucket, Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        for (bucket, key), content in objects.items():
            s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(content))

    def _credential_providers(self) -> None:
        control = self._client("bedrock-agentcore-control")
        _make(control.create_api_key_credential_provider, name="weather", apiKey="key")
        discovery = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"}
        for name in ("crm", "calendar"):
            client = {"oauthDiscovery": discovery, "clientId": "client", "clientSecret": "secret"}
            _make(
                control.create_oauth2_credential_provider,
                name=name,
                credentialProviderVendor="CustomOauth2",
                oauth2ProviderConfigInput={"customOauth2ProviderConfig": client},
            )

    def _made_rest_api(self) -> str:
        apigateway = self._client("apigateway")
        api: str = apigateway.create_rest_api(name="pets")["id"]
        parent = apigateway.get_resources(restApiId=api)["items"][0]["id"]
        for part, name in (("pets", "listPets"), ("{petId}", "getPet")):
            parent = apigateway.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"]
            at = {"restApiId": api, "resourceId": parent, "httpMethod": "GET"}
            apigateway.put_method(**at, authorizationType="NONE", operationName=name)
            apigateway.put_method_response(**at, statusCode="200")
            apigateway.put_integration(**at, type="HTTP", integrationHttpMethod="GET", uri="https://pets.example.com")
        apigateway.create_deployment(restApiId=api, stageName="prod")
        return api


def _make(create: Callable[..., Any], **members: Any) -> None:
    """Make what is not there yet."""
    try:
        create(**members)
    except ClientError as refusal:
        if "exist" not in str(refusal).lower() and "own" not in str(refusal).lower():
            raise
