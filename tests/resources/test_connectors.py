"""Records of AWS's own connectors."""

from __future__ import annotations

from typing import Any

import botocore.session
import botocore.validate
import pulumi
import pytest

from agentcore_provider import targets
from agentcore_provider.errors import InvalidInput


@pytest.mark.parametrize("operation", ["Retrieve", "AgenticRetrieveStream"])
def test_a_knowledge_base_fixes_parameters_that_its_api_has(operation: str) -> None:
    """Judged by the model of the API that the connector calls."""
    configuration = {"managedSearchConfiguration": {"numberOfResults": 5}}
    record = targets.KnowledgeBase("ABCDEFGHIJ", retrieval_configuration=configuration, agentic=True)
    [tool] = [it for it in record.values()["configurations"] if it["name"] == operation]  # type: ignore[attr-defined]
    model = botocore.session.get_session().get_service_model("bedrock-agent-runtime")
    shape = model.operation_model(operation).input_shape
    assert shape is not None
    values = tool["parameterValues"]
    assert values.keys() <= shape.members.keys()
    for name, value in values.items():
        report = botocore.validate.ParamValidator().validate(value, shape.members[name])
        assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize(
    "arguments", [{"knowledge_base_id": None}, {"knowledge_base_id": ""}, {"knowledge_base_id": 7}]
)
def test_a_knowledge_base_needs_an_id(arguments: dict[str, Any]) -> None:
    """A missing value of the configuration must not open every knowledge base."""
    with pytest.raises(InvalidInput, match=r"knowledge_base_id: is .*Pass the id of a knowledge base"):
        targets.KnowledgeBase(**arguments).target_configuration()


def test_agentic_is_true_or_false() -> None:
    """An Output would always be true."""
    with pytest.raises(InvalidInput, match="agentic: is a Output"):
        targets.KnowledgeBase("ABCDEFGHIJ", agentic=pulumi.Output.from_input(False)).require_bools()  # type: ignore[arg-type]
