"""What each resource type of the stand-in declares, and its five operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from .session import Session
from .wire import Properties


@dataclass(frozen=True)
class Naming:
    """How a physical name is generated when the program sets none."""

    property: str
    limit: int
    prefix_property: str = ""
    lower_case: bool = False
    logical_name_alone: bool = False  # objects in S3: the key is the logical name, without a suffix


@dataclass(frozen=True)
class Scope:
    """One call of the engine: where to, and from which folder its relative paths start."""

    session: Session
    folder: Callable[[], Path]
    changed: frozenset[str] = field(default_factory=frozenset)
    """Names of the top-level arguments that an update changes."""


class Resource(ABC):
    """One type of the `aws` package. Property names are those of pulumi-aws 7, on both sides."""

    type_name: ClassVar[str]
    arguments: ClassVar[frozenset[str]]
    """What a program may set. Anything else is rejected: nothing is silently ignored."""
    required: ClassVar[frozenset[str]] = frozenset()
    immutable: ClassVar[frozenset[str]] = frozenset()
    """Arguments whose change replaces the resource."""
    outputs: ClassVar[frozenset[str]] = frozenset()
    """What AWS generates: unknown in the preview of a create."""
    naming: ClassVar[Naming | None] = None
    documents: ClassVar[frozenset[str]] = frozenset()
    """JSON documents, at any depth: compared by meaning, and accepted as objects too."""
    unordered: ClassVar[frozenset[str]] = frozenset()
    """Lists that are sets to AWS."""
    choices: ClassVar[frozenset[str]] = frozenset()
    """Structures of which one member is set, which may be empty: `{allow: {}}` is not `{}`."""
    secret: ClassVar[frozenset[str]] = frozenset()
    """Properties that are secret even if the program did not mark them."""
    defaults: ClassVar[Properties] = {}
    """What AWS uses when nothing is set: left out of the inputs of an import."""
    regional: ClassVar[bool] = True
    tagged: ClassVar[bool] = False

    def problems(self, inputs: Properties) -> list[tuple[str, str]]:
        """The problems of inputs that may hold unknowns: (property, reason)."""
        return []

    def renewed(self, changed: frozenset[str]) -> frozenset[str]:
        """Outputs that a change of these arguments makes unknown until it is done."""
        return frozenset()

    @abstractmethod
    def create(self, scope: Scope, inputs: Properties) -> str:
        """Make it and return its id. On failure, leave nothing behind."""

    @abstractmethod
    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        """All properties as AWS reports them, or None (or AWS's not-found error) if gone.

        `known` is what the state holds; empty on import. Properties that AWS does not report are left out and keep what the
        state holds; a value of None takes them out of it.
        """

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        """Bring it from the old inputs to the new ones; `scope.changed` names what differs."""
        raise AssertionError(f"Every argument of {self.type_name} replaces it.")

    @abstractmethod
    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        """Remove it. AWS's not-found error is success."""


@contextmanager
def undone_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Undo the first step of a create when a later one fails, and report it if that fails too."""
    try:
        yield
    except Exception as failure:  # whatever fails: the first step must not stay
        try:
            undo()
        except Exception as leftover:  # the user has to know both
            raise RuntimeError(f"{failure} Undoing it failed too: {leftover}") from failure
        raise


def as_tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags in the shape that IAM, S3, DynamoDB and Secrets Manager take."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def as_tag_map(tags: list[dict[str, str]]) -> dict[str, str]:
    """Tags of IAM, S3, DynamoDB and Secrets Manager as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def replace_tags(
    before: Mapping[str, str],
    after: dict[str, str],
    untag: Callable[[list[str]], object],
    tag: Callable[[dict[str, str]], object],
) -> None:
    """Remove the tags that are no longer wanted, then set all others."""
    if removed := sorted(before.keys() - after.keys()):
        untag(removed)
    if after:
        tag(after)


def tag_properties(session: Session, tags: Mapping[str, str], known: Properties) -> Properties:
    """`tags` and `tagsAll` as pulumi-aws reports them: a provider's default tag is not the resource's own."""
    own = known.get("tags", {})
    mine = {key: value for key, value in tags.items() if key in own or session.default_tags.get(key) != value}
    return {"tags": mine or None, "tagsAll": dict(tags)}
