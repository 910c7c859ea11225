"""Operations of an API: each becomes a tool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentcore_provider.rules.openapi import servers
from agentcore_provider.rules.openapi.findings import OPENAPI, SPECIFICATION, Findings, given
from agentcore_provider.rules.openapi.json_schema import Schemas
from agentcore_provider.rules.source_text import below
from agentcore_provider.rules.unknown import UNKNOWN

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SIMPLE = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
UNSUPPORTED_STYLES = ("matrix", "label", "deepObject")
MEDIA_TYPES = ("application/json", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded")
MEDIA_TYPES_SOURCE = f"{OPENAPI}; a public report of 2026 of a live target: MediaType ... is not supported in response"


@dataclass(frozen=True)
class Operation:
    """One operation: where it stands, under which path and method, and what it says."""

    pointer: str
    path: str
    method: str
    item: Mapping[str, Any]
    item_pointer: str
    content: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What to call it in messages."""
        name = self.content.get("operationId")
        return name if isinstance(name, str) and name else f"{self.method.upper()} {self.path}"


@dataclass
class Tools:
    """The tools that the operations become: where each name stands, and the name."""

    named: list[tuple[str, str]] = field(default_factory=list)


def listed(findings: Findings) -> Iterator[Operation]:
    """Every operation of the document."""
    paths = findings.document.get("paths")
    if not isinstance(paths, Mapping):
        return
    for path, content in paths.items():
        if str(path).startswith("x-"):
            continue
        item, where = findings.resolved(content, below("#/paths", path))
        if not isinstance(item, Mapping):
            continue
        for method in METHODS:
            operation = item.get(method)
            if isinstance(operation, Mapping):
                yield Operation(below(where, method), str(path), method, item, where, operation)


def input_schemas(findings: Findings, operation: Operation) -> Iterator[tuple[Any, str]]:
    """The schemas of an operation's parameters and body, and where they stand."""
    holders: list[tuple[Any, str]] = []
    for owner, pointer in ((operation.item, operation.item_pointer), (operation.content, operation.pointer)):
        parameters = owner.get("parameters")
        for index, reference in enumerate(parameters if isinstance(parameters, list) else ()):
            holders.append(findings.resolved(reference, below(pointer, "parameters", index)))
    body = operation.content.get("requestBody")
    holders.append(findings.resolved(body, below(operation.pointer, "requestBody")))
    for holder, pointer in holders:
        if isinstance(holder, Mapping):
            yield holder.get("schema"), below(pointer, "schema")
            content = holder.get("content")
            for media, described in content.items() if isinstance(content, Mapping) else ():
                if isinstance(described, Mapping):
                    yield described.get("schema"), below(pointer, "content", media, "schema")


def output_schemas(findings: Findings, operation: Operation) -> Iterator[tuple[Any, str]]:
    """The schemas of an operation's answers, and where they stand."""
    responses = operation.content.get("responses")
    for status, reference in responses.items() if isinstance(responses, Mapping) else ():
        response, pointer = findings.resolved(reference, below(operation.pointer, "responses", status))
        content = response.get("content") if isinstance(response, Mapping) else None
        for media, described in content.items() if isinstance(content, Mapping) else ():
            if isinstance(described, Mapping):
                yield described.get("schema"), below(pointer, "content", media, "schema")


def judge(findings: Findings, operations: list[Operation]) -> list[tuple[str, str]]:
    """Every operation. Returns where each tool's name stands, and the name."""
    names: dict[str, str] = {}
    schemas = Schemas(findings)
    tools: list[tuple[str, str]] = []
    for operation in operations:
        name = operation.content.get("operationId")
        where = below(operation.pointer, "operationId")
        if name is None or name == "":
            message = f"{operation.label} has no operationId, which is its tool's name"
            findings.error("operation-id", operation.pointer, message, "Give it one of its own.")
        elif isinstance(name, str):
            if name in names:
                message = f"{name} is the operationId of {names[name]} too"
                findings.error("operation-id", where, message, "Give each operation one of its own.", SPECIFICATION)
            names.setdefault(name, f"{operation.method.upper()} {operation.path}")
            tools.append((where, name))
        elif name is not UNKNOWN:
            findings.error("operation-id", where, f"{name} is not text", "Put it in quotes.", SPECIFICATION)
        servers.judge_below(findings, operation.content, operation.pointer)
        servers.judge_below(findings, operation.item, operation.item_pointer)
        _operation(findings, operation, schemas)
    return tools


