"""A secret of one's own in Secrets Manager, pointed to from a credential provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_origin(document: Mapping[str, Any], reference: str, origin: str) -> dict[str, Any]:
    """The document with EXTERNAL beside a reference: the service wants the two together."""
    return {origin: "EXTERNAL", **document} if document.get(reference) else dict(document)


def shown(said: Any, arn: str | None, json_key: str | None) -> Any:
    """The reference as AWS has it, in the words of the program where both mean the same secret.

    said: {"secretId", "jsonKey"} of the program. arn, json_key: what AWS shows.
    """
    if not isinstance(said, Mapping) or not arn:
        return said
    # A secret's ARN is its name and six random characters.
    given = said.get("secretId")
    alike = given == arn or arn.rpartition(":secret:")[2].rpartition("-")[0] == given
    return {**said, "secretId": given if alike else arn, "jsonKey": json_key or said.get("jsonKey")}
