"""What API-key and OAuth2 credential providers have in common for Pulumi's engine."""

from __future__ import annotations

from typing import ClassVar

from agentcore_provider.aws import credential_provider, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.credential_provider import Kind, name_of
from agentcore_provider.aws.job import Job
from agentcore_provider.aws.status import CREDENTIAL_PROVIDER, Statuses
from agentcore_provider.providers.context import INCOMPLETE
from agentcore_provider.providers.lifecycle import NounProvider, Properties, marked_tags


class Provider(NounProvider):
    """Create, read, update and delete of one kind; its id is its ARN."""

    longest_name: ClassVar[int] = 128
    statuses: ClassVar[Statuses | None] = CREDENTIAL_PROVIDER
    arn: ClassVar[str] = "credential_provider_arn"
    kind: ClassVar[Kind]

    def create_in_aws(self, job: Job, news: Properties) -> tuple[str, Properties]:
        made = credential_provider.create(job, self.kind, news)
        return made["credential_provider_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = credential_provider.find(connection, self.kind, name_of(identifier))
        if found is None or found.get("status") == "DELETING":
            return None
        shown = marked_tags(tags.read(connection, found["credential_provider_arn"]))
        if credential_provider.has_lost_secret(connection, self.kind, found):
            shown[INCOMPLETE] = True
        return {**found, **self.kind.as_said(found, inputs), **shown}

    def update_in_aws(self, job: Job, identifier: str, olds: Properties, news: Properties) -> Properties:
        return credential_provider.update(job, self.kind, name_of(identifier), olds, news)

    def delete_from_aws(self, job: Job, identifier: str, outputs: Properties) -> None:
        credential_provider.delete(job, self.kind, name_of(identifier))
