"""API-key credential providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentcore_provider.aws.api_key_credential_provider import KIND
from agentcore_provider.aws.credential_provider import Kind
from agentcore_provider.providers import credential_provider
from agentcore_provider.providers.lifecycle import Properties
from agentcore_provider.rules import api_key_credential_provider as rules
from agentcore_provider.rules.problem import Problem


class Provider(credential_provider.Provider):
    noun: ClassVar[str] = "api_key_credential_provider"
    label: ClassVar[str] = "API-key credential provider"
    kind: ClassVar[Kind] = KIND
    unreturned: ClassVar[frozenset[str]] = frozenset({"api_key"})

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)
