from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example.com"}],
    "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "ok"}}}}},
}


def tool(name: str = "find", kind: str = "object") -> list[dict[str, Any]]:
    return [{"name": name, "description": "d", "inputSchema": {"type": kind}}]


def openapi(**changes: Any) -> dict[str, Any]:
    return {"mcp": {"openApiSchema": {"inlinePayload": json.dumps({**OPENAPI, **changes})}}}


def test_a_schema_in_s3_is_read_when_the_target_is_made(local_aws: ControlPlane, gateway_id: str) -> None:
    s3, bucket = local_aws.client("s3"), local_aws.unique("schemas")
    schema = {"s3": {"uri": f"s3://{bucket}/tools/orders.json"}}
    with pytest.raises(ClientError, match="Failed to read schema"):
        local_aws.create_target(gateway_id, local_aws.lambda_configuration(schema), ROLE)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    with pytest.raises(ClientError, match="the object does not exist"):
        local_aws.create_target(gateway_id, local_aws.lambda_configuration(schema), ROLE)
    broken = json.dumps([{"name": "x", "description": "d", "inputSchema": {"type": "object", "enum": []}}])
    for body, message in (("{", "not JSON"), (broken, "'toolSchema\\[0\\].inputSchema.enum'")):
        s3.put_object(Bucket=bucket, Key="tools/orders.json", Body=body)
        with pytest.raises(ClientError, match=message):
            local_aws.create_target(gateway_id, local_aws.lambda_configuration(schema), ROLE)
    s3.put_object(Bucket=bucket, Key="tools/orders.json", Body=json.dumps(tool()))
    assert local_aws.create_target(gateway_id, local_aws.lambda_configuration(schema), ROLE)["targetId"]
    schema["s3"]["bucketOwnerAccountId"] = "999999999999"
    with pytest.raises(ClientError, match="does not belong to 999999999999"):
        local_aws.create_target(gateway_id, local_aws.lambda_configuration(schema), ROLE)


@pytest.mark.parametrize(
    ("tools", "message"),
    [
        ([], "at least one tool"),
        (tool() + tool(), "Tool name find is used 2 times"),
        (tool("x" * 250), "longer than 256"),
        (tool("find", "string"), "inputSchema of tool find must be of type object at the top, not string"),
        (tool("") + tool("find", "array"), "2 validation errors detected"),
        ([{**tool()[0], "description": "d" * 1024 * 1024}], "put the schema into S3"),
    ],
)
def test_tool_schemas_obey_the_guide(local_aws: ControlPlane, gateway_id: str, tools: Any, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        local_aws.create_target(gateway_id, local_aws.lambda_configuration(tools), ROLE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"openapi": None, "swagger": "2.0"}, "version 3.0 or 3.1"),
        ({"servers": []}, "server with an absolute URL"),
        ({"servers": [{"url": "/v1"}]}, "must be absolute"),
        ({"servers": [{"url": "https://{host}/v1"}]}, "templated host"),
        ({"paths": {"/pets": {"get": {"responses": {}}}}}, "operationId is missing in GET /pets"),
    ],
)
def test_openapi_documents_obey_the_guide(
    local_aws: ControlPlane, gateway_id: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        local_aws.create_target(gateway_id, openapi(**changes))


def answering(content: Any, **operation: Any) -> dict[str, Any]:
    """Paths with one operation that answers this content."""
    responses = {"200": {"description": "Done", "content": content}}
    return {"/pets": {"post": {"operationId": "addPet", "responses": responses, **operation}}}


def holding(schema: Any) -> dict[str, Any]:
    """JSON of this schema."""
    return {"application/json": {"schema": schema}}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        pytest.param(
            {"paths": {"/pets": {"get": {"operationId": "a"}}}},
            ["Failed to parse OpenAPI specification: attribute paths.'/pets'(get).responses is missing"],
            id="E27-E34-responses",
        ),
        pytest.param(
            {
                "paths": {"/pets": {"get": {"operationId": "a", "responses": {"200": {}}, "requestBody": {}}}},
                "components": {"securitySchemes": {"key": {}}},
            },
            [
                "Failed to parse OpenAPI specification: attribute components.securitySchemes.key.type is missing, "
                "attribute paths.'/pets'(get).requestBody.content is missing, "
                "attribute paths.'/pets'(get).responses.200.description is missing"
            ],
            id="E27-several",
        ),
        pytest.param(
            {"paths": answering({"text/plain": {}, "application/json; charset=utf-8": {}})},
            ["MediaType text/plain is not supported in response"],
            id="E25-response",
        ),
        pytest.param(
            {
                "paths": answering({}, requestBody={"content": holding({"$ref": "#/components/x"})}),
                "components": {"x": {"properties": {"kind": {"oneOf": []}}}},
            },
            ["schema with oneOf is currently not supported"],
            id="E26-request",
        ),
        pytest.param(
            {"paths": answering(holding({"oneOf": [{"type": "string"}]}))},
            ["schema with oneOf is currently not supported"],
            id="E26-response",
        ),
    ],
)
def test_what_the_service_finds_only_when_it_reads_fails_the_target(
    local_aws: ControlPlane, gateway_id: str, changes: dict[str, Any], reasons: list[str]
) -> None:
    """E25, E26, E27, E34 (public reports of 2026): the request is taken, statusReasons say why the target failed."""
    control, found = local_aws.control, {}

    def settled(target_id: str) -> tuple[str, Any]:
        found.update(control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=target_id))
        return found["status"], found.get("statusReasons")

    target_id = local_aws.create_target(gateway_id, openapi(**changes))["targetId"]
    assert settled(target_id) == ("FAILED", reasons)
    given = {"gatewayIdentifier": gateway_id, "targetId": target_id, "name": found["name"]}
    control.update_gateway_target(**given, targetConfiguration=openapi())
    found.pop("statusReasons")
    assert settled(target_id) == ("READY", None)
    control.update_gateway_target(**given, targetConfiguration=openapi(**changes))
    assert settled(target_id) == ("UPDATE_UNSUCCESSFUL", reasons)


