"""OpenAPI targets: every part of a request goes where the document says, and the answer comes back as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Response

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

ORDER = {
    "type": "object",
    "required": ["sku"],
    "properties": {
        "sku": {"type": "string"},
        "note": {"type": "string", "nullable": True},
        "parent": {"$ref": "#/components/schemas/Order"},
    },
}
PATHS = {
    "/orders/{orderId}": {
        "parameters": [{"name": "orderId", "in": "path", "required": True, "schema": {"type": "string"}}],
        "get": {
            "operationId": "getOrder",
            "summary": "Get an order",
            "parameters": [
                {"$ref": "#/components/parameters/Fields"},
                {
                    "name": "ids",
                    "in": "query",
                    "explode": False,
                    "schema": {"type": "array", "items": {"type": "string"}},
                },
                {
                    "name": "near",
                    "in": "query",
                    "schema": {"type": "object", "properties": {"lat": {"type": "number"}}},
                },
                {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                {"name": "session", "in": "cookie", "schema": {"type": "string"}},
                {"name": "deep", "in": "query", "schema": {"type": "boolean"}},
            ],
            "responses": {},
        },
        "put": {
            "operationId": "putOrder",
            "requestBody": {
                "required": True,
                "content": {
                    "application/xml": {"schema": {"type": "string"}},
                    "application/json": {"schema": {"$ref": "#/components/schemas/Order"}},
                },
            },
            "responses": {},
        },
    },
    "/form": {
        "post": {
            "operationId": "form",
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "a": {"type": "string"},
                                "b": {"type": "array", "items": {"type": "integer"}},
                            },
                        }
                    }
                }
            },
            "responses": {},
        }
    },
    "/upload": {
        "post": {
            "operationId": "upload",
            "requestBody": {
                "content": {
                    "multipart/form-data": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "title": {"type": "string"},
                                "file": {"type": "string", "format": "binary"},
                                "icon": {"type": "string", "contentMediaType": "image/png"},
                            },
                        }
                    }
                }
            },
            "responses": {},
        }
    },
    "/tags": {
        "post": {
            "operationId": "tags",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}},
            },
            "responses": {},
        }
    },
}
COMPONENTS = {
    "schemas": {"Order": ORDER},
    "parameters": {
        "Fields": {
            "name": "fields",
            "in": "query",
            "description": "What to show",
            "schema": {"type": "array", "items": {"type": "string"}},
        }
    },
}


@pytest.fixture
def shop(gateway: Gateway, counterpart: Counterpart, make_openapi: Any) -> Any:
    gateway.target(make_openapi(f"{counterpart.url}/v1/", PATHS, components=COMPONENTS), name="shop")
    return gateway


def test_parameters_and_body_properties_are_arguments(shop: Any) -> None:
    tools = shop.tools()
    assert list(tools) == [f"shop___{name}" for name in ("getOrder", "putOrder", "form", "upload", "tags")]
    get = tools["shop___getOrder"]
    assert get["description"] == "Get an order"
    assert get["inputSchema"]["required"] == ["orderId"]
    assert get["inputSchema"]["properties"]["fields"] == {
        "type": "array",
        "items": {"type": "string"},
        "description": "What to show",
    }
    put = tools["shop___putOrder"]["inputSchema"]
    assert sorted(put["required"]) == ["orderId", "sku"]
    assert put["properties"]["note"] == {"type": ["string", "null"]}
    assert tools["shop___tags"]["inputSchema"]["required"] == ["body"]


def test_a_schema_that_contains_itself_ends(shop: Any) -> None:
    parent = shop.tools()["shop___putOrder"]["inputSchema"]["properties"]["parent"]
    assert parent["type"] == "object"
    assert "$ref" not in str(parent)


def test_parameters_go_into_path_query_headers_and_cookies(shop: Any, counterpart: Counterpart) -> None:
    answer, failed = shop.call(
        "shop___getOrder",
        {
            "orderId": "a/b c",
            "fields": ["id", "total sum"],
            "ids": ["1", "2"],
            "near": {"lat": 1.5},
            "filter": {"open": True},
            "X-Trace": "t-1",
            "session": "s 1",
            "deep": True,
        },
    )
    assert (answer, failed) == ({"ok": True}, False)
    assert counterpart.last.path == "/v1/orders/a%2Fb%20c"
    assert counterpart.last.query == (
        "fields=id&fields=total%20sum&ids=1%2C2&lat=1.5&filter=%7B%22open%22%3Atrue%7D&deep=true"
    )
    assert counterpart.last.headers["x-trace"] == "t-1"
    assert counterpart.last.headers["cookie"] == "session=s%201"
    assert "authorization" not in counterpart.last.headers


def test_bodies_travel_in_the_media_type_of_the_document(shop: Any, counterpart: Counterpart) -> None:
    shop.call("shop___putOrder", {"orderId": "1", "sku": "x", "parent": {"sku": "y"}})
    assert counterpart.last.json == {"sku": "x", "parent": {"sku": "y"}}
    assert counterpart.last.headers["content-type"] == "application/json"
    shop.call("shop___form", {"a": "1&2", "b": [1, 2]})
    assert counterpart.last.body == b"a=1%262&b=1&b=2"
    shop.call("shop___upload", {"title": "T", "file": "bytes", "icon": "pixels"})
    assert counterpart.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="file"' in counterpart.last.body
    # OpenAPI 3.1 marks a file by what it contains.
    assert b'name="icon"; filename="icon"\r\nContent-Type: image/png' in counterpart.last.body
    shop.call("shop___tags", {"body": ["a", "b"]})
    assert counterpart.last.json == ["a", "b"]


def test_a_failed_answer_is_an_error_with_status_and_body(shop: Any, counterpart: Counterpart) -> None:
    """B15, C13 (public samples and transcripts of 2026): a text that clients parse."""
    for status, side in ((400, "Client"), (404, "Client"), (503, "Server")):
        counterpart.answer = lambda _, status=status: Response('{"why":"gone"}', status=status)  # type: ignore[misc]
        assert shop.call("shop___getOrder", {"orderId": "1"}) == (
            "OpenAPIClientException - Error executing HTTP request for getOrder: "
            f'{side} error: API request failed with status: {status} - {{"why":"gone"}}',
            True,
        )


@pytest.mark.parametrize("status", [401, 403])
def test_the_rejection_of_a_backend_is_shown_with_debugging_on(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, ping: Any, *, caplog: Any, status: int
) -> None:
    """B30 (public transcripts of 2026): without DEBUG status and body stand in the gateway's log alone."""
    counterpart.answer = lambda _: Response('{"why":"key"}', status=status, content_type="application/json")
    text = f'Client error: API request failed with status: {status} - {{"why":"key"}}'
    plain, debugged = make_gateway(), make_gateway(exceptionLevel="DEBUG")
    for gateway in (plain, debugged):
        gateway.target(ping)
    assert debugged.call("t___ping")[0].endswith(text)
    assert text not in caplog.text
    assert plain.call("t___ping") == ("An internal error occurred. Please retry later.", True)
    assert text in caplog.text


