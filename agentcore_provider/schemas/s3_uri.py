"""S3 URIs as people write them: told from file names, and refused with the corrected text."""

from __future__ import annotations

import re

from agentcore_provider.errors import InvalidInput

_MEANT = re.compile(r"\s*s3\s*[^0-9a-zA-Z\s.]{1,4}\s*(?P<rest>[^/\s:>].*)", re.IGNORECASE)


def is_meant(text: str) -> bool:
    """Whether an S3 URI is meant, also if it is not written well: `s3>//bucket/key`."""
    return text.startswith("s3:") or bool(_MEANT.fullmatch(text) and "/" in text)


def checked(text: str, where: str) -> str:
    """The URI, if it is one. where: what to call it in the error. Raises InvalidInput that shows the corrected text."""
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if text.startswith("s3://") and bucket and key:
        return text
    almost = _MEANT.fullmatch(text)
    if almost and not text.startswith("s3://"):
        raise InvalidInput(f"{text!r} is not an S3 URI", f"Write {'s3://' + almost['rest'].strip()!r}", path=where)
    raise InvalidInput(f"{text!r} is not an S3 URI", "Write 's3://BUCKET/KEY'", path=where)