@pytest.mark.parametrize("keyword", ["anyOf", "allOf"])
def test_other_compositions_have_been_taken(local_aws: ControlPlane, gateway_id: str, keyword: str) -> None:
    """Documents of AWS's own samples that deployed have them, though the developer guide excludes them."""
    for paths in (
        answering(holding({keyword: []})),
        answering({}, requestBody={"content": holding({keyword: []})}),
    ):
        made = local_aws.create_target(gateway_id, openapi(paths=paths))
        found = local_aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=made["targetId"])
        assert found["status"] == "READY"


def test_a_body_may_be_of_any_type(local_aws: ControlPlane, gateway_id: str) -> None:
    """Only answers were observed to fail a target for their media type, and AWS's own templates upload files."""
    paths = answering({}, requestBody={"content": {"application/octet-stream": {"schema": {"type": "string"}}}})
    made = local_aws.create_target(gateway_id, openapi(paths=paths))
    found = local_aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=made["targetId"])
    assert found["status"] == "READY"


def test_a_property_may_be_named_like_a_keyword(local_aws: ControlPlane, gateway_id: str) -> None:
    schema = {"type": "object", "properties": {"oneOf": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    responses = {"200": {"description": "Added"}}
    paths = {"/pets": {"post": {"operationId": "addPet", "requestBody": body, "responses": responses}}}
    assert local_aws.create_target(gateway_id, openapi(paths=paths))["targetId"]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("{", "not JSON"),
        ({"openapi": "3.0.0"}, "JSON AST"),
        ({"smithy": "2.0", "shapes": {"a#S": {"type": "service"}}}, "protocol aws.protocols#restJson1"),
        (
            {
                "smithy": "2.0",
                "shapes": {
                    "a#S": {
                        "type": "service",
                        "operations": [{"target": "a#O"}],
                        "traits": {"aws.protocols#restJson1": {}},
                    },
                    "a#O": {"type": "operation", "input": {"target": "a#I"}},
                    "a#I": {"type": "structure", "members": {"body": {"target": "a#B"}}},
                    "a#B": {"type": "blob", "traits": {"smithy.api#streaming": {}}},
                },
            },
            "must not stream: body, a#B",
        ),
    ],
)
def test_smithy_models_obey_the_guide(local_aws: ControlPlane, gateway_id: str, model: Any, message: str) -> None:
    payload = model if isinstance(model, str) else json.dumps(model)
    with pytest.raises(ClientError, match=message):
        local_aws.create_target(gateway_id, {"mcp": {"smithyModel": {"inlinePayload": payload}}}, ROLE)
