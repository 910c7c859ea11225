"""EZ Auth, a Cognito user pool with all that machines, and people if wanted, need to sign in: find, create, update, delete.

The parts, in the order in which they are created: user pool, resource server (scopes), app client of machines, that of
people, domain (token endpoint, login pages).
Cognito takes no clientToken, so every create looks for its part first, and looks again after a lost answer. In a pool
that was created just now there is nothing to find.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from agentcore_provider.aws import client_secret, people_client, tags, user_pool_domain
from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.documents import Document, same
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.people_client import People
from agentcore_provider.aws.user_pool_part import PASSING, create_once, passing, update_client
from agentcore_provider.errors import (
    AgentCoreError,
    AwsRefused,
    AwsUnreachable,
    CreateLeftBehind,
)

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import (
        ResourceServerTypeTypeDef,
        UserPoolClientTypeTypeDef,
        UserPoolTypeTypeDef,
    )

# Machines sign in with a client, and people with a password that an administrator sets: nobody may register in the pool.
_FOR_MACHINES = {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}


class SignIn(TypedDict):
    """The sign-in as AWS has it; a part that does not exist is None or empty."""

    name: str
    user_pool_id: str
    user_pool_arn: str | None
    domain_prefix: str | None
    resource_server_identifier: str | None
    scopes: list[str]
    client_id: str | None
    client_secret: str | None
    client_secret_id: str | None
    client_secret_arn: str | None
    client_scopes: list[str]
    access_token_validity_seconds: int | None
    people_client_id: str | None
    people: People | None
    tags: dict[str, str]


def find(connection: Connection, pool_id: str, identifier: str | None = None) -> SignIn | None:
    """The sign-in, with every part read; None without a pool. identifier: of the resource server; None: whichever exists."""
    pool = _find_pool(connection, pool_id)
    if pool is None:
        return None
    servers = connection.call("ListResourceServers", service=COGNITO, UserPoolId=pool_id, MaxResults=50)
    found: list[ResourceServerTypeTypeDef] = servers["ResourceServers"]
    server = next((it for it in found if identifier in (None, it.get("Identifier"))), None)
    machine, person = _find_clients(connection, pool_id, pool["Name"])
    current = _sign_in(pool, server, machine, client_secret.value_of(connection, machine) if machine else None)
    if person is None:
        return current
    domain = pool.get("Domain")
    has_pages = domain is not None and user_pool_domain.uses_managed_login(connection, domain)
    scopes = [f"{current['resource_server_identifier']}/{scope}" for scope in current["scopes"]]
    people = people_client.describe(connection, person, scopes) if has_pages else None
    return {**current, "people_client_id": person["ClientId"], "people": people}


def _sign_in(
    pool: UserPoolTypeTypeDef,
    server: ResourceServerTypeTypeDef | None,
    client: UserPoolClientTypeTypeDef | None,
    secret: str | None,
) -> SignIn:
    """The sign-in of these parts. secret: the client's."""
    return {
        "name": pool["Name"],
        "user_pool_id": pool["Id"],
        "user_pool_arn": pool.get("Arn"),
        "domain_prefix": pool.get("Domain"),
        "resource_server_identifier": server.get("Identifier") if server else None,
        "scopes": [scope["ScopeName"] for scope in server.get("Scopes", [])] if server else [],
        "client_id": client.get("ClientId") if client else None,
        "client_secret": secret,
        # Which one it is Cognito returns only when it adds it.
        "client_secret_id": None,
        "client_secret_arn": client_secret.arn_of(client) if client else None,
        "client_scopes": client.get("AllowedOAuthScopes", []) if client and _signs_in(client) else [],
        "access_token_validity_seconds": _validity_seconds(client) if client else None,
        "people_client_id": None,
        "people": None,
        "tags": pool.get("UserPoolTags") or {},
    }


def find_by_name(connection: Connection, name: str, owner: str) -> str | None:
    """The id of the user pool of this name and owner, or None: names are not unique here."""
    for item in connection.pages("ListUserPools", "UserPools", service=COGNITO, MaxResults=60):
        if item["Name"] == name:
            pool = _find_pool(connection, item["Id"])
            if pool and (pool.get("UserPoolTags") or {}).get(OWNER_TAG) == owner:
                return str(item["Id"])
    return None


