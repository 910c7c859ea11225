from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

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


def test_a_schema_in_s3_is_read_when_the_target_is_made(local_aws: Any, gateway_id: str) -> None:
    s3, bucket = local_aws.client("s3"), local_aws.unique("schemas")
    schema = {"s3": {"uri": f"s3://{bucket}/tools/orders.json"}}
    with pytest.raises(ClientError, match="Failed to read schema"):
        local_aws.create_target(gateway_id, local_aws.lambda_configuration(schema), ROLE)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    with pytest.raises(ClientError, match="there is no such object"):
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
def test_tool_schemas_obey_the_guide(local_aws: Any, gateway_id: str, tools: Any, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        local_aws.create_target(gateway_id, local_aws.lambda_configuration(tools), ROLE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"openapi": None, "swagger": "2.0"}, "version 3.0 or 3.1"),
        ({"servers": []}, "server with an absolute URL"),
        ({"servers": [{"url": "/v1"}]}, "must be absolute"),
        ({"servers": [{"url": "https://{host}/v1"}]}, "templated host"),
        ({"paths": {"/pets": {"get": {"operationId": "a"}}}}, r"attribute paths.'/pets'\(get\).responses is missing"),
        ({"paths": {"/pets": {"get": {"responses": {}}}}}, "operationId is missing in GET /pets"),
        (
            {
                "paths": {
                    "/pets": {
                        "post": {
                            "operationId": "addPet",
                            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/x"}}}},
                        }
                    }
                },
                "components": {"x": {"properties": {"kind": {"oneOf": []}}}},
            },
            "schema with oneOf is currently not supported: in the input of POST /pets",
        ),
    ],
)
def test_openapi_documents_obey_the_guide(
    local_aws: Any, gateway_id: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        local_aws.create_target(gateway_id, openapi(**changes))


def test_a_property_may_be_named_like_a_keyword(local_aws: Any, gateway_id: str) -> None:
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
def test_smithy_models_obey_the_guide(local_aws: Any, gateway_id: str, model: Any, message: str) -> None:
    payload = model if isinstance(model, str) else json.dumps(model)
    with pytest.raises(ClientError, match=message):
        local_aws.create_target(gateway_id, {"mcp": {"smithyModel": {"inlinePayload": payload}}}, ROLE)
