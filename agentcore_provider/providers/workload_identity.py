"""The provider of workload identities; the id is the ARN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import tags, workload_identity
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import WORKLOAD_IDENTITY, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import workload_identity as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "workload_identity"
    label: ClassVar[str] = "workload identity"
    longest_name: ClassVar[int] = 255
    kind: ClassVar[ResourceKind | None] = WORKLOAD_IDENTITY
    arn: ClassVar[str] = "workload_identity_arn"

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = workload_identity.create(operation, news)
        return made["workload_identity_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = workload_identity.find(connection, _name_of(identifier))
        if found is None:
            return None
        return {**found, **context.tag_outputs(tags.read(connection, found["workload_identity_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return workload_identity.update(operation, _name_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        workload_identity.delete(operation, _name_of(identifier))


def _name_of(arn: str) -> str:
    return arn.rpartition("/")[2]
