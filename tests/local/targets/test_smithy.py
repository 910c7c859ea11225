"""Smithy targets: APIs of AWS are called on local AWS, other services by the http traits of their model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Response

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
MODELS = Path(__file__).parents[2] / "rules/corpus/smithy_cli"
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
def table(local_aws: ControlPlane) -> str:
    name: str = local_aws.unique("table")
    local_aws.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def test_dynamodb_keeps_what_a_tool_puts(gateway: Gateway, table: str) -> None:
    gateway.target(DYNAMODB, ROLE, name="db")
    item = {"id": {"S": "1"}, "data": {"B": "AAE="}, "more": {"M": {"x": {"S": "y"}}}}
    assert gateway.call("db___PutItem", {"TableName": table, "Item": item}) == ({}, False)
    found, failed = gateway.call("db___GetItem", {"TableName": table, "Key": {"id": {"S": "1"}}})
    assert (found, failed) == ({"Item": item}, False)


def test_what_aws_refuses_is_an_error_with_its_code(gateway: Gateway) -> None:
    gateway.target(DYNAMODB, ROLE, name="db")
    text, failed = gateway.call("db___GetItem", {"TableName": "nothing-here", "Key": {"id": {"S": "1"}}})
    assert failed
    assert text.startswith("ResourceNotFoundException - ")


def test_shapes_become_json_schema(gateway: Gateway) -> None:
    gateway.target(DYNAMODB, ROLE, name="db")
    put = gateway.tools()["db___PutItem"]
    assert put["description"] == "Puts an item."
    schema = put["inputSchema"]
    assert schema["required"] == ["TableName", "Item"]
    assert schema["properties"]["TableName"] == {"type": "string", "description": "Where to"}
    value = schema["properties"]["Item"]["additionalProperties"]
    assert value["properties"]["B"] == {"type": "string", "contentEncoding": "base64"}
    assert value["properties"]["M"] == {"type": "object"}, "it contains itself"


def test_the_hosted_model_of_dynamodb_is_there(gateway: Gateway, table: str) -> None:
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


def test_another_service_is_called_by_its_http_traits(gateway: Gateway, counterpart: Counterpart) -> None:
    gateway.target(model({**REST, **rules_for(counterpart.url)}, FORECAST, FORECAST_SHAPES), ROLE)
    counterpart.answer = lambda _: Response('{"sun":1}', content_type="application/json")
    arguments = {"city": "Bad X", "days": [1, 2], "token": "t", "since": "1970-01-01T00:00:10Z", "note": "n"}
    assert gateway.call("t___Forecast", arguments) == ({"sun": 1}, False)
    assert counterpart.last.path == "/cities/Bad%20X/forecast"
    assert counterpart.last.query == "unit=C&day=1&day=2"
    assert counterpart.last.headers["x-token"] == "t"
    assert counterpart.last.json == {"since": 10.0, "Note": "n"}


def test_a_service_without_an_address_is_an_error(gateway: Gateway) -> None:
    gateway.target(model(REST, FORECAST, FORECAST_SHAPES), ROLE)
    text, failed = gateway.call("t___Forecast", {"city": "x"})
    assert failed
    assert "smithy.rules#endpointRuleSet" in text


def cli_model(name: str, url: str) -> dict[str, Any]:
    """A model that smithy-cli 1.73.0 wrote, with another address."""
    text = (MODELS / f"{name}.json").read_text()
    text = text.replace("http://127.0.0.1:18080", url).replace("http://localhost:18080", url)
    return {"mcp": {"smithyModel": {"inlinePayload": text}}}


def test_operations_of_a_services_mixin_are_tools(gateway: Gateway, counterpart: Counterpart) -> None:
    gateway.target(cli_model("service_mixin", counterpart.url), ROLE)
    assert list(gateway.tools()) == ["t___Ping"]
    assert gateway.call("t___Ping", {}) == ({"ok": True}, False)
    assert counterpart.last.path == "/ping"


def test_traits_applied_to_inherited_members_are_sent(gateway: Gateway, counterpart: Counterpart) -> None:
    gateway.target(cli_model("apply_on_mixin", counterpart.url), ROLE)
    assert gateway.tools()["t___GetUser"]["inputSchema"]["required"] == ["id"]
    gateway.call("t___GetUser", {"id": "a/b"})
    assert counterpart.last.path == "/users/a%2Fb"


def test_formats_of_members_are_sent(gateway: Gateway, counterpart: Counterpart) -> None:
    """A member's own timestampFormat, text with a media type in a header, and a map's names that are bound already."""
    gateway.target(cli_model("formats", counterpart.url), ROLE)
    arguments = {
        "observed": "2020-01-02T05:04:05.5+02:00",
        "since": "1970-01-01T00:00:10Z",
        "q": "named",
        "more": {"q": "of the map", "page": "2"},
        "names": ["a,b", 'c"d', "", "e"],
        "filter": '{"a":1}',
    }
    gateway.call("t___Find", arguments)
    assert counterpart.last.query == "since=10&q=named&page=2"
    assert counterpart.last.headers["x-names"] == '"a,b", "c\\"d", "", e'
    assert counterpart.last.headers["x-filter"] == "eyJhIjoxfQ=="
    assert counterpart.last.json == {"observed": "2020-01-02T03:04:05.500Z"}
    gateway.call("t___Pic", {"pic": "iVBORw=="})
    assert counterpart.last.headers["content-type"] == "image/png"
    assert counterpart.last.body == b"\x89PNG"
    text, failed = gateway.call("t___Pic", {"pic": "no base64!"})
    assert failed
    assert "must be written in base64" in text


def test_a_host_prefix_is_put_before_the_host(gateway: Gateway, counterpart: Counterpart) -> None:
    """Before a name, a loopback one too; an IP address stays as it is."""
    gateway.target(cli_model("host_prefix", counterpart.url.replace("127.0.0.1", "localhost")), ROLE)
    assert gateway.call("t___A", {}) == ({"ok": True}, False)
    assert counterpart.last.headers["host"].startswith("data.localhost:")
    gateway.target(cli_model("host_prefix", counterpart.url), ROLE, name="ip")
    assert gateway.call("ip___A", {}) == ({"ok": True}, False)


def test_a_host_label_is_checked_and_sent_in_the_body_too(gateway: Gateway, counterpart: Counterpart) -> None:
    operations = {
        "Put": {
            "input": member("ex#In"),
            "traits": {
                f"{API}http": {"method": "POST", "uri": "/"},
                f"{API}endpoint": {"hostPrefix": "{tenant}.data."},
            },
        }
    }
    shapes = {"In": {"type": "structure", "members": {"tenant": member(f"{API}String", hostLabel={}, required={})}}}
    rules = rules_for(counterpart.url.replace("127.0.0.1", "localhost"))
    gateway.target(model({**REST, **rules}, operations, shapes), ROLE)
    gateway.call("t___Put", {"tenant": "acme"})
    assert counterpart.last.headers["host"].startswith("acme.data.localhost:")
    assert counterpart.last.json == {"tenant": "acme"}
    text, failed = gateway.call("t___Put", {"tenant": "evil.example.com/"})
    assert failed
    assert "letters, digits and hyphens" in text


@pytest.mark.parametrize("version", ["1_0", "1_1"])
def test_aws_json_is_sent_in_its_own_protocol(gateway: Gateway, counterpart: Counterpart, version: str) -> None:
    """POST to the root, the operation in X-Amz-Target, everything in the body by the names of the model."""
    traits = {f"aws.protocols#awsJson{version}": {}, **rules_for(counterpart.url)}
    gateway.target(model(traits, {**FORECAST, "Ping": {}}, FORECAST_SHAPES), ROLE)
    gateway.call("t___Forecast", {"city": "Bad X", "days": [1], "since": "1970-01-01T00:00:10Z", "note": "n"})
    last = counterpart.last
    assert (last.method, last.path, last.query) == ("POST", "/", "")
    assert last.headers["x-amz-target"] == "S.Forecast"
    assert last.headers["content-type"] == f"application/x-amz-json-{version.replace('_', '.')}"
    assert last.json == {"city": "Bad X", "days": [1], "since": 10, "note": "n"}
    gateway.call("t___Ping", {})
    assert (counterpart.last.headers["x-amz-target"], counterpart.last.json) == ("S.Ping", {})


def test_what_schemas_have_no_keyword_for_is_in_words(gateway: Gateway, counterpart: Counterpart) -> None:
    """Integers with names, alternatives, ranges, lengths, patterns, media types and defaults."""
    shapes = {
        "In": {
            "type": "structure",
            "members": {
                "size": member("ex#Size", documentation="How large", default=1),
                "pay": member("ex#Pay"),
                "count": member(f"{API}Integer", range={"min": 1, "max": 9}),
                "name": member("ex#Name", documentation="Whose"),
                "tags": member("ex#Tags"),
            },
        },
        "Size": {
            "type": "intEnum",
            "members": {"SMALL": member(f"{API}Unit", enumValue=1), "LARGE": member(f"{API}Unit", enumValue=2)},
        },
        "Pay": {"type": "union", "members": {"card": member(f"{API}String"), "cash": member(f"{API}Boolean")}},
        "Name": {"type": "string", "traits": {f"{API}pattern": "^[a-z]+$", f"{API}length": {"min": 2}}},
        "Tags": {"type": "list", "member": member(f"{API}String"), "traits": {f"{API}length": {"max": 5}}},
    }
    operations = {"Buy": {"input": member("ex#In"), "traits": {f"{API}http": {"method": "POST", "uri": "/"}}}}
    gateway.target(model({**REST, **rules_for(counterpart.url)}, operations, shapes), ROLE)
    properties = gateway.tools()["t___Buy"]["inputSchema"]["properties"]
    assert properties["size"] == {
        "type": "integer",
        "enum": [1, 2],
        "description": "How large. One of: 1 (SMALL), 2 (LARGE). Default: 1.",
    }
    assert properties["pay"]["description"] == "Exactly one of: card, cash."
    assert properties["count"]["description"] == "From 1 to 9."
    assert properties["name"]["description"] == (
        "Whose. At least 2 characters. Matches the regular expression ^[a-z]+$"
    )
    assert properties["tags"]["description"] == "At most 5 items."
    _, failed = gateway.call("t___Buy", {"size": 3})
    assert failed
    gateway.call("t___Buy", {"size": 2, "pay": {"card": "c"}})
    assert counterpart.last.json == {"size": 2, "pay": {"card": "c"}}
