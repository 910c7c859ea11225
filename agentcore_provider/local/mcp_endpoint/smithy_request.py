"""A tool's arguments as the HTTP request of the model's protocol: restJson1 by its http traits, or awsJson.

https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html, .../aws-json-1_0-protocol.html
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.smithy_model import Model, Operation
from agentcore_provider.local.mcp_endpoint.smithy_value import API, header, json_name, json_of, media_type, texts
from agentcore_provider.local.outbound import HttpCall

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")
_AWS_JSON = {
    "aws.protocols#awsJson1_0": "application/x-amz-json-1.0",
    "aws.protocols#awsJson1_1": "application/x-amz-json-1.1",
}
_Argument = tuple[str, JsonObject, Any]
"""Name, member of the input's shape, value."""
_BINDINGS = ("httpLabel", "httpQuery", "httpQueryParams", "httpHeader", "httpPrefixHeaders", "httpPayload")


class CannotBeSentError(Exception):
    """The model, or an argument, leaves something open that the request needs."""


def request(operation: Operation, arguments: JsonObject, region: str) -> HttpCall:
    """The request of one call, without a credential. Raises CannotBeSentError."""
    address = _with_prefix(endpoint(operation, region), operation, arguments)
    members = list(_members(operation.input.get("members", {}), arguments))
    traits = operation.service_traits
    aws_json = next((it for name, it in _AWS_JSON.items() if name in traits), None)
    if aws_json and "aws.protocols#restJson1" not in traits:
        return _by_aws_json(operation, members, address, aws_json)
    return _by_http_traits(operation, members, address)


def endpoint(operation: Operation, region: str) -> str:
    """Where the service is, by its endpoint rules. Raises CannotBeSentError."""
    for url in _urls(operation.service_traits.get("smithy.rules#endpointRuleSet")):
        return url.replace("{Region}", region).replace("{region}", region).rstrip("/")
    raise CannotBeSentError(
        f"{operation.name} - the Smithy model names no endpoint: give its service the trait "
        "smithy.rules#endpointRuleSet with an endpoint URL"
    )


def _urls(owner: object) -> Iterator[str]:
    """The addresses in the rules of a set, or of a rule that has further ones."""
    rules = owner.get("rules") if isinstance(owner, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        found = rule.get("endpoint") if isinstance(rule, dict) and rule.get("type") == "endpoint" else None
        url = found.get("url") if isinstance(found, dict) else None
        if isinstance(url, str) and not url.startswith("{"):
            yield url
        yield from _urls(rule)


def _with_prefix(address: str, operation: Operation, arguments: JsonObject) -> str:
    """The address with the host prefix of the operation. Raises CannotBeSentError."""
    about = operation.traits.get(f"{API}endpoint")
    prefix = str(about.get("hostPrefix", "")) if isinstance(about, dict) else ""
    parts = urlsplit(address)
    if not prefix or _is_ip(parts.hostname or ""):
        # Something before an IP address would be no address any more.
        return address

    def label(found: re.Match[str]) -> str:
        value = str(arguments.get(found[1], ""))
        if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", value):
            raise CannotBeSentError(
                f"{operation.name} - {found[1]} becomes a part of the host name: 1 to 63 letters, digits and hyphens"
            )
        return value

    return urlunsplit(parts._replace(netloc=_LABEL.sub(label, prefix) + parts.netloc))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _members(members: JsonObject, arguments: JsonObject) -> Iterator[_Argument]:
    for name, member in members.items():
        if arguments.get(name) is not None:
            yield name, member, arguments[name]
        elif f"{API}idempotencyToken" in member.get("traits", {}):
            yield name, member, str(uuid.uuid4())


def _by_aws_json(operation: Operation, members: list[_Argument], address: str, content_type: str) -> HttpCall:
    """Everything in the body, the operation in a header; the protocol knows neither http traits nor jsonName."""
    document = {name: json_of(operation.model, member, value, json_names=False) for name, member, value in members}
    headers = (
        ("Accept", "application/json"),
        ("X-Amz-Target", f"{operation.service_name}.{operation.name}"),
        ("Content-Type", content_type),
    )
    return HttpCall("POST", f"{address}/", headers, (), _encoded(document))


def _by_http_traits(operation: Operation, members: list[_Argument], address: str) -> HttpCall:
    model = operation.model
    http = operation.traits.get(f"{API}http") or {"method": "POST", "uri": f"/{operation.name}"}
    path, _, fixed = http["uri"].partition("?")
    query = [(name, value) for name, _, value in (part.partition("=") for part in fixed.split("&") if part)]
    headers: list[tuple[str, str]] = [("Accept", "application/json")]
    labels: dict[str, str] = {}
    for name, member, value in members:
        traits = member.get("traits", {})
        if f"{API}httpLabel" in traits:
            labels[name] = "".join(texts(model, member, value))
        elif f"{API}httpQuery" in traits:
            query += [(traits[f"{API}httpQuery"], text) for text in texts(model, member, value)]
        elif f"{API}httpHeader" in traits:
            headers.append((traits[f"{API}httpHeader"], header(model, member, value)))
        elif f"{API}httpPrefixHeaders" in traits:
            headers += [(traits[f"{API}httpPrefixHeaders"] + key, str(item)) for key, item in value.items()]
    # A name that is bound by itself keeps its value: what a map brings under it is left out.
    own = {name for name, _ in query}
    for _, member, value in members:
        if f"{API}httpQueryParams" in member.get("traits", {}):
            items = model.shape(member["target"])["value"]
            query += [
                (key, text) for key, item in value.items() if key not in own for text in texts(model, items, item)
            ]
    body, content_type = _body(operation, members)
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    if open_label := next((it[1] for it in _LABEL.finditer(path) if not labels.get(it[1])), None):
        raise CannotBeSentError(f"{operation.name} - {open_label} is a part of the path and must not be empty")
    path = _LABEL.sub(lambda found: quote(labels[found[1]], safe="/-_.~" if found[2] else "-_.~"), path)
    return HttpCall(http["method"], address + path, tuple(headers), tuple(query), body)


def _body(operation: Operation, members: list[_Argument]) -> tuple[bytes, str | None]:
    model, shape = operation.model, operation.input.get("members", {})
    payload = next((it for it in shape.items() if f"{API}httpPayload" in it[1].get("traits", {})), None)
    if payload is not None:
        found = next((value for name, _, value in members if name == payload[0]), None)
        return (b"", None) if found is None else _payload(operation, payload[1], found)
    if all(any(f"{API}{one}" in member.get("traits", {}) for one in _BINDINGS) for member in shape.values()):
        return b"", None
    document = {
        json_name(member, name): json_of(model, member, value, json_names=True)
        for name, member, value in members
        if not any(f"{API}{one}" in member.get("traits", {}) for one in _BINDINGS)
    }
    return _encoded(document), "application/json"


def _payload(operation: Operation, member: JsonObject, value: object) -> tuple[bytes, str]:
    model: Model = operation.model
    shape = model.shape(member["target"])
    if shape["type"] == "blob":
        try:
            content = base64.b64decode(str(value), validate=True)
        except binascii.Error:
            raise CannotBeSentError(f"{operation.name} - the body must be written in base64") from None
        return content, media_type(member, shape) or "application/octet-stream"
    if shape["type"] in ("string", "enum"):
        return str(value).encode(), media_type(member, shape) or "text/plain"
    return _encoded(json_of(model, member, value, json_names=True)), "application/json"


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
