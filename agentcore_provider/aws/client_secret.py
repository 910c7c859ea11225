"""Secrets of the client with which machines sign in: where Cognito keeps them, and rotation with two that are valid.

Cognito returns the value of an added secret once; only state knows it afterwards. A client has two secrets at most.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.user_pool_part import PASSING, passing, update_client
from agentcore_provider.errors import AwsRefused

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_cognito_idp.type_defs import ClientSecretDescriptorTypeTypeDef, UserPoolClientTypeTypeDef

SECRETS_MANAGER = "secretsmanager"


@dataclass(frozen=True)
class AddedSecret:
    """A secret that a rotation added."""

    secret_id: str
    value: str = field(repr=False)


def arn_of(client: UserPoolClientTypeTypeDef) -> str | None:
    """The ARN in Secrets Manager of the secret, if Cognito keeps it there."""
    arn: str | None = dict(client).get("ClientSecretArn")  # type: ignore[assignment]
    return arn


def value_of(connection: Connection, client: UserPoolClientTypeTypeDef) -> str | None:
    """The secret that Cognito returns, or keeps in Secrets Manager; None for a public client. Raises AwsRefused."""
    arn = arn_of(client)
    return read(connection, arn) if arn else client.get("ClientSecret")


def read(connection: Connection, arn: str) -> str:
    """The secret of a client that Cognito keeps in Secrets Manager. Raises AwsRefused."""
    answer = connection.call("GetSecretValue", service=SECRETS_MANAGER, SecretId=arn)
    try:
        return str(json.loads(answer["SecretString"])["clientSecretValue"])
    except (KeyError, TypeError, ValueError):
        raise AwsRefused(
            f"secret {arn} has no clientSecretValue, in which Cognito keeps the secret of an app client",
            "Have Cognito rotate it: aws secretsmanager rotate-secret",
            operation="GetSecretValue",
            code="InvalidSecret",
        ) from None


def read_new(operation: Operation, client: UserPoolClientTypeTypeDef) -> str | None:
    """The secret of a client that was created just now: Secrets Manager gets it a moment later."""
    absent = frozenset({"ResourceNotFoundException", "InvalidSecret"})
    return passing(operation, lambda: value_of(operation.connection, client), PASSING | absent)


def still_valid(connection: Connection, pool_id: str, client_id: str, known: AddedSecret | None) -> AddedSecret | None:
    """The secret that state knows, if the client still has it."""
    if known is None:
        return None
    return known if known.secret_id in [_id(it) for it in _list(connection, pool_id, client_id)] else None


def newest(connection: Connection, pool_id: str, client_id: str, value: str) -> AddedSecret | None:
    """The secret that was added last, with its value, which the caller knows."""
    found = _list(connection, pool_id, client_id)
    return AddedSecret(_id(max(found, key=_created)), value) if found else None


def rotate(operation: Operation, pool_id: str, client_id: str, known: AddedSecret | None) -> AddedSecret:
    """Add a secret beside the one in use, in place of an older one.

    known: the one in use, if a rotation added it. One that an interrupted rotation added is nobody's, and is replaced.
    """
    operation.report("rotating the client's secret")

    def attempt() -> AddedSecret:
        drop_others(operation, pool_id, client_id, known)
        answer = operation.connection.call(
            "AddUserPoolClientSecret", service=COGNITO, retries=False, UserPoolId=pool_id, ClientId=client_id
        )["ClientSecretDescriptor"]
        return AddedSecret(answer["ClientSecretId"], answer["ClientSecretValue"])

    return passing(operation, attempt, PASSING)


def drop_others(operation: Operation, pool_id: str, client_id: str, known: AddedSecret | None) -> None:
    """Delete every secret but the one in use: the one that state knows, else the oldest."""
    connection = operation.connection
    found = sorted(_list(connection, pool_id, client_id), key=_created)
    ids = [_id(it) for it in found]
    used = known.secret_id if known and known.secret_id in ids else ids[0] if ids else None
    for secret_id in ids:
        if secret_id != used:
            connection.call_or_none(
                "DeleteUserPoolClientSecret",
                service=COGNITO,
                UserPoolId=pool_id,
                ClientId=client_id,
                ClientSecretId=secret_id,
            )


def publish(connection: Connection, pool_id: str, client_id: str, *, wanted: bool) -> None:
    """Move the secret into Secrets Manager, or back to Cognito."""
    update_client(connection, pool_id, client_id, {"PublishSecretsInAWSSecretsManager": wanted})


def _list(connection: Connection, pool_id: str, client_id: str) -> list[ClientSecretDescriptorTypeTypeDef]:
    answer = connection.call_or_none(
        "ListUserPoolClientSecrets", service=COGNITO, UserPoolId=pool_id, ClientId=client_id
    )
    found: list[ClientSecretDescriptorTypeTypeDef] = (answer or {}).get("ClientSecrets", [])
    return found


def _id(secret: ClientSecretDescriptorTypeTypeDef) -> str:
    return secret["ClientSecretId"]


def _created(secret: ClientSecretDescriptorTypeTypeDef) -> datetime:
    return secret["ClientSecretCreateDate"]