def test_a_host_without_an_address_is_named(gateway: Gateway, make_openapi: Any) -> None:
    """B31 (public report of 2026)."""
    gateway.target(make_openapi("https://desk.invalid", {"/x": {"get": {"operationId": "x", "responses": {}}}}))
    expected = "OpenAPIClientException - Error executing HTTP request for unknown: desk.invalid"
    assert gateway.call("t___x") == (expected, True)


def test_redirects_are_reported_not_followed(shop: Any, counterpart: Counterpart) -> None:
    counterpart.answer = lambda _: Response(status=302, headers={"Location": counterpart.url})
    assert shop.call("shop___getOrder", {"orderId": "1"})[1]
    assert len(counterpart.received) == 1


def test_answers_that_are_no_json_are_text(shop: Any, counterpart: Counterpart) -> None:
    counterpart.answer = lambda _: Response("grün".encode("latin-1"), content_type="text/plain; charset=latin-1")
    assert shop.call("shop___getOrder", {"orderId": "1"}) == ("grün", False)
    counterpart.answer = lambda _: Response(b"\xff\xfe", content_type="image/png")
    assert shop.call("shop___getOrder", {"orderId": "1"}) == ("//4=", False)


def test_a_server_that_is_not_there_is_an_error_that_names_it(gateway: Gateway, make_openapi: Any) -> None:
    paths = {"/": {"get": {"operationId": "ping", "responses": {}}}}
    gateway.target(make_openapi("http://127.0.0.1:1/v1", paths))
    text, failed = gateway.call("t___ping")
    assert failed
    assert "GET http://127.0.0.1:1/v1/ did not answer: " in text


def test_a_document_may_lie_in_s3_and_be_yaml(
    local_aws: ControlPlane, gateway: Gateway, counterpart: Counterpart
) -> None:
    text = f"""
openapi: 3.1.0
info: {{title: Shop, version: '1'}}
servers: [{{url: '{counterpart.url}/{{stage}}', variables: {{stage: {{default: prod}}}}}}]
paths:
  /days/{{day}}:
    get:
      operationId: day
      parameters: [{{name: day, in: path, required: true, schema: {{type: string, example: 2024-01-01}}}}]
      responses: {{}}
"""
    s3 = local_aws.client("s3")
    bucket = local_aws.unique("bucket")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket=bucket, Key="shop.yaml", Body=text)
    gateway.target({"mcp": {"openApiSchema": {"s3": {"uri": f"s3://{bucket}/shop.yaml"}}}})
    gateway.call("t___day", {"day": "2024-01-01"})
    assert counterpart.last.path == "/prod/days/2024-01-01"


def test_response_headers_that_are_let_through_reach_the_client(
    gateway: Gateway, counterpart: Counterpart, ping: Any
) -> None:
    gateway.target(ping, metadataConfiguration={"allowedResponseHeaders": ["x-left"]})
    counterpart.answer = lambda _: Response("{}", headers={"X-Left": "9", "X-Other": "1"})
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "t___ping"}}
    answer = requests.post(gateway.url, json=call, timeout=9)
    assert answer.headers["x-left"] == "9"
    assert "x-other" not in answer.headers


def test_only_what_the_target_lets_through_goes_on(gateway: Gateway, counterpart: Counterpart, ping: Any) -> None:
    gateway.target(
        ping, metadataConfiguration={"allowedRequestHeaders": ["x-tenant"], "allowedQueryParameters": ["version"]}
    )
    gateway.call("t___ping", headers={"X-Tenant": "a", "X-Other": "b"}, query="?version=2&other=3")
    assert counterpart.last.headers["x-tenant"] == "a"
    assert "x-other" not in counterpart.last.headers
    assert counterpart.last.query == "version=2"
