"""The provider of the token endpoint of a sign-in: created when it issues a token.

It is a resource of its own so that the minute a new domain may take runs beside the gateway's creation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import token_endpoint
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import NotSignedIn
from agentcore_provider.problem import Problem
from agentcore_provider.providers.lifecycle import LifecycleProvider

_NEEDED = ("url", "client_id", "client_secret", "scope")


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "token_endpoint"
    label: ClassVar[str] = "token endpoint"
    owner_tagged: ClassVar[bool] = False
    # Nothing of it is in AWS, so it is nowhere.
    arn: ClassVar[str] = ""

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        return {}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return ()

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        # While an update of the sign-in is previewed none of its outputs is known: a replacement would be a guess.
        return []

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return False

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        return operation.owner, self.update_in_aws(operation, operation.owner, {}, news)

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        # It exists while the user pool's domain and client do: created again, it waits for them again.
        if all(inputs.get(it) for it in _NEEDED) and token_endpoint.missing_part(
            connection, inputs["url"], inputs["client_id"]
        ):
            return None
        return inputs

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        if not all(news.get(it) for it in _NEEDED):
            # What a refresh of the sign-in alone leaves, when a part of it is gone.
            raise NotSignedIn(
                f"{operation.label}: a part of the sign-in is gone", operation.connection.cures.create_again
            )
        token_endpoint.wait(
            operation,
            endpoint=news["url"],
            client_id=news["client_id"],
            client_secret=news["client_secret"],
            scope=news["scope"],
        )
        return {}

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        """Nothing of it is in AWS."""
