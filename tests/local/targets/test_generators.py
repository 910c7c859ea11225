"""What generators write by default, fixed in one step and deployed: every call arrives as the original document says.

The original is read by a walk of this file's own, not by the rules; what is called and what must arrive is written by hand.
"""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import corpus
import jsonschema
import pytest
import requests
from corpus import Generated

from agentcore_provider import targets
from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

GENERATED = [pytest.param(it, id=it.generator) for it in corpus.generated()]
WITH_FILES = [it for it in GENERATED if any(path.endswith("/files") for path in it.values[0].document["paths"])]
PAYMENTS = {"card": {"number": "42"}, "invoice": {"days": 30}}
# Smithy's unions name the alternative by the only member that they have.
UNIONS = ("smithy-openapi",)
FILE = {"file": "hello", "title": "A letter"}
SEARCH = {"status": "open", "limit": 5, "search": "tea & milk", "tags": ["new", "gift"]}


def order(payment: dict[str, Any], price: Any, **more: Any) -> dict[str, Any]:
    return {
        "customer": {"name": "Ada"},
        "items": [{"sku": "tea", "quantity": 2, "price": price}],
        "payment": payment,
        "status": "paid",
        "deliver": "2026-12-24T10:00:00Z",
        **more,
    }


class Original:
    """One operation as the generator wrote it."""

    def __init__(self, generated: Generated, method: str, pattern: str) -> None:
        self.document, self.method = generated.document, method
        [self.path] = [
            path
            for path, item in self.document["paths"].items()
            if re.fullmatch(f".*{pattern}/?", path) and method in item
        ]
        item = self.document["paths"][self.path]
        self.operation = item[method]
        listed = [*item.get("parameters", ()), *self.operation.get("parameters", ())]
        self.parameters = {it["name"]: it for it in map(self.resolved, listed)}

    def resolved(self, part: Any) -> Any:
        while "$ref" in part:
            found: Any = self.document
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            part = found
        return part

    def query(self, arguments: dict[str, Any]) -> list[tuple[str, str]]:
        """The pairs that OpenAPI says, sorted by name."""
        pairs = []
        for name in sorted(arguments):
            parameter, value = self.parameters[name], arguments[name]
            if isinstance(value, list) and parameter.get("explode", True):
                pairs += [(name, str(one)) for one in value]
            else:
                pairs.append((name, ",".join(value) if isinstance(value, list) else str(value)))
        return pairs

    def body(self, media_type: str) -> Any:
        """The schema of the body, as JSON Schema that refers into the whole document."""
        content = self.resolved(self.operation["requestBody"])["content"]
        [schema] = [it["schema"] for name, it in content.items() if name.partition(";")[0] == media_type]
        whole = json_schema(self.document)
        schemas = whole.get("components", {}).get("schemas", {})
        for name, base in schemas.items():
            # springdoc lists as alternatives of a base what is built on it, which no validator comes to an end with.
            own = {key: value for key, value in base.items() if key != "oneOf"}
            for heir in base.get("oneOf", ()):
                found = schemas.get(heir.get("$ref", "").rpartition("/")[2], {})
                reference = {"$ref": f"#/components/schemas/{name}"}
                if reference in found.get("allOf", ()):
                    found["allOf"] = [own if part == reference else part for part in found["allOf"]]
        return {**whole, "allOf": [json_schema(schema)]}


