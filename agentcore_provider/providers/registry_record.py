"""The provider of records of registries; the id is the ARN, which names the registry too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import registry_record, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import REGISTRY_RECORD, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import registry_record as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "registry_record"
    label: ClassVar[str] = "registry record"
    longest_name: ClassVar[int] = 255
    kind: ClassVar[ResourceKind | None] = REGISTRY_RECORD
    arn: ClassVar[str] = "record_arn"
    unreturned: ClassVar[frozenset[str]] = frozenset({"approval"})

    def immutable(self, news: Properties) -> Sequence[object]:
        return [rules.registry_id(news.get("registry_id"))]

    def alike(self, name: str, before: object, now: object) -> bool:
        if name == "registry_id":
            before, now = rules.registry_id(before), rules.registry_id(now)
        return super().alike(name, before, now)

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = registry_record.create(operation, news)
        return made["record_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = registry_record.find(connection, *_ids_of(identifier))
        return found and {**found, **context.tag_outputs(tags.read(connection, found["record_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return registry_record.update(operation, *_ids_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        registry_record.delete(operation, *_ids_of(identifier))


def _ids_of(arn: str) -> tuple[str, str]:
    registry, _, record = arn.partition("registry/")[2].partition("/record/")
    return registry, record
