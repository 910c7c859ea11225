"""One word for one thing: the words that were replaced may not come back. The glossary in CONTRIBUTING has the others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
# What may not be written, in identifiers, messages, docstrings, comments and documents, with what to write.
REPLACED = {
    "told": "reported, or a name of what the function returns",
    "tells": "reports",
    "said": "reported, documented",
    "seen": "observed, current, found",
    "mend": "fix",
    "mends": "fixes",
    "mended": "fixed",
    "mending": "fixing",
    "anew": "again",
    "bears": "supports, allows",
    "judgement": "CheckResult, problems",
    "stranger": "unknown caller, another owner",
    "strangers": "unknown callers, other owners",
    "trouble": "problem",
    "mistake": "problem",
    "mistakes": "problems",
    "is no": "is not a",
    "goes not": "cannot be combined",
    "of no kind": "does not say which kind",
}
# An identifier is words too: so the parts of snake_case and CamelCase count.
_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")
# "There is no such tool", "is no longer there" and "has not been run" are English.
_BANNED = re.compile(rf"(?<!there )\b({'|'.join(REPLACED)})\b(?! longer| been)", re.IGNORECASE)
_FOLDERS = sorted(
    [
        f"agentcore_provider/{it.name}"
        for it in (_ROOT / "agentcore_provider").iterdir()
        if (it / "__init__.py").exists()
    ]
    + ["docs", "engine", "examples", "tests"]
)


def found(folder: Path) -> list[str]:
    """Each replaced word below the folder: file, line, the word and what to write instead."""
    files = (it for it in sorted(folder.rglob("*")) if it.suffix in {".py", ".md"} and it != Path(__file__))
    return [f"{file.relative_to(_ROOT)}:{line}" for file in files for line in _lines(file)]


def _lines(file: Path) -> list[str]:
    lines = enumerate(file.read_text().splitlines(), 1)
    words = ((number, it[1].lower()) for number, line in lines for it in _BANNED.finditer(_PARTS.sub(" ", line)))
    return [f"{number}: {word!r}, write: {REPLACED[word]}" for number, word in words]


@pytest.mark.parametrize("folder", _FOLDERS)
def test_replaced_words_do_not_come_back(folder: str) -> None:
    """The package has none of the words that were replaced."""
    assert not found(_ROOT / folder)


def test_files_beside_the_packages_have_none() -> None:
    """Neither have the files beside the packages."""
    files = [*(_ROOT / "agentcore_provider").glob("*.py"), *_ROOT.glob("*.py"), *_ROOT.glob("*.md")]
    pending = {"CONTRIBUTING.md"}
    assert not [f"{it.name}: {line}" for it in files if it.name not in pending for line in _lines(it)]
