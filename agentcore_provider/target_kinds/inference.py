"""Providers of language models.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_InferenceProviderTargetConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.target_kinds.connector import IAM_PROVIDER
from agentcore_provider.target_kinds.role_needs import Needs
from agentcore_provider.target_kinds.target_kind import OAUTH_METHODS, Call, Document, Outbound, TargetKind


class InferenceProvider(TargetKind):
    path = ("inference", "provider")
    key = "inference"
    label = "inference provider"
    keys = {
        "endpoint": "endpoint",
        "operations": "operations",
        "strip_prefix": "modelMapping.providerPrefix.strip",
        "prefix_separator": "modelMapping.providerPrefix.separator",
    }
    short_key = "endpoint"
    parts = {"operations": {"path": "path", "provider_path": "providerPath", "models": "models"}}
    outbound = Outbound(
        frozenset(["gateway role", "API key"]),
        doubtful=frozenset(["caller IAM credentials", *OAUTH_METHODS, "JWT passthrough"]),
        signing_service="rejected",
        source=IAM_PROVIDER,
        role_in_records=True,
    )

    def part(self, key: str, values: Mapping[str, object]) -> dict[str, object]:
        models = values.get("models") or ()
        listed = [{"model": model} for model in models] if isinstance(models, (list, tuple)) else models
        return super().part(key, {**values, "models": listed or None})

    def described(self, content: Document) -> dict[str, object]:
        values = super().described(content)
        operations = values.get("operations")
        for operation in operations if isinstance(operations, list) else ():
            if "models" in operation:
                operation["models"] = [one["model"] for one in operation["models"]]
        return values

    def needs(self, call: Call) -> Needs:
        return call.endpoint(call.content.get("endpoint"), models=_models(call.content))


def _models(content: Document) -> list[str]:
    """Ids of the models that a provider's operations expose; none if one of them exposes all."""
    operations = content.get("operations")
    listed = [it for it in operations if isinstance(it, Mapping)] if isinstance(operations, (list, tuple)) else []
    if not all(it.get("models") for it in listed):
        return []
    return sorted({str(it.get("model")) for one in listed for it in one["models"] if isinstance(it, Mapping)})
