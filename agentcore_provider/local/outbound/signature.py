"""Signature Version 4, as the gateway's role or as the caller."""

from __future__ import annotations

import json
import threading
import uuid
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from agentcore_provider.local import access_key
from agentcore_provider.local.outbound.caller import Caller
from agentcore_provider.local.outbound.errors import CredentialError
from agentcore_provider.local.outbound.http_call import HttpCall
from agentcore_provider.local.store import Gateway

_SESSION_SECONDS = 3600
# Set again by whatever sends the request, so a signature over them would not hold.
_NOT_SIGNED = frozenset({"connection", "user-agent", "accept-encoding", "transfer-encoding", "content-length"})

_assumed: dict[tuple[str, str], Credentials] = {}
_lock = threading.Lock()


def sign(call: HttpCall, credentials: Credentials, service: str, region: str) -> HttpCall:
    """The request with a signature for one service in one Region."""
    # A bearer token of the caller is not part of what the role sends.
    headers = [pair for pair in call.headers if pair[0].lower() not in _NOT_SIGNED | {"authorization"}]
    request = AWSRequest(method=call.method, url=call.full_url, data=call.body, headers=dict(headers))
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(credentials, service, region).add_auth(request)
    signed = call
    for name in ("X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256", "Authorization"):
        if name in request.headers:
            signed = signed.with_header(name, request.headers[name])
    return signed


def role_credentials(gateway: Gateway) -> Credentials:
    """Credentials of the gateway's role, from local STS, so that what it does happens in its own account."""
    key = (gateway.role_arn, gateway.region)
    with _lock:
        if key not in _assumed or access_key.find(_assumed[key].access_key) is None:
            # Local AWS may have been emptied since.
            _assumed[key] = _assume(gateway)
        return _assumed[key]


def caller_credentials(caller: Caller) -> Credentials:
    """The caller's access key.

    The secret of one from elsewhere stays with the caller, so only local AWS takes what this signs.
    Raises CredentialError for a request that was not signed.
    """
    if caller.access_key is None:
        raise CredentialError("CALLER_IAM_CREDENTIALS: the request to the gateway is not signed with SigV4; sign it.")
    key = access_key.find(caller.access_key) or access_key.AccessKey(access_key.LOCAL)
    return Credentials(caller.access_key, key.secret, key.session_token)


def service_of(url: str) -> str | None:
    """The signing name that an AWS host names, None for other hosts."""
    host = urlsplit(url).hostname or ""
    labels = host.split(".")
    if not host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        return None
    # ID.execute-api.REGION.amazonaws.com, ID.lambda-url.REGION.on.aws and the like carry an id in front.
    named = "execute-api" if "execute-api" in labels else labels[0]
    return {"bedrock-runtime": "bedrock", "bedrock-agent-runtime": "bedrock"}.get(named, named)


def _assume(gateway: Gateway) -> Credentials:
    from moto.core.exceptions import ServiceException
    from moto.sts.models import sts_backends

    partition = gateway.role_arn.split(":")[1]
    try:
        role = sts_backends[gateway.account_id][partition].assume_role(
            gateway.region, f"gateway-{uuid.uuid4().hex[:8]}", gateway.role_arn, json.dumps({}), _SESSION_SECONDS, ""
        )
    except (ServiceException, KeyError, AttributeError) as error:
        raise CredentialError(f"The gateway's role {gateway.role_arn} cannot be assumed: {error}") from None
    return Credentials(role.access_key_id, role.secret_access_key, role.session_token)
