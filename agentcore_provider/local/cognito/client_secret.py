"""AddUserPoolClientSecret, ListUserPoolClientSecrets, DeleteUserPoolClientSecret: two live secrets allow rotation.

On request the secret is in Secrets Manager, and no longer among what Cognito returns.
"""

from __future__ import annotations

import json
import secrets
import string
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.cognitoidp.models import CognitoIdpUserPoolClient
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends

from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_client
from agentcore_provider.local.kept import keep
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


_secrets: WeakKeyDictionary[CognitoIdpUserPoolClient, list[_Secret]] = keep(__name__, "secrets", WeakKeyDictionary())
"""Those of each client; moto keeps one."""
_arns: WeakKeyDictionary[CognitoIdpUserPoolClient, str] = keep(__name__, "arns", WeakKeyDictionary())
"""The secret in Secrets Manager of each client that has one there."""


def add(call: CognitoCall, request: type_defs.AddUserPoolClientSecretRequestTypeDef) -> Answer:
    """A second secret beside the first. The answer carries its value only if Cognito generated it."""
    client = require_client(call, request["UserPoolId"], request["ClientId"])
    kept = _secrets.get(client, [])
    if not client.generate_secret:
        raise invalid("Secrets can only be added to a client that has one.")
    if client in _arns:
        raise invalid("The secrets of this client are managed in AWS Secrets Manager.")
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


def publish(call: CognitoCall, client: CognitoIdpUserPoolClient, *, wanted: bool | None) -> None:
    """Move the secret into Secrets Manager, which rotates it right away, or back. wanted: None leaves it where it is."""
    if wanted is None or wanted == (client in _arns):
        return
    if not client.generate_secret:
        raise invalid("PublishSecretsInAWSSecretsManager applies to clients with a generated secret.")
    backend: SecretsManagerBackend = secretsmanager_backends[call.account_id][call.region]
    if not wanted:
        backend.delete_secret(_arns.pop(client), None, force_delete_without_recovery=True)
        client.secret = _secrets[client][-1].value
        return
    rotated = _new(client, _random(51))
    _secrets[client] = [_secrets[client][-1], rotated]
    document = {"userPoolId": client.user_pool_id, "userPoolClientId": client.id, "clientSecretValue": rotated.value}
    name = f"cognito-idp!{client.user_pool_id}/{client.id}"
    made = backend.create_secret(name, json.dumps(document), None, None, [], None, None, [], force_overwrite=False)
    _arns[client] = json.loads(made)["ARN"]


def unpublish(call: CognitoCall, client: CognitoIdpUserPoolClient) -> None:
    """Delete what Secrets Manager has of a client that is deleted."""
    publish(call, client, wanted=False)


def document_of(client: CognitoIdpUserPoolClient) -> dict[str, object]:
    """What Cognito returns of a client: its secret, or the ARN of it."""
    document: dict[str, object] = client.to_json(extended=True)
    if client in _arns:
        document.pop("ClientSecret", None)
        document["ClientSecretArn"] = _arns[client]
    return document


def values_of(client: CognitoIdpUserPoolClient) -> list[str]:
    """Every secret that is valid now."""
    return [secret.value for secret in _secrets.get(client, [])]


def _new(client: CognitoIdpUserPoolClient, value: str) -> _Secret:
    return _Secret(f"{client.id}--{_random(12)}", value, time.time())


def _describe(secret: _Secret) -> dict[str, object]:
    return {"ClientSecretId": secret.secret_id, "ClientSecretCreateDate": round(secret.created, 3)}


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
