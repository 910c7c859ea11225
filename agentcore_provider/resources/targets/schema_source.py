"""Where a schema comes from, as AWS's ApiSchemaConfiguration: text inside the document, or an object in S3."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Union

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.targets.target import given, holds_output

Schema = Union[str, Path, Mapping[str, object], "pulumi.Output[Any]"]
"""A document, its text, the path of a file, an s3:// URI, or an Output of text, document or URI."""


def schema_source(
    schema: object, read: Callable[[Any], str], *, bucket_owner: object = None, selects: bool = False
) -> Any:
    """AWS's ApiSchemaConfiguration.

    schema: a document, its text, a path, an s3:// URI, AWS's own document, or an Output of any of these.
    read: the text of anything but S3; raises InvalidInput. bucket_owner: account of the S3 bucket.
    selects: whether only some of its operations are wanted.
    """
    if holds_output(schema, "schema"):
        return pulumi.Output.from_input(schema).apply(
            lambda known: built_late(lambda: schema_source(known, read, bucket_owner=bucket_owner, selects=selects))
        )
    if isinstance(schema, str) and schema.startswith("s3://"):
        if selects:
            raise _in_s3()
        return {"s3": given(uri=schema, bucketOwnerAccountId=bucket_owner)}
    if bucket_owner is not None:
        raise InvalidInput(
            "goes only with a schema in S3", "Remove it, or give the schema's s3:// URI", path="bucket_owner"
        )
    if isinstance(schema, Mapping) and schema.keys() <= {"s3", "inlinePayload"}:
        if selects and "s3" in schema:
            raise _in_s3()
        return {"inlinePayload": read(schema["inlinePayload"])} if selects else dict(schema)
    return {"inlinePayload": read(schema)}


def _in_s3() -> InvalidInput:
    message = "cannot be combined with a schema in S3, which AWS reads whole"
    return InvalidInput(message, "Download it and give the file", path="only, without")


def compact(document: object) -> str:
    """A document as the text that travels: the same document always gives the same text."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def built_late(build: Callable[[], Any]) -> Any:
    """What is built of a value that the engine knew late; a problem ends the program with its line."""
    try:
        return build()
    except InvalidInput as error:
        raise pulumi.RunError(str(error)) from None
