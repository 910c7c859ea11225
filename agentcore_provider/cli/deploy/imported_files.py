"""Documents of an imported gateway in files beside the stack's, named after the targets that they describe."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentcore_provider.cli.files import not_written, write
from agentcore_provider.errors import AgentCoreError


class ImportedFiles:
    """The files of one gateway, in a folder that is called after it. Nothing is written before `written`."""

    def __init__(self, project: Path, gateway: str) -> None:
        """project: the folder of Pulumi.yaml. gateway: its key in the stack's file."""
        self._project = project
        self._gateway = gateway
        self._texts: dict[str, str] = {}

    def put(self, target: str, suffix: str, document: Any) -> str:
        """Keep a document; returns the path of its file, from the project's folder.

        document: text, or what becomes JSON. One that another target has too is kept once, and a file that says
        something else stays.
        """
        text = _laid_out(document)
        known = next((path for path, kept in self._texts.items() if kept == text), None)
        if known is not None:
            return known
        ending = f"{suffix}.{'json' if text.startswith(('{', '[')) else 'yaml'}"
        number = 1
        while True:
            path = f"{self._gateway}/{target}{f'-{number}' if number > 1 else ''}.{ending}"
            if path not in self._texts and _content(self._project / path) in (None, text):
                self._texts[path] = text
                return path
            number += 1

    @contextlib.contextmanager
    def written(self, stack_file: Path) -> Iterator[None]:
        """The files are there. If the block fails, those that the stack's file does not name are taken away again."""
        new = [path for path in self._texts if not (self._project / path).exists()]
        folder = self._project / self._gateway
        is_new = not folder.exists()
        try:
            for path in new:
                with _explained(folder):
                    folder.mkdir(exist_ok=True)
                write(self._project / path, self._texts[path])
            yield
        except BaseException:
            named = _content(stack_file) or ""
            for path in new:
                if path not in named:
                    with contextlib.suppress(OSError):
                        (self._project / path).unlink()
            if is_new:
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise AgentCoreError(
            f"{folder} is a file", "Rename it, since the gateway's documents go into that folder"
        ) from None
    except OSError as error:
        raise not_written(folder, error) from None


def _laid_out(document: Any) -> str:
    """A document as people read it: JSON with a line for each value, everything else as it is."""
    try:
        value = json.loads(document) if isinstance(document, str) else document
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return str(document)
    return f"{text}\n"


def _content(path: Path) -> str | None:
    """What a file says; None if there is none, or none that is text."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return "" if path.exists() else None
