"""Records of AWS's own connectors."""

from __future__ import annotations

import botocore.session
import botocore.validate
import pytest

from agentcore_provider import targets


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
