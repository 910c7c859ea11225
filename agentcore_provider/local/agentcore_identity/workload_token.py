"""GetWorkloadAccessToken, GetWorkloadAccessTokenForJWT, GetWorkloadAccessTokenForUserId, and what their tokens contain.

Documented: the token is opaque to agents, stands for the workload and its user, and AWS alone reads it; a user's JWT has to
be signed by its issuer and not expired, and its `iss` and `sub` are the user; the identities of gateways get no token this way
(the message is the service's). Assumed: a token lives for an hour.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_identity.call import Call
from agentcore_provider.local.kept import changed, keep
from agentcore_provider.local.mcp_endpoint import bearer_token
from agentcore_provider.local.mcp_endpoint.bearer_token import InsufficientScopeError, InvalidTokenError
from agentcore_provider.local.outbound.caller import user_of_token
from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.store import LOCK, AccountRegionStore, WorkloadIdentityRecord

_SECONDS = 3600
_keys: dict[str, bytes] = keep(__name__, "keys", {})
"""The key that signs tokens, once there is one."""
_ALGORITHM = "HS256"
_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Workload:
    """An agent, and for whom it acts.

    user: whose credentials it gets, by kind and name; None if it acts for nobody. user_token: the JWT by which the user is known.
    """

    identity: WorkloadIdentityRecord
    user: str | None = None
    user_token: str | None = None


def get(call: Call, request: Mapping[str, Any]) -> dict[str, str]:
    """A token for a workload that acts for nobody."""
    return _issue(call, "GetWorkloadAccessToken", request["workloadName"])


def get_for_jwt(call: Call, request: Mapping[str, Any]) -> dict[str, str]:
    """A token for a workload that acts for the subject of a JWT."""
    check_user_token(call, request["userToken"])
    action = "GetWorkloadAccessTokenForJWT"
    return _issue(call, action, request["workloadName"], user_token=request["userToken"])


def get_for_user_id(call: Call, request: Mapping[str, Any]) -> dict[str, str]:
    """A token for a workload that acts for a user whom the caller names."""
    action = "GetWorkloadAccessTokenForUserId"
    return _issue(call, action, request["workloadName"], user_id=request["userId"])


def read(call: Call, token: str) -> Workload:
    """The workload of a token. Raises UnauthorizedException."""
    try:
        claims = jwt.decode(token, _signing_key(), algorithms=[_ALGORITHM])
    except jwt.ExpiredSignatureError:
        raise _unauthorized("has expired") from None
    except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError):
        raise _unauthorized("is not valid") from None
    name = claims["workload"]
    identity, _ = _find(call.store, name)
    if identity is None or identity.arn != claims["arn"]:
        raise _unauthorized(f"is not that of a workload identity of this account and Region: {name} does not exist")
    user_token = claims.get("user_token")
    return Workload(identity, user_of(user_token, claims.get("user_id")), user_token)


def user_of(user_token: str | None, user_id: str | None) -> str | None:
    """A user by kind and name, so that nobody gets the credentials of another kind's user of the same name.

    Raises jwt.InvalidTokenError.
    """
    if user_token is not None:
        return f"token {user_of_token(user_token)}"
    return None if user_id is None else f"id {user_id}"


def _issue(call: Call, action: str, name: str, **user: str) -> dict[str, str]:
    identity, is_linked = _find(call.store, name)
    if identity is None:
        raise service_error.not_found(f"WorkloadIdentity with name {name} not found")
    call.require_workload_permission(action, identity.arn)
    if is_linked:
        raise service_error.validation(
            "WorkloadIdentity is linked to a service and cannot retrieve an access token by the caller"
        )
    claims = {"workload": name, "arn": identity.arn, "exp": int(time.time()) + _SECONDS, **user}
    return {"workloadAccessToken": jwt.encode(claims, _signing_key(), _ALGORITHM)}


def _signing_key() -> bytes:
    if "signing" not in _keys:
        _keys.setdefault("signing", secrets.token_bytes(32))
        # The name of the operation that creates it begins with Get.
        changed()
    return _keys["signing"]


def _find(store: AccountRegionStore, name: str) -> tuple[WorkloadIdentityRecord | None, bool]:
    """An identity, and whether it is a gateway's."""
    with LOCK:
        # Reading the gateways drops the identities of those that are deleted.
        gateways = store.gateways
        return store.workload_identities.get(name), name in gateways


def check_user_token(call: Call, token: str) -> None:
    """Raises UnauthorizedException unless the issuer of a user's JWT signed it, and it has not expired."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        issuer = str(claims.get("iss"))
        if "sub" not in claims:
            raise _unauthorized_user("It has no sub.")
        authorizer = {"discoveryUrl": issuer.rstrip("/") + _DISCOVERY}
        bearer_token.check(token, authorizer, call.base_url)  # type: ignore[arg-type]
    except (
        InvalidTokenError,
        InsufficientScopeError,
        jwt.InvalidTokenError,
        ValueError,
        TypeError,
        RecursionError,
    ) as error:
        raise _unauthorized_user(str(error)) from None


def _unauthorized(why: str) -> ServiceError:
    return ServiceError("UnauthorizedException", f"The workload access token {why}.")


def _unauthorized_user(why: str) -> ServiceError:
    return ServiceError("UnauthorizedException", f"userToken is not accepted: {why}")
