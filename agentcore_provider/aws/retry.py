"""Which errors of AWS pass by themselves.

The codes of throttling are those that AWS's services use, as botocore collects them; LimitExceededException is not
among them, since Cognito and IAM mean a quota by it that no waiting cures.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    }
)
_PASSING_CODES = frozenset({"PriorRequestNotComplete", "RequestTimeout", "RequestTimeoutException"})
_PASSING_STATUS = frozenset({500, 502, 503, 504})
_PAUSES = (0.2, 1.0, 3.0, 8.0)


def throttled(response: Any) -> bool:
    """Whether an error's response says that requests come too fast. Such a request was not carried out."""
    return _code(response) in THROTTLED or _status(response) == 429


def passing(error: Exception) -> bool:
    """Whether the same request may well succeed a moment later, though it may have been carried out already."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _code(error.response) in _PASSING_CODES or _status(error.response) in _PASSING_STATUS
    return isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError))


def pauses() -> Iterator[float]:
    """Seconds to wait before each further try: longer from try to try, and not the same for everybody."""
    for seconds in _PAUSES:
        yield seconds * random.uniform(0.5, 1)  # noqa: S311 (guards nothing)


def _code(response: Any) -> str:
    return str(response.get("Error", {}).get("Code", ""))


def _status(response: Any) -> int:
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
