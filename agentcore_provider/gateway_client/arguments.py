"""The arguments of methods: all problems at once before AWS is asked, and the documents that are made of them."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from agentcore_provider import target_kinds
from agentcore_provider.arguments.gateway import with_mcp
from agentcore_provider.arguments.gateway_target import usual_credentials
from agentcore_provider.arguments.members import member_name
from agentcore_provider.credential_kinds import GATEWAY_ROLE
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

R = TypeVar("R")

_UNKNOWN: object = UNKNOWN
_CREDENTIALS = "credentialProviderConfigurations"
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

    def fixed(self, name: str, fix: Callable[[object], object]) -> dict[str, object]:
        """{name: the fixed argument}, {} if it is not passed. One that cannot be fixed is not validated further."""
        return {name: self.made(fix, self._arguments[name], invalid=_UNKNOWN)} if name in self._arguments else {}

    def made(self, make: Callable[[object], R], value: object, *, invalid: R) -> R:
        """What is made of a value of the arguments; `invalid` if that cannot be done."""
        try:
            return make(value)
        except InvalidInput as error:
            self._problems += error.with_places()
            return invalid

    def require_valid(self, label: str, problems: Sequence[Problem]) -> None:
        """Raise InvalidInput with all problems. problems: those that the rules have of the same arguments."""
        _raise(label, [*self._problems, *(it for it in errors(problems) if it.path not in self._meant)])


def searchable(members: Mapping[str, object]) -> dict[str, object]:
    """The members with semantic search, unless they set it."""
    protocol = with_mcp(members.get("protocolConfiguration"), members.get("protocolType"), True)
    return {**members, **({} if protocol is None else {"protocolConfiguration": protocol})}


def with_credentials(document: Mapping[str, object]) -> dict[str, object]:
    """The document with the credentials that its kind takes where AWS requires them to be stated."""
    configuration, passed = document.get("targetConfiguration"), document.get(_CREDENTIALS)
    usual = usual_credentials(configuration)
    if passed is None and usual:
        return {**document, _CREDENTIALS: usual}
    kind = target_kinds.of(configuration)
    if kind and kind.outbound.signing_service == "required" and passed == [GATEWAY_ROLE.configuration()]:
        # The preview took this and called without credentials; today the role needs a service to sign for.
        warn(
            f"{kind.name} {document.get('name')!r}: GATEWAY_IAM_ROLE without credentialProvider.iamCredentialProvider.service "
            "signs nothing, and AWS refuses it: left out, so the API is called without credentials; name the service, "
            "such as execute-api, to sign with the gateway's role"
        )
        return {name: value for name, value in document.items() if name != _CREDENTIALS}
    return dict(document)


def taken_by_update(current: Mapping[str, object]) -> dict[str, object]:
    """Of what AWS answered, what an update takes."""
    operation = "CreateGatewayTarget" if "targetId" in current else "CreateGateway"
    known = service_model.members(operation)
    return {name: value for name, value in current.items() if name in known}


def as_boto3(properties: Mapping[str, object]) -> dict[str, object]:
    """Properties by AWS's names, times as boto3 gives them."""
    return {
        member_name(name): datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in properties.items()
    }


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
