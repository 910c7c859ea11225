"""What is known of a resource before it is created or changed."""

from __future__ import annotations

from .changes import Change
from .resource import Resource
from .session import Session
from .wire import UNKNOWN, Properties, has_unknown


def created(resource: Resource, session: Session, inputs: Properties) -> Properties:
    """Its properties once created: what AWS generates is unknown."""
    known = {key: value for key, value in inputs.items() if not key.startswith("__")}
    values: Properties = {**dict.fromkeys(resource.outputs, UNKNOWN), **resource.defaults, **known}
    return _everywhere(resource, session, values, inputs)


def updated(
    resource: Resource, session: Session, change: Change, outputs: Properties, inputs: Properties
) -> Properties:
    """Its properties once updated: what the change touches is unknown, the rest stays."""
    kept = {key: value for key, value in outputs.items() if key in inputs or key not in change.properties}
    restored = {key: value for key, value in resource.defaults.items() if key not in kept}
    renewed = dict.fromkeys(resource.renewed(change.properties), UNKNOWN)
    known = {key: value for key, value in inputs.items() if not key.startswith("__")}
    return _everywhere(resource, session, {**restored, **kept, **renewed, **known}, inputs)


def _everywhere(resource: Resource, session: Session, values: Properties, inputs: Properties) -> Properties:
    if resource.regional:
        values["region"] = inputs.get("region", session.region)
    if resource.tagged:
        tags = inputs.get("tags", {})
        values["tagsAll"] = UNKNOWN if has_unknown(tags) else session.tags(inputs)
    return values
