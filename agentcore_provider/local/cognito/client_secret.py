"""AddUserPoolClientSecret, ListUserPoolClientSecrets, DeleteUserPoolClientSecret: two live secrets allow rotation."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.cognitoidp.models import CognitoIdpUserPoolClient

from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_client
from agentcore_provider.local.service_error import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs

_MOST_SECRETS = 2
_ALPHABET = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class _Secret:
    secret_id: str
    value: str
    created: float


_secrets: WeakKeyDictionary[CognitoIdpUserPoolClient, list[_Secret]] = WeakKeyDictionary()
"""Those of each client; moto keeps one."""


def add(call: CognitoCall, request: type_defs.AddUserPoolClientSecretRequestTypeDef) -> Answer:
    """A second secret beside the first. The answer carries its value only if Cognito generated it."""
    client = require_client(call, request["UserPoolId"], request["ClientId"])
    kept = _secrets.get(client, [])
    if not client.generate_secret:
        raise invalid("Secrets can only be added to a client that has one.")
    if len(kept) >= _MOST_SECRETS:
        raise ServiceError("LimitExceededException", f"A client has at most {_MOST_SECRETS} secrets.")
    added = _new(client, request.get("ClientSecret") or _random(51))
    kept.append(added)
    described = _describe(added)
    if "ClientSecret" not in request:
        described["ClientSecretValue"] = added.value
    return {"ClientSecretDescriptor": described}


def list_(call: CognitoCall, request: type_defs.ListUserPoolClientSecretsRequestTypeDef) -> Answer:
    """The secrets without their values."""
    client = require_client(call, request["UserPoolId"], request["ClientId"])
    return {"ClientSecrets": [_describe(secret) for secret in _secrets.get(client, [])]}


def delete(call: CognitoCall, request: type_defs.DeleteUserPoolClientSecretRequestTypeDef) -> Answer:
    """The last secret stays."""
    client = require_client(call, request["UserPoolId"], request["ClientId"])
    kept = _secrets.get(client, [])
    found = next((secret for secret in kept if secret.secret_id == request["ClientSecretId"]), None)
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"Client secret {request['ClientSecretId']} does not exist.")
    if len(kept) == 1:
        raise invalid("The last secret of a client cannot be deleted.")
    kept.remove(found)
    client.secret = kept[0].value
    return {}


def start(client: CognitoIdpUserPoolClient, own_value: str | None) -> None:
    """The secret that a client is created with; None: Cognito generates one."""
    client.secret = own_value or _random(51)
    _secrets[client] = [_new(client, client.secret)]


def values_of(client: CognitoIdpUserPoolClient) -> list[str]:
    """Every secret that is valid now."""
    return [secret.value for secret in _secrets.get(client, [])]


def _new(client: CognitoIdpUserPoolClient, value: str) -> _Secret:
    return _Secret(f"{client.id}--{_random(12)}", value, time.time())


def _describe(secret: _Secret) -> dict[str, object]:
    return {"ClientSecretId": secret.secret_id, "ClientSecretCreateDate": round(secret.created, 3)}


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
