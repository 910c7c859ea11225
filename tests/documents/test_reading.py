"""JSON and YAML texts: what is taken, what is refused and where, and that nothing else happens."""

import json
import resource
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.documents import reading
from agentcore_provider.documents.limits import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_VALUES, Unreadable, check

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_DOCUMENTS = st.recursive(_SCALARS, lambda below: st.lists(below) | st.dictionaries(st.text(), below), max_leaves=20)


def _aliases(levels: int) -> str:
    """A text whose last list stands for 10 to the power of `levels` words."""
    lines = ["l0: &l0 [a, a, a, a, a, a, a, a, a, a]"]
    lines += [f"l{it}: &l{it} [{', '.join([f'*l{it - 1}'] * 10)}]" for it in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"a": 1,\n "b" 2}', "line 2, column 6: is "),
        ("a: [1,\nb: }", "line 2, column 4: is neither JSON nor YAML"),
        ("{\n\t'a': 1}", "line 2, column 2: is not JSON"),
        ("a: 1\nb: 2\na: 3", "line 3, column 1: 'a' is written twice in one object"),
        ('{"a": 1,\n "b": {"c": 2, "c": 3}}', "line 2, column 16: 'c' is written twice in one object"),
        ("a: 1\nb: &x [*x]", "line 2, column 8: *x contains itself"),
        ("a:\n  b: .nan", "#/a/b: line 2: is nan, and JSON has no such number"),
        ('{"a":\n [1, -Infinity]}', "#/a/1: line 2: is -inf, and JSON has no such number"),
        ('{"a": 1e999}', "#/a: line 1: is inf, and JSON has no such number"),
        ('{"a": "\\ud800"}', "#/a: line 1: has half a surrogate pair, U+D800"),
        ('{"a": {"\\udc00": 1}}', "#/a: line 1: has a name that has half a surrogate pair, U+DC00"),
        ("a: \ud800", "line 1, column 4: has half a surrogate pair, U+D800"),
        ("a:\n- !!set {b}", "line 2, column 3: has the YAML tag '!!set'"),
        ("a: !!binary aGk=", "line 1, column 4: has the YAML tag '!!binary'"),
        ("a: !!bool maybe", "line 1, column 4: is neither JSON nor YAML: a value does not fit its tag"),
        ("a: !!int one", "line 1, column 4: is neither JSON nor YAML: a value does not fit its tag"),
        ("a: !!int", "line 1, column 4: is neither JSON nor YAML: a value does not fit its tag"),
        ("a: !!seq {}", "line 1, column 4: is neither JSON nor YAML: a value does not fit its tag"),
        ("<<: 1", "line 1, column 5: is neither JSON nor YAML: expected an object or a list of objects for merging"),
        ("a\n---\nb", "line 2, column 1: is neither JSON nor YAML: found another document"),
        ("? [a]\n: b", "line 1, column 3: is neither JSON nor YAML: found unhashable key"),
        ("a: *nowhere", "line 1, column 4: is neither JSON nor YAML: found undefined alias"),
        ("a: \x00", "is neither JSON nor YAML"),
        (f"[{'1' * (MAX_DIGITS + 1)}]", f"#/0: line 1: is a number of more than {MAX_DIGITS} digits"),
        (f"a: {'1' * (MAX_DIGITS + 1)}", f"line 1, column 4: is a number of more than {MAX_DIGITS} digits"),
        (f"a: 0x{'f' * MAX_DIGITS}", f"line 1, column 4: is a number of more than {MAX_DIGITS} digits"),
        (f"a: {'1:' * MAX_DIGITS}1", f"line 1, column 4: is a number of more than {MAX_DIGITS} digits"),
        (f"[{'1' * 5000}]", f"has a number of more than {MAX_DIGITS} digits"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), f"is nested too deeply, more than {MAX_DEPTH} levels"),
        ("- " * (MAX_DEPTH + 2) + "a", f"is nested too deeply, more than {MAX_DEPTH} levels"),
        ("a: " + "[" * 3000 + "]" * 3000, f"is nested too deeply, more than {MAX_DEPTH} levels"),
        ("a: " + "{b: " * 3000 + "}" * 3000, f"is nested too deeply, more than {MAX_DEPTH} levels"),
        (f"[{'1,' * MAX_VALUES}1]", f"has more than {MAX_VALUES:,} values"),
        (f'"{"a" * MAX_BYTES}"', f"has {MAX_BYTES + 2:,} bytes, over the {MAX_BYTES:,}"),
        (f'"{"é" * (MAX_BYTES // 2)}"', f"has {MAX_BYTES + 2:,} bytes, over the {MAX_BYTES:,}"),
        (_aliases(6), f"has more than {MAX_VALUES:,} values, YAML aliases written out"),
        (f"a: &a {'x' * 200_000}\nb: [{', '.join(['*a'] * 60)}]", f"over the {MAX_BYTES:,}"),
    ],
)
def test_what_is_refused(text: str, where: str) -> None:
    """One line: where, why, and a cure."""
    with pytest.raises(Unreadable) as refused:
        reading.parsed(text)
    assert str(refused.value).startswith(where) or where in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.cure


