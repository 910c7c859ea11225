"""Checks the arguments of a method, before AWS is asked, and reports all problems at once."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

R = TypeVar("R")

# `with` and decorators of the standard library stand between a user's line and what it calls.
_WRAPPERS = (
    os.path.join(os.path.dirname(os.__file__), "contextlib.py"),
    os.path.join(os.path.dirname(os.__file__), "functools.py"),
)


class ArgumentCheck:
    """The arguments of one method, and their problems so far."""

    def __init__(self, arguments: Mapping[str, object], operation: str, *own: str) -> None:
        """
        Args:
            arguments: By AWS's names.
            operation: The operation that they are for.
            own: Further arguments that the method has.
        """
        known = [*own, *service_model.members(operation)]
        self._arguments = arguments
        self._meant = {it: service_model.guess(it, known) for it in arguments if it not in known}
        self._problems = [
            Problem(name, "unknown argument", f"did you mean {meant}?" if meant else f"known are {', '.join(known)}")
            for name, meant in self._meant.items()
        ]

    def means(self, name: str) -> bool:
        """Whether the argument is passed, if under a mistyped name."""
        return self._arguments.get(name) is not None or name in self._meant.values()

    def needs(self, name: str, cure: str) -> None:
        """Note the argument if it is missing, unless a mistyped one was to be it."""
        if not self.means(name):
            self._problems.append(Problem(name, "is missing", cure))

    def fixed(self, name: str, fix: Callable[[object], object]) -> dict[str, Any]:
        """{name: the fixed argument}, {} if it is not passed. One that cannot be fixed is not validated further."""
        if name not in self._arguments:
            return {}
        try:
            return {name: fix(self._arguments[name])}
        except InvalidInput as error:
            self._problems += error.with_places()
            return {name: UNKNOWN}

    def part(self, make: Callable[[object], R], given: object) -> R | None:
        """What is made of a part of the arguments; None if it is invalid."""
        try:
            return make(given)
        except InvalidInput as error:
            self._problems += error.with_places()
            return None

    def require_valid(self, label: str, problems: Sequence[Problem]) -> None:
        """Raise InvalidInput with all problems. problems: those that the rules have of the same arguments."""
        _raise(label, [*self._problems, *(it for it in errors(problems) if it.path not in self._meant)])


def require_valid(label: str, problems: Sequence[Problem]) -> None:
    """Warn of what AWS would not serve well, and raise InvalidInput if it would refuse anything."""
    for problem in problems:
        if problem.severity == "warning":
            warn(f"{label}: {problem}")
    _raise(label, errors(problems))


def warn(message: str) -> None:
    """Warn at the line of the user's that called into this package."""
    package, level = os.path.dirname(os.path.dirname(__file__)), 1
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((package, *_WRAPPERS)):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, stacklevel=level + 1)


def _raise(label: str, problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInput.of_problems(problems, label)
