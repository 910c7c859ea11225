"""OpenAPI documents made acceptable, where that loses nothing an agent needs."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from agentcore_provider.documents.alternatives import COMPOSITION
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.openapi_document import OpenApiDocument, Operation, parts
from agentcore_provider.documents.openapi_fixing.answers import drop_media_types, fix_answers
from agentcore_provider.documents.openapi_fixing.composition import Composition, as_text, composed, optional_reference
from agentcore_provider.documents.openapi_fixing.read_only import ReadOnly
from agentcore_provider.documents.pointer import at, below, steps
from agentcore_provider.documents.source_text import SourceText

_NAME = re.compile(r"[^a-zA-Z0-9_-]+")
_MULTIPART = "multipart/form-data"
_LONGEST_NAME = 64
"""Characters of a tool's name that models of Amazon Bedrock take."""


@dataclass(frozen=True)
class Fixed:
    """document: the fixed one; the given one is left as it was. changes: what was changed, a line each with its place."""

    document: JsonDict
    changes: tuple[str, ...]


def fix(source: str | JsonObject, *, server: str | None = None) -> Fixed:
    """The document with everything fixed that can be without loss; `validate` reports what is left.

    server: the API's address, for a document that has none or only a relative one.
    Raises ValueError for a text that cannot be read or is not an object.
    """
    given = SourceText(source).document
    if not isinstance(given, Mapping):
        raise ValueError("is not an object")
    fixer = _Fixer(copy.deepcopy(dict(given)))
    fixer.fix(server)
    return Fixed(fixer.document, tuple(fixer.changes))


def with_server(source: str | JsonObject, server: str) -> Fixed:
    """The document with another address and nothing else changed. Raises ValueError as fix does."""
    given = SourceText(source).document
    if not isinstance(given, Mapping):
        raise ValueError("is not an object")
    fixer = _Fixer(dict(given))
    fixer.set_server(server)
    return Fixed(fixer.document, tuple(fixer.changes))


