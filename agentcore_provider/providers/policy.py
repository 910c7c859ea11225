"""The provider of policies. The id is the ARN, which has the engine's id and the policy's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import policy
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import POLICY, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.providers.naming import words
from agentcore_provider.rules import policy as rules
from agentcore_provider.rules.unknown import UNKNOWN


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "policy"
    label: ClassVar[str] = "policy"
    longest_name: ClassVar[int] = 47
    owner_tagged: ClassVar[bool] = False
    kind: ClassVar[ResourceKind | None] = POLICY
    arn: ClassVar[str] = "policy_arn"
    unreturned: ClassVar[frozenset[str]] = frozenset({"validation_mode"})

    def generated_name(self, news: Properties) -> object:
        return words(super().generated_name(news))

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        if context.of(news).get("problems"):
            # The program's side validated the statement and reports why: that is not a second problem.
            document = {**document, "definition": UNKNOWN}
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = policy.create(operation, news)
        return made["policy_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = policy.find(connection, *_parts(identifier))
        return None if found is None or found["status"] in POLICY.deleting else found

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return policy.update(operation, *_parts(identifier), news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        policy.delete(operation, *_parts(identifier))


def _parts(arn: str) -> tuple[str, str]:
    """The ids of the engine and of the policy: `...:policy-engine/ENGINE/policy/POLICY`."""
    engine, _, policy_id = arn.rpartition("/policy/")
    return engine.rpartition("/")[2], policy_id
