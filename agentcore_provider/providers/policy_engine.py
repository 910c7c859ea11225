"""The provider of policy engines. The id is the ARN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import policy_engine, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import POLICY_ENGINE, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.providers.naming import words
from agentcore_provider.rules import policy_engine as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "policy_engine"
    label: ClassVar[str] = "policy engine"
    longest_name: ClassVar[int] = 47
    kind: ClassVar[ResourceKind | None] = POLICY_ENGINE
    arn: ClassVar[str] = "policy_engine_arn"

    def immutable(self, news: Properties) -> Sequence[object]:
        return [news.get("encryption_key_arn")]

    def generated_name(self, news: Properties) -> object:
        return words(super().generated_name(news))

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = policy_engine.create(operation, news)
        return made["policy_engine_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = policy_engine.find(connection, id_of(identifier))
        if found is None or found["status"] in POLICY_ENGINE.deleting:
            return None
        return {**found, **context.tag_outputs(tags.read(connection, found["policy_engine_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return policy_engine.update(operation, id_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        policy_engine.delete(operation, id_of(identifier))


def id_of(arn: str) -> str:
    """The id in the ARN of a policy engine."""
    return arn.rpartition("/")[2]
