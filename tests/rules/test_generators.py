"""What generators write by default is accepted in one step; tests/generators/openapi records it."""

from __future__ import annotations

import re
from pathlib import Path

import corpus
import pytest
from corpus import Generated

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.documents.pointer import steps
from agentcore_provider.problem import errors
from agentcore_provider.rules import openapi

METHODS = ("get", "put", "post", "delete", "patch")
SERVER = "https://orders.example.com"
PAGE = Path(__file__).parents[2] / "docs" / "targets" / "openapi.md"
GENERATED = [pytest.param(it, id=it.generator) for it in corpus.generated()]


@pytest.mark.parametrize("generated", GENERATED)
def test_a_generated_document_is_accepted_after_one_fix(generated: Generated) -> None:
    """No error is left, and each change names its place."""
    fixed = openapi_fixing.fix(generated.document, server=SERVER)
    assert errors(openapi.validate(fixed.document)) == []
    for change in fixed.changes:
        place, colon, what = change.partition(": ")
        assert (colon, bool(what), steps(place) != []) == (": ", True, True)


@pytest.mark.parametrize("generated", GENERATED)
def test_a_second_fix_changes_nothing(generated: Generated) -> None:
    once = openapi_fixing.fix(generated.document, server=SERVER)
    assert openapi_fixing.fix(once.document, server=SERVER) == openapi_fixing.Fixed(once.document, ())


@pytest.mark.parametrize("generated", GENERATED)
def test_every_operation_stays_with_its_id(generated: Generated) -> None:
    """Operations and valid ids are what agents and programs know tools by."""
    fixed = openapi_fixing.fix(generated.document, server=SERVER).document
    for path, item in generated.document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                assert fixed["paths"][path][method]["operationId"] == operation["operationId"]


def row(generated: Generated) -> str:
    """Generator, version, errors as it is, changes of a fix, operations; test_generators of local AWS calls each."""
    package, version = re.split("==|@(?=[^@]+$)", generated.packages[0])
    package = package.partition("[")[0]
    refused = len(errors(openapi.validate(generated.document)))
    changes = len(openapi_fixing.fix(generated.document, server=SERVER).changes)
    calls = sum(method in METHODS for item in generated.document["paths"].values() for method in item)
    return f"| {package} | {version} | {generated.document['openapi']} | {refused} | {changes} | {calls} |"


def test_the_page_lists_every_generator_as_it_is() -> None:
    """What the table on OpenAPI says is what the documents give."""
    listed = [line for line in PAGE.read_text().splitlines() if re.fullmatch(r"\|( [^|]+ \|){6}", line)]
    rows = sorted((row(it) for it in corpus.generated()), key=lambda it: it.lstrip("| @").lower())
    assert listed == [
        "| Generator | Version | OpenAPI | Errors as it is | Changes with `fix=True` | Operations |",
        *rows,
    ]
