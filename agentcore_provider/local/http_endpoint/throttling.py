"""The rate limits of HTTP and inference requests: what they are counted by, and what one that has to wait is answered.

Documented (devguide gateway-rate-limits-enforcement): limits come before rules, so that targetName is that of the request;
the answers, of which those of known inference paths are the provider's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from werkzeug.wrappers import Response

from agentcore_provider.local import json_document, rate_limits
from agentcore_provider.local.http_endpoint import inference
from agentcore_provider.local.mcp_endpoint.json_rpc import respond
from agentcore_provider.local.outbound import Caller, HttpAnswer
from agentcore_provider.local.rate_limits import Admission, Asked, ThrottledError, usage
from agentcore_provider.local.store import Gateway


def admit(gateway: Gateway, caller: Caller, body: bytes, target_name: str) -> Admission:
    """Count a request to an HTTP target. Raises ThrottledError."""
    return rate_limits.admit(Asked(gateway, caller, target_name, document=_document(body)))


def admit_inference(
    gateway: Gateway, caller: Caller, body: bytes, path: str, found: inference.Route | inference.NoTargetError
) -> Admission:
    """Count an inference request. found: where it would go without rules. Raises ThrottledError."""
    tokens = usage.estimate(body) if path in usage.PATHS else None
    target, model = (found.target.name, found.model) if isinstance(found, inference.Route) else (None, _model(body))
    return rate_limits.admit(Asked(gateway, caller, target, model=model, document=_document(body), tokens=tokens))


def answer(error: ThrottledError, path: str = "") -> Response:
    """The answer to a request that has to wait. path: of an inference request, without its prefix."""
    members = {"message": str(error), **error.members}
    if path == usage.MESSAGES:
        return respond({"type": "error", "error": {"type": "rate_limit_error", **members}}, 429)
    if path in usage.PATHS:
        return respond({"error": {"type": "rate_limit_error", "code": "429", **members}}, 429)
    return respond({"error": str(error), "success": False, **error.members}, 429)


def counted(found: HttpAnswer, admission: Admission) -> HttpAnswer:
    """The answer, whose tokens are counted once it is complete."""
    if not admission.tokens:
        return found
    reported = usage.Usage()
    if found.chunks is None:
        reported.read(found.body)
        _count(reported, admission)
        return found
    is_stream = "event-stream" in (found.header("content-type") or "")

    def chunks(passing: Iterator[bytes]) -> Iterator[bytes]:
        yield from reported.reading(passing, is_stream=is_stream)
        _count(reported, admission)

    return replace(found, chunks=chunks(found.chunks))


def _count(reported: usage.Usage, admission: Admission) -> None:
    if reported.tokens:
        admission.used(reported.tokens)


def _model(body: bytes) -> str | None:
    try:
        return inference.model_of(body)
    except inference.NoTargetError:
        return None


def _document(body: bytes) -> object:
    try:
        return json_document.read(body) if body else None
    except ValueError:
        return None
