"""What a target is created from, as one text: the ARN of a function, a file, an S3 URI, an address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from agentcore_provider.documents import files
from agentcore_provider.errors import InvalidInput

FILE_ENDINGS = (".json", ".yaml", ".yml")
_MEANT = re.compile(r"\s*s3\s*[^0-9a-zA-Z\s.]{1,4}\s*(?P<rest>[^/\s:>].*)", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Whether it is an address on the web."""
    return source.startswith(("https://", "http://"))


def is_s3_uri(text: str) -> bool:
    """Whether it is meant as an S3 URI, even if misspelt: `s3>//bucket/key`."""
    return text.startswith("s3:") or bool(_MEANT.fullmatch(text) and "/" in text)


def checked_s3_uri(text: str, where: str) -> str:
    """The S3 URI. where: what to call it in the error. Raises InvalidInput that contains the corrected text."""
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if text.startswith("s3://") and bucket and key:
        return text
    almost = _MEANT.fullmatch(text)
    if almost and not text.startswith("s3://"):
        raise InvalidInput(f"{text!r} is not an S3 URI", f"Write {'s3://' + almost['rest'].strip()!r}", path=where)
    raise InvalidInput(f"{text!r} is not an S3 URI", "Write 's3://BUCKET/KEY'", path=where)


def is_smithy(source: str) -> bool:
    """Whether a JSON or YAML file is a Smithy model: by its name in S3, by its content on this machine.

    Raises InvalidInput if it cannot be read.
    """
    if is_s3_uri(source):
        return source.lower().endswith((".smithy.json", "smithy-model.json"))
    document = files.read(Path(source))
    return isinstance(document, dict) and "smithy" in document


def is_address_of_file(source: str) -> bool:
    """Whether it is the address of a document on the web, which is not a server."""
    return is_address(source) and urlsplit(source).path.lower().endswith((*FILE_ENDINGS, ".smithy"))


def file_on_the_web(source: str, also: str = "") -> InvalidInput:
    """The error for the address of a document. also: another cure."""
    return InvalidInput(
        f"{source!r} is the address of a file, which AWS does not fetch",
        f"Download it and pass its path, or put it into S3 and pass its s3:// URI{also}",
    )


def require_document(source: str, kind: str) -> None:
    """Raises InvalidInput if a source cannot be a file or an S3 URI. kind: name of the kind of target."""
    if source.startswith("arn:"):
        raise InvalidInput(f"{source!r} is an ARN, which {kind} targets do not accept", "Pass a file or s3:// URI")
    if is_address(source):
        raise file_on_the_web(source)


def name_of(source: str) -> str:
    """A name for what the source is: a host without its domain, or a file without its ending."""
    if "://" in source and not source.startswith("s3:"):
        return (urlsplit(source).hostname or "server").removeprefix("www.").split(".")[0]
    return re.sub(r"(\.smithy)?\.(json|ya?ml)$", "", source.rstrip("/").rsplit("/", 1)[-1])
