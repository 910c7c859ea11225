"""The form of OpenAPI's objects: members that have to be there, members that do not exist, and values of a wrong type.

The service reads documents by the Java library swagger-parser: what fails a target is in that library's words (public
reports of 2026 quote `attribute paths.'/cart'(get).responses is missing`, `attribute components.responses.A.description
is missing`, `attribute components.securitySchemes.A.type is missing`, `requestBody.content is missing`). Those four are
errors here, and so is what leaves the library without a document; its other messages, of which nobody has reported
that they fail a target, are warnings. tests/rules/swagger_parser compares the two over every kind of message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents.json_types import is_object
from agentcore_provider.documents.pointer import at, below
from agentcore_provider.rules.openapi.findings import Findings
from agentcore_provider.rules.openapi.grammar import ADDED, KINDS, NEEDED_BY_FLOW, NEEDED_BY_TYPE, TYPES
from agentcore_provider.rules.unknown import UNKNOWN

READER = "swagger-parser 2.1.48, by which the service reads documents"
OBSERVED = f"{READER}; public reports of 2026 of targets that failed"

_COMPONENT_NAME = re.compile(r"[a-zA-Z0-9.\-_]+")


def validate(findings: Findings) -> None:
    """Every object of the document, where it stands; references are not followed."""
    Structure(findings).validate(findings.document, "#", "Document")


class Structure:
    """Walks the objects of one document."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        # Of a version that is not known yet, the one that takes more.
        self._is_31 = str(findings.document.get("openapi", UNKNOWN)).startswith(("3.1", str(UNKNOWN)))
        self._open: set[int] = set()

    def validate(self, value: Any, pointer: str, name: str) -> None:
        """An object of the kind `name` and everything in it."""
        if value is UNKNOWN or (name == "Schema" and self._is_31 and isinstance(value, bool)):
            return
        if not is_object(value):
            if name != "Document":
                self._wrong_type(pointer, name, "an object")
            return
        if "$ref" in value and KINDS[name].section:
            self._reference(value["$ref"], pointer, name)
            return
        # By identity: YAML aliases may make a schema contain itself.
        if id(value) in self._open:
            return
        self._open.add(id(value))
        self._object(value, pointer, name)
        getattr(self, f"_{name.lower()}", lambda *_: None)(value, pointer)
        self._open.discard(id(value))

    def _object(self, value: Mapping[str, Any], pointer: str, name: str) -> None:
        kind = KINDS[name]
        members = {**kind.members, **ADDED.get(name, {})} if self._is_31 else kind.members
        for member, content in value.items():
            if str(member).startswith("x-") or content is UNKNOWN:
                continue
            if member not in members:
                if not (name == "Schema" and self._is_31):
                    self._unknown_member(value, below(pointer, member), str(member), name)
            else:
                self._member(content, below(pointer, member), members[member], str(member))
        for member in kind.required:
            if member not in value:
                say = self._findings.error if member in kind.observed else self._findings.warning
                self._missing(pointer, name, member, say)

    def _member(self, content: Any, pointer: str, wanted: str, member: str) -> None:
        if wanted == "any":
            return
        if wanted == "text":
            # A list of types is JSON Schema's and so 3.1's.
            if isinstance(content, (Mapping, list)) and not (self._is_31 and member == "type"):
                self._wrong_type(pointer, member, "text")
        elif wanted == "list" or wanted[0] == "[":
            if not isinstance(content, list):
                self._wrong_type(pointer, member, "a list")
            elif wanted != "list":
                for index, item in enumerate(content):
                    self.validate(item, below(pointer, index), wanted[1:-1])
        elif wanted[0] == "{":
            if not is_object(content):
                self._wrong_type(pointer, member, "an object")
                return
            for name, item in content.items():
                if not (str(name).startswith("x-") and wanted in ("{Path}", "{Response}")):
                    self.validate(item, below(pointer, name), wanted[1:-1])
        else:
            self.validate(content, pointer, wanted)

    # What single kinds have beyond their members

    def _document(self, document: Mapping[str, Any], pointer: str) -> None:
        self._address(document.get("jsonSchemaDialect"), "#/jsonSchemaDialect")
        paths = document.get("paths")
        for path in paths if is_object(paths) else ():
            if not str(path).startswith(("/", "x-")):
                where = below("#/paths", path)
                self._warn("path", where, f"the path {path} does not begin with a slash", f"Write /{path}.")
        names: set[str] = set()
        for index, tag in enumerate(document["tags"] if isinstance(document.get("tags"), list) else ()):
            name = tag.get("name") if is_object(tag) else None
            if isinstance(name, str) and name in names:
                self._warn("repetition", below("#/tags", index), f"the tag {name} is listed twice", "Remove one.")
            names.add(str(name))

    def _components(self, components: Mapping[str, Any], pointer: str) -> None:
        for section, named in components.items():
            for name in named if is_object(named) and section in KINDS["Components"].members else ():
                if not _COMPONENT_NAME.fullmatch(str(name)):
                    message = f"{name!r} is not a name that OpenAPI has for components"
                    self._warn(
                        "component-name",
                        below(pointer, section, name),
                        message,
                        "Use letters, digits, '.', '-' and '_' alone.",
                    )

    def _info(self, info: Mapping[str, Any], pointer: str) -> None:
        for member in ("contact", "license"):
            owner = info.get(member)
            self._address(owner.get("url") if is_object(owner) else None, below(pointer, member, "url"))

    def _address(self, url: Any, pointer: str) -> None:
        if isinstance(url, str) and re.search(r"\s", url):
            self._warn("value", pointer, f"{url!r} is not an address", "Correct or remove it.")

    def _path(self, item: Mapping[str, Any], pointer: str) -> None:
        self._twice(item, pointer)

    def _operation(self, operation: Mapping[str, Any], pointer: str) -> None:
        if "$ref" in operation:
            message = "the operation is a $ref, and only a whole path item may be one"
            self._findings.error(
                "operation-reference",
                below(pointer, "$ref"),
                message,
                "Put the operation into this document.",
                OBSERVED,
            )
        self._twice(operation, pointer)

    def _twice(self, owner: Mapping[str, Any], pointer: str) -> None:
        listed: set[tuple[Any, Any]] = set()
        for index, parameter in enumerate(owner["parameters"] if isinstance(owner.get("parameters"), list) else ()):
            if not is_object(parameter) or "$ref" in parameter:
                continue
            named = (str(parameter.get("name")), str(parameter.get("in")))
            if named in listed:
                where = below(pointer, "parameters", index)
                self._warn(
                    "repetition", where, f"the parameter {named[0]} in {named[1]} is listed twice", "Remove one."
                )
            listed.add(named)

    def _parameter(self, parameter: Mapping[str, Any], pointer: str) -> None:
        name = parameter.get("name")
        required = parameter.get("required")
        if parameter.get("in") == "path" and required is not True and required is not UNKNOWN:
            message = f"the path parameter {name} is not required, and a path cannot do without it"
            self._findings.repeated_warning("path-parameter", pointer, message, "Add required: true.", READER)
        content = parameter.get("content")
        if is_object(content) and ("schema" in parameter or len(content) > 1):
            message = f"the parameter {name} has schema and content, or several media types"
            self._warn("parameter", pointer, message, "Give it a schema alone.")
        self._examples(parameter, pointer)

    def _header(self, header: Mapping[str, Any], pointer: str) -> None:
        self._examples(header, pointer)

    def _media(self, media: Mapping[str, Any], pointer: str) -> None:
        self._examples(media, pointer)

    def _examples(self, owner: Mapping[str, Any], pointer: str) -> None:
        if "example" in owner and "examples" in owner:
            self._warn("value", pointer, "has example and examples", "Keep one of them.")

    def _example(self, example: Mapping[str, Any], pointer: str) -> None:
        if "value" in example and "externalValue" in example:
            self._warn("value", pointer, "has value and externalValue", "Keep one of them.")

    def _body(self, body: Mapping[str, Any], pointer: str) -> None:
        if body.get("content") == {}:
            self._warn("value", below(pointer, "content"), "names no media type", 'Add "application/json".')

    def _variable(self, variable: Mapping[str, Any], pointer: str) -> None:
        if self._is_31 and variable.get("enum") == []:
            self._warn("value", below(pointer, "enum"), "lists no value", "List the values, or remove it.")

    def _securityscheme(self, scheme: Mapping[str, Any], pointer: str) -> None:
        kind, place = scheme.get("type"), scheme.get("in")
        if kind is None or kind is UNKNOWN:
            return
        if kind not in NEEDED_BY_TYPE:
            self._warn(
                "value", below(pointer, "type"), f"{kind} is not one of {', '.join(NEEDED_BY_TYPE)}", "Correct it."
            )
            return
        for member in NEEDED_BY_TYPE[str(kind)]:
            if member not in scheme:
                self._missing(pointer, f"{kind} scheme", member, self._findings.warning)
        if kind == "apiKey" and place not in ("cookie", "header", "query", None, UNKNOWN):
            self._warn("value", below(pointer, "in"), f"{place} is not one of cookie, header, query", "Correct it.")
        flows = scheme.get("flows")
        for name, flow in flows.items() if is_object(flows) else ():
            for member in NEEDED_BY_FLOW.get(str(name), ()) if is_object(flow) else ():
                if member not in flow:
                    self._missing(below(pointer, "flows", name), f"{name} flow", member, self._findings.warning)

    def _schema(self, schema: Mapping[str, Any], pointer: str) -> None:
        kind = schema.get("type")
        if kind == "array" and "items" not in schema and not self._is_31:
            self._missing(pointer, "array", "items", self._findings.warning)
        types = kind if isinstance(kind, list) and self._is_31 else []
        for index, one in enumerate(types):
            if one is not UNKNOWN and (one not in TYPES or one in types[:index]):
                self._warn("value", below(pointer, "type", index), f"{one} is unknown or listed twice", "Correct it.")
        required = schema.get("required")
        if isinstance(required, list) and not all(isinstance(it, str) or it is UNKNOWN for it in required):
            self._wrong_type(below(pointer, "required"), "required", "a list of names")
        if schema.get("multipleOf") == 0:
            self._warn("value", below(pointer, "multipleOf"), "is 0", "Give a number above 0.")
        if schema.get("readOnly") is True and schema.get("writeOnly") is True:
            self._warn("value", pointer, "is readOnly and writeOnly", "Keep one of them.")
        if is_object(schema.get("additionalProperties")):
            self.validate(schema["additionalProperties"], below(pointer, "additionalProperties"), "Schema")

    # Words

    def _reference(self, reference: Any, pointer: str, name: str) -> None:
        if reference is UNKNOWN:
            return
        if not isinstance(reference, str):
            self._wrong_type(below(pointer, "$ref"), "$ref", "text")
            return
        section = re.match(r"#/components/([^/]+)/", reference)
        wanted = ("parameters", "headers") if name in ("Parameter", "Header") else (KINDS[name].section,)
        if section is not None and section[1] not in wanted:
            message = f"$ref {reference} points to {section[1]}, where {wanted[0]} belong"
            self._warn("reference", pointer, message, "Correct the reference.")
        elif section is not None and name == "Schema":
            try:
                at(self._findings.document, reference)
            except LookupError:
                # Where an operation uses it, the rules on operations refuse it.
                self._warn("reference", pointer, f"$ref {reference} points to nothing", "Correct the reference.")

    def _unknown_member(self, owner: Mapping[str, Any], pointer: str, member: str, name: str) -> None:
        version = " before 3.1" if not self._is_31 and (member in ADDED.get(name, {}) or name == "Schema") else ""
        message = f"{member} is not a member of OpenAPI's {_called(name)}{version}"
        cure = "Remove it, correct its name, or begin it with x-."
        self._findings.repeated_warning("unknown-member", pointer, message, cure, READER, kind=f"{name}.{member}")

    def _missing(self, pointer: str, name: str, member: str, say: Any) -> None:
        source = OBSERVED if say == self._findings.error else READER
        say("missing-member", pointer, f"the {_called(name)} has no {member}", f"Add {member}.", source)

    def _wrong_type(self, pointer: str, name: str, wanted: str) -> None:
        # The library ends without a document here, as a value stands where it reads members.
        say = self._findings.error if name == "Media" else self._findings.warning
        say("wrong-type", pointer, f"the {_called(name)} is not {wanted}", f"Give {wanted}.", READER)

    def _warn(self, code: str, pointer: str, message: str, cure: str) -> None:
        self._findings.warning(code, pointer, message, cure, READER)


def _called(name: str) -> str:
    """A kind in words: SecurityScheme is "security scheme"."""
    words = {"Body": "request body", "Media": "media type", "Path": "path item", "Xml": "xml"}
    return words.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() if name in KINDS else name
