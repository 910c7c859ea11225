"""The provider of the token vault's key; the id is the vault's ARN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import token_vault_key
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.problem import Problem
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import token_vault_key as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "token_vault_key"
    label: ClassVar[str] = "token vault key"
    owner_tagged: ClassVar[bool] = False
    arn: ClassVar[str] = "token_vault_arn"

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        # A vault has no name.
        return {}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document, region=self.region(news))

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return bool(news.get("token_vault_id") == olds.get("token_vault_id"))

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = token_vault_key.create(operation, news)
        return str(made["token_vault_arn"]), made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = token_vault_key.find(connection, _vault_of(identifier))
        return None if found is None else {**found, "token_vault_arn": identifier}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        made = token_vault_key.set_key(operation, _vault_of(identifier), news["kms_key_arn"])
        return {**made, "token_vault_arn": identifier}

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        token_vault_key.delete(operation, _vault_of(identifier), outputs["kms_key_arn"])


def _vault_of(arn: str) -> str:
    return arn.rpartition("/")[2]
