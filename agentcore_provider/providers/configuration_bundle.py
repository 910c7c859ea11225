"""The provider of configuration bundles; the id is the ARN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import configuration_bundle, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import CONFIGURATION_BUNDLE, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.providers.naming import words
from agentcore_provider.rules import configuration_bundle as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "configuration_bundle"
    label: ClassVar[str] = "configuration bundle"
    longest_name: ClassVar[int] = 99
    kind: ClassVar[ResourceKind | None] = CONFIGURATION_BUNDLE
    arn: ClassVar[str] = "bundle_arn"
    unreturned: ClassVar[frozenset[str]] = frozenset({"branch_name", "commit_message", "created_by"})
    whole: ClassVar[frozenset[str]] = frozenset({"components"})

    def generated_name(self, news: Properties) -> object:
        return words(super().generated_name(news))

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = configuration_bundle.create(operation, news)
        return made["bundle_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = configuration_bundle.find(connection, _id_of(identifier), inputs.get("branch_name"))
        if found is None:
            return None
        return {**found, **context.tag_outputs(tags.read(connection, found["bundle_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return configuration_bundle.update(operation, _id_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        configuration_bundle.delete(operation, _id_of(identifier))


def _id_of(arn: str) -> str:
    return arn.rpartition("/")[2]
