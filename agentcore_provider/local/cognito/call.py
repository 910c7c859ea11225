"""One call of a Cognito operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpBackend

from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.settings import Settings


@dataclass(frozen=True)
class CognitoCall:
    """backend: moto's state of this account and Region."""

    backend: CognitoIdpBackend
    account_id: str
    region: str
    settings: Settings


def require_user_pool(call: CognitoCall, given: dict[str, Any]) -> Any:
    """The user pool that a call names. Raises ResourceNotFoundException."""
    pool = call.backend.user_pools.get(given["UserPoolId"])
    if pool is None:
        raise ServiceError("ResourceNotFoundException", f"User pool {given['UserPoolId']} does not exist.")
    return pool


def invalid(message: str) -> ServiceError:
    """The input breaks a rule."""
    return ServiceError("InvalidParameterException", message)