def create(operation: Operation, properties: Document) -> SignIn:
    """Create every part that is missing. The token endpoint may take a minute longer to answer.

    Raises NameTaken when another pool has the domain, CreateLeftBehind, and what a call raises.
    """
    connection = operation.connection
    operation.report("creating the user pool")
    found = find_by_name(connection, properties["name"], operation.owner)
    pool = None if found else _create_pool(operation, properties)
    pool_id = pool["Id"] if pool else str(found)
    try:
        return _complete(operation, pool, properties) if pool else update(operation, pool_id, properties)
    except AwsUnreachable:
        raise
    except AgentCoreError as error:
        if found is None:
            try:
                delete(operation, pool_id)
            except AgentCoreError as undoing:
                raise CreateLeftBehind(
                    f"{operation.label}: {error.message}; user pool {pool_id} was created and could not be removed "
                    f"({undoing.message})",
                    f"remove it with: aws cognito-idp delete-user-pool --user-pool-id {pool_id}",
                ) from None
        raise


def update(
    operation: Operation, pool_id: str, properties: Document, *, old_tags: Mapping[str, str] | None = None
) -> SignIn:
    """Make every part what is wanted, with no call more than the difference needs.

    old_tags: the tags that the program gave before; those that it dropped since are removed.
    """
    connection = operation.connection
    current = find(connection, pool_id, properties["resource_server_identifier"])
    if current is None:
        raise AwsRefused(
            f"{operation.label}: user pool {pool_id} is gone",
            connection.cures.create_again,
            operation="DescribeUserPool",
            code="ResourceNotFoundException",
        )
    _set_tags(connection, current, old_tags or {}, operation.with_owner(properties.get("tags")))
    _set_resource_server(operation, current, properties)
    _set_client(operation, current, properties)
    people = bool(properties.get("people"))
    if people and current["people_client_id"]:
        people_client.update(operation, pool_id, current["people_client_id"], properties)
    elif people:
        people_client.create(operation, pool_id, properties, is_new=False)
    elif current["people_client_id"]:
        people_client.delete(operation, pool_id, current["people_client_id"])
    user_pool_domain.update(
        operation, pool_id, current["domain_prefix"], properties["domain_prefix"], for_people=people
    )
    updated = find(connection, pool_id, properties["resource_server_identifier"])
    assert updated is not None
    return updated


def delete(operation: Operation, pool_id: str) -> None:
    """Delete the domain, then the pool with everything in it; gone already is fine."""
    connection = operation.connection
    operation.report("deleting the user pool")
    pool = _find_pool(connection, pool_id)
    if pool is None:
        return
    if pool.get("Domain"):
        user_pool_domain.delete(connection, pool_id, pool["Domain"])

    passing(
        operation,
        lambda: connection.call_or_none("DeleteUserPool", service=COGNITO, UserPoolId=pool_id),
        # The pool still has its domain for a moment.
        PASSING | {"InvalidParameterException"},
    )


def _find_pool(connection: Connection, pool_id: str) -> UserPoolTypeTypeDef | None:
    answer = connection.call_or_none("DescribeUserPool", service=COGNITO, UserPoolId=pool_id)
    return None if answer is None else answer["UserPool"]


def _create_pool(operation: Operation, properties: Document) -> UserPoolTypeTypeDef:
    connection = operation.connection
    name = properties["name"]
    pool_tags = operation.with_owner(properties.get("tags"))

    def look() -> UserPoolTypeTypeDef | None:
        pool_id = find_by_name(connection, name, operation.owner)
        return _find_pool(connection, pool_id) if pool_id else None

    def create() -> UserPoolTypeTypeDef:
        members = {"PoolName": name, "UserPoolTags": pool_tags, **_FOR_MACHINES}
        pool: UserPoolTypeTypeDef = connection.call("CreateUserPool", service=COGNITO, retries=False, **members)[
            "UserPool"
        ]
        return pool

    return create_once(operation, look, create, is_absent=True)


def _complete(operation: Operation, pool: UserPoolTypeTypeDef, properties: Document) -> SignIn:
    """Create the other parts of a pool that was created just now: their answers have all there is to know."""
    current = _sign_in(pool, None, None, None)
    server = _set_resource_server(operation, current, properties, is_new=True)
    client = _set_client(operation, current, properties, is_new=True)
    people = properties.get("people")
    person = people_client.create(operation, pool["Id"], properties, is_new=True) if people else None
    prefix = properties["domain_prefix"]
    user_pool_domain.create(operation, pool["Id"], prefix, is_new=True, for_people=bool(people))
    secret = client_secret.read_new(operation, client) if client else None
    return {
        **_sign_in(pool, server, client, secret),
        "domain_prefix": prefix,
        "people_client_id": person,
        "people": people,
    }


