"""What operations answer, made acceptable: nobody sends it, so other words for the same do."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.openapi_document import MEDIA_TYPES, OpenApiDocument, Operation, parts
from agentcore_provider.documents.pointer import below


def fix_answers(operations: Iterable[Operation], document: OpenApiDocument, sent: Container[int]) -> Iterator[str]:
    """Change the answers in place; yields the changes.

    Media types that targets fail with go, and oneOf becomes anyOf, which targets deploy with. sent: the ids of schemas
    that are sent as well, where the alternatives count; they are left alone.
    """
    visited: set[int] = set()
    for operation in operations:
        for _, response, where in document.responses(operation):
            content = response.get("content") if isinstance(response, Mapping) else None
            if isinstance(content, dict):
                yield from drop_media_types(content, below(where, "content"))
        for schema, where in document.output_schemas(operation):
            yield from _alternatives(document, schema, where, sent, visited)


def drop_media_types(content: JsonDict, pointer: str, *, keeps_one: bool = False) -> Iterator[str]:
    """Remove the media types that targets fail with; yields the changes. keeps_one: unless no other is offered."""
    for media in list(content):
        others = [it for it in content if _is_supported(it)]
        if _is_supported(media) or (keeps_one and not others and media != "*/*"):
            continue
        described = content.pop(media)
        if media == "*/*" and MEDIA_TYPES[0] not in content:
            content[MEDIA_TYPES[0]] = described
            yield f"{below(pointer, media)}: is now {MEDIA_TYPES[0]}"
        else:
            yield f"{below(pointer, media)}: removed, since targets fail with it"


def _is_supported(media: object) -> bool:
    return str(media).partition(";")[0].strip().lower() in MEDIA_TYPES


def _alternatives(
    document: OpenApiDocument, schema: object, pointer: str, sent: Container[int], visited: set[int]
) -> Iterator[str]:
    ahead = [(schema, pointer)]
    while ahead:
        found, where = document.resolved(*ahead.pop())
        if not isinstance(found, dict) or id(found) in visited:
            continue
        visited.add(id(found))
        if "oneOf" in found and id(found) not in sent:
            alternatives = {"anyOf": found.pop("oneOf")}
            if "anyOf" in found:
                found["allOf"] = [*found.get("allOf", ()), alternatives]
            else:
                found.update(alternatives)
            yield f"{below(where, 'oneOf')}: is now anyOf"
        ahead += parts(found, where)
