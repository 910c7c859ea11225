"""What generators write by default is accepted in one step; tests/generators/openapi records it."""

from __future__ import annotations

import corpus
import pytest
from corpus import Generated

from agentcore_provider.rules import openapi
from agentcore_provider.rules.problem import errors
from agentcore_provider.rules.source_text import steps

SERVER = "https://orders.example.com"
GENERATED = [pytest.param(it, id=it.generator) for it in corpus.generated()]


@pytest.mark.parametrize("generated", GENERATED)
def test_a_generated_document_is_accepted_after_one_fix(generated: Generated) -> None:
    """No error is left, and each change names its place."""
    fixed = openapi.fix(generated.document, server=SERVER)
    assert errors(openapi.validate(fixed.document)) == []
    for change in fixed.changes:
        place, colon, what = change.partition(": ")
        assert (colon, bool(what), steps(place) != []) == (": ", True, True)


@pytest.mark.parametrize("generated", GENERATED)
def test_a_second_fix_changes_nothing(generated: Generated) -> None:
    once = openapi.fix(generated.document, server=SERVER)
    assert openapi.fix(once.document, server=SERVER) == openapi.Fixed(once.document, ())


@pytest.mark.parametrize("generated", GENERATED)
def test_every_operation_stays_with_its_id(generated: Generated) -> None:
    """Operations and valid ids are what agents and programs know tools by."""
    fixed = openapi.fix(generated.document, server=SERVER).document
    for path, item in generated.document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                assert fixed["paths"][path][method]["operationId"] == operation["operationId"]
