"""AWS_IAM: a request signed with Signature Version 4.

Checked: that the signature is there and complete, in the header or the query; that it was made for the service
bedrock-agentcore, the gateway's Region and the last five minutes; and its value, where the secret of the access key is
known here. Not checked: the signature of a key from elsewhere. What the caller may do: invoke_permission.py.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials
from werkzeug.wrappers import Request

from agentcore_provider.local import access_key

if TYPE_CHECKING:
    pass

SERVICE = "bedrock-agentcore"
CLOCK_SKEW = timedelta(minutes=5)

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class _Signature:
    credential: str
    headers: tuple[str, ...]
    """Names of the signed headers."""
    value: str
    signed_at: str
    session_token: str | None


def is_signed(request: Request) -> bool:
    """Whether a signature is there at all, in the header or the query."""
    return "Authorization" in request.headers or "X-Amz-Signature" in request.args


def access_key_id(request: Request) -> str:
    """The access key that a signed request names; empty if it names none."""
    header = request.headers.get("Authorization")
    signature = _of_query(request) if header is None else _of_header(request, header)
    return signature.credential.rsplit("/", 4)[0] if signature else ""


def problem(request: Request, region: str) -> str | None:
    """What is wrong with the signature of a signed request, None if nothing is."""
    header = request.headers.get("Authorization")
    signature = _of_query(request) if header is None else _of_header(request, header)
    if signature is None:
        return "The Authorization header is not an AWS4-HMAC-SHA256 signature."
    return (
        _problem_of_scope(signature.credential, region)
        or _problem_of_time(signature.signed_at)
        or _problem_of_headers(request, signature)
        or _problem_of_value(request, signature, region)
    )


def _of_header(request: Request, header: str) -> _Signature | None:
    match = _HEADER.fullmatch(header.strip())
    if match is None:
        return None
    names = tuple(match["headers"].lower().split(";"))
    value = request.headers.get
    signed_at, token = value("X-Amz-Date") or "", value("X-Amz-Security-Token")
    return _Signature(match["credential"], names, match["signature"], signed_at, token)


def _of_query(request: Request) -> _Signature:
    value = request.args.get
    names = tuple(value("X-Amz-SignedHeaders", "").lower().split(";"))
    signed_at, token = value("X-Amz-Date", ""), value("X-Amz-Security-Token")
    return _Signature(value("X-Amz-Credential", ""), names, value("X-Amz-Signature", ""), signed_at, token)


def _problem_of_scope(credential: str, region: str) -> str | None:
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or not parts[0] or parts[4] != "aws4_request":
        return f"Credential {credential!r} is not KEY/DATE/REGION/SERVICE/aws4_request."
    if parts[3] != SERVICE:
        return f"Credential should be scoped to service {SERVICE!r}, not {parts[3]!r}."
    if parts[2] != region:
        return f"Credential should be scoped to Region {region!r}, not {parts[2]!r}."
    return None


def _problem_of_time(signed_at: str) -> str | None:
    try:
        when = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return f"X-Amz-Date {signed_at!r} is not a time like 20250131T235959Z."
    if abs(datetime.now(timezone.utc) - when) > CLOCK_SKEW:
        return f"Signature expired: {signed_at} is more than five minutes away."
    return None


def _problem_of_headers(request: Request, signature: _Signature) -> str | None:
    needed = {"host", *(name.lower() for name, _ in request.headers if name.lower().startswith("x-amz-"))}
    left_out = sorted(needed - set(signature.headers))
    return f"These headers have to be signed too: {', '.join(left_out)}." if left_out else None


def _problem_of_value(request: Request, signature: _Signature, region: str) -> str | None:
    key_id = signature.credential.rsplit("/", 4)[0]
    key = access_key.find(key_id)
    if key is None:
        return None
    if signature.session_token != key.session_token:
        return f"The security token included in the request is invalid: it is not that of access key {key_id}."
    body = hashlib.sha256(request.get_data()).hexdigest()
    if request.headers.get("X-Amz-Content-SHA256", body) not in (body, _UNSIGNED):
        return "X-Amz-Content-SHA256 is not the hash of the body."
    expected = _SigV4(Credentials(key_id, key.secret), SERVICE, region).value(_signed(request, signature), signature)
    if hmac.compare_digest(expected, signature.value):
        return None
    return (
        "The request signature we calculated does not match the signature you provided. Check your secret access key."
    )


def _signed(request: Request, signature: _Signature) -> AWSRequest:
    """The request as far as it is signed, by the path and query that the client wrote."""
    written = urlsplit(request.environ.get("RAW_URI") or request.url)
    query = "&".join(part for part in written.query.split("&") if not part.startswith("X-Amz-Signature="))
    url = f"{request.host_url.rstrip('/')}{written.path}" + (f"?{query}" if query else "")
    headers = {name: request.headers.get(name, "") for name in signature.headers}
    return AWSRequest(method=request.method, url=url, headers=headers, data=request.get_data())


class _SigV4(SigV4Auth):  # type: ignore[misc]
    """Botocore's signature, for a time and headers that somebody else chose."""

    def value(self, request: AWSRequest, signature: _Signature) -> str:
        request.context["timestamp"] = signature.signed_at
        return str(self.signature(self.string_to_sign(request, self.canonical_request(request)), request))

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        signed = HTTPHeaders()
        for name, value in request.headers.items():
            signed[name.lower()] = value
        return signed
