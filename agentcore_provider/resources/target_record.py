"""What the records of targets have in common: the document of their kind, accepted codes, chosen operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from typing import Any, ClassVar, Protocol

import pulumi

from agentcore_provider.credential_kinds import GATEWAY_ROLE
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.schemas.selection import Selection
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class Accepting:
    """A target that accepts what some rules reject."""

    _: KW_ONLY
    accept: Sequence[str] = ()
    """Codes of rules whose errors become warnings, such as composed-input: a preview ends each error with its code. See
    docs/targets/accept.md. Changing it updates nothing."""

    def require_bools(self) -> None:
        """Raise InvalidInput for a field that is True or False and has something else, which would count as True."""
        values = [(it, getattr(self, it.name)) for it in fields(self) if it.type in ("bool", "bool | None")]
        problems = [
            Problem(it.name, f"is a {type(value).__name__}", "Write True or False")
            for it, value in values
            if not isinstance(value, bool) and (value is not None or it.type == "bool")
        ]
        if problems:
            raise InvalidInput.of_problems(problems, type(self).__name__)


@dataclass(frozen=True)
class Selecting(Accepting):
    """A target of which a part may be deployed."""

    _: KW_ONLY
    only: Sequence[str] | None = None
    """The operations that become tools: names, `tag:NAME`, methods such as GET, paths such as /orders/*, both as in
    "GET /orders/*"; `*` matches any text, and a pattern that matches nothing is an error. Only these operations are validated.
    Default: all. Updates in place."""
    without: Sequence[str] | None = None
    """The operations that do not become tools, written as in `only`. Default: none. Updates in place."""

    @property
    def selection(self) -> Selection:
        """Which operations are chosen."""
        return Selection(self.only, self.without)

    def selected(
        self,
        text: str,
        read: Callable[[str], object],
        select: Callable[[Mapping[str, object], Selection], dict[str, object]],
    ) -> Any:
        """The document of a text with the chosen operations; the text where all are, or where it cannot be read.

        Raises InvalidInput.
        """
        if not self.selection:
            return text
        try:
            document = read(text)
        except InvalidInput:
            # Validation reports why, and where.
            return text
        return select(document, self.selection) if isinstance(document, Mapping) else text


@dataclass(frozen=True)
class Record(Accepting):
    """A target of one kind, by the keys of that kind."""

    kind: ClassVar[TargetKind]

    def target_configuration(self) -> dict[str, object]:
        """AWS's document. Raises InvalidInput."""
        return self.kind.document(self.values())

    def credential_provider_configurations(self) -> list[dict[str, object]]:
        """The gateway's role, or none where the kind is called without credentials by default."""
        return gateway_role() if self.kind.outbound.role_in_records else []

    def values(self) -> dict[str, object]:
        """What AWS's document is built of, by the keys of the kind. Raises InvalidInput."""
        values = {key: getattr(self, key) for key in self.kind.keys}
        return {
            key: _parts(value)
            if key in self.kind.parts
            else dict(value)
            if isinstance(value, Mapping)
            else listed(value)
            for key, value in values.items()
        }


class Part(Protocol):
    """A part of a record that is a record itself."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        ...


def _parts(value: Any) -> Any:
    if value is None or isinstance(value, Mapping) or hasattr(value, "document"):
        return value if value is None else _part(value)
    return [_part(one) for one in value] or None


def _part(value: Part | Mapping[str, object]) -> dict[str, object]:
    return dict(value) if isinstance(value, Mapping) else value.document()


def gateway_role() -> list[dict[str, object]]:
    """AWS's document of signing in with the gateway's own role."""
    return [GATEWAY_ROLE.configuration()]


def listed(items: object) -> Any:
    """A sequence as a list; anything else as it is, so that check reports it."""
    return list(items) if isinstance(items, (list, tuple)) else items


def accepted(target: object, given: object) -> Any:
    """The codes that are accepted for a target, by its record and its resource.

    Anything but a list of codes is returned as it is, so that check reports it.
    """
    own = getattr(target, "accept", ()) if not isinstance(target, (Mapping, pulumi.Output, type)) else ()
    codes: dict[object, None] = {}
    for one in (own, given):
        if isinstance(one, (list, tuple)):
            codes |= dict.fromkeys(one)
        elif one is not None:
            return one
    return list(codes)
