"""The token endpoint of a sign-in, made when it issues a token.

It is a resource of its own so that the minute a new domain may take runs beside the gateway's creation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from agentcore_provider.aws import token_endpoint
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import Job
from agentcore_provider.providers.lifecycle import NounProvider, Properties
from agentcore_provider.rules.problem import Problem


class Provider(NounProvider):
    noun: ClassVar[str] = "token_endpoint"
    label: ClassVar[str] = "token endpoint"
    marked: ClassVar[bool] = False

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        return {}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return ()

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        # While an update of the sign-in is previewed none of its outputs is known: a replacement would be a guess.
        return []

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return False

    def create_in_aws(self, job: Job, news: Properties) -> tuple[str, Properties]:
        return job.owner, self.update_in_aws(job, job.owner, {}, news)

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        # It stands and falls with the user pool's domain, which EzAuth reads.
        return inputs

    def update_in_aws(self, job: Job, identifier: str, olds: Properties, news: Properties) -> Properties:
        token_endpoint.wait(
            job,
            endpoint=news["url"],
            client_id=news["client_id"],
            client_secret=news["client_secret"],
            scope=news["scope"],
        )
        return {}

    def delete_from_aws(self, job: Job, identifier: str, outputs: Properties) -> Any:
        return None
