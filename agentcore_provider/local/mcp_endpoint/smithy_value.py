"""Values of Smithy shapes as JSON, and as text in addresses and headers.

https://smithy.io/2.0/spec/http-bindings.html, https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait
"""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from email.utils import format_datetime

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.smithy_model import Model

API = "smithy.api#"
_FORMAT = f"{API}timestampFormat"


def json_of(model: Model, member: JsonObject, value: object, *, json_names: bool) -> object:
    """A value as it is written in a JSON body. member: the reference to its shape, whose traits are stronger.

    json_names: whether the protocol knows the trait jsonName.
    """
    shape = model.shape(member["target"])
    kind = shape["type"]
    if kind in ("structure", "union") and isinstance(value, dict):
        members = shape.get("members", {})
        return {
            json_name(members[name], name) if json_names and name in members else name: (
                json_of(model, members[name], item, json_names=json_names) if name in members else item
            )
            for name, item in value.items()
            if item is not None
        }
    if kind in ("list", "set") and isinstance(value, list):
        return [json_of(model, shape["member"], item, json_names=json_names) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {name: json_of(model, shape["value"], item, json_names=json_names) for name, item in value.items()}
    if kind == "timestamp" and isinstance(value, str):
        return _time(value, _format(member, shape, "epoch-seconds"))
    return value


def json_name(member: JsonObject, name: str) -> str:
    """The name of a member in JSON."""
    return str(member.get("traits", {}).get(f"{API}jsonName", name))


def texts(model: Model, member: JsonObject, value: object) -> list[str]:
    """A value, or each of a list, as it is written in a label or a query."""
    shape = model.shape(member["target"])
    if shape["type"] in ("list", "set"):
        items = value if isinstance(value, list) else [value]
        return [text for item in items if item is not None for text in texts(model, shape["member"], item)]
    return [_text(member, shape, value, "date-time")]


def header(model: Model, member: JsonObject, value: object) -> str:
    """A value as it is written in a header. Values of a list that have commas or quotes are quoted."""
    shape = model.shape(member["target"])
    if shape["type"] in ("list", "set"):
        items = value if isinstance(value, list) else [value]
        kind = model.shape(shape["member"]["target"])["type"]
        found = [header(model, shape["member"], item) for item in items if item is not None]
        return ", ".join(_quoted(text) if kind in ("string", "enum") else text for text in found)
    text = _text(member, shape, value, "http-date")
    if media_type(member, shape) and shape["type"] in ("string", "enum"):
        return base64.b64encode(text.encode()).decode()
    return text


def media_type(member: JsonObject, shape: JsonObject) -> str | None:
    """The media type of a member's content."""
    found = member.get("traits", {}).get(f"{API}mediaType") or shape.get("traits", {}).get(f"{API}mediaType")
    return found if isinstance(found, str) else None


def _text(member: JsonObject, shape: JsonObject, value: object, timestamps: str) -> str:
    if shape["type"] == "timestamp" and isinstance(value, str):
        return str(_time(value, _format(member, shape, timestamps)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _quoted(text: str) -> str:
    # RFC 9110, 5.6.4. Blanks at the ends would get lost.
    if text and text == text.strip() and not any(mark in text for mark in ',"'):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _format(member: JsonObject, shape: JsonObject, implied: str) -> str:
    found = member.get("traits", {}).get(_FORMAT) or shape.get("traits", {}).get(_FORMAT)
    return str(found or implied)


def _time(text: str, form: str) -> str | float:
    """A point in time, which tools take by RFC 3339, in another form; other texts go as they are."""
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return text
    when = when.replace(tzinfo=timezone.utc) if when.tzinfo is None else when.astimezone(timezone.utc)
    if form == "epoch-seconds":
        seconds = when.timestamp()
        return int(seconds) if seconds.is_integer() else round(seconds, 3)
    if form == "http-date":
        return format_datetime(when, usegmt=True)
    precision = "milliseconds" if when.microsecond else "seconds"
    return when.isoformat(timespec=precision).replace("+00:00", "Z")
