"""What an update changes, and whether it can be done in place."""

from __future__ import annotations

from dataclasses import dataclass

from .comparison import Difference, Kind, differences
from .naming import is_given
from .resource import Resource
from .session import Session
from .wire import UNKNOWN, Properties


@dataclass(frozen=True)
class Change:
    """The difference between what a state holds and what a program asks for."""

    old: Properties
    """The inputs before."""
    differences: list[Difference]
    replaces: list[str]
    """Properties whose change needs a new resource."""
    delete_before_replace: bool

    @property
    def properties(self) -> frozenset[str]:
        """Names of the arguments that change; a provider's default tags count as tags."""
        names = {difference.argument for difference in self.differences}
        return frozenset("tags" if name == "tagsAll" else name for name in names)


def changes(resource: Resource, session: Session, outputs: Properties, old: Properties, new: Properties) -> Change:
    """Compare new inputs with the old ones (with the old outputs, where a state has no inputs)."""
    before = old or {key: outputs[key] for key in outputs.keys() & resource.arguments & new.keys()}
    found = differences(resource, before, new)
    moved = outputs.get("region", session.region) != session.region
    if resource.regional and moved and "region" not in {*new, *before}:
        found.append(Difference(("region",), Kind.UPDATE))
    all_tags = outputs.get("tagsAll", UNKNOWN)
    own_tags_differ = any(difference.argument == "tags" for difference in found)
    if resource.tagged and not own_tags_differ and all_tags not in (UNKNOWN, session.tags(new)):
        found.append(Difference(("tagsAll",), Kind.UPDATE))  # the provider's default tags
    immutable = resource.immutable | {"region"}
    replaces = sorted({difference.argument for difference in found} & immutable)
    name = resource.naming.property if resource.naming else ""
    same_name = before.get(name) == new.get(name)
    return Change(
        old=before,
        differences=found,
        replaces=replaces,
        delete_before_replace=bool(replaces) and same_name and is_given(resource.naming, new),
    )


def detailed(change: Change) -> dict[str, str]:
    """The differences as the engine shows them: path to kind, such as `ADD_REPLACE`."""
    replaced = set(change.replaces)
    return {
        difference.written: difference.kind.name + ("_REPLACE" if difference.argument in replaced else "")
        for difference in change.differences
    }