def _set_tags(connection: Connection, current: SignIn, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    surplus, missing = tags.difference(current["tags"], old, new)
    if surplus:
        connection.call("UntagResource", service=COGNITO, ResourceArn=current["user_pool_arn"], TagKeys=surplus)
    if missing:
        connection.call("TagResource", service=COGNITO, ResourceArn=current["user_pool_arn"], Tags=missing)


def _set_resource_server(
    operation: Operation, current: SignIn, properties: Document, *, is_new: bool = False
) -> ResourceServerTypeTypeDef | None:
    """Returns the resource server if it was created. is_new: the pool has nothing in it yet."""
    connection = operation.connection
    pool_id, identifier = current["user_pool_id"], properties["resource_server_identifier"]
    scopes = [{"ScopeName": scope, "ScopeDescription": scope} for scope in properties["scopes"]]
    document = {"UserPoolId": pool_id, "Identifier": identifier, "Name": properties["name"], "Scopes": scopes}
    if current["resource_server_identifier"] != identifier:
        answer = create_once(
            operation,
            lambda: connection.call_or_none(
                "DescribeResourceServer", service=COGNITO, UserPoolId=pool_id, Identifier=identifier
            ),
            lambda: connection.call("CreateResourceServer", service=COGNITO, retries=False, **document),
            is_absent=is_new,
        )
        server: ResourceServerTypeTypeDef = answer["ResourceServer"]
        return server
    if sorted(current["scopes"]) != sorted(properties["scopes"]):
        connection.call("UpdateResourceServer", service=COGNITO, **document)
    return None


def _set_client(
    operation: Operation, current: SignIn, properties: Document, *, is_new: bool = False
) -> UserPoolClientTypeTypeDef | None:
    """Returns the client if it was created. is_new: the pool has nothing in it yet."""
    connection = operation.connection
    pool_id, name = current["user_pool_id"], properties["name"]
    scopes = [f"{properties['resource_server_identifier']}/{scope}" for scope in properties["scopes"]]
    seconds = int(properties["access_token_validity_seconds"])
    document = {
        "UserPoolId": pool_id,
        "ClientName": name,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": scopes,
        "AllowedOAuthFlowsUserPoolClient": True,
        "SupportedIdentityProviders": ["COGNITO"],
        "AccessTokenValidity": seconds,
        "TokenValidityUnits": {"AccessToken": "seconds"},
    }
    published = properties.get("secret_in_secrets_manager")
    flag = {"PublishSecretsInAWSSecretsManager": True} if published else {}

    def create() -> UserPoolClientTypeTypeDef:
        answer = connection.call(
            "CreateUserPoolClient", service=COGNITO, retries=False, GenerateSecret=True, **flag, **document
        )
        client: UserPoolClientTypeTypeDef = answer["UserPoolClient"]
        return client

    if current["client_id"] is None:
        return create_once(operation, lambda: _find_clients(connection, pool_id, name)[0], create, is_absent=is_new)
    if sorted(current["client_scopes"]) != sorted(scopes) or not same(
        current["access_token_validity_seconds"], seconds
    ):
        update_client(connection, pool_id, current["client_id"], document)
    if published is not None and bool(published) != bool(current["client_secret_arn"]):
        client_secret.publish(connection, pool_id, current["client_id"], wanted=bool(published))
    return None


def _find_clients(
    connection: Connection, pool_id: str, name: str
) -> tuple[UserPoolClientTypeTypeDef | None, UserPoolClientTypeTypeDef | None]:
    """The clients of machines and of people, each None if the pool has none.

    That of machines has a secret, which Cognito cannot add to a client made without one; that of people has none.
    """
    machine: UserPoolClientTypeTypeDef | None = None
    person: UserPoolClientTypeTypeDef | None = None
    for item in connection.pages(
        "ListUserPoolClients", "UserPoolClients", service=COGNITO, UserPoolId=pool_id, MaxResults=60
    ):
        if item["ClientName"] not in (name, people_client.name_of(name)):
            continue
        described: UserPoolClientTypeTypeDef = connection.call(
            "DescribeUserPoolClient", service=COGNITO, UserPoolId=pool_id, ClientId=item["ClientId"]
        )["UserPoolClient"]
        if item["ClientName"] == name and not people_client.is_public(described):
            machine = machine or described
        elif item["ClientName"] != name and people_client.is_public(described):
            person = person or described
    return machine, person


def _signs_in(client: UserPoolClientTypeTypeDef) -> bool:
    flows = client.get("AllowedOAuthFlows", []) if client.get("AllowedOAuthFlowsUserPoolClient") else []
    return "client_credentials" in flows


def _validity_seconds(client: UserPoolClientTypeTypeDef) -> int:
    unit = (client.get("TokenValidityUnits") or {}).get("AccessToken", "hours")
    seconds = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}[unit]
    return int(client.get("AccessTokenValidity") or 1) * seconds
