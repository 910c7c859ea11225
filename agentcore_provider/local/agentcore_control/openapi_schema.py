"""What the service rejects in an OpenAPI document. Source: AgentCore developer guide, gateway-schema-openapi.

The guide asks for a document without semantic errors, so what OpenAPI itself forbids is rejecting as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from agentcore_provider.local.tool_schemas import openapi_document
from agentcore_provider.local.tool_schemas.openapi_document import OpenApi
from agentcore_provider.local.tool_schemas.tool_schema import SchemaUnreadableError

_METHODS = openapi_document.METHODS
_MEDIA_TYPES = frozenset(
    {"application/json", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded"}
)
_LONGEST_REASON = 2048
_COMPOSITIONS = ("oneOf", "anyOf", "allOf")
_SERIALIZERS = ("matrix", "label", "deepObject")
_LOCATIONS = ("path", "query", "header", "cookie")
_SERIALIZED_IN_PATH = re.compile(r"\{(?:[;./?&#+][^{}]*|[^{}]*\*)\}")
_SCHEMA_MEMBERS = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_SCHEMA_MAPS = ("properties", "patternProperties", "dependentSchemas")
_SCHEMA_LISTS = ("prefixItems", *_COMPOSITIONS)


@dataclass(frozen=True)
class Problems:
    """The problems of a document for a target.

    rejecting: the message of the service's error.
    failing: the statusReasons of the target, whose request was accepted.
    """

    rejecting: list[str]
    failing: list[str]


def validate(text: str, target_name: str, longest_tool_name: int, most_tools: int) -> Problems:
    """Every problem of a document."""
    try:
        document = openapi_document.parse(text)
    except SchemaUnreadableError as error:
        return Problems([f"OpenAPI schema cannot be read: {str(error).splitlines()[0]}"], [])
    version = document.get("openapi")
    if not re.fullmatch(r"3\.[01]([.-].*)?", str(version)) or "swagger" in document:
        return Problems([f"OpenAPI schema must be of version 3.0 or 3.1, found {document.get('swagger', version)}"], [])
    rejecting = list(_head_problems(document))
    if not isinstance(document.get("paths") or {}, dict):
        return Problems([*rejecting, "OpenAPI schema must have an object of paths"], [])
    reader = _Reader(document)
    operations = list(reader.operations())
    if document.get("servers") or not operations or not all(_has_servers(*each) for each in operations):
        rejecting += _server_problems(document)
    if not operations:
        rejecting.append("OpenAPI schema must have at least one operation")
    if len(operations) > most_tools:
        rejecting.append(f"OpenAPI schema has {len(operations)} operations, more than {most_tools}")
    rejecting += _name_problems(operations, target_name, longest_tool_name)
    for where, item, operation in operations:
        reader.read(where, item, operation)
    return Problems([*rejecting, *reader.found], _reasons(document, reader))


def unparsed(document: OpenApi) -> list[str]:
    """The reason why the service's reader cannot take a document, as statusReasons have it; empty if it can."""
    # Observed on the service in 2026; the text is that of many public reports.
    missing = ", ".join(_missing_members(document))
    return [f"Failed to parse OpenAPI specification: {missing}"[:_LONGEST_REASON]] if missing else []


def _reasons(document: OpenApi, reader: _Reader) -> list[str]:
    return unparsed(document) or list(reader.failing)


def _missing_members(document: OpenApi) -> Iterator[str]:
    """What the service's reader cannot do without."""
    components = document.get("components")
    components = components if isinstance(components, dict) else {}
    for section, member in (("responses", "description"), ("requestBodies", "content"), ("securitySchemes", "type")):
        named = components.get(section)
        for name, part in named.items() if isinstance(named, dict) else ():
            if isinstance(part, dict) and "$ref" not in part and member not in part:
                yield f"attribute components.{section}.{name}.{member} is missing"
    for path, item in document["paths"].items() if isinstance(document.get("paths"), dict) else ():
        for method in _METHODS if isinstance(item, dict) else ():
            operation = item.get(method)
            if isinstance(operation, dict):
                yield from _missing_in_operation(f"paths.'{path}'({method})", operation)


def _missing_in_operation(place: str, operation: OpenApi) -> Iterator[str]:
    if "$ref" in operation:
        yield f"attribute {place}.$ref is unexpected"
    if "responses" not in operation:
        yield f"attribute {place}.responses is missing"
    body, responses = operation.get("requestBody"), operation.get("responses")
    if isinstance(body, dict) and not body.keys() & {"$ref", "content"}:
        yield f"attribute {place}.requestBody.content is missing"
    for status, response in responses.items() if isinstance(responses, dict) else ():
        if isinstance(response, dict) and not response.keys() & {"$ref", "description"}:
            yield f"attribute {place}.responses.{status}.description is missing"


def _head_problems(document: OpenApi) -> Iterator[str]:
    information = document.get("info")
    for member in ("title", "version"):
        if not isinstance(information, dict) or information.get(member) is None:
            yield f"OpenAPI schema must have info.{member}"
    if document.get("webhooks"):
        yield "OpenAPI schema must not have webhooks"


def _has_servers(_: str, item: OpenApi, operation: OpenApi) -> bool:
    return bool(item.get("servers") or operation.get("servers"))


