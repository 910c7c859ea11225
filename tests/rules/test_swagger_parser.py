"""Our verdicts beside those of swagger-parser, by which the service reads OpenAPI: see swagger_parser/record.py."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import openapi
from tests.rules.swagger_parser import documents

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "swagger_parser" / "verdicts.json").read_text())
OBSERVED = ("responses is missing", "description is missing", "requestBody.content is missing", "type is missing")
"""Words of its messages in public reports of targets that failed."""


def judged(text: str) -> list[Problem]:
    """The problems of a document; that it lacks words for agents is nothing to its reader."""
    return [it for it in openapi.validate(text) if it.code != "words"]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found: dict[str, str] = documents.texts()
    return found


def test_every_document_is_recorded(texts: dict[str, str]) -> None:
    """The table holds the verdict on each document of the corpora and on each fault, and on nothing else."""
    assert RECORDED.keys() == texts.keys()


def test_nothing_that_the_reader_complains_of_passes_in_silence(texts: dict[str, str]) -> None:
    """What swagger-parser has a message for gets a problem beyond those of the same document without the fault."""
    silent = [
        name
        for name, verdict in RECORDED.items()
        if (verdict["messages"] or not verdict["read"]) and not judged(texts[name])
    ]
    assert silent == []


def test_what_leaves_no_document_or_was_found_to_fail_is_refused(texts: dict[str, str]) -> None:
    """A text that cannot be read, and the messages of targets that failed, are errors at preview."""
    accepted = [
        name
        for name, verdict in RECORDED.items()
        if (not verdict["read"] or any(it.endswith(OBSERVED) for it in verdict["messages"]))
        and not errors(judged(texts[name]))
    ]
    assert accepted == []


def test_the_table_of_verdicts(texts: dict[str, str]) -> None:
    """How often the two agree, so that a change of a rule shows in numbers."""
    counted: Counter[tuple[str, str]] = Counter()
    for name, verdict in RECORDED.items():
        problems = judged(texts[name])
        ours = "error" if errors(problems) else "warning" if problems else "accepted"
        counted["complains" if verdict["messages"] or not verdict["read"] else "accepts", ours] += 1
    assert dict(counted) == {
        ("complains", "error"): 85,
        ("complains", "warning"): 112,
        # Rules of the service that are none of OpenAPI, such as on composition, addresses and operationIds.
        ("accepts", "error"): 158,
        ("accepts", "warning"): 88,
        ("accepts", "accepted"): 42,
    }
