"""People in a user pool: moto keeps them (AdminCreateUser, AdminSetUserPassword); here they sign in with a password."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from moto.cognitoidp.exceptions import InvalidPasswordException
from moto.cognitoidp.models import (
    CognitoIdpBackend,
    CognitoIdpUser,
    CognitoIdpUserPool,
    UserStatus,
    cognitoidp_backends,
)

_SHORTEST_PASSWORD = 8
"""Cognito's, where a pool has no policy of its own; moto's is shorter."""


class PasswordRejectedError(Exception):
    """A new password that the pool's policy does not allow."""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in.

    subject: the id that never changes. attributes: as the pool has them now, by name.
    must_change_password: the password was set by an administrator and counts once.
    """

    username: str
    subject: str
    attributes: dict[str, str]
    groups: tuple[str, ...]
    must_change_password: bool


def sign_in(pool_id: str, username: str, password: str) -> Person | None:
    """The person with this name and password; None if there is none, or an administrator has disabled them."""
    user = _user(pool_id, username)
    known = (user.password if user else None) or ""
    # Compared in any case, so that the time does not depend on which names exist.
    matches = hmac.compare_digest(known.encode(), password.encode())
    return _person(user) if user and known and matches and _is_active(user) else None


def find(pool_id: str, username: str) -> Person | None:
    """The person, if they exist and are not disabled."""
    user = _user(pool_id, username)
    return _person(user) if user and _is_active(user) else None


def change_password(pool_id: str, username: str, password: str) -> None:
    """Set a password that stays. Raises PasswordRejectedError."""
    backend, pool = _find_pool(pool_id)
    policy = pool.extended_config.get("Policies", {}).get("PasswordPolicy", {})
    if len(password) < policy.get("MinimumLength", _SHORTEST_PASSWORD):
        raise PasswordRejectedError
    try:
        backend.admin_set_user_password(pool_id, username, password, permanent=True)
    except InvalidPasswordException:
        raise PasswordRejectedError from None


def _user(pool_id: str, username: str) -> CognitoIdpUser | None:
    try:
        _, pool = _find_pool(pool_id)
    except LookupError:
        return None
    user: CognitoIdpUser | None = pool._get_user(username)
    return user


def _find_pool(pool_id: str) -> tuple[CognitoIdpBackend, CognitoIdpUserPool]:
    region = pool_id.rpartition("_")[0]
    for account in list(cognitoidp_backends.values()):
        if region in account and pool_id in account[region].user_pools:
            backend: CognitoIdpBackend = account[region]
            return backend, backend.user_pools[pool_id]
    raise LookupError(pool_id)


def _is_active(user: CognitoIdpUser) -> bool:
    signs_in = (UserStatus.CONFIRMED, UserStatus.FORCE_CHANGE_PASSWORD)
    return bool(user.enabled) and user.status in signs_in


def _person(user: CognitoIdpUser) -> Person:
    return Person(
        username=str(user.username),
        subject=str(user.id),
        attributes=dict(user.attribute_lookup),
        groups=tuple(sorted(group.group_name for group in user.groups)),
        must_change_password=user.status == UserStatus.FORCE_CHANGE_PASSWORD,
    )
