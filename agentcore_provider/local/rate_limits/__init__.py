"""The rate limits of a gateway: which requests wait, and what they are answered (devguide gateway-rate-limits-enforcement).

    dimensions.py  what a request is counted by: target, tool, model, who calls
    buckets.py     how much of a rate is left
    limiter.py     the limits that a request falls under, and whether it may go on
    usage.py       tokens of an inference request and its answer

Both endpoints of the data plane ask `admit` before anything else is done with a request.
"""

from __future__ import annotations

from agentcore_provider.local.rate_limits.dimensions import Asked
from agentcore_provider.local.rate_limits.limiter import Admission, ThrottledError, admit

__all__ = ["Admission", "Asked", "ThrottledError", "admit"]
