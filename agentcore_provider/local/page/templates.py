"""The HTML of the page: templates of this package, in which every value is escaped."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.wrappers import Response

ROOT = "/_local/page/"


def render(template: str, *, status: int = 200, **values: object) -> Response:
    """A page as a response."""
    return Response(render_text(template, **values), status=status, content_type="text/html; charset=utf-8")


def render_text(template: str, **values: object) -> str:
    """A template with its values."""
    return _environment().get_template(template).render(root=ROOT, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"clock": _clock, "duration": _duration, "json": _json, "pretty": _pretty, "state": _state}
    return environment


def _clock(time: datetime) -> str:
    return time.astimezone().strftime("%H:%M:%S")


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _pretty(text: str) -> str:
    """A text, with line breaks if it is JSON."""
    try:
        return _json(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _state(status: Any) -> str:
    """How a status is coloured: `good`, `busy` or `bad`."""
    if isinstance(status, int):
        return "good" if 0 < status < 400 else "bad"
    if status in ("READY", "ACTIVE"):
        return "good"
    return "busy" if status.endswith("ING") else "bad"
