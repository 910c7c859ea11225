"""Compose files of the documents are valid by the schema of the Compose specification."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import PROJECT, Block, blocks

FILES = [
    block
    for page in sorted((PROJECT / "docs").rglob("*.md"))
    for block in blocks(page)
    if (block.title or "").endswith("compose.yaml")
]


def check(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("block", FILES, ids=str)
def test_compose_files_are_valid(tmp_path: Path, block: Block) -> None:
    """A file is accepted, and a misspelt key of it is not."""
    file = tmp_path / "compose.yaml"
    file.write_text(block.text)
    done = check(file)
    assert done.returncode == 0, done.stdout
    file.write_text(block.text.replace("network_mode", "network_mod"))
    assert check(file).returncode == 1


def test_there_is_one() -> None:
    """The page about tests has one."""
    assert [it.page for it in FILES] == ["docs/testing.md"]
