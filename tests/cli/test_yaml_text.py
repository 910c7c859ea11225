"""YAML is edited in place: whatever a file looks like, it stays as it is but for what was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.cli.project.yaml_text import edited, load

CRM = {"mcp_server": "https://crm.example.com/mcp"}


def _with_crm(text: str) -> dict[str, Any]:
    value: dict[str, Any] = load(text)
    holder = value["shop"]
    holder["targets"] = {**(holder["targets"] or {}), "crm": CRM}
    return value


# Files, each with the lines that the new target adds at ^.
ADDED = {
    "comments": """\
# What it is for: Grüße ☕ 😀
---
shop:   # a\ttab in a comment
  targets:
    orders:
      openapi:   orders.yaml   # aligned
    # stock:
    #   openapi: stock.yaml
^
  # about tags
  tags: {a: b}

# the end

""",
    "quotes, tags, secrets and long text": f"""\
%YAML 1.2
---
other: [ a,b ,  c ]
list:
- a
-   b:   !!str 1.0
secure: {{secure: "v1:a+b/c=="}}
numbers: [0777, 1.50, ~, 2024-01-01, yes]
"shop":
  'instructions': "two
    lines, tab\\t and \\u00e9"
  long: {"word " * 60}end
  block: |+
    text

  folded: >-
    text

    more
  empty:
  "targets":
    "orders":
      secure: {"A" * 300}==
^
...
""",
    "merged": """\
base: &base
  targets: {orders: {openapi: a.yaml}}
shop:
  <<: *base
  description: x
^
""",
    "an empty value with a comment": """\
shop:
  targets:   # none yet
    # but soon
^
  tags: {a: b}
""",
    "four columns": """\
shop:
    targets:
        orders: {openapi: a.yaml}
^
    list:
    - a
    -   b
""",
}
LINES = {
    "merged": "  targets:\n    orders:\n      openapi: a.yaml\n    crm:\n      mcp_server: https://crm.example.com/mcp\n",
    "four columns": "        crm:\n            mcp_server: https://crm.example.com/mcp\n",
}
USUAL = "    crm:\n      mcp_server: https://crm.example.com/mcp\n"


@pytest.mark.parametrize("line", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("begin", ["", "\ufeff"], ids=["", "BOM"])
@pytest.mark.parametrize("name", ADDED)
def test_new_lines_stand_between_the_old_ones(name: str, begin: str, line: str) -> None:
    if begin and ADDED[name].startswith("%"):
        begin = ""
    text = (begin + ADDED[name]).replace("\n", line)
    before = text.replace(f"^{line}", "")
    after = text.replace(f"^{line}", LINES.get(name, USUAL).replace("\n", line))
    assert edited(before, _with_crm(before)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("shop:\n  targets: {}  # none\n", "shop:\n  targets:  # none\n" + USUAL),
        (
            "shop: {targets: {a: {x: 1}}}\n",
            "shop: {targets: {a: {x: 1}, crm: {mcp_server: https://crm.example.com/mcp}}}\n",
        ),
        (
            "shop: {\n  targets: {\n    a: [ 1 ],  # b\n  },\n}\n",
            "shop: {\n  targets: {\n    a: [ 1 ], crm: {mcp_server: https://crm.example.com/mcp},  # b\n  },\n}\n",
        ),
        ("shop:\n  targets:\n    a: 1", "shop:\n  targets:\n    a: 1\n" + USUAL.removesuffix("\n")),
        ("a: &t {x: 1}\nshop:\n  targets: *t # as a\n", "a: &t {x: 1}\nshop:\n  targets: # as a\n    x: 1\n" + USUAL),
        ("", "shop:\n  targets:\n" + USUAL),
        ("# only this", "# only this\nshop:\n  targets:\n" + USUAL),
    ],
)
def test_other_forms_change_no_more_than_they_must(before: str, after: str) -> None:
    value = _with_crm(before) if "shop" in before else {"shop": {"targets": {"crm": CRM}}}
    assert edited(before, value) == after


def test_what_an_anchor_says_elsewhere_too_is_not_changed() -> None:
    text = "shop: &s\n  targets: {a: 1}\ndesk: *s\n"
    assert edited(text, _with_crm(text)) is None


def test_keys_go_and_values_change_where_they_stand() -> None:
    text = "a: 1 # one\nb: {c: 1, d: 2, e: 3}\nf:\n  g: 1\n  # of h\n  h: [1]\ni: |\n  x\nj: 1\n"
    value = {"a": "x", "b": {"d": 2}, "f": {"g": [1, {"k": 2}]}, "i": {}, "j": {"k": True}}
    assert edited(text, value) == (
        "a: x # one\nb: {d: 2}\nf:\n  g:\n    - 1\n    - k: 2\n  # of h\ni: {}\nj:\n  k: true\n"
    )


TEXTS = st.one_of(
    st.sampled_from(["", "yes", "1.0", "a: b", "# no comment", "é", "it's", '"', "&a", "*a", "- a", "{", "\t", "a\nb"]),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=8),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-99, 99), TEXTS),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(TEXTS, below, max_size=3)),
    max_leaves=8,
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file in block and flow style, with comments at random, of which each has a number."""
    lines: list[str] = []
    step = draw(st.integers(1, 4))

    def comment(column: int) -> None:
        if draw(st.booleans()):
            lines.append(" " * column + f"# comment {len(lines)}.")

    def written(value: dict[str, Any], column: int) -> None:
        for key, below in value.items():
            comment(column)
            head = " " * column + json.dumps(key) + ":" + " " * draw(st.integers(1, 2))
            if isinstance(below, dict) and below and draw(st.booleans()):
                lines.append(head.rstrip())
                written(below, column + step)
            else:
                tail = draw(st.sampled_from(["", f"  # comment {len(lines)}."]))
                lines.append(head + json.dumps(below) + tail)

    written(draw(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4)), 0)
    comment(0)
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


@given(files(), st.data())
def test_nothing_is_lost_when_something_is_added(text: str, data: st.DataObject) -> None:
    value = load(text)
    holder = value
    while (below := [it for it in holder.values() if isinstance(it, dict)]) and data.draw(st.booleans()):
        holder = data.draw(st.sampled_from(below))
    name = data.draw(TEXTS.filter(lambda it: it not in holder))
    holder[name] = data.draw(VALUES)
    changed = edited(text, value)
    assert changed is not None
    assert load(changed) == value
    left = iter(changed.splitlines())
    # At most the line of an empty or a flow mapping is another one; its comment stays.
    gone = [line for line in text.splitlines() if line not in changed.splitlines()]
    assert len(gone) <= 1, gone
    assert all(line in left for line in text.splitlines() if line not in gone)
    assert text.count("# comment") == changed.count("# comment")


def test_null_is_written_as_a_word() -> None:
    value = {"a": {"protocol_type": None}, "b": [None]}
    text = edited("", value)
    assert text == "a:\n  protocol_type: null\nb:\n  - null\n"
    assert load(text or "") == value
