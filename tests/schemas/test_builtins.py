"""The catalogue of built-in schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import openapi, smithy
from agentcore_provider.schemas.builtins import catalogue
from agentcore_provider.schemas.builtins.shorthand import member, schema

# The list of the quick start, and the operations that AWS's documentation shows for each template.
# https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-integrations.html
OPERATIONS: dict[str, str] = yaml.safe_load((Path(__file__).parent / "template_operations.yaml").read_text())
WRITTEN_HERE = {
    "genericHTTP",
    "sap-bill-of-material",
    "sap-business-partner",
    "sap-material-stock",
    "sap-physical-inventory",
    "sap-product-master-data",
}
OPENAPI = [name for name in catalogue.names() if catalogue.entry(name).kind == "openapi"]
SMITHY = [name for name in catalogue.names() if catalogue.entry(name).kind == "smithy"]
SETTINGS = {"server_url": "https://api.example.com/v1", "host": "my1.example.com"}


def _document(name: str) -> dict[str, Any]:
    needed = [one.name for one in catalogue.entry(name).settings if one.required]
    return catalogue.document(name, settings={one: SETTINGS.get(one, "acme") for one in needed})


def _calls(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def _all_mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for below in value.values():
            yield from _all_mappings(below)
    elif isinstance(value, list):
        for below in value:
            yield from _all_mappings(below)


def test_every_name_of_the_quick_start_is_there() -> None:
    """All 27, and no other."""
    assert set(catalogue.names()) == set(OPERATIONS) | WRITTEN_HERE
    assert len(catalogue.names()) == 27


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_of_the_template_is_there(name: str) -> None:
    """Names, methods and paths are those of AWS's documentation."""
    entry = catalogue.entry(name)
    report = OPERATIONS[name].split()
    if entry.kind == "smithy":
        assert [tool for _, tool in smithy.tools(catalogue.document(name))] == report
    else:
        assert sorted(f"{one.name}={one.method}:{one.path}" for one in entry.operations) == sorted(report)


@pytest.mark.parametrize("name", catalogue.names())
def test_every_entry_names_its_source_and_its_authorization(name: str) -> None:
    """A way that is named is described."""
    entry = catalogue.entry(name)
    assert any(one.startswith("https://") for one in entry.source)
    assert entry.outbound_auth
    for way in entry.outbound_auth:
        assert way in {"api_key", "oauth2", "iam_role", "none"}
    if "api_key" in entry.outbound_auth:
        assert entry.credential.location
        assert entry.credential.parameter_name
        assert entry.credential.key
    if "oauth2" in entry.outbound_auth and name != "genericHTTP":
        assert entry.credential.oauth_vendor
    assert all(one.name.isidentifier() for one in entry.settings)


@pytest.mark.parametrize("name", OPENAPI)
def test_an_openapi_document_is_accepted(name: str) -> None:
    """By the rules of the service, and small enough to travel in the request. Vendors' own odd names are warned of."""
    document = _document(name)
    found = openapi.validate(document, target="t", inline=True)
    assert [str(problem) for problem in found if problem.severity == "error"] == []
    assert len(json.dumps(document)) < 1_000_000


@pytest.mark.parametrize("name", OPENAPI)
def test_every_part_of_an_openapi_document_holds_together(name: str) -> None:
    """Path parameters match the path, schemas have types, requirements exist, and tools are described."""
    document = _document(name)
    assert document["servers"][0]["url"].startswith("https://")
    assert "{" not in document["servers"][0]["url"]
    for method, path, operation in _calls(document):
        parameters = operation.get("parameters", [])
        in_path = {one["name"] for one in parameters if one["in"] == "path"}
        assert in_path == set(re.findall(r"{([^}]+)}", path)), (method, path)
        assert operation["description"].endswith(".")
        assert len({(one["in"], one["name"]) for one in parameters}) == len(parameters)
        assert all(one.get("description") for one in parameters), operation["operationId"]
        for mapping in _all_mappings([operation.get("requestBody", {}), parameters]):
            if mapping.get("type") == "object":
                assert set(mapping.get("required", [])) <= set(mapping.get("properties", {}))
            assert not {"oneOf", "anyOf", "allOf"} & set(mapping)


