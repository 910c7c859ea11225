"""EZ Auth, a Cognito user pool with all that machine-to-machine sign-in takes: find, create, update, delete.

The parts, in the order they are made: user pool, resource server (scopes), app client, domain (token endpoint).
Cognito takes no clientToken, so every create looks for its part first, and looks again after a lost answer.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.aws import tags
from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.documents import same
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.waiting import steps
from agentcore_provider.errors import (
    AgentCoreError,
    AwsRefused,
    AwsUnreachable,
    CreateLeftBehind,
    NameTaken,
    ResourceFailed,
)

Properties = dict[str, Any]

# Cognito answers these while a part made a moment ago has not reached all of its servers.
_PASSING = frozenset({"ConcurrentModificationException", "InternalErrorException"})
_TRIES_SECONDS = 30.0

# Agents sign in with a client of their own: no person may register in the pool.
_FOR_MACHINES = {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}


def find(connection: Connection, pool_id: str, identifier: str | None = None) -> Properties | None:
    """The sign-in as it stands, every part looked at: a missing part is missing in the answer. None without a pool.

    identifier: of the resource server; None for whichever is there.
    """
    pool = _find_pool(connection, pool_id)
    if pool is None:
        return None
    servers = connection.call("ListResourceServers", service=COGNITO, UserPoolId=pool_id, MaxResults=50)
    server: Properties = next((it for it in servers["ResourceServers"] if identifier in (None, it["Identifier"])), {})
    client = _find_client(connection, pool_id, pool["Name"]) or {}
    return {
        "name": pool["Name"],
        "user_pool_id": pool_id,
        "user_pool_arn": pool.get("Arn"),
        "domain_prefix": pool.get("Domain"),
        "resource_server_identifier": server.get("Identifier"),
        "scopes": [scope["ScopeName"] for scope in server.get("Scopes", [])],
        "client_id": client.get("ClientId"),
        "client_secret": client.get("ClientSecret"),
        "client_scopes": client.get("AllowedOAuthScopes", []) if _signs_in(client) else [],
        "access_token_validity_seconds": _validity_seconds(client),
        "tags": pool.get("UserPoolTags") or {},
    }


def find_by_name(connection: Connection, name: str, owner: str) -> str | None:
    """The id of the user pool that bears the name and this owner's mark, or None: names are not unique here."""
    page: dict[str, Any] = {}
    while True:
        answer = connection.call("ListUserPools", service=COGNITO, MaxResults=60, **page)
        for item in answer["UserPools"]:
            if item["Name"] == name:
                pool = _find_pool(connection, item["Id"])
                if pool and (pool.get("UserPoolTags") or {}).get(OWNER_TAG) == owner:
                    return str(item["Id"])
        if not answer.get("NextToken"):
            return None
        page = {"NextToken": answer["NextToken"]}


def create(job: Job, properties: Mapping[str, Any]) -> Properties:
    """Create every part that is missing. The token endpoint may take a minute longer to answer.

    Raises NameTaken when another pool has the domain, CreateLeftBehind, and what a call raises.
    """
    connection = job.connection
    job.tell("creating the user pool")
    found = find_by_name(connection, properties["name"], job.owner)
    pool_id = found or _create_pool(job, properties)
    try:
        return update(job, pool_id, properties)
    except AwsUnreachable:
        raise
    except AgentCoreError as error:
        if found is None:
            try:
                delete(job, pool_id)
            except AgentCoreError as undoing:
                raise CreateLeftBehind(
                    f"{job.label}: {error}; user pool {pool_id} was made and could not be removed ({undoing}); remove it "
                    f"with: aws cognito-idp delete-user-pool --user-pool-id {pool_id}"
                ) from None
        raise


def update(
    job: Job, pool_id: str, properties: Mapping[str, Any], *, old_tags: Mapping[str, str] | None = None
) -> Properties:
    """Make every part what is wanted, with no call more than the difference needs.

    old_tags: the tags that the program gave before; those that it dropped since are removed.
    """
    connection = job.connection
    seen = find(connection, pool_id, properties["resource_server_identifier"])
    if seen is None:
        raise AwsRefused(
            f"{job.label}: user pool {pool_id} is gone; {connection.cures.make_again}",
            operation="DescribeUserPool",
            code="ResourceNotFoundException",
        )
    _set_tags(connection, seen, old_tags or {}, _tags(job, properties))
    _set_resource_server(job, seen, properties)
    _set_client(job, seen, properties)
    _set_domain(job, seen, properties["domain_prefix"])
    made = find(connection, pool_id, properties["resource_server_identifier"])
    assert made is not None
    return made