def json_schema(value: Any) -> Any:
    """What is sent, in JSON Schema's words: null as 3.0 writes it, and nothing that only answers hold."""
    if isinstance(value, list):
        return [json_schema(one) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {name: json_schema(one) for name, one in value.items() if name != "discriminator"}
    if "oneOf" in plain:
        # swag writes any object as an alternative to each body, which says nothing and leaves none that fits one alone.
        plain["oneOf"] = [one for one in plain["oneOf"] if one != {"type": "object"}]
    if isinstance(plain.get("properties"), dict) and "required" in plain:
        only_answered = {name for name, one in plain["properties"].items() if one.get("readOnly")}
        plain["required"] = [name for name in plain["required"] if name not in only_answered]
    if plain.pop("nullable", False) is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


class Deployed:
    """The generator's document as target t, fixed in one step, of a gateway on local AWS."""

    def __init__(self, generated: Generated, gateway: Gateway, counterpart: Counterpart) -> None:
        target = targets.OpenApi(generated.document, fix=True, server=counterpart.url)
        configuration = target.target_configuration()
        self.generated, self.counterpart, self.url = generated, counterpart, gateway.url
        self.fixed = json.loads(configuration["mcp"]["openApiSchema"]["inlinePayload"])
        self.session = requests.Session()
        made = gateway.get(gateway.target(configuration))
        assert (made["status"], made.get("statusReasons")) == ("READY", None)
        self.tools = {it["name"]: it["inputSchema"] for it in self.ask("tools/list", {})["tools"]}

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        answer = self.session.post(self.url, json=asked, headers={"Accept": "application/json, text/event-stream"})
        return answer.json()["result"]

    def schema(self, original: Original) -> Any:
        return self.tools[f"t___{self.fixed['paths'][original.path][original.method]['operationId']}"]

    def call(self, original: Original, arguments: dict[str, Any]) -> Any:
        """The request of a call with arguments that the tool's own schema takes: some say that numbers are text."""
        properties = self.schema(original)["properties"]
        arguments = {
            name: str(value) if isinstance(value, int) and properties[name].get("type") == "string" else value
            for name, value in arguments.items()
        }
        jsonschema.Draft202012Validator(self.schema(original)).validate(arguments)
        before = len(self.counterpart.received)
        name = f"t___{self.fixed['paths'][original.path][original.method]['operationId']}"
        result = self.ask("tools/call", {"name": name, "arguments": arguments})
        assert result["isError"] is False
        assert len(self.counterpart.received) == before + 1
        assert self.counterpart.last.method == original.method.upper()
        return self.counterpart.last


@pytest.fixture(scope="module")
def deployed(local_aws: ControlPlane, request: pytest.FixtureRequest) -> Iterator[Deployed]:
    counterpart = Counterpart()
    yield Deployed(request.param, Gateway(local_aws), counterpart)
    counterpart.server.shutdown()
    counterpart.server.server_close()


@pytest.mark.parametrize("deployed", GENERATED, indirect=True)
def test_a_list_is_asked_with_its_parameters(deployed: Deployed) -> None:
    """Those that the original names, in its style; what is left out does not arrive."""
    original = Original(deployed.generated, "get", "/orders")
    arguments = {name: value for name, value in SEARCH.items() if name in original.parameters}
    assert arguments.keys() >= {"status", "limit", "search"}
    received = deployed.call(original, arguments)
    assert received.path == original.path
    assert sorted(parse_qsl(received.query), key=lambda it: it[0]) == original.query(arguments)
    # Micronaut requires what has a default.
    required = {name: arguments[name] for name, it in original.parameters.items() if it.get("required")}
    assert sorted(parse_qsl(deployed.call(original, required).query)) == original.query(required)


@pytest.mark.parametrize("deployed", GENERATED, indirect=True)
def test_an_item_is_found_by_its_path(deployed: Deployed) -> None:
    original = Original(deployed.generated, "get", r"/orders/\{\w+\}")
    [name] = original.parameters
    received = deployed.call(original, {name: 7})
    assert (received.path, received.query) == (original.path.replace(f"{{{name}}}", "7"), "")


@pytest.mark.parametrize("deployed", GENERATED, indirect=True)
@pytest.mark.parametrize("kind", PAYMENTS)
def test_a_nested_body_arrives_as_it_was_given(deployed: Deployed, kind: str) -> None:
    """With each alternative, and with null where it may be; it is what the original's own schema takes."""
    is_union = deployed.generated.generator in UNIONS
    payment = {kind: PAYMENTS[kind]} if is_union else {"kind": kind, **PAYMENTS[kind]}
    original = Original(deployed.generated, "post", "/orders")
    listed = deployed.schema(original)["properties"]
    schema = original.body("application/json")
    # Some generators write decimals as numbers, some as text.
    price = "9.50" if listed["items"]["items"]["properties"]["price"]["type"] == "string" else 9.5
    bodies = [order(payment, price), order(payment, price, note="at the door"), order(payment, price, note=None)]
    is_taken = jsonschema.Draft202012Validator(schema).is_valid
    assert [is_taken(it) for it in bodies[:2]] == [True, True]
    for body in filter(is_taken, bodies):
        received = deployed.call(original, body)
        assert (received.path, received.query) == (original.path, "")
        assert received.headers["content-type"] == "application/json"
        assert received.json == body
    assert "id" not in listed
    words = json.dumps(listed["payment"])
    assert [it for it in ("card", "number", "invoice", "days") if it not in words] == []


@pytest.mark.parametrize("deployed", WITH_FILES, indirect=True)
def test_a_file_is_uploaded_as_a_part(deployed: Deployed) -> None:
    """With a file name where the original says that it is binary; other parts have none."""
    original = Original(deployed.generated, "post", r"/orders/\{\w+\}/files")
    [order_name] = original.parameters
    schema = original.resolved(original.body("multipart/form-data")["allOf"][0])
    arguments: dict[str, Any] = {name: FILE[name] for name in schema["properties"]}
    schema_of_file = original.resolved(schema["properties"]["file"])
    is_binary = "contentMediaType" in json.dumps(schema_of_file) or "binary" in json.dumps(schema_of_file)
    sent = arguments | ({"file": [arguments["file"]]} if schema_of_file.get("type") == "array" else {})
    received = deployed.call(original, {order_name: 7, **sent})
    assert (received.path, received.query) == (original.path.replace(f"{{{order_name}}}", "7"), "")
    media_type = f"Content-Type: {received.headers['content-type']}\n\n"
    message = email.message_from_bytes(media_type.encode() + received.body)
    parts = {str(part.get_param("name", header="content-disposition")): part for part in message.get_payload()}
    assert {name: part.get_payload() for name, part in parts.items()} == arguments
    assert {name for name, part in parts.items() if part.get_filename()} == ({"file"} if is_binary else set())