@pytest.mark.parametrize("name", OPENAPI)
def test_operations_that_send_a_body_say_what_it_holds(name: str) -> None:
    """An agent can fill in every call: no write without body or query."""
    bare = {"PostDifferences", "InitiateRecount"}
    for method, path, operation in _calls(_document(name)):
        if method not in {"post", "put", "patch"} or path.strip("/") in bare:
            continue
        for content in operation["requestBody"]["content"].values():
            of = content["schema"]
            assert of.get("properties") or of.get("additionalProperties") or of["type"] != "object", path


@pytest.mark.parametrize("name", SMITHY)
def test_a_smithy_model_is_accepted(name: str) -> None:
    """Warnings are allowed: AWS's own services speak other protocols than the guide names."""
    document = catalogue.document(name)
    found = smithy.validate(document, inline=True)
    assert [str(problem) for problem in found if problem.severity == "error"] == []


@pytest.mark.parametrize("name", SMITHY)
def test_a_smithy_model_names_nothing_that_it_lacks(name: str) -> None:
    """Every target is a shape of the model or of Smithy's prelude, and shapes differ by more than case."""
    shapes = catalogue.document(name)["shapes"]
    for mapping in _all_mappings(shapes):
        target = mapping.get("target")
        if isinstance(target, str):
            assert target in shapes or target.startswith("smithy.api#")
    assert len({identifier.lower() for identifier in shapes}) == len(shapes)
    assert not any("smithy.api#streaming" in shape.get("traits", {}) for shape in shapes.values())


def test_a_smithy_model_binds_what_the_service_binds() -> None:
    """Path labels, headers and bodies of REST services stand where botocore has them."""
    shapes = catalogue.document("bedrock-runtime", operations=["InvokeModel"])["shapes"]
    operation = shapes["com.amazonaws.bedrockruntime#InvokeModel"]
    assert operation["traits"]["smithy.api#http"] == {"method": "POST", "uri": "/model/{modelId}/invoke", "code": 200}
    members = shapes[operation["input"]["target"]]["members"]
    assert "smithy.api#httpLabel" in members["modelId"]["traits"]
    assert "smithy.api#required" in members["modelId"]["traits"]
    assert members["accept"]["traits"]["smithy.api#httpHeader"] == "Accept"
    assert "smithy.api#httpPayload" in members["body"]["traits"]


def test_a_model_holds_only_what_its_operations_need() -> None:
    """One operation of DynamoDB makes a small model, recursive values included."""
    shapes = catalogue.document("dynamodb", operations=["GetItem"])["shapes"]
    assert "com.amazonaws.dynamodb#AttributeValue" in shapes
    assert "com.amazonaws.dynamodb#PutItemInput" not in shapes
    assert len(shapes) < 40


def test_a_region_becomes_the_endpoints_default() -> None:
    """Without it the gateway's Region counts."""
    for settings, default in (({"region": "eu-west-1"}, "eu-west-1"), ({}, None)):
        shapes = catalogue.document("cloudwatch", settings=settings)["shapes"]
        service = next(shape for shape in shapes.values() if shape["type"] == "service")
        rules = service["traits"]["smithy.rules#endpointRuleSet"]
        assert rules["parameters"]["Region"].get("default") == default


def test_settings_become_the_server() -> None:
    """A hyphen counts as an underscore, and server_url replaces the vendor's server."""
    for settings, url in (
        ({"sub_domain": "acme"}, "https://acme.atlassian.net"),
        ({"sub-domain": "acme"}, "https://acme.atlassian.net"),
        ({"server_url": "http://127.0.0.1:8080/"}, "http://127.0.0.1:8080"),
    ):
        assert catalogue.document("confluence", settings=settings)["servers"] == [{"url": url}]


def test_chosen_operations_are_the_only_ones() -> None:
    """In the catalogue's order."""
    document = catalogue.document("slack", operations=["usersList", "chatPostMessage"])
    assert [operation["operationId"] for _, _, operation in _calls(document)] == ["chatPostMessage", "usersList"]


