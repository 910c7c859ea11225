"""CreateUserPool, UpdateUserPool, DeleteUserPool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.utils import utcnow

from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_user_pool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs

_CHOSEN_AT_CREATION = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")


def create(_call: CognitoCall, request: type_defs.CreateUserPoolRequestTypeDef) -> None:
    """moto creates the pool, once its tags are validated."""
    if any(key.lower().startswith("aws:") for key in request.get("UserPoolTags", {})):
        raise invalid("Tag keys that begin with aws: are reserved")


def update(call: CognitoCall, request: type_defs.UpdateUserPoolRequestTypeDef) -> Answer:
    """Resets what is left out, except for what can only be chosen when a pool is created."""
    pool = require_user_pool(call, request["UserPoolId"])
    kept = {name: pool.extended_config[name] for name in _CHOSEN_AT_CREATION if name in pool.extended_config}
    changed = {name: value for name, value in request.items() if name not in ("UserPoolId", "PoolName")}
    pool.update_extended_config({**changed, **kept})
    pool.mfa_config = request.get("MfaConfiguration", "OFF")
    pool.name = request.get("PoolName", pool.name)
    pool.last_modified_date = utcnow()
    return {}


def delete(call: CognitoCall, request: type_defs.DeleteUserPoolRequestTypeDef) -> None:
    """moto deletes it, unless it is protected or has a domain."""
    pool = require_user_pool(call, request["UserPoolId"])
    if pool.extended_config.get("DeletionProtection") == "ACTIVE":
        raise invalid(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be "
            "inactivated first."
        )
    if pool.domain is not None:
        raise invalid("User pool cannot be deleted. It has a domain configured that should be deleted first.")
