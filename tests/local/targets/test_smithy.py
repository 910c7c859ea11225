"""Smithy targets: APIs of AWS are called on local AWS, other services by the http traits of their model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.wrappers import Response

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
API = "smithy.api#"
REST = {"aws.protocols#restJson1": {}}


def model(service_traits: dict[str, Any], operations: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    document = {
        "smithy": "2.0",
        "shapes": {
            "ex#S": {
                "type": "service",
                "version": "1",
                "operations": [{"target": f"ex#{name}"} for name in operations],
                "traits": service_traits,
            },
            **{f"ex#{name}": {"type": "operation", **operation} for name, operation in operations.items()},
            **{f"ex#{name}": shape for name, shape in shapes.items()},
        },
    }
    return {"mcp": {"smithyModel": {"inlinePayload": json.dumps(document)}}}


def member(target: str, **traits: Any) -> dict[str, Any]:
    return {"target": target, "traits": {f"{API}{name}": value for name, value in traits.items()}}


VALUE = {"type": "union", "members": {"S": member(f"{API}String"), "B": member(f"{API}Blob"), "M": member("ex#Item")}}
ITEM = {"type": "map", "key": member(f"{API}String"), "value": member("ex#Value")}
DYNAMODB = model(
    {"aws.protocols#awsJson1_0": {}, "aws.api#service": {"sdkId": "DynamoDB", "endpointPrefix": "dynamodb"}},
    {
        "PutItem": {
            "input": member("ex#Put"),
            "traits": {f"{API}documentation": "<p>Puts an <b>item</b>.</p>"},
        },
        "GetItem": {"input": member("ex#Get")},
    },
    {
        "Value": VALUE,
        "Item": ITEM,
        "Put": {
            "type": "structure",
            "members": {
                "TableName": member(f"{API}String", required={}, documentation="Where to"),
                "Item": member("ex#Item", required={}),
            },
        },
        "Get": {
            "type": "structure",
            "members": {"TableName": member(f"{API}String", required={}), "Key": member("ex#Item", required={})},
        },
    },
)


@pytest.fixture
def table(local_aws: Any) -> str:
    name: str = local_aws.unique("table")
    local_aws.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def test_dynamodb_keeps_what_a_tool_puts(gateway: Any, table: str) -> None:
    gateway.target(DYNAMODB, ROLE, name="db")
    item = {"id": {"S": "1"}, "data": {"B": "AAE="}, "more": {"M": {"x": {"S": "y"}}}}
    assert gateway.call("db___PutItem", {"TableName": table, "Item": item}) == ({}, False)
    found, failed = gateway.call("db___GetItem", {"TableName": table, "Key": {"id": {"S": "1"}}})
    assert (found, failed) == ({"Item": item}, False)


def test_what_aws_refuses_is_an_error_with_its_code(gateway: Any) -> None:
    gateway.target(DYNAMODB, ROLE, name="db")
    text, failed = gateway.call("db___GetItem", {"TableName": "nothing-here", "Key": {"id": {"S": "1"}}})
    assert failed
    assert text.startswith("ResourceNotFoundException - ")


def test_shapes_become_json_schema(gateway: Any) -> None:
    gateway.target(DYNAMODB, ROLE, name="db")
    put = gateway.tools()["db___PutItem"]
    assert put["description"] == "Puts an item."
    schema = put["inputSchema"]
    assert schema["required"] == ["TableName", "Item"]
    assert schema["properties"]["TableName"] == {"type": "string", "description": "Where to"}
    value = schema["properties"]["Item"]["additionalProperties"]
    assert value["properties"]["B"] == {"type": "string", "contentEncoding": "base64"}
    assert value["properties"]["M"] == {"type": "object"}, "it contains itself"


def test_the_hosted_model_of_dynamodb_is_there(gateway: Any, table: str) -> None:
    uri = "s3://amazonbedrockagentcore-built-sampleschemas455e0815-omxvr7ybq9g8/dynamodb-smithy.json"
    gateway.target({"mcp": {"smithyModel": {"s3": {"uri": uri}}}}, ROLE, name="db")
    assert {"db___PutItem", "db___GetItem", "db___Query"} <= set(gateway.tools())
    gateway.call("db___PutItem", {"TableName": table, "Item": {"id": {"S": "7"}}})
    found, _ = gateway.call("db___GetItem", {"TableName": table, "Key": {"id": {"S": "7"}}})
    assert found == {"Item": {"id": {"S": "7"}}}


def rules_for(url: str) -> dict[str, Any]:
    rule = {"type": "endpoint", "conditions": [], "endpoint": {"url": url}}
    return {"smithy.rules#endpointRuleSet": {"version": "1.0", "rules": [rule]}}


FORECAST = {
    "Forecast": {
        "input": member("ex#In"),
        "traits": {f"{API}http": {"method": "POST", "uri": "/cities/{city}/forecast?unit=C"}},
    }
}
FORECAST_SHAPES = {
    "In": {
        "type": "structure",
        "members": {
            "city": member(f"{API}String", httpLabel={}, required={}),
            "days": member("ex#Days", httpQuery="day"),
            "token": member(f"{API}String", httpHeader="X-Token"),
            "since": member(f"{API}Timestamp"),
            "note": member(f"{API}String", jsonName="Note"),
        },
    },
    "Days": {"type": "list", "member": member(f"{API}Integer")},
}


def test_another_service_is_called_by_its_http_traits(gateway: Any, counterpart: Any) -> None:
    gateway.target(model({**REST, **rules_for(counterpart.url)}, FORECAST, FORECAST_SHAPES), ROLE)
    counterpart.answer = lambda _: Response('{"sun":1}', content_type="application/json")
    arguments = {"city": "Bad X", "days": [1, 2], "token": "t", "since": "1970-01-01T00:00:10Z", "note": "n"}
    assert gateway.call("t___Forecast", arguments) == ({"sun": 1}, False)
    assert counterpart.last.path == "/cities/Bad%20X/forecast"
    assert counterpart.last.query == "unit=C&day=1&day=2"
    assert counterpart.last.headers["x-token"] == "t"
    assert counterpart.last.json == {"since": 10.0, "Note": "n"}


def test_a_service_without_an_address_is_an_error(gateway: Any) -> None:
    gateway.target(model(REST, FORECAST, FORECAST_SHAPES), ROLE)
    text, failed = gateway.call("t___Forecast", {"city": "x"})
    assert failed
    assert "smithy.rules#endpointRuleSet" in text
