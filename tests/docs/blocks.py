"""What the pages tell a reader to type."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_FENCE = re.compile(r"(?P<indent> *)```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\s*")
_MARK = re.compile(r"\s*<!-- (?P<mark>[a-z ]+?)(?::.*)? -->\s*")


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    page: str
    line: int
    language: str
    title: str | None
    mark: str | None
    """What the HTML comment above it says."""
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in their order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    above: str | None = None
    number = 0
    while number < len(lines):
        opened = _FENCE.fullmatch(lines[number])
        if opened:
            first = number + 1
            number = next(it for it in range(first, len(lines)) if lines[it].strip() == "```")
            text = textwrap.dedent("\n".join(lines[first:number])) + "\n"
            name = page.relative_to(PROJECT).as_posix()
            yield Block(name, first, opened["language"], opened["title"], above, text)
        if lines[number].strip():
            marked = _MARK.fullmatch(lines[number])
            above = marked["mark"] if marked else None
        number += 1


def typed(blocks: Sequence[Block], python: Path) -> str:
    """A script for bash that makes the files with a title, runs the scripts and types the commands, in their order."""
    lines = ["set -euo pipefail", "checkout=$PWD"]
    for number, block in enumerate(blocks):
        end = f"'END {number}'"
        if block.title:
            path = f'"$checkout/{block.title}"'
            lines += [f'mkdir -p "$(dirname {path})"', f"cat > {path} << {end}\n{block.text}{end[1:-1]}"]
        elif block.mark == "script":
            lines.append(f"{shlex.quote(str(python))} - << {end}\n{block.text}{end[1:-1]}")
        elif block.language == "sh" and block.mark is None:
            lines += ["set -x", re.sub(r"(?m)^make ", "make --dry-run ", block.text) + "{ set +x; } 2> /dev/null"]
    return "\n".join(lines) + "\n"
