"""A tool's arguments as the HTTP request of the restJson1 protocol, by the model's http traits."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from agentcore_provider.local.mcp_endpoint.smithy_model import Model, Operation
from agentcore_provider.local.outbound import HttpCall

_API = "smithy.api#"
_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class NoEndpointError(Exception):
    """The model does not say where its service is."""


def request(operation: Operation, arguments: dict[str, Any], region: str) -> HttpCall:
    """The request of one call, without a credential. Raises NoEndpointError."""
    http = operation.traits.get(f"{_API}http") or {"method": "POST", "uri": f"/{operation.name}"}
    path, _, fixed = http["uri"].partition("?")
    query = [(name, value) for name, _, value in (part.partition("=") for part in fixed.split("&") if part)]
    headers: list[tuple[str, str]] = [("Accept", "application/json")]
    document: dict[str, Any] = {}
    payload: tuple[dict[str, Any], Any] | None = None
    members = operation.input.get("members", {})
    labels: dict[str, str] = {}
    for name, member, value in _given(members, arguments):
        traits, shape = member.get("traits", {}), operation.model.shape(member["target"])
        if f"{_API}httpLabel" in traits:
            labels[name] = _text(operation.model, shape, value, traits)
        elif f"{_API}httpQuery" in traits:
            query += _pairs(operation.model, shape, traits[f"{_API}httpQuery"], value)
        elif f"{_API}httpQueryParams" in traits:
            query += [pair for key, item in value.items() for pair in _pairs(operation.model, shape, key, item)]
        elif f"{_API}httpHeader" in traits:
            values = value if isinstance(value, list) else [value]
            text = ", ".join(_text(operation.model, shape, item, traits) for item in values)
            headers.append((traits[f"{_API}httpHeader"], text))
        elif f"{_API}httpPrefixHeaders" in traits:
            headers += [(traits[f"{_API}httpPrefixHeaders"] + key, str(item)) for key, item in value.items()]
        elif f"{_API}httpPayload" in traits:
            payload = (shape, value)
        else:
            document[traits.get(f"{_API}jsonName", name)] = _json(operation.model, shape, value)
    body, media_type = _body(operation.model, payload, document, members)
    if media_type:
        headers.append(("Content-Type", media_type))
    path = _LABEL.sub(lambda found: quote(labels.get(found[1], ""), safe="/-_.~" if found[2] else "-_.~"), path)
    return HttpCall(http["method"], endpoint(operation, region) + path, tuple(headers), tuple(query), body)


def endpoint(operation: Operation, region: str) -> str:
    """Where the service is, by its endpoint rules. Raises NoEndpointError."""
    rules = operation.service_traits.get("smithy.rules#endpointRuleSet", {})
    for url in _urls(rules.get("rules", ())):
        return url.replace("{Region}", region).replace("{region}", region).rstrip("/")
    raise NoEndpointError(
        f"{operation.name} - the Smithy model names no endpoint: give its service the trait "
        "smithy.rules#endpointRuleSet with an endpoint URL"
    )


def _urls(rules: Any) -> Iterator[str]:
    for rule in rules:
        url = rule.get("endpoint", {}).get("url") if rule.get("type") == "endpoint" else None
        if isinstance(url, str) and not url.startswith("{"):
            yield url
        yield from _urls(rule.get("rules", ()))


def _given(members: dict[str, Any], arguments: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for name, member in members.items():
        if arguments.get(name) is not None:
            yield name, member, arguments[name]
        elif f"{_API}idempotencyToken" in member.get("traits", {}):
            yield name, member, str(uuid.uuid4())


def _body(
    model: Model, payload: tuple[dict[str, Any], Any] | None, document: dict[str, Any], members: dict[str, Any]
) -> tuple[bytes, str | None]:
    if payload is not None:
        shape, value = payload
        if shape["type"] == "blob":
            return base64.b64decode(value), "application/octet-stream"
        if shape["type"] in ("string", "enum"):
            return str(value).encode(), "text/plain"
        return json.dumps(_json(model, shape, value), ensure_ascii=False).encode(), "application/json"
    bound = ("httpLabel", "httpQuery", "httpQueryParams", "httpHeader", "httpPrefixHeaders", "httpPayload")
    has_document = any(
        not any(f"{_API}{one}" in member.get("traits", {}) for one in bound) for member in members.values()
    )
    if not has_document:
        return b"", None
    return json.dumps(document, ensure_ascii=False).encode(), "application/json"


def _json(model: Model, shape: dict[str, Any], value: Any) -> Any:
    kind = shape.get("type")
    if kind in ("structure", "union") and isinstance(value, dict):
        members = shape.get("members", {})
        return {
            members.get(name, {}).get("traits", {}).get(f"{_API}jsonName", name): (
                _json(model, model.shape(members[name]["target"]), item) if name in members else item
            )
            for name, item in value.items()
        }
    if kind in ("list", "set") and isinstance(value, list):
        return [_json(model, model.shape(shape["member"]["target"]), item) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {name: _json(model, model.shape(shape["value"]["target"]), item) for name, item in value.items()}
    if kind == "timestamp" and isinstance(value, str):
        return _time(value, shape.get("traits", {}).get(f"{_API}timestampFormat", "epoch-seconds"))
    return value


def _pairs(model: Model, shape: dict[str, Any], name: str, value: Any) -> list[tuple[str, str]]:
    values = value if isinstance(value, list) else [value]
    return [(name, _text(model, shape, item, {})) for item in values]


def _text(model: Model, shape: dict[str, Any], value: Any, traits: dict[str, Any]) -> str:
    if shape.get("type") in ("list", "set"):
        shape = model.shape(shape["member"]["target"])
    if shape.get("type") == "timestamp" and isinstance(value, str):
        implied = "http-date" if f"{_API}httpHeader" in traits else "date-time"
        return str(_time(value, shape.get("traits", {}).get(f"{_API}timestampFormat", implied)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _time(text: str, form: str) -> Any:
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    if form == "epoch-seconds":
        return when.timestamp()
    return format_datetime(when, usegmt=True) if form == "http-date" and when.tzinfo else text
