"""One call of a Cognito operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, CognitoIdpUserPoolClient

from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.settings import Settings

Answer = Mapping[str, object]
"""The output of an operation."""


@dataclass(frozen=True)
class CognitoCall:
    """backend: moto's state of this account and Region."""

    backend: CognitoIdpBackend
    account_id: str
    region: str
    settings: Settings


def require_user_pool(call: CognitoCall, pool_id: str) -> CognitoIdpUserPool:
    """A user pool. Raises ResourceNotFoundException."""
    pool = call.backend.user_pools.get(pool_id)
    if pool is None:
        raise ServiceError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    return pool


def require_client(call: CognitoCall, pool_id: str, client_id: str) -> CognitoIdpUserPoolClient:
    """An app client of a user pool. Raises ResourceNotFoundException."""
    client = require_user_pool(call, pool_id).clients.get(client_id)
    if client is None:
        raise ServiceError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
    return client


def invalid(message: str) -> ServiceError:
    """InvalidParameterException."""
    return ServiceError("InvalidParameterException", message)
