"""The provider of consent portals; the id is the ARN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from agentcore_provider.aws import consent_portal, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import CONSENT_PORTAL, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import consent_portal as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "consent_portal"
    label: ClassVar[str] = "consent portal"
    longest_name: ClassVar[int] = 50
    kind: ClassVar[ResourceKind | None] = CONSENT_PORTAL
    arn: ClassVar[str] = "consent_portal_arn"

    def immutable(self, news: Properties) -> Sequence[object]:
        return [news.get("gateway_identifier")]

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        gateway = context.of(news).get("gateway")
        return rules.validate(document, gateway=gateway if isinstance(gateway, Mapping) else None)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = consent_portal.create(operation, news)
        return made["consent_portal_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = consent_portal.find(connection, _id_of(identifier))
        if found is None or found["status"] in CONSENT_PORTAL.deleting:
            return None
        return {**found, **context.tag_outputs(tags.read(connection, found["consent_portal_arn"]))}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return consent_portal.update(operation, _id_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        consent_portal.delete(operation, _id_of(identifier))


def _id_of(arn: str) -> str:
    return arn.rpartition("/")[2]