def delete(job: Job, pool_id: str) -> None:
    """Delete the domain, then the pool with everything in it; gone already is fine."""
    connection = job.connection
    job.tell("deleting the user pool")
    pool = _find_pool(connection, pool_id)
    if pool is None:
        return
    if pool.get("Domain"):
        _delete_domain(connection, pool_id, pool["Domain"])

    def gone() -> bool:
        _absent_is_none(lambda: connection.call("DeleteUserPool", service=COGNITO, UserPoolId=pool_id))
        return True

    _once(job, lambda: None, gone, passing=frozenset({"InvalidParameterException"}))


def _find_pool(connection: Connection, pool_id: str) -> Properties | None:
    pool: Properties | None = _absent_is_none(
        lambda: connection.call("DescribeUserPool", service=COGNITO, UserPoolId=pool_id)["UserPool"]
    )
    return pool


def _create_pool(job: Job, properties: Mapping[str, Any]) -> str:
    connection = job.connection
    name = properties["name"]
    pool_tags = _tags(job, properties)
    pool_id: str = _once(
        job,
        lambda: find_by_name(connection, name, job.owner),
        lambda: str(
            connection.call(
                "CreateUserPool", service=COGNITO, retries=False, PoolName=name, UserPoolTags=pool_tags, **_FOR_MACHINES
            )["UserPool"]["Id"]
        ),
    )
    return pool_id


def _tags(job: Job, properties: Mapping[str, Any]) -> dict[str, str]:
    return {**(properties.get("tags") or {}), OWNER_TAG: job.owner}


