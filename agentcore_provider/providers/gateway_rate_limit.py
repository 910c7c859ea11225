"""The provider of rate limits of gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pulumi.dynamic import DiffResult

from agentcore_provider.aws import gateway_part, gateway_rate_limit
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY_RATE_LIMIT, ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.rules import gateway_rate_limit as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "gateway_rate_limit"
    label: ClassVar[str] = "gateway rate limit"
    owner_tagged: ClassVar[bool] = False
    kind: ClassVar[ResourceKind | None] = GATEWAY_RATE_LIMIT
    arn: ClassVar[str] = "gateway_arn"

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        # AWS makes the id that the program does not set.
        return {}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        gateway = context.of(news).get("gateway")
        return rules.validate(document, gateway=gateway if isinstance(gateway, Mapping) else None)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        # Another order of the same keys is the same scope.
        wanted, before = news.get("dimension_keys"), olds.get("dimension_keys")
        same_scope = contains_unknown(wanted) or sorted(wanted or ()) == sorted(before or ())
        same_id = news.get("rate_limit_id") == olds.get("rate_limit_id")
        return news.get("gateway_identifier") == olds.get("gateway_identifier") and (same_scope or same_id)

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        result = super().diff(_id, olds, news)
        wanted = news.get("rate_limit_id")
        if (
            isinstance(wanted, str)
            and not contains_unknown(wanted)
            and wanted != _parts(_id)[1]
            and not result.replaces
        ):
            # AWS made the id that it has now, so that it is none of the inputs in state.
            result.replaces, result.delete_before_replace = ["rate_limit_id"], True
        return result

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = gateway_rate_limit.create(operation, news)
        gateway_id = news["gateway_identifier"]
        return f"{gateway_id}/{made['rate_limit_id']}", _with_arn(operation.connection, gateway_id, made)

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = gateway_rate_limit.find(connection, *_parts(identifier))
        if found is None or found["status"] in GATEWAY_RATE_LIMIT.deleting:
            return None
        return _with_arn(connection, _parts(identifier)[0], found)

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        made = gateway_rate_limit.update(operation, *_parts(identifier), news)
        return _with_arn(operation.connection, _parts(identifier)[0], made)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        gateway_rate_limit.delete(operation, *_parts(identifier))


def _with_arn(connection: Connection, gateway_id: str, found: Properties) -> Properties:
    # AWS returns none with a rate limit.
    return {**found, "gateway_arn": gateway_part.arn_of(connection, gateway_id)}


def _parts(identifier: str) -> tuple[str, str]:
    gateway_id, _, rate_limit_id = identifier.partition("/")
    return gateway_id, rate_limit_id
