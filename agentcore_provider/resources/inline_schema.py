"""The schema that travels inside a target's document, wherever AWS's documents have one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from agentcore_provider import target_kinds
from agentcore_provider.problem import Problem, errors, joined
from agentcore_provider.resources.schema_object import SchemaObject
from agentcore_provider.resources.targets.schema_source import built_late
from agentcore_provider.resources.targets.target import holds_output
from agentcore_provider.rules import codes, openapi, smithy, tool_schema
from agentcore_provider.rules.tool_schema import INLINE_BYTES
from agentcore_provider.schemas import inline_payload, tool_cost
from agentcore_provider.target_kinds.target_kind import SchemaFormat, TargetKind, at


@dataclass(frozen=True)
class InlineSchema:
    """A schema found in a target's document."""

    document: object
    kind: TargetKind
    payload: object
    """Text or tool definitions; an Output if it is one, or if one is inside."""

    def is_too_long(self) -> bool:
        """Whether the service refuses it inside the document. What is not known yet counts as short."""
        return isinstance(self.payload, (str, list)) and len(_text(self.payload).encode()) > INLINE_BYTES

    def problems(self, target: object, accept: object = ()) -> list[Problem]:
        """What the service would refuse of it once it is in S3, where no preview looks; as far as it is known.

        target: the target's name. accept: codes of rules whose errors are to be warnings.
        """
        validate = _VALIDATORS.get(self.kind.schema.format) if self.kind.schema else None
        if validate is None or not isinstance(self.payload, (str, list)):
            return []
        path = joined("target_configuration", ".".join((*self.kind.schema_path, "inlinePayload")))
        found = validate(self.payload, target if isinstance(target, str) else None)
        if isinstance(accept, (list, tuple)):
            found = codes.accepted(found, accept)
        return [it if it.path == "name" else it.below(path) for it in errors(found)]

    def stored(
        self,
        resource_name: str,
        *,
        bucket: pulumi.Input[str] | None,
        tags: Mapping[str, pulumi.Input[str]] | None,
        region: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions,
    ) -> dict[str, object]:
        """The document with the schema moved to an object in S3. The arguments are those of SchemaObject."""
        stored = SchemaObject(
            resource_name,
            bucket=bucket,
            content=self.text(),
            content_type=self.content_type(),
            tags=tags,
            region=region,
            opts=opts,
        )
        return self.replaced({"s3": {"uri": stored.uri}})

    def text(self) -> pulumi.Output[str]:
        """The schema as the text of a file."""
        return pulumi.Output.from_input(self.payload).apply(_text)

    def content_type(self) -> str:
        """Media type of the file: a text that does not begin like JSON is YAML."""
        is_yaml = isinstance(self.payload, str) and not self.payload.lstrip().startswith(("{", "["))
        return "application/yaml" if is_yaml else "application/json"

    def replaced(self, source: Mapping[str, object]) -> dict[str, object]:
        """The document with another source, such as {"s3": {"uri": ...}}, in the schema's place."""
        return _replaced(self.document, self.kind.schema_path, source)


def as_text(document: object) -> Any:
    """AWS's document with its schema as text, where it was given as a document. Raises InvalidInput."""

    def text(payload: object) -> Any:
        if holds_output(payload):
            return pulumi.Output.from_input(payload).apply(lambda known: built_late(lambda: inline_payload.text(known)))
        return inline_payload.text(payload)

    return inline_payload.as_text(document, text)


def find(document: object) -> InlineSchema | None:
    """The schema inside a target's document; None if there is none or the document is not known yet."""
    kind = target_kinds.of(document)
    holder = at(document, *kind.schema_path) if kind and kind.schema else None
    if kind and isinstance(holder, pulumi.Output):
        return InlineSchema(document, kind, holder.apply(_payload))
    if kind and isinstance(holder, Mapping) and holder.get("inlinePayload") is not None:
        return InlineSchema(document, kind, holder["inlinePayload"])
    return None


def cost(document: object, target: object) -> list[int] | None:
    """Number of the tools of a target's document, and of the characters of their tools/list; None if it is not known."""
    schema = find(document)
    if schema is None or schema.kind.schema is None or not isinstance(schema.payload, (str, list)):
        return None
    found = tool_cost.of_schema(schema.kind.schema.format, schema.payload, target if isinstance(target, str) else "")
    return [found.tools, found.characters] if found else None


def _tools(payload: object, target: str | None) -> list[Problem]:
    return [it for it in tool_schema.validate(payload, target=target) if it.code != "schema-size"]


_VALIDATORS: Mapping[SchemaFormat, Callable[[Any, str | None], list[Problem]]] = {
    "tool definitions": _tools,
    "OpenAPI": lambda payload, target: openapi.validate(payload, target=target, inline=False),
    "Smithy": lambda payload, target: smithy.validate(payload, target=target, inline=False),
}


def _payload(source: object) -> object:
    if not isinstance(source, Mapping) or source.get("inlinePayload") is None:
        raise pulumi.RunError("upload: the schema is in S3 already. Remove upload=True")
    return source["inlinePayload"]


def _text(payload: object) -> str:
    # An Output inside is measured by its place only: the engine may not know it yet.
    return payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"), default=lambda _: "")


def _replaced(document: object, path: tuple[str, ...], source: Mapping[str, object]) -> dict[str, object]:
    if not path or not isinstance(document, Mapping):
        return dict(source)
    return {**document, path[0]: _replaced(document[path[0]], path[1:], source)}
