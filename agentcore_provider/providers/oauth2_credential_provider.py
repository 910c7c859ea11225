"""OAuth2 credential providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from agentcore_provider.aws.credential_provider import Kind
from agentcore_provider.aws.oauth2_credential_provider import KIND
from agentcore_provider.providers import credential_provider
from agentcore_provider.providers.lifecycle import Properties
from agentcore_provider.rules import oauth2_credential_provider as rules
from agentcore_provider.rules.problem import Problem


class Provider(credential_provider.Provider):
    noun: ClassVar[str] = "oauth2_credential_provider"
    label: ClassVar[str] = "OAuth2 credential provider"
    kind: ClassVar[Kind] = KIND

    def fixed(self, news: Properties) -> Sequence[Any]:
        return [news.get("credential_provider_vendor")]

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        return rules.validate(document)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)
