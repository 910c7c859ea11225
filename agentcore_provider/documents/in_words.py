"""What a keyword of JSON Schema says about a value, as a sentence for an agent."""

from __future__ import annotations

import json
from typing import Any

from agentcore_provider.documents.json_types import JsonObject

FLAGS = {
    "uniqueItems": "Items differ.",
    "deprecated": "Deprecated.",
    "readOnly": "Read only.",
    "writeOnly": "Write only.",
}
_SENTENCES = {
    "const": "Always {}.",
    "default": "Default: {}.",
    "format": "Format: {}.",
    "pattern": "Matches the regular expression {}.",
    "minimum": "At least {}.",
    "maximum": "At most {}.",
    "exclusiveMinimum": "More than {}.",
    "exclusiveMaximum": "Less than {}.",
    "multipleOf": "A multiple of {}.",
    "minLength": "At least {} characters.",
    "maxLength": "At most {} characters.",
    "minItems": "At least {} items.",
    "maxItems": "At most {} items.",
    "minProperties": "At least {} properties.",
    "maxProperties": "At most {} properties.",
    "contentEncoding": "Encoded as {}.",
    "contentMediaType": "Media type {}.",
}
_SILENT = frozenset({"nullable", "xml", "externalDocs", "discriminator"})


class Inexpressible(ValueError):
    """A keyword for which there are no words."""


def sentence(keyword: str, value: Any) -> str:
    """The sentence for a keyword and its value, empty if there is nothing to say. Raises Inexpressible."""
    if keyword == "enum":
        text = f"One of: {', '.join(shown(one) for one in value if one is not None)}."
    elif keyword in ("examples", "example"):
        examples = value if isinstance(value, list) else [value]
        text = f"For example {', '.join(shown(one) for one in examples)}." if examples else ""
    elif keyword in FLAGS:
        text = FLAGS[keyword] if value else ""
    elif keyword == "default" and value in ("", None, [], {}):
        text = ""
    elif keyword in _SENTENCES:
        text = "" if value is None else _SENTENCES[keyword].format(shown(value))
    elif keyword.startswith("x-") or keyword in _SILENT:
        text = ""
    else:
        raise Inexpressible(keyword)
    return text


def joined(*texts: str) -> str:
    """Texts as one, each ended like a sentence. A text that stands alone stays as its author wrote it."""
    given = [text.strip() for text in texts if text and text.strip()]
    if len(given) < 2:
        return "".join(given)
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in given)


def value(schema: JsonObject) -> str:
    """What a value has to be: its type if the schema says no more, else JSON Schema as it stands."""
    kind = schema.get("type")
    if set(schema) <= {"type", "title"} and isinstance(kind, str):
        return f"type {kind}"
    return f"JSON Schema {shown(schema)}"


def shown(found: object) -> str:
    """A value as text: text as it is unless it is empty, anything else as JSON."""
    return found if isinstance(found, str) and found else json.dumps(found, ensure_ascii=False, default=str)
