"""Where a target of the http kinds sends requests to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from agentcore_provider.local import runtimes
from agentcore_provider.local.outbound import HttpCall
from agentcore_provider.local.store import Target


class NotAvailableError(Exception):
    """Local AWS cannot forward to this target; the text says why and what to do."""


@dataclass(frozen=True)
class Destination:
    """An address without a slash at the end, and what a signature for it is made for."""

    url: str
    service: str | None = None
    cure: str = ""


def of_target(target: Target) -> Destination:
    """Where the target is. Raises NotAvailableError for one that only AWS has."""
    family = next(iter(target.target_configuration))
    kind, configuration = next(iter(target.target_configuration[family].items()))
    if kind in ("passthrough", "provider"):
        if (runtime := runtimes.of_url(configuration["endpoint"])) is not None:
            return _runtime(runtime, "/invocations")
        return Destination(configuration["endpoint"].rstrip("/"))
    if kind == "agentcoreRuntime":
        return _runtime(configuration["arn"])
    if kind == "connector":
        raise NotAvailableError(
            f"The connector {configuration['source']['connectorId']} of target {target.name} runs inside AWS and is "
            "not available on local AWS: deploy it to an AWS account, or use a provider or passthrough target here."
        )
    raise NotAvailableError(f"Target {target.name} is of kind {family}.{kind}: call its tools at /mcp instead.")


def with_static_query(call: HttpCall, target: Target) -> HttpCall:
    """The request with the target's staticQueryParameters; who wins a conflict is the target's choice."""
    passthrough = target.target_configuration.get("http", {}).get("passthrough", {})
    static: dict[str, Any] = passthrough.get("staticQueryParameters") or {}
    static_wins = passthrough.get("staticQueryParameterConflictResolution") == "STATIC_OVERRIDE"
    given = {name for name, _ in call.query}
    kept = tuple(pair for pair in call.query if not (static_wins and pair[0] in static))
    added = tuple((name, str(value)) for name, value in static.items() if static_wins or name not in given)
    return replace(call, query=kept + added)


def _runtime(arn: str, path: str = "") -> Destination:
    try:
        return Destination(runtimes.agent(arn) + path, "bedrock-agentcore", f" {runtimes.cure(arn)}")
    except runtimes.RuntimesUnreadableError as error:
        raise NotAvailableError(str(error)) from None
