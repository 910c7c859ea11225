"""What operations answer, made acceptable: nobody sends it, so other words for the same do."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from agentcore_provider.rules.openapi.findings import Findings
from agentcore_provider.rules.openapi.json_schema import parts
from agentcore_provider.rules.openapi.operations import MEDIA_TYPES, Operation, output_schemas
from agentcore_provider.rules.source_text import below


def fix_answers(operations: Iterable[Operation], findings: Findings, sent: Container[int]) -> Iterator[str]:
    """Change the answers in place; yields the changes.

    Media types that targets fail with go, and oneOf becomes anyOf, which targets deploy with. sent: the ids of schemas
    that are sent as well, where the alternatives count; they are left alone.
    """
    seen: set[int] = set()
    for operation in operations:
        responses = operation.content.get("responses")
        for status, reference in responses.items() if isinstance(responses, Mapping) else ():
            response, where = findings.resolved(reference, below(operation.pointer, "responses", status))
            content = response.get("content") if isinstance(response, Mapping) else None
            if isinstance(content, dict):
                yield from _media_types(content, below(where, "content"))
        for schema, where in output_schemas(findings, operation):
            yield from _alternatives(findings, schema, where, sent, seen)


def _media_types(content: dict[str, Any], pointer: str) -> Iterator[str]:
    for media in list(content):
        if str(media).partition(";")[0].strip().lower() in MEDIA_TYPES:
            continue
        described = content.pop(media)
        if media == "*/*" and MEDIA_TYPES[0] not in content:
            content[MEDIA_TYPES[0]] = described
            yield f"{below(pointer, media)}: is now {MEDIA_TYPES[0]}"
        else:
            yield f"{below(pointer, media)}: removed, since targets fail with it"


def _alternatives(findings: Findings, schema: Any, pointer: str, sent: Container[int], seen: set[int]) -> Iterator[str]:
    ahead = [(schema, pointer)]
    while ahead:
        found, where = findings.resolved(*ahead.pop())
        if not isinstance(found, dict) or id(found) in seen:
            continue
        seen.add(id(found))
        if "oneOf" in found and id(found) not in sent:
            alternatives = {"anyOf": found.pop("oneOf")}
            if "anyOf" in found:
                found["allOf"] = [*found.get("allOf", ()), alternatives]
            else:
                found.update(alternatives)
            yield f"{below(where, 'oneOf')}: is now anyOf"
        ahead += parts(found, where)