def _operation(findings: Findings, operation: Operation, schemas: Schemas) -> None:
    if not operation.content.get("description") and not operation.content.get("summary"):
        message = f"{operation.label} has neither description nor summary, so agents cannot know what it does"
        cure = "Describe it in a sentence or two."
        findings.repeated_warning("words", operation.pointer, message, cure, SPECIFICATION)
    _parameters(findings, operation, schemas)
    _body(findings, operation, schemas)
    _same_names(findings, operation)
    _responses(findings, operation, schemas)
    if given(operation.content, "callbacks"):
        where = below(operation.pointer, "callbacks")
        findings.error("callbacks", where, f"callbacks of {operation.label} are not supported", "Remove them.")
    if given(operation.content, "security"):
        where = below(operation.pointer, "security")
        message = f"{operation.label} has security, which the gateway does not read"
        cure = "Give the target a credential provider, and remove it if it is refused."
        findings.repeated_warning("security", where, message, cure)


def _parameters(findings: Findings, operation: Operation, schemas: Schemas) -> None:
    defined: set[str] = set()
    complete = True
    for owner, owner_pointer in ((operation.item, operation.item_pointer), (operation.content, operation.pointer)):
        parameters = owner.get("parameters")
        complete = complete and parameters is not UNKNOWN
        for index, reference in enumerate(parameters if isinstance(parameters, list) else ()):
            parameter, where = findings.resolved(reference, below(owner_pointer, "parameters", index))
            if not isinstance(parameter, Mapping):
                complete = False
                continue
            complete = complete and UNKNOWN not in (parameter.get("in"), parameter.get("name"))
            if parameter.get("in") == "path":
                defined.add(str(parameter.get("name")))
            _parameter(findings, operation, parameter, where, schemas)
    for template in re.findall(r"\{([^{}]*)\}", operation.path):
        if re.match(r"[;./?&#+]|.*\*$", template):
            message = f"{{{template}}} in {operation.path} is a path serializer, which is not supported"
            findings.error("parameter", operation.item_pointer, message, "Use {name} alone.")
        elif complete and template not in defined:
            message = f"{{{template}}} of {operation.path} is not a path parameter of {operation.label}"
            cure = "Define it under parameters."
            if template.endswith("+"):
                message = f"{{{template}}} in {operation.path} is API Gateway's form, which OpenAPI does not have"
                cure = f"Use {{{template[:-1]}}}, which a gateway fills without slashes."
            findings.warning("path-parameter", operation.pointer, message, cure, SPECIFICATION)


def _parameter(
    findings: Findings, operation: Operation, parameter: Mapping[str, Any], where: str, schemas: Schemas
) -> None:
    name, place, style = parameter.get("name"), parameter.get("in"), parameter.get("style")
    if name is None or place is None:
        findings.error("parameter", where, "the parameter lacks name or in", "Give it both.", SPECIFICATION)
    elif isinstance(place, str) and place not in SIMPLE:
        message = f"the parameter {name} is in {place}, which is none of {', '.join(SIMPLE)}"
        cure = "Use a requestBody instead." if place in ("body", "formData") else "Correct it."
        findings.error("parameter", below(where, "in"), message, cure, SPECIFICATION)
    elif isinstance(name, str):
        schemas.judge_name(name, below(where, "name"), operation.label)
    if style in UNSUPPORTED_STYLES:
        message = f"style {style} of the parameter {name} is not supported"
        findings.error("parameter-style", below(where, "style"), message, f"Use {SIMPLE.get(str(place), 'form')}.")
    elif isinstance(style, str) and style not in (SIMPLE.get(str(place)), "form", "simple"):
        message = f"style {style} of the parameter {name} may not be supported"
        findings.warning("parameter-style", below(where, "style"), message, f"Use {SIMPLE.get(str(place), 'form')}.")
    content = parameter.get("content")
    if isinstance(content, Mapping):
        message = f"the parameter {name} is serialized by a media type, which may not be supported"
        findings.warning("parameter-style", below(where, "content"), message, "Give it a schema instead.")
        for media, described in content.items():
            if isinstance(described, Mapping):
                schemas.judge(
                    described.get("schema"), below(where, "content", media, "schema"), "input", operation.label
                )
    elif "schema" not in parameter:
        findings.warning("parameter", where, f"the parameter {name} has no schema", "Give it one.", SPECIFICATION)
    schemas.judge(parameter.get("schema"), below(where, "schema"), "input", operation.label)


