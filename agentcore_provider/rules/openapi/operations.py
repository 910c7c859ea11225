"""Operations of an API: each becomes a tool."""

from __future__ import annotations

import re

from agentcore_provider.documents.json_types import JsonObject, is_object
from agentcore_provider.documents.openapi_document import MEDIA_TYPES, Operation, media_schemas
from agentcore_provider.documents.pointer import below
from agentcore_provider.rules.openapi import servers
from agentcore_provider.rules.openapi.findings import OPENAPI, SPECIFICATION, Findings, given
from agentcore_provider.rules.openapi.json_schema import Schemas
from agentcore_provider.rules.unknown import UNKNOWN

SIMPLE = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
UNSUPPORTED_STYLES = ("matrix", "label", "deepObject")
MEDIA_TYPES_SOURCE = f"{OPENAPI}; a public report of 2026 of a live target: MediaType ... is not supported in response"


def validate(findings: Findings, operations: list[Operation]) -> list[tuple[str, str]]:
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
    schemas.judge_answers()
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
    complete = UNKNOWN not in (operation.item.get("parameters"), operation.content.get("parameters"))
    for parameter, where in findings.openapi.parameters(operation):
        if not is_object(parameter):
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


def _parameter(findings: Findings, operation: Operation, parameter: JsonObject, where: str, schemas: Schemas) -> None:
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
    if is_object(content):
        message = f"the parameter {name} is serialized by a media type, which may not be supported"
        findings.warning("parameter-style", below(where, "content"), message, "Give it a schema instead.")
        for schema, place_of_schema in media_schemas(parameter, where):
            schemas.validate(schema, place_of_schema, "input", operation.label)
    elif "schema" not in parameter:
        findings.warning("parameter", where, f"the parameter {name} has no schema", "Give it one.", SPECIFICATION)
    schemas.validate(parameter.get("schema"), below(where, "schema"), "input", operation.label)


def _body(findings: Findings, operation: Operation, schemas: Schemas) -> None:
    body, where = findings.openapi.body(operation)
    _media_types(findings, body, where, f"the body of {operation.label}", is_answer=False)
    for schema, pointer in media_schemas(body, where):
        schemas.validate(schema, pointer, "input", operation.label)


def _same_names(findings: Findings, operation: Operation) -> None:
    """A parameter and a member of the body become one argument of the tool."""
    openapi = findings.openapi
    types: dict[str, object] = {}
    for parameter, where in openapi.parameters(operation):
        if is_object(parameter) and isinstance(parameter.get("name"), str):
            schema, _ = openapi.resolved(parameter.get("schema"), below(where, "schema"))
            types[parameter["name"]] = schema.get("type") if is_object(schema) else None
    for found, where in media_schemas(*openapi.body(operation)):
        schema, pointer = openapi.resolved(found, where)
        properties = schema.get("properties") if is_object(schema) else None
        for name, member in properties.items() if is_object(properties) else ():
            part, place = openapi.resolved(member, below(pointer, "properties", name))
            kind = part.get("type") if is_object(part) else None
            if name in types and kind is not None and types[name] not in (None, kind):
                message = f"{name} is {kind} in the body of {operation.label} and {types[name]} as a parameter"
                cure = "Rename one of them: a tool has one argument of a name."
                findings.repeated_warning("same-name", place, message, cure)


def _responses(findings: Findings, operation: Operation, schemas: Schemas) -> None:
    for status, response, where in findings.openapi.responses(operation):
        if not isinstance(status, str):
            message = f"the status {status} of {operation.label} is a number, and keys are text"
            pointer = below(operation.pointer, "responses", status)
            findings.warning("status-code", pointer, message, "Put it in quotes.", SPECIFICATION)
        if is_object(response) and given(response, "links"):
            findings.error("links", below(where, "links"), "links are not supported", "Remove them.")
        _media_types(findings, response, where, f"an answer of {operation.label}", is_answer=True)
        for schema, pointer in media_schemas(response, where):
            schemas.validate(schema, pointer, "output", operation.label)


def _media_types(findings: Findings, holder: object, pointer: str, owner: str, *, is_answer: bool) -> None:
    """Targets with such an answer were observed to fail, those with such a body were not."""
    content = holder.get("content") if is_object(holder) else None
    for media in content if is_object(content) else ():
        if str(media).partition(";")[0].strip().lower() in MEDIA_TYPES:
            continue
        where = below(pointer, "content", media)
        if is_answer:
            message = f"{owner} is of type {media}, and targets with such an API fail"
            cure = f"Offer {MEDIA_TYPES[0]} in its place, or leave it out."
            findings.error("media-type", where, message, cure, MEDIA_TYPES_SOURCE)
        else:
            message = f"{owner} is of type {media}, and targets with such an API may fail"
            cure = f"Leave it out, or offer {MEDIA_TYPES[0]} alone, if the target fails."
            findings.repeated_warning("media-type", where, message, cure, MEDIA_TYPES_SOURCE)
