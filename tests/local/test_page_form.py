"""Forms from schemas of every form, which MCP servers may have."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.local.page import schema_form

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TYPES = ["string", "integer", "number", "boolean", "array", "object", "null"]
PROPERTY = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), max_size=2) | JSON,
        "enum": st.lists(JSON, max_size=3) | JSON,
        "description": st.text() | JSON,
        "default": JSON,
    },
)
SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "properties": st.dictionaries(st.text(max_size=5), PROPERTY | JSON, max_size=3) | JSON,
        "required": st.lists(st.text(max_size=5)) | JSON,
    },
)


@given(SCHEMAS, st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_every_schema_has_a_form(schema: dict[str, Any], arguments: dict[str, Any]) -> None:
    """Whatever a server writes; what the form holds can be read again."""
    fields = schema_form.fields(schema, arguments)
    typed = {it.key: it.value for it in fields}
    assert set(schema_form.read(schema, typed)) <= {it.name for it in fields}


@given(
    st.fixed_dictionaries(
        {
            "s": st.text(min_size=1).map(lambda it: it.replace("\r\n", "")).filter(bool),
            "n": st.integers(),
            "b": st.booleans(),
            "o": JSON,
        }
    )
)
def test_what_a_form_shows_is_what_it_sends(arguments: dict[str, Any]) -> None:
    """Arguments of an earlier call come back as they were."""
    types = {"s": "string", "n": "integer", "b": "boolean"}
    schema = {"properties": {name: {"type": types[name]} if name in types else {} for name in arguments}}
    typed = {it.key: it.value for it in schema_form.fields(schema, arguments)}
    wanted = {name: it for name, it in arguments.items() if it is not None}
    assert schema_form.read(schema, typed) == wanted