def _body(findings: Findings, operation: Operation, schemas: Schemas) -> None:
    body, where = findings.resolved(operation.content.get("requestBody"), below(operation.pointer, "requestBody"))
    content = body.get("content") if isinstance(body, Mapping) else None
    if not isinstance(content, Mapping):
        return
    for media, described in content.items():
        _media_type(findings, str(media), below(where, "content", media), f"the body of {operation.label}")
        if isinstance(described, Mapping):
            schemas.judge(described.get("schema"), below(where, "content", media, "schema"), "input", operation.label)


def _same_names(findings: Findings, operation: Operation) -> None:
    """A parameter and a member of the body become one argument of the tool."""
    types: dict[str, Any] = {}
    for owner, pointer in ((operation.item, operation.item_pointer), (operation.content, operation.pointer)):
        parameters = owner.get("parameters")
        for index, reference in enumerate(parameters if isinstance(parameters, list) else ()):
            parameter, where = findings.resolved(reference, below(pointer, "parameters", index))
            if isinstance(parameter, Mapping) and isinstance(parameter.get("name"), str):
                schema, _ = findings.resolved(parameter.get("schema"), below(where, "schema"))
                types[parameter["name"]] = schema.get("type") if isinstance(schema, Mapping) else None
    body, where = findings.resolved(operation.content.get("requestBody"), below(operation.pointer, "requestBody"))
    content = body.get("content") if isinstance(body, Mapping) else None
    for media, described in content.items() if isinstance(content, Mapping) else ():
        schema = described.get("schema") if isinstance(described, Mapping) else None
        schema, pointer = findings.resolved(schema, below(where, "content", media, "schema"))
        properties = schema.get("properties") if isinstance(schema, Mapping) else None
        for name, member in properties.items() if isinstance(properties, Mapping) else ():
            found, place = findings.resolved(member, below(pointer, "properties", name))
            kind = found.get("type") if isinstance(found, Mapping) else None
            if name in types and kind is not None and types[name] not in (None, kind):
                message = f"{name} is {kind} in the body of {operation.label} and {types[name]} as a parameter"
                cure = "Rename one of them: a tool has one argument of a name."
                findings.repeated_warning("same-name", place, message, cure)


def _responses(findings: Findings, operation: Operation, schemas: Schemas) -> None:
    responses = operation.content.get("responses")
    if not isinstance(responses, Mapping):
        return
    for status, reference in responses.items():
        pointer = below(operation.pointer, "responses", status)
        if not isinstance(status, str):
            message = f"the status {status} of {operation.label} is a number, and keys are text"
            findings.warning("status-code", pointer, message, "Put it in quotes.", SPECIFICATION)
        response, where = findings.resolved(reference, pointer)
        if not isinstance(response, Mapping):
            continue
        if given(response, "links"):
            findings.error("links", below(where, "links"), "links are not supported", "Remove them.")
        content = response.get("content")
        for media, described in content.items() if isinstance(content, Mapping) else ():
            _media_type(findings, str(media), below(where, "content", media), f"an answer of {operation.label}")
            if isinstance(described, Mapping):
                schemas.judge(
                    described.get("schema"), below(where, "content", media, "schema"), "output", operation.label
                )


def _media_type(findings: Findings, media: str, pointer: str, owner: str) -> None:
    if media.partition(";")[0].strip().lower() in MEDIA_TYPES:
        return
    message = f"{owner} is of type {media}, and targets with such an API have failed"
    cure = f"Leave it out, or offer {MEDIA_TYPES[0]} alone, if the target fails."
    findings.repeated_warning("media-type", pointer, message, cure, MEDIA_TYPES_SOURCE)
