"""Every rule says where it is written, in a form that leads there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import agentcore_provider
from agentcore_provider.rules import service_model

PACKAGE = Path(agentcore_provider.__file__).parent
FILES = sorted(file for folder in ("rules", "target_kinds") for file in (PACKAGE / folder).rglob("*.py"))
# As problem.py explains them; what varies in a text is not looked at.
FORMS = re.compile(r"devguide [A-Za-z0-9-]+|botocore model [a-z…-]+(, [A-Za-z0-9…]+)?|[\w.-]+/[\w.-]+#\d+|https://\S+")
STARTS = ("devguide ", "botocore model ")


def _texts(tree: ast.AST) -> list[str]:
    inside = {id(it) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for it in ast.walk(node)} - {
        id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    }
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts.append("".join(str(it.value) if isinstance(it, ast.Constant) else "…" for it in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            texts.append(node.value)
    return texts


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.relative_to(PACKAGE).as_posix())
def test_sources_have_a_form_that_leads_there(file: Path) -> None:
    sources = [text for text in _texts(ast.parse(file.read_text())) if text.startswith(STARTS)]
    assert [text for text in sources if not all(FORMS.fullmatch(it) for it in text.split("; "))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.relative_to(PACKAGE).as_posix())
def test_no_problem_goes_without_a_source(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
            given = [*node.args[3:4], *(it.value for it in node.keywords if it.arg == "source")]
            assert given, f"line {node.lineno}"
            assert not (isinstance(given[0], ast.Constant) and not given[0].value), f"line {node.lineno}"


def test_shapes_and_pages_that_are_named_exist() -> None:
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for service, shape in re.findall(r"botocore model ([a-z-]+), ([A-Z]\w+)", text):
            assert shape in service_model.load(service)["shapes"], f"{file.name}: {shape}"
        model = service_model.load(service_model.CONTROL)
        for page in re.findall(r"bedrock-agentcore-control/latest/APIReference/API_(\w+)\.html", text):
            assert page in model["operations"] or page in model["shapes"], f"{file.name}: {page}"
