"""A tool's arguments as the HTTP request that the OpenAPI document describes."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.outbound import HttpCall
from agentcore_provider.local.tool_schemas.openapi_document import BODY, Body, Operation, Parameter

_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_UNRESERVED = "-_.~"
# OpenAPI has these headers described elsewhere: parameters of these names are ignored.
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})


def request(operation: Operation, arguments: JsonObject) -> HttpCall:
    """The request of one call, without a credential."""
    path = operation.path
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = [("Accept", "application/json, */*;q=0.8")]
    cookies: list[str] = []
    for parameter in parameters(operation):
        value = arguments.get(parameter.name)
        if value is None:
            continue
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", _in_path(parameter, value))
        elif parameter.place == "query":
            query += _in_query(parameter, value)
        elif parameter.place == "header":
            headers.append((parameter.name, _joined(parameter, value)))
        elif parameter.place == "cookie":
            cookies += [f"{name}={quote(text, safe=_UNRESERVED)}" for name, text in _in_query(parameter, value)]
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    body, media_type = _body(operation, arguments)
    if media_type:
        headers.append(("Content-Type", media_type))
    return HttpCall(operation.method, operation.server + path, tuple(headers), tuple(query), body)


def parameters(operation: Operation) -> list[Parameter]:
    """The parameters that are arguments of the tool."""
    return [
        parameter
        for parameter in operation.parameters
        if parameter.place != "header" or parameter.name.lower() not in _NOT_PARAMETERS
    ]


def text_of(value: object) -> str:
    """A single value as it is written in an address, a header or a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _joined(parameter: Parameter, value: object) -> str:
    if parameter.media_type:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    delimiter = _DELIMITERS.get(parameter.style, ",")
    if isinstance(value, list):
        return delimiter.join(text_of(item) for item in value)
    if isinstance(value, dict):
        between = "=" if parameter.explode else delimiter
        return delimiter.join(f"{name}{between}{text_of(item)}" for name, item in value.items())
    return text_of(value)


def _in_path(parameter: Parameter, value: object) -> str:
    # The delimiters of a list stay; what could end the segment does not.
    return quote(_joined(parameter, value), safe=_UNRESERVED + (",=" if isinstance(value, dict | list) else ""))


def _in_query(parameter: Parameter, value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict) and not parameter.media_type:
        if parameter.style == "deepObject":
            return [(f"{parameter.name}[{name}]", text_of(item)) for name, item in value.items()]
        if parameter.explode:
            return [(name, text_of(item)) for name, item in value.items()]
    if isinstance(value, list) and parameter.explode and not parameter.media_type:
        return [(parameter.name, text_of(item)) for item in value]
    return [(parameter.name, _joined(parameter, value))]


def _body(operation: Operation, arguments: JsonObject) -> tuple[bytes, str | None]:
    body = operation.body
    if body is None:
        return b"", None
    value: object
    if body.is_object:
        value = {name: arguments[name] for name in body.schema["properties"] if name in arguments}
        if not value and not body.required:
            return b"", None
        if body.schema.get("additionalProperties"):
            bound = {parameter.name for parameter in operation.parameters}
            value.update({name: item for name, item in arguments.items() if name not in bound})
    elif BODY in arguments:
        value = arguments[BODY]
    else:
        return b"", None
    return _encoded(body, value)


def _encoded(body: Body, value: object) -> tuple[bytes, str]:
    plain = body.media_type.partition(";")[0].strip().lower()
    if plain == "application/x-www-form-urlencoded" and isinstance(value, dict):
        return urlencode(
            [pair for name, item in value.items() for pair in _form_pairs(body, name, item)]
        ).encode(), plain
    if plain == "multipart/form-data" and isinstance(value, dict):
        fields = [field for name, item in value.items() for field in _multipart_fields(body, name, item)]
        return encode_multipart_formdata(fields)
    if isinstance(value, str) and not plain.endswith("json"):
        return value.encode(), body.media_type
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), body.media_type


def _form_pairs(body: Body, name: str, value: object) -> list[tuple[str, str]]:
    encoding = body.encoding.get(name, {})
    if isinstance(value, list) and encoding.get("explode", True):
        return [(name, text_of(item)) for item in value]
    if isinstance(value, list):
        return [(name, ",".join(text_of(item) for item in value))]
    return [(name, text_of(value))]


def _multipart_fields(body: Body, name: str, value: object) -> list[RequestField]:
    schema = body.schema.get("properties", {}).get(name, {})
    items = schema.get("items", {}) if isinstance(value, list) else schema
    return [_multipart_field(body, name, item, items) for item in (value if isinstance(value, list) else [value])]


def _multipart_field(body: Body, name: str, value: object, schema: JsonObject) -> RequestField:
    stated = body.encoding.get(name, {}).get("contentType", "").partition(",")[0]
    # Version 3.0 marks files by their format, 3.1 by what they contain.
    contains = schema.get("contentMediaType")
    is_file = schema.get("format") in ("binary", "base64", "byte") or "contentEncoding" in schema or bool(contains)
    implied = (
        str(contains or "application/octet-stream")
        if is_file
        else "application/json"
        if isinstance(value, dict)
        else None
    )
    # A part that is a file needs a file name, or servers take it for a plain field.
    field = RequestField(name, text_of(value).encode(), filename=name if is_file else None)
    field.make_multipart(content_type=stated or implied)
    return field
