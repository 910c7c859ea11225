"""Where a target of the http kinds sends requests to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agentcore_provider.local import runtimes
from agentcore_provider.local.http_endpoint.fallback import UnroutableError
from agentcore_provider.local.outbound import HttpCall
from agentcore_provider.local.store import Target


@dataclass(frozen=True)
class Destination:
    """An address without a slash at the end, and what a signature for it is made for."""

    url: str
    service: str | None = None
    cure: str = ""


def of_target(target: Target) -> Destination:
    """Where the target is. Raises UnroutableError for one that only AWS has."""
    http, inference = target.target_configuration.get("http", {}), target.target_configuration.get("inference", {})
    if forwarding := http.get("passthrough") or inference.get("provider"):
        if (runtime := runtimes.of_url(forwarding["endpoint"])) is not None:
            return _runtime(runtime, "/invocations")
        return Destination(forwarding["endpoint"].rstrip("/"))
    if "agentcoreRuntime" in http:
        return _runtime(http["agentcoreRuntime"]["arn"])
    if connector := http.get("connector") or inference.get("connector"):
        raise UnroutableError(
            501,
            f"The connector {connector['source']['connectorId']} of target {target.name} runs inside AWS and is "
            "not available on local AWS: deploy it to an AWS account, or use a provider or passthrough target here.",
        )
    raise UnroutableError(501, f"Target {target.name} is of kind {target.kind}: call its tools at /mcp instead.")


def with_static_query(call: HttpCall, target: Target) -> HttpCall:
    """The request with the target's staticQueryParameters; the target decides which side wins a conflict."""
    passthrough = target.target_configuration.get("http", {}).get("passthrough")
    if passthrough is None:
        return call
    static = passthrough.get("staticQueryParameters", {})
    static_wins = passthrough.get("staticQueryParameterConflictResolution") == "STATIC_OVERRIDE"
    sent = {name for name, _ in call.query}
    kept = tuple(pair for pair in call.query if not (static_wins and pair[0] in static))
    added = tuple((name, value) for name, value in static.items() if static_wins or name not in sent)
    return replace(call, query=kept + added)


def _runtime(arn: str, path: str = "") -> Destination:
    try:
        return Destination(runtimes.agent(arn) + path, "bedrock-agentcore", f" {runtimes.cure(arn)}")
    except runtimes.RuntimesUnreadableError as error:
        raise UnroutableError(501, str(error)) from None
