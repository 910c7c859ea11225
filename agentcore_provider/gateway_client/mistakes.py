"""What is wrong with the arguments of a method, told at once."""

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


class Mistakes:
    """Mistakes that can be told before AWS is asked."""

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
        """Whether the argument is given, if under a mistyped name."""
        return self._arguments.get(name) is not None or name in self._meant.values()

    def needs(self, name: str, cure: str) -> None:
        """Note the argument if it is missing, unless a mistyped one was to be it."""
        if not self.means(name):
            self._problems.append(Problem(name, "is missing", cure))

    def mended(self, name: str, mend: Callable[[object], object]) -> dict[str, Any]:
        """{name: the argument made right}, {} if it is not given. What cannot be made right is not judged further."""
        if name not in self._arguments:
            return {}
        try:
            return {name: mend(self._arguments[name])}
        except InvalidInput as error:
            self._problems += error.with_places()
            return {name: UNKNOWN}

    def part(self, make: Callable[[object], R], given: object) -> R | None:
        """What is made of a part of the arguments, None if that cannot be."""
        try:
            return make(given)
        except InvalidInput as error:
            self._problems += error.with_places()
            return None

    def refuse(self, label: str, problems: Sequence[Problem]) -> None:
        """Raise InvalidInput if anything is wrong. problems: what the rules say of the same arguments."""
        _refuse(label, [*self._problems, *(it for it in errors(problems) if it.path not in self._meant)])


def refuse(label: str, problems: Sequence[Problem]) -> None:
    """Warn of what AWS would not serve well, and raise InvalidInput if it would refuse anything."""
    for problem in problems:
        if problem.severity == "warning":
            warn(f"{label}: {problem}")
    _refuse(label, errors(problems))


def warn(message: str) -> None:
    """Warn at the line of the user's that called into this package."""
    package, level = os.path.dirname(os.path.dirname(__file__)), 1
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((package, *_WRAPPERS)):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, stacklevel=level + 1)


def _refuse(label: str, problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInput.of_problems(problems, label)
