"""Providers of language models as targets.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_InferenceProviderTargetConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import pulumi

from agentcore_provider.resources.accepting import Accepting
from agentcore_provider.resources.targets.target import gateway_role, given


@dataclass(frozen=True)
class InferenceOperation:
    """A path of the gateway, and the models that may be asked for on it."""

    path: pulumi.Input[str]
    """Path that clients call, such as /v1/messages, up to 256 characters."""
    _: KW_ONLY
    models: Sequence[pulumi.Input[str]] = ()
    """Ids of models, or patterns such as anthropic.claude-*; 1 to 100. Default: chosen by AWS."""
    provider_path: pulumi.Input[str] | None = None
    """Path at the provider. Default: the same."""

    def document(self) -> dict[str, Any]:
        """AWS's document."""
        models = [{"model": model} for model in self.models]
        return given(path=self.path, providerPath=self.provider_path, models=models or None)


@dataclass(frozen=True)
class Inference(Accepting):
    """A provider of language models at an endpoint of its own."""

    endpoint: pulumi.Input[str]
    """Address of the provider that begins with https://, up to 2048 characters. Changing it updates in place."""
    _: KW_ONLY
    operations: Sequence[InferenceOperation | Mapping[str, Any]] = ()
    """What may be called, 1 to 10; AWS's documents do too. Default: chosen by AWS. Updates in place."""
    strip_prefix: pulumi.Input[bool] | None = None
    """Whether clients may leave out the provider's prefix of model ids. Default: they may not. Updates in place."""
    prefix_separator: pulumi.Input[str] | None = None
    """The one character between prefix and model. Default: a full stop. Updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document."""
        prefix = given(strip=self.strip_prefix, separator=self.prefix_separator)
        operations = [one.document() if isinstance(one, InferenceOperation) else dict(one) for one in self.operations]
        provider = given(
            endpoint=self.endpoint,
            modelMapping={"providerPrefix": prefix} if prefix else None,
            operations=operations or None,
        )
        return {"inference": {"provider": provider}}

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """The gateway's role."""
        return gateway_role()
