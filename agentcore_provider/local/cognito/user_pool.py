"""CreateUserPool, UpdateUserPool, DeleteUserPool."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow

from agentcore_provider.local.cognito.call import CognitoCall, invalid, require_user_pool

_CHOSEN_AT_CREATION = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")


def create(_call: CognitoCall, given: dict[str, Any]) -> None:
    """Moto makes the pool; tags are judged before."""
    if any(key.lower().startswith("aws:") for key in given.get("UserPoolTags", {})):
        raise invalid("Tag keys that begin with aws: are reserved")


def update(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """Resets what is left out, except for what can only be chosen when a pool is created."""
    pool = require_user_pool(call, given)
    kept = {name: pool.extended_config[name] for name in _CHOSEN_AT_CREATION if name in pool.extended_config}
    changed = {name: value for name, value in given.items() if name not in ("UserPoolId", "PoolName")}
    pool.update_extended_config({**changed, **kept})
    pool.mfa_config = given.get("MfaConfiguration", "OFF")
    pool.name = given.get("PoolName", pool.name)
    pool.last_modified_date = utcnow()
    return {}


def delete(call: CognitoCall, given: dict[str, Any]) -> None:
    """Moto deletes, unless something stands in the way."""
    pool = require_user_pool(call, given)
    if pool.extended_config.get("DeletionProtection") == "ACTIVE":
        raise invalid(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be "
            "inactivated first."
        )
    if pool.domain is not None:
        raise invalid("User pool cannot be deleted. It has a domain configured that should be deleted first.")
