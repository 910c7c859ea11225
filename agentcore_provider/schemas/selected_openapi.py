"""An OpenAPI document with some of its operations, and what these need."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from agentcore_provider.documents import openapi_document
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.openapi_document import METHODS, OpenApiDocument
from agentcore_provider.documents.pointer import referred_to, steps
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas.selection import Operation, Selection

_COMPONENTS = "#/components/"


def select(document: JsonObject, selection: Selection) -> JsonDict:
    """The document with the chosen operations, without webhooks, tags and components that none of them uses.

    The given document is left as it was. Raises InvalidInput.
    """
    offered = list(OpenApiDocument(document).operations())
    chosen = selection([_operation(it) for it in offered])
    left_out = {(it.path, it.method) for it, is_chosen in zip(offered, chosen, strict=True) if not is_chosen}
    kept = {
        path: {member: value for member, value in it.item.items() if (path, member) not in left_out}
        for path, it in {it.path: it for it in offered}.items()
        if any(method in it.item and (path, method) not in left_out for method in METHODS)
    }
    selected = {member: value for member, value in document.items() if member != "webhooks"} | {"paths": kept}
    selected = copy.deepcopy(selected)
    _put_in_place(selected["paths"], document, selected)
    _drop_tags(selected)
    _drop_components(selected)
    return selected


def _operation(operation: openapi_document.Operation) -> Operation:
    tags = operation.content.get("tags")
    return Operation(
        operation.operation_id,
        operation.method.upper(),
        operation.path,
        tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def _at(document: object, reference: str) -> Any:
    try:
        return referred_to(document, reference)
    except LookupError:
        return None


def _put_in_place(part: object, whole: JsonObject, selected: JsonObject) -> None:
    """Replace references into operations that were left out by what they point to."""
    ahead: list[tuple[Any, tuple[str, ...]]] = [(part, ())]
    while ahead:
        found, trail = ahead.pop()
        reference = found.get("$ref") if isinstance(found, dict) else None
        if isinstance(reference, str) and not reference.startswith(_COMPONENTS) and _at(selected, reference) is None:
            target = _at(whole, reference)
            if reference in trail:
                raise InvalidInput(
                    f"$ref {reference} leads to itself in an operation that is left out", "Choose that one too"
                )
            if isinstance(target, Mapping):
                found.pop("$ref")
                found |= copy.deepcopy(dict(target))
                trail = (*trail, reference)
        if isinstance(found, (dict, list)):
            ahead += ((below, trail) for below in (found.values() if isinstance(found, dict) else found))


def _drop_tags(document: JsonDict) -> None:
    listed = document.get("tags")
    if isinstance(listed, list):
        used = {
            str(tag)
            for item in document["paths"].values()
            for content in item.values()
            if isinstance(content, Mapping) and isinstance(content.get("tags"), list)
            for tag in content["tags"]
        }
        document["tags"] = [tag for tag in listed if isinstance(tag, Mapping) and tag.get("name") in used]


def _drop_components(document: JsonDict) -> None:
    components = document.get("components")
    if not isinstance(components, Mapping):
        return
    used: set[tuple[str, str]] = set()
    ahead: list[Any] = [{member: value for member, value in document.items() if member != "components"}]
    while ahead:
        for section, name in _uses(ahead.pop()):
            named = components.get(section)
            if (section, name) not in used and isinstance(named, Mapping) and name in named:
                used.add((section, name))
                ahead.append(named[name])
    document["components"] = {
        section: {name: it for name, it in named.items() if (section, name) in used}
        if isinstance(named, Mapping)
        else named
        for section, named in components.items()
    }


def _uses(part: object) -> Iterator[tuple[str, str]]:
    """Section and name of each component that a part uses."""
    ahead = [part]
    while ahead:
        found = ahead.pop()
        if isinstance(found, Mapping):
            security = found.get("security")
            for requirement in security if isinstance(security, list) else ():
                yield from (("securitySchemes", str(it)) for it in requirement if isinstance(requirement, Mapping))
            mapping = found.get("mapping")
            for name in mapping.values() if isinstance(mapping, Mapping) else ():
                yield "schemas", str(name)
            ahead += found.values()
        elif isinstance(found, list):
            ahead += found
        elif isinstance(found, str) and found.startswith(_COMPONENTS):
            named = [unquote(step) for step in steps(found)[1:3]]
            if len(named) == 2:
                yield named[0], named[1]
