"""Domains of user pools, where tokens are issued: create, replace, delete. Names are unique in a Region, over all accounts.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
"""

from __future__ import annotations

from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.user_pool_part import create_once
from agentcore_provider.errors import AgentCoreError, AwsRefused, AwsUnreachable, NameTaken, ResourceFailed

_MANAGED_LOGIN = 2
"""ManagedLoginVersion of domains with login pages; 1, the default, is the classic form of them."""


def update(operation: Operation, pool_id: str, old: str | None, wanted: str, *, for_people: bool = False) -> None:
    """Give the pool the domain that is wanted in place of the old one. for_people: with login pages.

    Raises NameTaken, ResourceFailed and what a call raises.
    """
    if old == wanted:
        if for_people and not uses_managed_login(operation.connection, wanted):
            operation.connection.call(
                "UpdateUserPoolDomain",
                service=COGNITO,
                Domain=wanted,
                UserPoolId=pool_id,
                ManagedLoginVersion=_MANAGED_LOGIN,
            )
        return
    if not old:
        create(operation, pool_id, wanted, for_people=for_people)
        return
    # A pool has one domain: the one that works is deleted only for one that is free.
    _has_domain(operation, pool_id, wanted)
    delete(operation.connection, pool_id, old)
    try:
        create(operation, pool_id, wanted, for_people=for_people)
    except AwsUnreachable:
        raise
    except AgentCoreError as error:
        try:
            create(operation, pool_id, old, for_people=for_people)
        except AgentCoreError as undoing:
            raise ResourceFailed(
                f"{error.message}; the old domain {old} is gone and could not be put back ({undoing.message}): agents "
                "cannot sign in without one",
                operation.connection.cures.create_again,
            ) from None
        raise


def _has_domain(operation: Operation, pool_id: str, domain: str) -> bool:
    """Whether the pool has the domain already. Raises NameTaken when another pool of the account has it."""
    answer = operation.connection.call("DescribeUserPoolDomain", service=COGNITO, Domain=domain)
    holder = answer["DomainDescription"].get("UserPoolId")
    if holder not in (None, pool_id):
        raise _domain_taken(operation, domain)
    return holder is not None


def uses_managed_login(connection: Connection, domain: str) -> bool:
    """Whether the domain has managed login's pages."""
    answer = connection.call("DescribeUserPoolDomain", service=COGNITO, Domain=domain)
    return bool(answer["DomainDescription"].get("ManagedLoginVersion") == _MANAGED_LOGIN)


def create(operation: Operation, pool_id: str, wanted: str, *, is_new: bool = False, for_people: bool = False) -> None:
    """Create the pool's domain. is_new: the pool has none. for_people: with login pages.

    Raises NameTaken when another pool has it.
    """
    connection = operation.connection
    version = {"ManagedLoginVersion": _MANAGED_LOGIN} if for_people else {}
    operation.report(f"creating the domain {wanted}")
    try:
        create_once(
            operation,
            lambda: _has_domain(operation, pool_id, wanted),
            lambda: connection.call(
                "CreateUserPoolDomain", service=COGNITO, retries=False, Domain=wanted, UserPoolId=pool_id, **version
            ),
            is_absent=is_new,
        )
    except AwsRefused as refusal:
        # Domains of other accounts cannot be read: only a create shows that they exist.
        if refusal.code == "InvalidParameterException" and "already" in refusal.message.lower():
            raise _domain_taken(operation, wanted) from None
        raise


def _domain_taken(operation: Operation, domain: str) -> NameTaken:
    return NameTaken(
        (
            f"{operation.label}: the sign-in domain {domain} belongs to another user pool (domains are unique in a Region, over all "
            "accounts)"
        ),
        f"Choose another domain_prefix{operation.connection.cures.apart}",
    )


def delete(connection: Connection, pool_id: str, domain: str) -> None:
    """Delete the pool's domain; gone already is fine."""
    try:
        connection.call_or_none("DeleteUserPoolDomain", service=COGNITO, Domain=domain, UserPoolId=pool_id)
    except AwsRefused as error:
        # So Cognito answers for a domain that does not exist.
        if error.code != "InvalidParameterException" or "no such domain" not in error.message.lower():
            raise
