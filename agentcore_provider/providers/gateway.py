"""The provider of gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from agentcore_provider.aws import gateway, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import aws_access
from agentcore_provider.rules import gateway as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "gateway"
    label: ClassVar[str] = "gateway"
    longest_name: ClassVar[int] = 48
    kind: ClassVar[ResourceKind | None] = GATEWAY
    arn: ClassVar[str] = "gateway_arn"
    # GetGateway does not return it, whatever the model says (facts of terraform-provider-aws).
    unreturned: ClassVar[frozenset[str]] = frozenset({"custom_transform_configuration"})

    def immutable(self, news: Properties) -> Sequence[object]:
        search = news.get("protocol_configuration")
        for member in ("mcp", "searchType"):
            # Of a document that is not known yet, no member is.
            search = search.get(member) if isinstance(search, Mapping) else search
        return [news.get("authorizer_type"), news.get("protocol_type"), search]

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return [
            *rules.validate(document),
            *rules.functions_elsewhere(document, self.region(news)),
            *aws_access.role_elsewhere(document.get("roleArn"), self._access.own_account(news)),
        ]

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = gateway.create(operation, news)
        return made["gateway_id"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = gateway.find(connection, identifier)
        if found is None or found["status"] in GATEWAY.deleting:
            return None
        return {**found, **context.tag_outputs(tags.read(connection, found["gateway_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return gateway.update(operation, identifier, olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        gateway.delete(operation, identifier)
