"""AddUserPoolClientSecret, ListUserPoolClientSecrets, DeleteUserPoolClientSecret: two live secrets allow rotation."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import dataclass
from typing import Any

from agentcore_provider.local.cognito.call import CognitoCall, invalid, require_user_pool
from agentcore_provider.local.service_error import ServiceError

_MOST_SECRETS = 2
_ALPHABET = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class _Secret:
    secret_id: str
    value: str
    created: float


def add(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """A second secret beside the first. The answer carries its value only if Cognito made it."""
    client = _require_client(call, given)
    kept = _secrets_of(client)
    if not client.generate_secret:
        raise invalid("Secrets can only be added to a client that has one.")
    if len(kept) >= _MOST_SECRETS:
        raise ServiceError("LimitExceededException", f"A client has at most {_MOST_SECRETS} secrets.")
    made = _new(client, given.get("ClientSecret") or _random(51))
    kept.append(made)
    described = _describe(made)
    if "ClientSecret" not in given:
        described["ClientSecretValue"] = made.value
    return {"ClientSecretDescriptor": described}


def list_(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """The secrets without their values."""
    return {"ClientSecrets": [_describe(secret) for secret in _secrets_of(_require_client(call, given))]}


def delete(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """The last secret stays."""
    client = _require_client(call, given)
    kept = _secrets_of(client)
    found = next((secret for secret in kept if secret.secret_id == given["ClientSecretId"]), None)
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"Client secret {given['ClientSecretId']} does not exist.")
    if len(kept) == 1:
        raise invalid("The last secret of a client cannot be deleted.")
    kept.remove(found)
    client.secret = kept[0].value
    return {}


def start(client: Any, own_value: str | None) -> None:
    """The secret that a client is made with; None: Cognito makes one up."""
    client.secret = own_value or _random(51)
    client.secrets = [_new(client, client.secret)]


def values_of(client: Any) -> list[str]:
    """Every secret that is valid now."""
    return [secret.value for secret in _secrets_of(client)]


def _new(client: Any, value: str) -> _Secret:
    return _Secret(f"{client.id}--{_random(12)}", value, time.time())


def _secrets_of(client: Any) -> list[_Secret]:
    secrets_of_client: list[_Secret] = getattr(client, "secrets", [])
    return secrets_of_client


def _require_client(call: CognitoCall, given: dict[str, Any]) -> Any:
    client = require_user_pool(call, given).clients.get(given["ClientId"])
    if client is None:
        raise ServiceError("ResourceNotFoundException", f"User pool client {given['ClientId']} does not exist.")
    return client


def _describe(secret: _Secret) -> dict[str, Any]:
    return {"ClientSecretId": secret.secret_id, "ClientSecretCreateDate": round(secret.created, 3)}


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