def test_what_is_taken_within_the_limits() -> None:
    """Depth and number at the limit, aliases and merges that stay small, dates and a lone = as text."""
    assert reading.parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert reading.parsed(f"a: {'9' * MAX_DIGITS}") == {"a": int("9" * MAX_DIGITS)}
    assert len(reading.parsed(_aliases(4))["l3"]) == 10
    assert reading.parsed("a: &a {b: 1}\nc:\n  <<: *a\n  b: 2") == {"a": {"b": 1}, "c": {"b": 2}}
    two = "a: &a {x: 1, y: 1}\nb: &b {x: 2}\nc: {z: 0, <<: [*b, *a]}"
    assert list(reading.parsed(two)["c"].items()) == [("x", 2), ("y", 1), ("z", 0)]
    assert reading.parsed("[! 1, !!str 1, !!float 1, !!int '1', <<, '<<']") == ["1", "1", 1.0, 1, "<<", "<<"]
    assert reading.parsed("on_sale: 2024-01-01\nis: =") == {"on_sale": "2024-01-01", "is": "="}
    assert reading.parsed(f"a: {'1' * 400}g") == {"a": "1" * 400 + "g"}


@pytest.mark.parametrize(
    "word", ["NO", "yes", "on", "Off", "12:30", "1:2:3.4", "0o17", "017", "1_000", "0b1", "y", "2024-01-01"]
)
def test_words_are_text(word: str) -> None:
    """What YAML 1.1 makes other values of is text, as a value and as a name."""
    assert reading.parsed(f"a: {word}") == {"a": word}
    assert reading.parsed(f"{word}: [a]") == {word: ["a"]}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *(("null", None), ("~", None), ("", None), ("true", True), ("False", False)),
        *(("0", 0), ("-12", -12), ("+1", 1), ("0x1F", 31), ("1.5", 1.5), ("-1e3", -1000.0), ("2.", 2.0)),
    ],
)
def test_words_that_are_values(word: str, value: Any) -> None:
    """Null, true, false and numbers, written as in JSON or nearly so."""
    found = reading.parsed(f"a: {word}")["a"]
    assert (found, type(found)) == (value, type(value))


def test_a_small_text_of_many_aliases_takes_neither_memory_nor_time() -> None:
    """A few hundred bytes that stand for a billion words are refused within 200 MB and 5 seconds of computing."""
    program = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
from agentcore_provider.documents import reading
try:
    reading.parsed(sys.stdin.read())
except ValueError as refused:
    print(refused)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], input=_aliases(9), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "YAML aliases written out" in done.stdout
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY


@given(st.text() | st.binary().map(lambda it: it.decode(errors="surrogatepass" if not it else "replace")))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever it is: values of JSON, or one line."""
    try:
        document = reading.parsed(text)
    except Unreadable:
        return
    json.dumps(document, allow_nan=False).encode()


@given(st.text(alphabet="&*a1:-[]{}!|>'\"?, \n#.<=~", max_size=60))
def test_any_text_of_marks_is_read_or_refused(text: str) -> None:
    """Anchors, aliases, tags, keys and quotes in any order."""
    test_any_text_is_read_or_refused.hypothesis.inner_test(text)  # type: ignore[attr-defined]


@given(_DOCUMENTS)
def test_what_json_writes_is_read_again(document: Any) -> None:
    """Every document of JSON that is within the limits, as JSON says it."""
    try:
        text = json.dumps(document)
        check(document)
    except Unreadable:
        return
    assert reading.parsed(text) == document


@pytest.mark.parametrize(
    ("document", "reported"),
    [
        ({"a": {1, 2}}, "#/a: is a set"),
        ({"a": [b"x"]}, "#/a/0: is a bytes"),
        ({"a": object()}, "#/a: is a object"),
        ({("a", "b"): 1}, "#: has a tuple as the name of a member"),
        ({"a": float("nan")}, "#/a: is nan"),
        ({"a": 10**MAX_DIGITS}, "#/a: is a number of more than"),
        ({"a/b": "\ud800"}, "#/a~1b: has half a surrogate pair"),
    ],
)
def test_a_document_of_a_program_is_judged(document: Any, reported: str) -> None:
    """Values that JSON has no word for, each with its place."""
    with pytest.raises(Unreadable) as refused:
        check(document)
    assert str(refused.value).startswith(reported)


def test_a_document_that_contains_itself_ends() -> None:
    """An object below itself is nested too deeply; with two ways down, too many values."""
    one: dict[str, Any] = {}
    one["below"] = one
    two: list[Any] = []
    two += [two, two]
    for document in (one, two):
        with pytest.raises(Unreadable):
            check(document)
