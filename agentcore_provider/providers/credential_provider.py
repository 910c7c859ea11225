"""The providers of API-key and OAuth2 credential providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws import credential_provider, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.credential_provider import API_KEY, OAUTH2, Kind, name_of
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import ResourceKind
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.rules import api_key_credential_provider, oauth2_credential_provider


class Provider(LifecycleProvider):
    """What both kinds have in common; the id is the ARN."""

    longest_name: ClassVar[int] = 128
    arn: ClassVar[str] = "credential_provider_arn"
    credential_provider: ClassVar[Kind]
    kind: ClassVar[ResourceKind]

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = credential_provider.create(operation, self.credential_provider, news)
        return made["credential_provider_arn"], made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        kind = self.credential_provider
        found = credential_provider.find(connection, kind, name_of(identifier))
        if found is None or found.get("status") in kind.resource.deleting:
            return None
        by_tags = context.tag_outputs(tags.read(connection, found["credential_provider_arn"]))
        if credential_provider.has_lost_secret(connection, kind, found):
            by_tags[context.INCOMPLETE] = True
        return {**found, **kind.as_inputs(found, inputs), **by_tags}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return credential_provider.update(operation, self.credential_provider, name_of(identifier), olds, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        credential_provider.delete(operation, self.credential_provider, name_of(identifier))


class ApiKeyProvider(Provider):
    resource: ClassVar[str] = "api_key_credential_provider"
    label: ClassVar[str] = "API-key credential provider"
    credential_provider: ClassVar[Kind] = API_KEY
    kind: ClassVar[ResourceKind] = API_KEY.resource
    unreturned: ClassVar[frozenset[str]] = frozenset({"api_key"})

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return api_key_credential_provider.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return api_key_credential_provider.replaces(olds, news)


class OAuth2Provider(Provider):
    resource: ClassVar[str] = "oauth2_credential_provider"
    label: ClassVar[str] = "OAuth2 credential provider"
    credential_provider: ClassVar[Kind] = OAUTH2
    kind: ClassVar[ResourceKind] = OAUTH2.resource

    def immutable(self, news: Properties) -> Sequence[object]:
        return [news.get("credential_provider_vendor")]

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return oauth2_credential_provider.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return oauth2_credential_provider.replaces(olds, news)
