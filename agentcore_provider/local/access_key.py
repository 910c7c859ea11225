"""Access keys whose secret this machine knows: local AWS's own, and those that local IAM and STS gave out."""

from __future__ import annotations

from dataclasses import dataclass, field

# What `agentcore local env` gives to a shell, as id and as secret.
LOCAL = "local"


@dataclass(frozen=True)
class AccessKey:
    """The secret part of a signature."""

    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    """Set for keys of an assumed role."""
    principal_arn: str | None = None
    """Whose key it is, as GetCallerIdentity has it; None for local AWS's own."""
    role_arn: str | None = None
    """The role, of the key of an assumed role."""


def find(access_key_id: str) -> AccessKey | None:
    """The key of this id; None for a key of another origin, whose secret is unknown."""
    from moto.iam.models import iam_backends
    from moto.sts.models import sts_backends

    if access_key_id == LOCAL:
        return AccessKey(LOCAL)
    for roles in list(sts_backends.values()):
        for backend in roles.values():
            role = backend.get_assumed_role_from_access_key(access_key_id)
            if role is not None:
                return AccessKey(role.secret_access_key, role.session_token, role.arn, role.role_arn)
    for users in list(iam_backends.values()):
        for owner in users.values():
            if key := owner.access_keys.get(access_key_id):
                return AccessKey(key.secret_access_key, None, owner.users[str(key.user_name)].arn)
    return None
