"""AWS_IAM: a request signed with Signature Version 4.

Checked: that the signature is there and complete, in the header or the query; that it was made for the service
bedrock-agentcore, the gateway's Region and the last five minutes. Not checked: the signature's value and the
caller's permissions; local AWS takes any access key.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from werkzeug.wrappers import Request

SERVICE = "bedrock-agentcore"
CLOCK_SKEW = timedelta(minutes=5)

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)


def problem(request: Request, region: str) -> str | None:
    """What is wrong with a request's signature, None if nothing is."""
    header = request.headers.get("Authorization")
    if header is not None:
        match = _HEADER.fullmatch(header.strip())
        if match is None:
            return "The Authorization header is no AWS4-HMAC-SHA256 signature."
        credential, signed_at = match["credential"], request.headers.get("X-Amz-Date")
    elif "X-Amz-Signature" in request.args:
        credential, signed_at = request.args.get("X-Amz-Credential", ""), request.args.get("X-Amz-Date")
    else:
        return "Missing Authentication Token: sign the request with SigV4."
    return _problem_of_scope(credential, region) or _problem_of_time(signed_at)


def _problem_of_scope(credential: str, region: str) -> str | None:
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or not parts[0] or parts[4] != "aws4_request":
        return f"Credential {credential!r} is not KEY/DATE/REGION/SERVICE/aws4_request."
    if parts[3] != SERVICE:
        return f"Credential should be scoped to service {SERVICE!r}, not {parts[3]!r}."
    if parts[2] != region:
        return f"Credential should be scoped to Region {region!r}, not {parts[2]!r}."
    return None


def _problem_of_time(signed_at: str | None) -> str | None:
    try:
        when = datetime.strptime(signed_at or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return f"X-Amz-Date {signed_at!r} is not a time like 20250131T235959Z."
    if abs(datetime.now(timezone.utc) - when) > CLOCK_SKEW:
        return f"Signature expired: {signed_at} is more than five minutes away."
    return None
