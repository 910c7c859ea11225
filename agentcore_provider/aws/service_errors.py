"""The errors that AWS answers, and that there is no answer: what each becomes, which pass by themselves, and the cures.

Codes: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
The codes of throttling are those that AWS's services use, as botocore collects them; LimitExceededException is not
among them, since Cognito and IAM mean a quota by it that no waiting helps.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from agentcore_provider.aws.cures import Cures
from agentcore_provider.errors import AwsRefused, AwsUnreachable

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


_CLOCK = "set the time of this machine, for example with `sudo timedatectl set-ntp true`, and run the command again"
# SigV4 takes requests of the last and the next five minutes, S3 of fifteen.
_SKEW_SECONDS = 240
_TIMED = ("RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed")
_SIGNED = ("IncompleteSignature", "IncompleteSignatureException", "InvalidSignatureException", "SignatureDoesNotMatch")
_UNKNOWN_KEY = (
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException",
)
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired")
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
"""Codes by which AWS answers a caller that a permission is missing for."""
_NOT_ENABLED = ("OptInRequired", "RegionDisabledException", "SubscriptionRequiredException")


def _cures_by_code(cures: Cures) -> dict[str, str]:
    return {
        **dict.fromkeys(_TIMED, _CLOCK),
        **dict.fromkeys(
            _SIGNED,
            "the secret access key does not belong to the access key, or the request was changed on its way: enter the "
            "credentials again with `aws configure`, and check any proxy",
        ),
        **dict.fromkeys(
            _UNKNOWN_KEY,
            f"AWS does not know this access key here: {cures.credentials}, and `aws sts get-caller-identity`; in a Region "
            "that is off by default it also means that the Region is off for the account",
        ),
        **dict.fromkeys(_EXPIRED, cures.renew),
        **dict.fromkeys(DENIED, "allow it to the identity that deploys, or name the right account and Region"),
        **dict.fromkeys(
            _NOT_ENABLED,
            "enable the service, or the Region with `aws account enable-region --region-name REGION`, for this account, or "
            f"choose another Region ({cures.region})",
        ),
        "ServiceQuotaExceededException": "ask AWS to raise the quota, or delete what is no longer used",
    }


def refused(operation: str, response: Any, cures: Cures) -> AwsRefused:
    """The error for AWS's answer that is one."""
    error = response.get("Error", {})
    code = str(error.get("Code", "Unknown"))
    metadata = response.get("ResponseMetadata", {})
    request_id = str(metadata.get("RequestId", ""))
    message = " ".join(str(error.get("Message", "")).split())
    cure = _cure_of_refusal(code, message, response, cures)
    return AwsRefused(
        f"AWS refused {operation}: {code}: {message}" + (f" (request id {request_id})" if request_id else ""),
        cure or "",
        operation=operation,
        code=code,
        request_id=request_id,
    )


def no_answer(operation: str, error: Exception, cures: Cures) -> AwsUnreachable:
    """The error for no answer at all: no connection, no credentials, no Region."""
    return AwsUnreachable(
        f"{operation} got no answer from AWS: {' '.join(str(error).split())}",
        _cure_of_silence(error, cures),
        operation=operation,
        code=type(error).__name__,
    )


def not_aws(operation: str, cures: Cures) -> AwsUnreachable:
    """The error for an answer that is not AWS's."""
    return AwsUnreachable(
        f"{operation} was answered by something that is not AWS", cures.endpoint, operation=operation, code="NotAws"
    )


def _cure_of_refusal(code: str, message: str, response: Any, cures: Cures) -> str | None:
    if throttled(response):
        return f"AWS throttled it for all the time allowed: {cures.slower}"
    if code in (*_TIMED, *_SIGNED, *_UNKNOWN_KEY):
        seconds = _seconds_ahead(response)
        lowered = message.lower()
        if abs(seconds) >= _SKEW_SECONDS:
            way = "ahead of" if seconds > 0 else "behind"
            return f"the clock of this machine is {abs(seconds) / 60:.0f} minutes {way} AWS's: {_CLOCK}"
        if "signature expired" in lowered or "not yet current" in lowered:
            return _CLOCK
    return _cures_by_code(cures).get(code)


def _seconds_ahead(response: Any) -> float:
    """By how much this machine's clock is ahead of AWS's, by the date of the answer; 0 where it has none."""
    date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        then = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return 0.0
    return (datetime.now(timezone.utc) - then.replace(tzinfo=then.tzinfo or timezone.utc)).total_seconds()


def _cure_of_silence(error: Exception, cures: Cures) -> str:
    name = type(error).__name__
    message = str(error).lower()
    if "certificate" in message:
        return f"{_CLOCK}; behind a proxy that reads TLS, name its certificates in AWS_CA_BUNDLE"
    if any(word in name for word in ("SSO", "TokenRetrieval", "TokenProvider")):
        return cures.renew
    if any(word in name for word in ("Credential", "Profile", "Token", "Login")):
        return cures.sign_in
    if "Region" in name:
        return cures.region
    if name == "EndpointConnectionError" and ".amazonaws.com" in message:
        return (
            "check the network and the Region: AWS has no such address where the Region does not exist or has no "
            f"AgentCore; {cures.region}"
        )
    return "check the network and, for local AWS, `agentcore local status`"


def code_of(error: Exception) -> str:
    """AWS's code of an error; empty for one that AWS did not answer."""
    return error.code if isinstance(error, AwsRefused) else ""


def throttled(response: Any) -> bool:
    """Whether an error's response means that requests come too fast. Such a request was not carried out."""
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
