"""Policies in Cedar: what they apply to, with lines; what they demand beyond that is left to an engine.

https://docs.cedarpolicy.com/policies/syntax-grammar.html
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agentcore_provider.documents.limits import Unreadable

GRAMMAR = "https://docs.cedarpolicy.com/policies/syntax-grammar.html"
SLOT = "?resource"
"""Cedar's placeholder for a resource that is filled in later."""

_TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*)"
    r'|(?P<text>"(?:\\.|[^"\\])*")'
    r"|(?P<word>\??[A-Za-z_][A-Za-z0-9_]*|\d+)"
    r"|(?P<sign>::|==|!=|<=|>=|&&|\|\||.)",
    re.DOTALL,
)
_DEEPEST = 32
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_ESCAPE = re.compile(r"\\(u\{[0-9A-Fa-f]{1,6}\}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_SURROGATES = range(0xD800, 0xE000)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


@dataclass(frozen=True)
class Entity:
    """A reference to an entity, such as AgentCore::Action::"orders___get_order"; a slot has no type."""

    type: str
    id: str


@dataclass(frozen=True)
class Scope:
    """Which principals, actions or resources a policy applies to.

    operator: empty for all, else ==, in or is. type: what `is` names. entities: what the others name.
    """

    operator: str = ""
    type: str = ""
    entities: tuple[Entity, ...] = ()
    line: int = 1


@dataclass(frozen=True)
class CedarPolicy:
    """One policy.

    conditional: whether it has a when or unless. clauses: the words after these that Cedar does not have, such as temporal.
    """

    effect: str
    principal: Scope
    action: Scope
    resource: Scope
    conditional: bool
    clauses: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    line: int


def read(text: str) -> list[CedarPolicy]:
    """The policies of a text. Raises Unreadable."""
    tokens = list(_tokens(text))
    _require_shallow(tokens)
    reader = _Reader(tokens)
    policies = []
    while not reader.at_end:
        policies.append(_policy(reader))
    return policies


def _require_shallow(tokens: list[_Token]) -> None:
    """An engine that reads what nests deeper may run out of stack, and the process with it. Raises Unreadable."""
    depth = 0
    for token in tokens:
        depth += (token.text in _PAIRS) - (token.text in _PAIRS.values())
        if depth > _DEEPEST:
            raise _unreadable(f"nests more than {_DEEPEST} brackets", token.line)


def fill(text: str, resource: Entity) -> str:
    """The text with the resource in place of its slot. Comments and strings stay as they are."""
    found = [it for it in _tokens(text) if it.text == SLOT]
    for token in reversed(found):
        text = text[: token.start] + render(resource) + text[token.start + len(SLOT) :]
    return text


def render(entity: Entity) -> str:
    """The entity as policies write it."""
    return f"{entity.type}::{quoted(entity.id)}"


def quoted(text: str) -> str:
    """The text as a string of Cedar."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(it if it.isprintable() else f"\\u{{{ord(it):x}}}" for it in escaped) + '"'


def _unreadable(why: str, line: int) -> Unreadable:
    cure = "Write permit or forbid (principal, action, resource), when { ... } if needed, and a semicolon."
    return Unreadable(why, cure, line=line, source=GRAMMAR)


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield _Token(str(match.lastgroup), match[0], match.start(), line)
        line += match[0].count("\n")


class _Reader:
    """Tokens in their order."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    @property
    def at_end(self) -> bool:
        return self._next >= len(self._tokens)

    @property
    def line(self) -> int:
        at = min(self._next, len(self._tokens) - 1)
        return self._tokens[at].line if self._tokens else 1

    def ahead(self) -> str:
        return "" if self.at_end else self._tokens[self._next].text

    def take(self) -> _Token:
        if self.at_end:
            raise _unreadable("ends in the middle of a policy", self.line)
        self._next += 1
        return self._tokens[self._next - 1]

    def expect(self, *wanted: str) -> str:
        token = self.take()
        if token.text not in wanted:
            raise _unreadable(f"has {token.text} where {' or '.join(wanted)} belongs", token.line)
        return token.text

    def skip(self, text: str) -> bool:
        if self.ahead() != text:
            return False
        self._next += 1
        return True

    def skip_block(self) -> None:
        """What is between a bracket and its partner."""
        begin = self.take()
        expected = [_PAIRS[begin.text]]
        while expected:
            token = self.take()
            if token.text in _PAIRS:
                expected.append(_PAIRS[token.text])
            elif token.text in _PAIRS.values() and token.text != expected.pop():
                raise _unreadable(f"has {token.text} without its partner", token.line)


def _policy(reader: _Reader) -> CedarPolicy:
    while reader.skip("@"):
        reader.take()
        if reader.ahead() == "(":
            reader.skip_block()
    line = reader.line
    effect = reader.expect("permit", "forbid")
    reader.expect("(")
    scopes: dict[str, Scope] = {}
    for name, after in (("principal", (",",)), ("action", (",",)), ("resource", (",", ")"))):
        reader.expect(name)
        scopes[name] = _scope(reader)
        if reader.expect(*after) == "," and name == "resource":
            reader.expect(")")
    clauses = []
    conditional = reader.ahead() in ("when", "unless")
    while reader.ahead() in ("when", "unless"):
        reader.take()
        while reader.ahead() not in ("{", ""):
            clauses.append(reader.take().text)
        reader.skip_block()
    if reader.at_end:
        raise _unreadable("has no ; at the end of a policy", reader.line)
    reader.expect(";")
    return CedarPolicy(effect, **scopes, conditional=conditional, clauses=tuple(clauses), line=line)


def _scope(reader: _Reader) -> Scope:
    line = reader.line
    if reader.skip("is"):
        named = _path(reader)
        within = (_entity(reader),) if reader.skip("in") else ()
        return Scope("is", named, within, line)
    for operator in ("==", "in"):
        if reader.skip(operator):
            if reader.skip("["):
                return Scope(operator, "", tuple(_listed(reader, _entity)), line)
            return Scope(operator, "", (_entity(reader),), line)
    return Scope(line=line)


def _listed(reader: _Reader, item: Callable[[_Reader], Entity]) -> Iterator[Entity]:
    while not reader.skip("]"):
        yield item(reader)
        if not reader.skip(","):
            reader.expect("]")
            return


def _path(reader: _Reader) -> str:
    words = [_word(reader)]
    while reader.skip("::"):
        words.append(_word(reader))
    return "::".join(words)


def _word(reader: _Reader) -> str:
    token = reader.take()
    if token.kind != "word":
        raise _unreadable(f"has {token.text} where a name belongs", token.line)
    return token.text


def _entity(reader: _Reader) -> Entity:
    if reader.ahead().startswith("?"):
        return Entity("", reader.take().text)
    words = [_word(reader)]
    while reader.skip("::"):
        token = reader.take()
        if token.kind == "text":
            return Entity("::".join(words), _unescaped(token))
        words.append(token.text)
    raise _unreadable(f'has {"::".join(words)} without an id in quotes: write {"::".join(words)}::"..."', reader.line)


def _unescaped(token: _Token) -> str:
    def character(match: re.Match[str]) -> str:
        escape = match[1]
        if escape[0] in "ux" and len(escape) > 1:
            number = int(escape.strip("ux{}"), 16)
            if number > sys.maxunicode or number in _SURROGATES:
                raise _unreadable(f"has {match[0]}, which is not a character", token.line)
            return chr(number)
        return _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(character, token.text[1:-1])