def _set_tags(connection: Connection, seen: Properties, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    surplus, missing = tags.difference(seen["tags"], old, new)
    if surplus:
        connection.call("UntagResource", service=COGNITO, ResourceArn=seen["user_pool_arn"], TagKeys=surplus)
    if missing:
        connection.call("TagResource", service=COGNITO, ResourceArn=seen["user_pool_arn"], Tags=missing)


def _set_resource_server(job: Job, seen: Properties, properties: Mapping[str, Any]) -> None:
    connection = job.connection
    pool_id, identifier = seen["user_pool_id"], properties["resource_server_identifier"]
    scopes = [{"ScopeName": scope, "ScopeDescription": scope} for scope in properties["scopes"]]
    document = {"UserPoolId": pool_id, "Identifier": identifier, "Name": properties["name"], "Scopes": scopes}
    if seen["resource_server_identifier"] != identifier:
        _once(
            job,
            lambda: _absent_is_none(
                lambda: connection.call(
                    "DescribeResourceServer", service=COGNITO, UserPoolId=pool_id, Identifier=identifier
                )
            ),
            lambda: connection.call("CreateResourceServer", service=COGNITO, retries=False, **document),
        )
    elif sorted(seen["scopes"]) != sorted(properties["scopes"]):
        connection.call("UpdateResourceServer", service=COGNITO, **document)


def _set_client(job: Job, seen: Properties, properties: Mapping[str, Any]) -> None:
    connection = job.connection
    pool_id, name = seen["user_pool_id"], properties["name"]
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
    if seen["client_id"] is None:
        _once(
            job,
            lambda: _find_client(connection, pool_id, name),
            lambda: connection.call(
                "CreateUserPoolClient", service=COGNITO, retries=False, GenerateSecret=True, **document
            ),
        )
    elif sorted(seen["client_scopes"]) != sorted(scopes) or not same(seen["access_token_validity_seconds"], seconds):
        current = connection.call(
            "DescribeUserPoolClient", service=COGNITO, UserPoolId=pool_id, ClientId=seen["client_id"]
        )["UserPoolClient"]
        takes = connection.operation("UpdateUserPoolClient", COGNITO).input_shape.members
        # The operation resets what is left out, so what we do not manage is sent back as it is.
        kept = {member: value for member, value in current.items() if member in takes}
        connection.call("UpdateUserPoolClient", service=COGNITO, **{**kept, **document})


def _set_domain(job: Job, seen: Properties, wanted: str) -> None:
    pool_id, old = seen["user_pool_id"], seen["domain_prefix"]
    if old == wanted:
        return
    if not old:
        _create_domain(job, pool_id, wanted)
        return
    # A pool has one domain: the one that works goes only for one that is to be had.
    _has_domain(job, pool_id, wanted)
    _delete_domain(job.connection, pool_id, old)
    try:
        _create_domain(job, pool_id, wanted)
    except AwsUnreachable:
        raise
    except AgentCoreError as error:
        try:
            _create_domain(job, pool_id, old)
        except AgentCoreError as undoing:
            raise ResourceFailed(
                f"{error}; the old domain {old} is gone and could not be put back ({undoing}): agents cannot sign in "
                f"without one; {job.connection.cures.make_again}"
            ) from None
        raise


def _has_domain(job: Job, pool_id: str, domain: str) -> bool:
    """Whether the pool has the domain already. Raises NameTaken when another pool of the account has it."""
    answer = job.connection.call("DescribeUserPoolDomain", service=COGNITO, Domain=domain)
    holder = answer["DomainDescription"].get("UserPoolId")
    if holder not in (None, pool_id):
        raise _domain_taken(job, domain)
    return holder is not None


def _create_domain(job: Job, pool_id: str, wanted: str) -> None:
    connection = job.connection
    job.tell(f"creating the domain {wanted}")
    try:
        _once(
            job,
            lambda: _has_domain(job, pool_id, wanted),
            lambda: connection.call(
                "CreateUserPoolDomain", service=COGNITO, retries=False, Domain=wanted, UserPoolId=pool_id
            ),
        )
    except AwsRefused as refusal:
        # Domains of other accounts cannot be seen, only bumped into.
        if refusal.code == "InvalidParameterException" and "already" in str(refusal).lower():
            raise _domain_taken(job, wanted) from None
        raise


def _domain_taken(job: Job, domain: str) -> NameTaken:
    return NameTaken(
        f"{job.label}: the sign-in domain {domain} belongs to another user pool (domains are unique in a Region, over "
        f"all accounts); choose another domain_prefix{job.connection.cures.apart}"
    )


def _delete_domain(connection: Connection, pool_id: str, domain: str) -> None:
    _absent_is_none(lambda: connection.call("DeleteUserPoolDomain", service=COGNITO, Domain=domain, UserPoolId=pool_id))


def _find_client(connection: Connection, pool_id: str, name: str) -> Properties | None:
    """The client of this name that has a secret, or None: Cognito cannot give a secret to a client made without one."""
    page: dict[str, Any] = {}
    while True:
        answer = connection.call("ListUserPoolClients", service=COGNITO, UserPoolId=pool_id, MaxResults=60, **page)
        for item in answer["UserPoolClients"]:
            if item["ClientName"] == name:
                described: Properties = connection.call(
                    "DescribeUserPoolClient", service=COGNITO, UserPoolId=pool_id, ClientId=item["ClientId"]
                )["UserPoolClient"]
                if described.get("ClientSecret"):
                    return described
        if not answer.get("NextToken"):
            return None
        page = {"NextToken": answer["NextToken"]}


def _signs_in(client: Mapping[str, Any]) -> bool:
    flows = client.get("AllowedOAuthFlows", []) if client.get("AllowedOAuthFlowsUserPoolClient") else []
    return "client_credentials" in flows


def _validity_seconds(client: Mapping[str, Any]) -> int | None:
    if not client:
        return None
    unit = (client.get("TokenValidityUnits") or {}).get("AccessToken", "hours")
    return (
        int(client.get("AccessTokenValidity") or 1) * {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}[unit]
    )


def _once(job: Job, look: Callable[[], Any], make: Callable[[], Any], *, passing: frozenset[str] = frozenset()) -> Any:
    """Make what is not there, once: after an answer that was lost or said "not now", look again before trying again."""
    for _ in steps(job.connection.clock, _TRIES_SECONDS):
        found = look()
        if found:
            return found
        try:
            return make()
        except AwsRefused as refusal:
            if not isinstance(refusal, AwsUnreachable) and refusal.code not in _PASSING | passing:
                raise
            last = refusal
    raise last


def _absent_is_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except AwsRefused as refusal:
        if refusal.code == "ResourceNotFoundException":
            return None
        # Cognito's word for a domain that is not there.
        if refusal.code == "InvalidParameterException" and "no such domain" in str(refusal).lower():
            return None
        raise