@pytest.mark.parametrize(
    ("name", "settings", "operations", "expected"),
    [
        ("slak", {}, None, ["Did you mean slack?"]),
        ("MS-Teams", {}, None, ["Did you mean msTeams?"]),
        ("jira", {}, None, ["setting customerInstanceId is missing"]),
        ("jira", {"customerInstanceID": "x"}, None, ["Did you mean customerInstanceId?"]),
        ("zendesk", {"customerInstanceId": "evil.com/"}, None, ["setting customerInstanceId cannot be 'evil.com/'"]),
        ("slack", {"server_url": "slack.com"}, None, ["setting server_url cannot be 'slack.com'"]),
        ("slack", {"token": "x"}, ["chatPostMesage"], ["no setting token", "Did you mean chatPostMessage?"]),
        ("tavily", {}, [], ["operations: is empty"]),
        ("dynamodb", {"region": "us"}, None, ["setting region cannot be 'us'"]),
    ],
)
def test_problems_are_reported_together_with_what_was_meant(
    name: str, settings: dict[str, str], operations: list[str] | None, expected: list[str]
) -> None:
    """One error, every problem, a line each."""
    with pytest.raises(InvalidInput) as caught:
        catalogue.document(name, settings=settings, operations=operations)
    for problem in caught.value.problems:
        assert "\n" not in str(problem)
        assert str(problem).endswith((".", "?"))
    assert "?." not in str(caught.value)
    for part in expected:
        assert part in str(caught.value)


def test_documents_are_the_callers_own() -> None:
    """What is done with a document leaves the next one alone."""
    catalogue.document("tavily")["paths"].clear()
    assert catalogue.document("tavily")["paths"]


@pytest.mark.parametrize(
    ("shorthand", "expected"),
    [
        ("string Name", {"type": "string", "description": "Name"}),
        ("integer(1..9)=3", {"type": "integer", "minimum": 1, "maximum": 9, "default": 3}),
        ("boolean=false", {"type": "boolean", "default": False}),
        ("a|b[] Some", {"type": "array", "description": "Some", "items": {"type": "string", "enum": ["a", "b"]}}),
        ("fixed|", {"type": "string", "enum": ["fixed"]}),
        ("string{}", {"type": "object", "additionalProperties": {"type": "string"}}),
        (
            {"_": "It", "id!": "uri"},
            {
                "type": "object",
                "description": "It",
                "properties": {"id": {"type": "string", "format": "uri"}},
                "required": ["id"],
            },
        ),
    ],
)
def test_the_shorthand_says_what_it_seems_to(shorthand: Any, expected: dict[str, Any]) -> None:
    """Types, bounds, defaults, enumerations, arrays, objects."""
    assert schema(shorthand) == expected


def test_brackets_make_an_array_of_objects_but_stay_in_names_of_parameters() -> None:
    """PagerDuty's parameters are called statuses[] and the like."""
    assert member("rows![]", {"id": "string"})[:2] == ("rows", True)
    assert member("statuses[]", "string[]")[0] == "statuses[]"
    with pytest.raises(ValueError, match="no such type"):
        schema("strnig Name")


@pytest.mark.parametrize("name", OPENAPI)
def test_a_name_means_one_thing_in_an_operation(name: str) -> None:
    """Tools know no places: where a parameter and a member of the body share a name, one value does for both."""
    for _, path, operation in _calls(_document(name)):
        bodies = operation.get("requestBody", {}).get("content", {}).values()
        members = {key: value for body in bodies for key, value in body["schema"].get("properties", {}).items()}
        for one in operation.get("parameters", []):
            if one["name"] in members:
                assert members[one["name"]]["type"] == one["schema"]["type"], (path, one["name"])


@pytest.mark.parametrize(
    ("name", "target"), [("dynamodb", "DynamoDB_20120810"), ("cloudwatch", "GraniteServiceVersion20100801")]
)
def test_a_service_of_json_over_post_is_named_as_x_amz_target_has_it(name: str, target: str) -> None:
    """AWS's JSON protocols send the names of the shapes of service and operation."""
    shapes = catalogue.document(name)["shapes"]
    (service,) = (it for it, shape in shapes.items() if shape["type"] == "service")
    assert service.endswith(f"#{target}")
    assert "aws.protocols#awsJson1_0" in shapes[service]["traits"]
