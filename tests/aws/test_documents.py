"""Between properties and the members of an operation."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.arguments.members import member_name, property_name
from agentcore_provider.aws.documents import carry_over, from_wire, managed, property_names, same, to_wire

MODEL = ServiceModel(Loader().load_service_model("bedrock-agentcore-control", "service-2"))


def operation(name: str) -> OperationModel:
    return MODEL.operation_model(name)


def test_a_float_of_pulumi_becomes_the_integer_that_the_model_wants() -> None:
    session = {"mcp": {"sessionConfiguration": {"sessionTimeoutInSeconds": 900.0}}}
    wire = to_wire({"protocol_configuration": session}, operation("CreateGateway"))
    seconds = wire["protocolConfiguration"]["mcp"]["sessionConfiguration"]["sessionTimeoutInSeconds"]
    assert (seconds, type(seconds)) == (900, int)


def test_whole_numbers_of_free_documents_are_whole_on_the_wire() -> None:
    connector = {
        "source": {"connectorId": "c"},
        "configurations": [{"name": "n", "parameterValues": {"top": 3.0, "p": 0.5}}],
    }
    wire = to_wire({"target_configuration": {"mcp": {"connector": connector}}}, operation("CreateGatewayTarget"))
    values = wire["targetConfiguration"]["mcp"]["connector"]["configurations"][0]["parameterValues"]
    assert values == {"top": 3, "p": 0.5}
    assert type(values["top"]) is int


def test_what_an_operation_does_not_take_is_left_out() -> None:
    assert to_wire({"name": "n", "tags": {"a": "b"}, "synchronize_on": ["x"]}, operation("UpdateGateway")) == {
        "name": "n"
    }


def test_headers_that_a_policy_engine_adds_are_neither_drift_nor_sent_back() -> None:
    added = {"metadataConfiguration": {"allowedRequestHeaders": ["x-amzn-bedrock-agentcore-policy-session-id"]}}
    assert from_wire(added) == {"metadata_configuration": {}}


@pytest.mark.parametrize("name", ["CreateGateway", "UpdateGateway", "CreateGatewayTarget", "UpdateGatewayTarget"])
def test_names_are_translated_alike_with_and_without_the_model(name: str) -> None:
    for property_, member in property_names(operation(name)).items():
        assert (member_name(property_), property_name(member)) == (member, property_)


class TestCarryOver:
    """An update sends the whole document, since the service resets what is left out."""

    def test_what_nobody_here_managed_is_carried_on_at_any_depth(self) -> None:
        current = {
            "description": "theirs",
            "protocolConfiguration": {"mcp": {"instructions": "a", "searchType": "SEMANTIC"}},
        }
        new = {"protocolConfiguration": {"mcp": {"instructions": "b"}}}
        assert carry_over({}, new, current) == {
            "description": "theirs",
            "protocolConfiguration": {"mcp": {"instructions": "b", "searchType": "SEMANTIC"}},
        }

    def test_what_the_program_dropped_is_dropped(self) -> None:
        assert carry_over({"description": "a"}, {}, {"description": "a"}) == {}

    def test_a_union_keeps_only_the_member_that_the_program_wants(self) -> None:
        shape = operation("UpdateGatewayTarget").input_shape
        path = ("mcp", "openApiSchema")
        current = {"targetConfiguration": {path[0]: {path[1]: {"inlinePayload": "{}"}}}}
        new = {"targetConfiguration": {path[0]: {path[1]: {"s3": {"uri": "s3://b/k"}}}}}
        assert carry_over({}, new, current, shape) == new

    def test_an_empty_list_that_the_service_answers_is_not_sent_back(self) -> None:
        """GetGatewayTarget says credentialProviderConfigurations: [] of a target without; update wants one or none."""
        shape = operation("UpdateGatewayTarget").input_shape
        current = {"name": "shop", "credentialProviderConfigurations": []}
        assert carry_over({}, {"name": "shop"}, current, shape) == {"name": "shop"}


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(documents)
def test_a_document_is_the_same_as_itself(document: Any) -> None:
    assert same(document, document)


@given(
    st.lists(st.text(max_size=4), max_size=5).flatmap(lambda items: st.tuples(st.just(items), st.permutations(items)))
)
def test_the_order_of_a_set_is_not_a_change(pair: tuple[list[str], list[str]]) -> None:
    assert same({"scopes": pair[0]}, {"scopes": pair[1]})


def test_the_order_of_interceptors_is_a_change() -> None:
    one, other = {"interceptionPoints": ["REQUEST"]}, {"interceptionPoints": ["RESPONSE"]}
    assert not same({"interceptor_configurations": [one, other]}, {"interceptor_configurations": [other, one]})


@given(
    st.dictionaries(st.text(max_size=4), documents, max_size=4),
    st.dictionaries(st.text(max_size=4), documents, max_size=4),
)
def test_what_only_the_service_knows_is_not_a_drift(inputs: dict[str, Any], more: dict[str, Any]) -> None:
    assert same(managed({**more, **inputs}, inputs), inputs)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ('{"a":[1,true]}', '{\n  "a": [1, true]\n}\n', True),
        ('[{"a": "b c"}]', '[{"a":"b c"}]', True),
        ('{"a": 1}', '{"a": true}', False),
        ('{"a": "b c"}', '{"a": "bc"}', False),
        ('{"tools": [1]}', "[1]", True),
        ('{"tools": [1], "a": 1}', "[1]", False),
        ("a: 1", "a:  1", False),
        ("{a", "{ a", False),
        ("[" * 100_000, "[ " * 100_000, False),
    ],
)
def test_a_schema_that_is_only_laid_out_otherwise_is_the_same(one: str, other: str, alike: bool) -> None:
    place = {"mcp": {"openApiSchema": {"inlinePayload": one}}}
    assert same(place, {"mcp": {"openApiSchema": {"inlinePayload": other}}}) == alike
    # Elsewhere a text is a text.
    assert not same({"description": one}, {"description": other})
