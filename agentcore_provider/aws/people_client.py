"""The client of an EZ Auth with which people sign in: an app client without a secret, with a branding style.

Managed login displays pages to clients that have a branding style, at domains with ManagedLoginVersion 2.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.documents import Document
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.user_pool_part import PASSING, create_once, passing, update_client
from agentcore_provider.errors import AwsRefused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UserPoolClientTypeTypeDef

# What the discovery document of every user pool lists: MCP clients that learn no scope from a gateway ask for these.
OPENID_SCOPES = ("openid", "email", "phone", "profile")
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


class People(TypedDict):
    """How people sign in, as AWS has it."""

    callback_urls: list[str]
    logout_urls: list[str]
    id_token_validity_seconds: int
    refresh_token_validity_seconds: int


def name_of(pool_name: str) -> str:
    """The name of the client in the pool of a sign-in."""
    return f"{pool_name}-people"


def is_public(client: UserPoolClientTypeTypeDef) -> bool:
    """Whether programs on people's machines can be this client: it has no secret."""
    return not client.get("ClientSecret") and not client.get("ClientSecretArn")


def describe(connection: Connection, client: UserPoolClientTypeTypeDef, scopes: list[str]) -> People | None:
    """How people sign in with the client; None if they cannot: without the flow, a scope, or pages.

    scopes: those that it has to have.
    """
    flows = client.get("AllowedOAuthFlows", []) if client.get("AllowedOAuthFlowsUserPoolClient") else []
    if "code" not in flows or not {*OPENID_SCOPES, *scopes} <= {*client.get("AllowedOAuthScopes", [])}:
        return None
    if not _has_style(connection, client["UserPoolId"], client["ClientId"]):
        return None
    return {
        "callback_urls": client.get("CallbackURLs", []),
        "logout_urls": client.get("LogoutURLs", []),
        "id_token_validity_seconds": _seconds(client, "IdToken", default=1, unit="hours"),
        "refresh_token_validity_seconds": _seconds(client, "RefreshToken", default=30, unit="days"),
    }


def create(operation: Operation, pool_id: str, properties: Document, *, is_new: bool) -> str:
    """Create the client with its style, once; returns its id. is_new: the pool has nothing in it yet."""
    connection, document = operation.connection, _document(pool_id, properties)

    def look() -> str | None:
        for item in connection.pages(
            "ListUserPoolClients", "UserPoolClients", service=COGNITO, UserPoolId=pool_id, MaxResults=60
        ):
            if item["ClientName"] == document["ClientName"]:
                return str(item["ClientId"])
        return None

    def make() -> str:
        answer = connection.call("CreateUserPoolClient", service=COGNITO, retries=False, **document)
        return str(answer["UserPoolClient"]["ClientId"])

    client_id = create_once(operation, look, make, is_absent=is_new)
    _create_style(operation, pool_id, client_id)
    return client_id


def update(operation: Operation, pool_id: str, client_id: str, properties: Document) -> None:
    """Make the client what is wanted, with no call more than the difference needs."""
    connection = operation.connection
    update_client(connection, pool_id, client_id, _document(pool_id, properties))
    if not _has_style(connection, pool_id, client_id):
        _create_style(operation, pool_id, client_id)


def delete(operation: Operation, pool_id: str, client_id: str) -> None:
    """Delete the client, with which its style goes; gone already is fine."""
    passing(
        operation,
        lambda: operation.connection.call_or_none(
            "DeleteUserPoolClient", service=COGNITO, UserPoolId=pool_id, ClientId=client_id
        ),
        PASSING,
    )


def _document(pool_id: str, properties: Document) -> dict[str, Any]:
    people = properties["people"]
    identifier = properties["resource_server_identifier"]
    return {
        "UserPoolId": pool_id,
        "ClientName": name_of(properties["name"]),
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": [*OPENID_SCOPES, *(f"{identifier}/{scope}" for scope in properties["scopes"])],
        "AllowedOAuthFlowsUserPoolClient": True,
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": list(people["callback_urls"]),
        "LogoutURLs": list(people.get("logout_urls") or ()),
        "PreventUserExistenceErrors": "ENABLED",
        "AccessTokenValidity": int(properties["access_token_validity_seconds"]),
        "IdTokenValidity": int(people["id_token_validity_seconds"]),
        "RefreshTokenValidity": int(people["refresh_token_validity_seconds"]),
        "TokenValidityUnits": dict.fromkeys(("AccessToken", "IdToken", "RefreshToken"), "seconds"),
    }


def _has_style(connection: Connection, pool_id: str, client_id: str) -> bool:
    answer = connection.call_or_none(
        "DescribeManagedLoginBrandingByClient", service=COGNITO, UserPoolId=pool_id, ClientId=client_id
    )
    return answer is not None


def _create_style(operation: Operation, pool_id: str, client_id: str) -> None:
    def create_style() -> None:
        try:
            operation.connection.call(
                "CreateManagedLoginBranding",
                service=COGNITO,
                retries=False,
                UserPoolId=pool_id,
                ClientId=client_id,
                UseCognitoProvidedValues=True,
            )
        except AwsRefused as refusal:
            # That of an earlier attempt, whose answer was lost.
            if refusal.code != "ManagedLoginBrandingExistsException":
                raise

    passing(operation, create_style, PASSING)


def _seconds(client: UserPoolClientTypeTypeDef, token: str, *, default: int, unit: str) -> int:
    known: Document = client
    units = known.get("TokenValidityUnits") or {}
    return int(known.get(f"{token}Validity") or default) * _UNITS[units.get(token) or unit]
