"""OpenAPI documents and other schemas that travel as text: from documents, texts, and files with what they refer to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agentcore_provider.documents import files
from agentcore_provider.documents.limits import Unreadable, check
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import references

# Far from every document that refers to other files; what passes is read to be sure.
_MAY_REFER_OUT = re.compile(r"""\$ref["']?\s*:\s*["']?[^#"'\s]""")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def load(source: Any, *, folder: Path, reference_folders: Sequence[str | Path] = ()) -> str:
    """The text of an OpenAPI document, with everything in it that it refers to in other files.

    source: a document, its text in JSON or YAML, or the path of a file. folder: the project's, what relative paths
    begin at. reference_folders: whose files it may refer to, beside those below the folders of project and document.
    A text that refers to nothing outside stays as it was written, so that problems keep their lines.
    Raises InvalidInput with every problem.
    """
    if isinstance(source, Mapping):
        document: Any = _checked(source)
        text = _compact(source)
    else:
        document = None
        text = text_of(source, folder=folder, what="OpenAPI document")
    if not _MAY_REFER_OUT.search(text):
        return text
    path = (folder / source).resolve() if is_path(source) else None
    if document is None:
        document = parsed(text, str(path) if path else "OpenAPI document")
    if not isinstance(document, Mapping) or not references.refers_out(document):
        return text
    return _compact(references.bundled(document, path=path, folder=folder, reference_folders=reference_folders))


def is_path(source: object) -> bool:
    """Whether a source is the path of a file: a path by type, or one line that does not begin like a document."""
    if isinstance(source, Path):
        return True
    return isinstance(source, str) and "\n" not in source and not source.lstrip().startswith(("{", "["))


def text_of(source: object, *, folder: Path, what: str) -> str:
    """The text of a file, or the text itself. what: what it should be, for errors. Raises InvalidInput."""
    if not isinstance(source, (str, Path)):
        raise InvalidInput(
            f"is a {type(source).__name__}", "Give a document, its text or the path of a file", path=what
        )
    if not is_path(source):
        return str(source)
    if isinstance(source, str) and _ADDRESS.match(source):
        raise InvalidInput(
            "is an address", f"Download the {what} and give the path of its file, or s3://..", path=f"{source}"
        )
    if not str(source).strip():
        raise InvalidInput("is empty", "Give a document, its text or the path of a file", path=what)
    return files.text(folder / source)


def parsed(text: str, name: str) -> Any:
    """What a text in JSON or YAML says. name: what to call it in errors. Raises InvalidInput."""
    return files.parse(text, name=name)


def _checked(document: object) -> Any:
    try:
        check(document)
    except Unreadable as error:
        raise error.of("OpenAPI document") from None
    return document


def _compact(document: object) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
