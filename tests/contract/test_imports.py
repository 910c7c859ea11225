"""What the package imports of other libraries is what they promise to keep."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FILES = sorted([*(_ROOT / "agentcore_provider").rglob("*.py"), *(_ROOT / "engine").rglob("*.py")])
# Types of the standard library's own, which type checkers bring and nothing imports when it runs.
_TYPES_ONLY = ("_typeshed",)


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that a module imports, wherever in it."""
    for statement in ast.walk(module):
        if isinstance(statement, ast.Import):
            yield from ((statement.lineno, it.name) for it in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            yield from ((statement.lineno, f"{statement.module or ''}.{it.name}") for it in statement.names)


def is_private(name: str) -> bool:
    """Whether a part of a dotted name begins with an underscore."""
    parts = name.split(".")
    return parts[0] not in _TYPES_ONLY and any(it.startswith("_") and not it.endswith("__") for it in parts)


@pytest.mark.parametrize("file", _FILES, ids=lambda it: str(it.relative_to(_ROOT)))
def test_no_private_name_is_imported(file: Path) -> None:
    """A private module or name may be gone with the next release of its library, or be another file's own."""
    assert [it for it in imported(ast.parse(file.read_text())) if is_private(it[1])] == []


@pytest.mark.parametrize(
    ("source", "private"),
    [
        ("from typer._click.exceptions import UsageError", True),
        ("import a._b", True),
        ("from a import _b", True),
        ("from __future__ import annotations", False),
        ("from _typeshed.wsgi import StartResponse", False),
    ],
)
def test_private_names_are_recognized(source: str, private: bool) -> None:
    """In every form of import."""
    assert [is_private(name) for _, name in imported(ast.parse(source))] == [private]
