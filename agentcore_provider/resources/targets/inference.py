"""Providers of language models as targets.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_InferenceProviderTargetConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import pulumi

from agentcore_provider.resources.target_record import Record, listed
from agentcore_provider.target_kinds import INFERENCE
from agentcore_provider.target_kinds.target_kind import TargetKind


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

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return INFERENCE.part("operations", {**vars(self), "models": listed(self.models)})


@dataclass(frozen=True)
class Inference(Record):
    """A provider of language models at an endpoint of its own."""

    kind: ClassVar[TargetKind] = INFERENCE

    endpoint: pulumi.Input[str]
    """Address of the provider that begins with https://, up to 2048 characters. Changing it updates in place."""
    _: KW_ONLY
    operations: Sequence[InferenceOperation | Mapping[str, object]] = ()
    """What may be called, 1 to 10; AWS's documents do too. Default: chosen by AWS. Updates in place."""
    strip_prefix: pulumi.Input[bool] | None = None
    """Whether clients may leave out the provider's prefix of model ids. Default: they may not. Updates in place."""
    prefix_separator: pulumi.Input[str] | None = None
    """The one character between prefix and model. Default: a full stop. Updates in place."""
