"""The provider of registries; the id is the ARN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import registry, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import REGISTRY, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import registry as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "registry"
    label: ClassVar[str] = "registry"
    longest_name: ClassVar[int] = 64
    kind: ClassVar[ResourceKind | None] = REGISTRY
    arn: ClassVar[str] = "registry_arn"

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = registry.create(operation, news)
        return made["registry_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = registry.find(connection, _id_of(identifier))
        if found is None or found["status"] in REGISTRY.deleting:
            return None
        return {**found, **context.tag_outputs(tags.read(connection, found["registry_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return registry.update(operation, _id_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        registry.delete(operation, _id_of(identifier))


def _id_of(arn: str) -> str:
    return arn.rpartition("/")[2]
