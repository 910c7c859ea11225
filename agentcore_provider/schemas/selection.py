"""Which operations become tools: chosen by name, tag, method and path."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem

_TAG = "tag:"
_METHOD_AND_PATH = re.compile(r"([A-Z]+)\s+(/.*)")


@dataclass(frozen=True)
class Operation:
    """What may become a tool. method: in capitals. What it does not have is empty."""

    name: str = ""
    method: str = ""
    path: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selection:
    """The operations that some patterns match, without those that others match.

    A pattern is a name, `tag:NAME`, a method such as GET, a path such as /orders/*, or both as in "GET /orders/*"; `*`
    stands for any text.
    """

    only: Sequence[str] | None = None
    without: Sequence[str] | None = None

    def __bool__(self) -> bool:
        return self.only is not None or self.without is not None

    def __call__(self, offered: Sequence[Operation]) -> list[bool]:
        """For each operation whether it is chosen. Raises InvalidInput with everything that is wrong."""
        problems = [*_problems("only", self.only, offered), *_problems("without", self.without, offered)]
        if problems:
            raise InvalidInput.of_problems(problems)
        chosen = [
            (self.only is None or any(_matches(it, one) for it in self.only))
            and not any(_matches(it, one) for it in self.without or ())
            for one in offered
        ]
        if not any(chosen):
            raise InvalidInput("leaves none of what only matches", "Remove a pattern", path="without")
        return chosen


def _problems(argument: str, patterns: object, offered: Sequence[Operation]) -> Iterator[Problem]:
    if patterns is None:
        return
    if not isinstance(patterns, (list, tuple)):
        cure = 'Give a list of patterns, such as ["list*", "tag:orders", "GET /orders/*"]'
        yield Problem(argument, f"is {_kind(patterns)}", cure)
    elif not patterns:
        yield Problem(argument, "is an empty list", "Leave it out, or name an operation")
    else:
        for index, pattern in enumerate(patterns):
            if not isinstance(pattern, str) or not pattern.strip():
                yield Problem(
                    f"{argument}[{index}]", f"is {_kind(pattern)}", "Give a name, tag:NAME, a method or a path"
                )
            elif not any(_matches(pattern, one) for one in offered):
                message = f"{pattern} matches no operation"
                yield Problem(f"{argument}[{index}]", message, _suggestion(pattern, offered))


def _matches(pattern: str, operation: Operation) -> bool:
    pattern = pattern.strip()
    both = _METHOD_AND_PATH.fullmatch(pattern)
    if both:
        return both[1] == operation.method and _like(both[2], operation.path)
    if pattern.startswith("/"):
        return _like(pattern, operation.path)
    if pattern.startswith(_TAG):
        return any(_like(pattern[len(_TAG) :].strip(), tag) for tag in operation.tags)
    return _like(pattern, operation.name) or pattern == operation.method


def _like(pattern: str, text: str) -> bool:
    return bool(text) and re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text, re.DOTALL) is not None


def _suggestion(pattern: str, offered: Sequence[Operation]) -> str:
    """What was probably meant, or what there is."""
    known = list(dict.fromkeys(it for one in offered for it in _ways(one)))
    if pattern.startswith(_TAG):
        known = [it for it in known if it.startswith(_TAG)]
    alike = {it.removeprefix(_TAG).lower(): it for it in reversed(known)}
    near = difflib.get_close_matches(pattern.removeprefix(_TAG).strip("* ").lower(), alike, n=2, cutoff=0.65)
    if near:
        return f"Did you mean {_listed([alike[it] for it in near], 'or')}?"
    names = known if pattern.startswith(_TAG) else [one.name for one in offered if one.name]
    return f"There are {_listed(names, 'and')}" if names else "None has one"


def _ways(operation: Operation) -> Iterator[str]:
    yield from (it for it in (operation.name, operation.path, operation.method) if it)
    yield from (f"{_TAG}{tag}" for tag in operation.tags)


def _listed(names: Iterable[str], word: str, most: int = 12) -> str:
    every = list(names)
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most} more"
    return f" {word} ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def _kind(value: object) -> str:
    return "empty" if value == "" else f"{value!r}" if isinstance(value, str) else f"a {type(value).__name__}"