class _Fixer:
    """Changes one document step by step and notes each change."""

    def __init__(self, document: JsonDict) -> None:
        self.document = document
        self.changes: list[str] = []
        self._visited: set[int] = set()
        self._names: set[str] = set()

    def fix(self, server: str | None) -> None:
        self._version()
        self._servers(server)
        self._hoist()
        self._drop(self.document, "security", "#")
        self._drop(self.document, "webhooks", "#")
        if isinstance(self.document.get("components"), dict):
            self._drop(self.document["components"], "securitySchemes", "#/components")
        document = OpenApiDocument(self.document)
        listed = list(document.operations())
        self._names = {it.operation_id for it in listed}
        kept: set[str] = set()
        for operation in listed:
            self._operation_id(operation, kept)
            self._path_parameters(operation, document)
            self._drop(operation.content, "security", operation.pointer)
            self._drop(operation.content, "callbacks", operation.pointer)
            self._body(operation, document)
            self._responses(operation, document)
        components = self.document.get("components")
        shared = components.get("responses") if isinstance(components, dict) else None
        for name, response in shared.items() if isinstance(shared, dict) else ():
            if isinstance(response, dict):
                self._describe(response, below("#/components/responses", name), "")
        for operation in listed:
            self._parameters(operation, document)
        read_only = ReadOnly(
            document,
            [it for operation in listed for it in document.input_schemas(operation)],
            [it for operation in listed for it in document.output_schemas(operation)],
        )
        read_only.remove()
        self.changes += read_only.changes
        self._compositions(listed, document)
        self.changes += fix_answers(listed, document, self._visited)

    def _drop(self, owner: Any, member: str, pointer: str) -> None:
        if member in owner:
            del owner[member]
            self.changes.append(f"{below(pointer, member)}: removed")

    def _version(self) -> None:
        version = self.document.get("openapi")
        if isinstance(version, float):
            self.document["openapi"] = f"{version}.0"
            self.changes.append(f"#/openapi: {version} is now the text {version}.0")
        info = self.document.setdefault("info", {})
        for member, value in (("title", "API"), ("version", "1")):
            if isinstance(info, dict) and info.get(member) is None:
                info[member] = value
                self.changes.append(f"#/info/{member}: is now {value}")

    def set_server(self, server: str) -> None:
        """Replace the document's addresses; a relative one is a path below the new one."""
        listed = self.document.get("servers")
        first = listed[0] if isinstance(listed, list) and listed else None
        url = first.get("url") if isinstance(first, Mapping) else None
        is_path = isinstance(url, str) and url.startswith("/") and "{" not in url
        path = str(url).rstrip("/") if is_path else ""
        address = server.rstrip("/") + ("" if server.rstrip("/").endswith(path) else path)
        if listed != [{"url": address}]:
            self.document["servers"] = [{"url": address}]
            self.changes.append(f"#/servers: is now {address}")

    def _servers(self, server: str | None) -> None:
        listed = self.document.get("servers")
        if server is not None:
            self.set_server(server)
        elif isinstance(listed, list):
            urls = [str(one.get("url")) if isinstance(one, Mapping) else "" for one in listed]
            whole = [index for index, url in enumerate(urls) if url.startswith(("https://", "http://"))]
            if whole and whole[0] > 0:
                # The service calls the first one.
                self.document["servers"] = listed = listed[whole[0] :]
                self.changes.append(f"#/servers: {', '.join(urls[: whole[0]])} is removed, as it does not say a host")
            for index, one in enumerate(listed):
                if isinstance(one, dict):
                    self._host(one, below("#/servers", index, "url"))

    def _host(self, server: JsonDict, pointer: str) -> None:
        """A host's variable that has a default and no list of values gets the default."""
        url, variables = server.get("url"), server.get("variables")
        if not isinstance(url, str) or not isinstance(variables, dict):
            return
        host = url.partition("://")[2].partition("/")[0]
        for name in re.findall(r"\{([^{}]*)\}", host):
            variable = variables.get(name)
            if isinstance(variable, Mapping) and variable.get("default") and not variable.get("enum"):
                server["url"] = server["url"].replace(f"{{{name}}}", str(variable["default"]))
                del variables[name]
                self.changes.append(f"{pointer}: {{{name}}} is now its default, so the address is {server['url']}")

    def _operation_id(self, operation: Operation, kept: set[str]) -> None:
        given = operation.content.get("operationId")
        name = given if isinstance(given, str) else ""
        if _NAME.search(name):
            name = _NAME.sub("_", name).strip("_")
        if not name:
            path = _NAME.sub("_", operation.path).strip("_").lower()
            name = f"{operation.method}_{path}".strip("_")[:_LONGEST_NAME]
        if name != given or name in kept:
            name = _unused(name, self._names | kept)
        kept.add(name)
        if name != given:
            _own(operation.content)["operationId"] = name
            before = f"was {given!r}" if given else "was missing"
            self.changes.append(f"{below(operation.pointer, 'operationId')}: {before}, is now {name}")

    def _path_parameters(self, operation: Operation, document: OpenApiDocument) -> None:
        defined = set()
        for owner in (operation.item, operation.content):
            listed = owner.get("parameters")
            if listed is not None and not isinstance(listed, list):
                return
            for reference in listed or ():
                parameter, _ = document.resolved(reference, "#")
                if isinstance(parameter, dict) and parameter.get("in") == "path":
                    defined.add(str(parameter.get("name")))
                    if parameter.get("required") is not True:
                        parameter["required"] = True
                        place = below(operation.pointer, "parameters")
                        self.changes.append(f"{place}: {{{parameter.get('name')}}} of the path is now required")
        for name in re.findall(r"\{([\w.-]+)\}", operation.path):
            if name not in defined:
                parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                own = _own(operation.content)
                own["parameters"] = [*(own.get("parameters") or ()), parameter]
                self.changes.append(f"{below(operation.pointer, 'parameters')}: {{{name}}} of the path is now defined")

    def _parameters(self, operation: Operation, document: OpenApiDocument) -> None:
        """A parameter that is text or a number is text: that is how it travels either way."""
        for parameter, where in document.parameters(operation):
            found = parameter.get("schema") if isinstance(parameter, Mapping) else None
            schema, place = document.resolved(found, below(where, "schema"))
            if isinstance(schema, dict) and as_text(schema):
                self.changes.append(f"{place}: is text or a number, and is now text, as it travels")

    def _body(self, operation: Operation, document: OpenApiDocument) -> None:
        body, where = document.body(operation)
        if not isinstance(body, dict):
            return
        content = body.get("content")
        if "content" not in body:
            self._drop(operation.content, "requestBody", operation.pointer)
        elif isinstance(content, dict):
            place = below(where, "content")
            if _has_file(content.get(_MULTIPART), document):
                # The service would send the first one, and a file is lost in JSON.
                for media in [it for it in content if it != _MULTIPART]:
                    self._drop(content, media, place)
            self.changes += drop_media_types(content, place, keeps_one=True)

    def _responses(self, operation: Operation, document: OpenApiDocument) -> None:
        responses = operation.content.get("responses")
        if responses is None:
            _own(operation.content)["responses"] = {"default": {"description": "The answer"}}
            self.changes.append(f"{below(operation.pointer, 'responses')}: is now there")
        if not isinstance(responses, dict):
            return
        numbers = [status for status in responses if not isinstance(status, str)]
        if numbers:
            _own(operation.content)["responses"] = {str(status): response for status, response in responses.items()}
            listed = ", ".join(map(str, numbers))
            self.changes.append(f"{below(operation.pointer, 'responses')}: {listed} is now text")
        for status, response, where in document.responses(operation):
            if isinstance(response, dict):
                self._drop(response, "links", where)
                self._describe(response, where, str(status))

    def _describe(self, response: JsonDict, pointer: str, status: str) -> None:
        if "description" not in response and "$ref" not in response:
            known = status.isdecimal() and int(status) in HTTPStatus.__members__.values()
            response["description"] = HTTPStatus(int(status)).phrase if known else "The answer"
            self.changes.append(f"{below(pointer, 'description')}: was missing, is now {response['description']}")

    def _hoist(self) -> None:
        """Parts of a composition that others refer to become definitions, so that the composition can go."""
        found: dict[str, list[JsonDict]] = {}
        for owner in _referring(self.document):
            if set(steps(owner["$ref"])) & set(COMPOSITION):
                found.setdefault(owner["$ref"], []).append(owner)
        hoisted: JsonDict = {}
        components = self.document.setdefault("components", {}) if found else {}
        schemas = components.setdefault("schemas", {}) if isinstance(components, dict) else None
        if not isinstance(schemas, dict):
            return
        for reference, owners in found.items():
            try:
                part = at(self.document, reference)
            except LookupError:
                continue
            plain = _NAME.sub("_", "_".join(steps(reference)[2:])).strip("_") or "Part"
            name = _unused(plain, {*schemas, *hoisted})
            hoisted[name] = part
            for owner in owners:
                owner["$ref"] = f"#/components/schemas/{name}"
            self.changes.append(f"{reference}: is now the definition {name}")
        # Copied last, so that the copies refer to the definitions as well.
        schemas |= {name: copy.deepcopy(part) for name, part in hoisted.items()}

    def _compositions(self, listed: list[Operation], document: OpenApiDocument) -> None:
        composition = Composition(self.document)
        for operation in listed:
            for schema, pointer in document.input_schemas(operation):
                self._composition(composition, document, schema, pointer)

    def _composition(self, composition: Composition, document: OpenApiDocument, schema: object, pointer: str) -> None:
        # A list instead of recursion: schemas may be nested as deeply as they like. With each goes what was put in
        # place around it, since a definition that would be put inside itself again has no end, and the definition that
        # it is part of.
        ahead: list[tuple[Any, str, frozenset[str], str]] = [(schema, pointer, frozenset(), "")]
        while ahead:
            found, where, around, within = ahead.pop()
            found, resolved = document.resolved(found, where)
            if resolved != where:
                around, within = frozenset(), resolved
            if not isinstance(found, dict) or id(found) in self._visited:
                continue
            self._visited.add(id(found))
            if composed(found):
                keywords = [it for it in COMPOSITION if it in found] or ["type"]
                reference = optional_reference(found)
                placed = None if reference in {within, *around} - {None} else composition.replaced(found, around)
                if placed is not None:
                    around |= placed
                    self.changes.append(f"{resolved}: {', '.join(keywords)} is now one schema")
                elif reference in {within, *around}:
                    found.clear()
                    found["$ref"] = reference
                    self.changes.append(
                        f"{resolved}: {', '.join(keywords)} is now the reference; leave it out for null"
                    )
            ahead += [(part, below_it, around, within) for part, below_it in parts(found, resolved)]


