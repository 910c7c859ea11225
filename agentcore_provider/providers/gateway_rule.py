"""The provider of rules of gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pulumi.dynamic import DiffResult

from agentcore_provider.aws import gateway_rule
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY_RULE, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import gateway_rule as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "gateway_rule"
    label: ClassVar[str] = "gateway rule"
    owner_tagged: ClassVar[bool] = False
    kind: ClassVar[ResourceKind | None] = GATEWAY_RULE
    arn: ClassVar[str] = "gateway_arn"
    unreturned: ClassVar[frozenset[str]] = frozenset({"gateway_identifier"})

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        # A rule has no name.
        return {}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        gateway = context.of(news).get("gateway")
        return rules.validate(document, gateway=gateway if isinstance(gateway, Mapping) else None)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return all(news.get(it) == olds.get(it) for it in ("priority", "gateway_identifier"))

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        result = super().diff(_id, olds, news)
        if result.changes and not result.replaces and olds.get("priority") != news.get("priority"):
            # Whoever wants the priority that it has now has to wait for it.
            self._connection_at(self.place(_id, olds), news).renames.expect(*_parts(_id))
        return result

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = gateway_rule.create(operation, news)
        return f"{news['gateway_identifier']}/{made['rule_id']}", made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = gateway_rule.find(connection, *_parts(identifier))
        if found is None or found["status"] in GATEWAY_RULE.deleting:
            return None
        return {"gateway_identifier": _parts(identifier)[0], **found}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return gateway_rule.update(operation, *_parts(identifier), news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        gateway_rule.delete(operation, *_parts(identifier))


def _parts(identifier: str) -> tuple[str, str]:
    gateway_id, _, rule_id = identifier.partition("/")
    return gateway_id, rule_id
