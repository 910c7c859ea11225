"""API-key credential providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from agentcore_provider.providers.lifecycle import NounProvider, Properties
from agentcore_provider.rules import api_key_credential_provider as rules
from agentcore_provider.rules.problem import Problem

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.job import Job


class Provider(NounProvider):
    noun: ClassVar[str] = "api_key_credential_provider"
    label: ClassVar[str] = "API-key credential provider"
    longest_name: ClassVar[int] = 128
    unreturned: ClassVar[frozenset[str]] = frozenset({"api_key"})

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def create_in_aws(self, job: Job, news: Properties) -> tuple[str, Properties]:
        from agentcore_provider.aws import api_key_credential_provider

        made = api_key_credential_provider.create(job, news)
        return made["credential_provider_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        from agentcore_provider.aws import api_key_credential_provider, secret_reference, tags
        from agentcore_provider.aws.job import OWNER_TAG

        found = api_key_credential_provider.find(connection, identifier)
        if found is None:
            return None
        found["tags"] = tags.read(connection, found["credential_provider_arn"])
        found["tags"].pop(OWNER_TAG, None)
        place = found["api_key_secret_arn"], found.get("api_key_secret_json_key")
        found["api_key_secret_config"] = secret_reference.shown(inputs.get("api_key_secret_config"), *place)
        return found

    def update_in_aws(self, job: Job, identifier: str, olds: Properties, news: Properties) -> Properties:
        from agentcore_provider.aws import api_key_credential_provider

        return api_key_credential_provider.update(job, identifier, olds, news)

    def delete_from_aws(self, job: Job, identifier: str, outputs: Properties) -> None:
        from agentcore_provider.aws import api_key_credential_provider

        api_key_credential_provider.delete(job, identifier)