def _referring(value: object) -> Iterator[JsonDict]:
    """Every reference of a document, each once."""
    visited: set[int] = set()
    ahead = [value]
    while ahead:
        found = ahead.pop()
        if id(found) in visited or not isinstance(found, (dict, list)):
            continue
        visited.add(id(found))
        if isinstance(found, dict) and isinstance(found.get("$ref"), str):
            yield found
        ahead += found.values() if isinstance(found, dict) else found


def _has_file(described: object, document: OpenApiDocument) -> bool:
    """Whether a form has a part that is a file, in the words of 3.0 or 3.1."""
    schema, _ = document.resolved(described.get("schema") if isinstance(described, Mapping) else None, "#")
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    for part in properties.values() if isinstance(properties, Mapping) else ():
        one, _ = document.resolved(part, "#")
        one, _ = document.resolved(one.get("items", one) if isinstance(one, Mapping) else None, "#")
        if isinstance(one, Mapping) and (one.get("format") == "binary" or "contentMediaType" in one):
            return True
    return False


def _own(content: JsonObject) -> JsonDict:
    """A part of the fixer's own copy, which is made of dictionaries."""
    if not isinstance(content, dict):
        raise TypeError(f"a {type(content).__name__} cannot be fixed")
    return content


def _unused(name: str, used: set[str]) -> str:
    number = 2
    chosen = name
    while chosen in used:
        chosen = f"{name[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
        number += 1
    return chosen
