"""Traces of AWS X-Ray, by which calls in a circle are recognised.

The SDK inside of a function sends on what it finds in _X_AMZN_TRACE_ID. The lineage of a trace counts how often its chain
of calls came to each function (Lambda developer guide, invocation-recursion; X-Ray developer guide, tracing header).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time

from agentcore_provider.local.lambda_runtime.function import Function, InvokeError

_MOST_PASSES = 16  # after as many Lambda stops a chain of calls
_LINEAGE = re.compile(r";?\s*Lineage=([^;]*)")


def extend(header: str, function: Function) -> str:
    """The trace of an invocation: the caller's, or a new one, with one more pass through this function.

    header: the caller's X-Amzn-Trace-Id, empty if it has none. Raises InvokeError after too many passes.
    """
    found = _LINEAGE.search(header)
    passes = dict(re.findall(r"([0-9a-f]+):(\d{1,5})", found[1]) if found else ())
    name = hashlib.sha256(function.arn.encode()).hexdigest()[:8]
    count = int(passes.get(name, "0"))
    if count >= _MOST_PASSES:
        raise InvokeError(
            400,
            "RecursiveInvocationException",
            "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources "
            f"and stopped your function's invocation: one chain of calls came to {function.name} {count} times.",
        )
    passes[name] = str(count + 1)
    trace = _LINEAGE.sub("", header) or f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Sampled=0"
    return f"{trace};Lineage={'|'.join(f'{key}:{value}' for key, value in passes.items())}"