def _server_problems(document: OpenApi) -> Iterator[str]:
    """The first server is the one that is called, so the others are not validated."""
    servers = document.get("servers")
    server = servers[0] if isinstance(servers, list) and servers else None
    if not isinstance(server, dict) or not server.get("url"):
        yield "OpenAPI schema must have a server with an absolute URL"
        return
    url = str(server["url"])
    scheme, separator, rest = url.partition("://")
    authority = rest.partition("/")[0]
    host = re.sub(r":(\d+|\{[^{}]*\})$", "", authority)
    if not separator or not re.fullmatch(r"(?i)https?|\{[^{}]*\}", scheme):
        yield f"Server URL must be absolute: {url!r}"
        return
    variables = server.get("variables") or {}
    free = [name for name in re.findall(r"\{([^{}]*)\}", host) if not (variables.get(name) or {}).get("enum")]
    if free:
        yield f"Server URL must not have a templated host: {url}"
    elif not re.fullmatch(r"[^\s<>?#]+", host):
        yield f"Server URL must have a host: {url!r}"


def _name_problems(
    operations: list[tuple[str, OpenApi, OpenApi]], target_name: str, longest_tool_name: int
) -> Iterator[str]:
    names: Counter[str] = Counter()
    for where, _, operation in operations:
        name = operation.get("operationId")
        if name is None or name == "":
            yield f"operationId is missing in {where}"
        elif not isinstance(name, str):
            yield f"operationId must be text in {where}"
        else:
            names[name] += 1
    for name, count in names.items():
        if count > 1:
            yield f"operationId {name} is used {count} times"
        if len(f"{target_name}___{name}") > longest_tool_name:
            yield f"Tool name {target_name}___{name} is longer than {longest_tool_name}"


class _Reader:
    """Reads the operations of one document. `found`: their problems, each once, in the order of the document.

    `failing`: the problems that the service finds once it has accepted the request.
    """

    def __init__(self, document: OpenApi) -> None:
        self.found: dict[str, None] = {}
        self.failing: dict[str, None] = {}
        self._document = document
        self._read: set[int] = set()

    def operations(self) -> Iterator[tuple[str, OpenApi, OpenApi]]:
        """Where each operation is, its path item and itself."""
        for path, reference in (self._document.get("paths") or {}).items():
            if str(path).startswith("x-"):
                continue
            item = self._resolved(reference)
            for method in _METHODS:
                operation = item.get(method)
                if isinstance(operation, dict):
                    yield f"{method.upper()} {path}", item, operation

    def read(self, where: str, item: OpenApi, operation: OpenApi) -> None:
        """Note every problem of one operation."""
        if operation.get("callbacks"):
            self._note(f"callbacks are not supported: {where}")
        if _SERIALIZED_IN_PATH.search(where):
            self._note(f"Path serializers are not supported: {where}")
        for reference in [*(item.get("parameters") or []), *(operation.get("parameters") or [])]:
            if parameter := self._resolved(reference):
                self._parameter(where, parameter)
        self._contents(self._resolved(operation.get("requestBody")))
        responses = operation.get("responses")
        for reference in responses.values() if isinstance(responses, dict) else ():
            response = self._resolved(reference)
            if response.get("links"):
                self._note(f"links are not supported: {where}")
            self._contents(response, is_answer=True)

    def _parameter(self, where: str, parameter: OpenApi) -> None:
        name, place, style = parameter.get("name"), parameter.get("in"), parameter.get("style")
        if name is None or place is None:
            self._note(f"A parameter of {where} lacks its name or its place")
        elif place not in _LOCATIONS:
            self._note(f"Parameter {name} of {where} is in {place}, which is not one of {', '.join(_LOCATIONS)}")
        if style in _SERIALIZERS:
            self._note(f"Parameter style {style} is not supported: {name} of {where}")
        self._schema(parameter.get("schema"))
        self._contents(parameter)

    def _contents(self, holder: OpenApi, *, is_answer: bool = False) -> None:
        """Schemas of a parameter, a body or an answer. AWS was observed to fail targets for media types of answers only."""
        content = holder.get("content")
        for name, media in content.items() if isinstance(content, dict) else ():
            plain = str(name).partition(";")[0].strip().lower()
            if is_answer and plain not in _MEDIA_TYPES:
                self.failing.setdefault(f"MediaType {name} is not supported in response")
            if isinstance(media, dict):
                self._schema(media.get("schema"))

    def _schema(self, part: object) -> None:
        """A schema and those in it, each once: one may contain itself."""
        schema = self._resolved(part)
        if id(schema) in self._read:
            return
        self._read.add(id(schema))
        if "oneOf" in schema:
            # anyOf and allOf, which the guide excludes as well, occur in documents that deployed (public reports of
            # 2026, which have this text).
            self.failing.setdefault("schema with oneOf is currently not supported")
        # A property may well be named like a keyword, so only schemas are read.
        parts = [schema[member] for member in _SCHEMA_MEMBERS if member in schema]
        for member in _SCHEMA_MAPS:
            parts += schema[member].values() if isinstance(schema.get(member), dict) else []
        for member in _SCHEMA_LISTS:
            parts += schema[member] if isinstance(schema.get(member), list) else []
        for found in parts:
            self._schema(found)

    def _resolved(self, part: object) -> OpenApi:
        """What a part refers to; {} if that cannot be read."""
        followed: set[str] = set()
        while isinstance(part, dict) and isinstance(reference := part.get("$ref"), str):
            if "://" in reference:
                return {}
            if reference in followed or not reference.startswith("#"):
                self._note(f"Reference cannot be resolved in the document: {reference}")
                return {}
            followed.add(reference)
            part = self._at(reference)
        return part if isinstance(part, dict) else {}

    def _at(self, reference: str) -> object:
        found = openapi_document.at(self._document, reference)
        if found is None:
            self._note(f"Reference points to nothing: {reference}")
        return found

    def _note(self, problem: str) -> None:
        self.found.setdefault(problem)
