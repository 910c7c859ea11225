"""A role by its name: the ARN is made of it and the account that is signed in."""

from __future__ import annotations

import re
from typing import Any

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.unknown import UNKNOWN

_NAME = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}")


def role_arn(connection: Connection, role: str) -> str:
    """The ARN of a role given by ARN or by name; a name with a path reads `service-role/Name`.

    Raises InvalidInput, and what asking for the account raises.
    """
    if role.startswith("arn:"):
        return role
    check_name(role)
    # arn:PARTITION:sts::ACCOUNT:assumed-role/... or arn:PARTITION:iam::ACCOUNT:user/...
    caller = connection.call("GetCallerIdentity", service="sts")
    partition = caller["Arn"].split(":")[1]
    return f"arn:{partition}:iam::{caller['Account']}:role/{role.removeprefix('role/')}"


def form(role: object) -> Any:
    """For the rules, which know roles by ARN only: an ARN as it is, a name as not known yet. Raises InvalidInput."""
    if not isinstance(role, str) or role.startswith("arn:"):
        return role
    try:
        check_name(role)
    except InvalidInput as error:
        raise error.below("roleArn") from None
    return UNKNOWN


def check_name(role: str) -> None:
    """Raises InvalidInput if this is neither an ARN nor a name that IAM takes."""
    if not role.startswith("arn:") and not _NAME.fullmatch(role):
        raise InvalidInput(
            f"{role!r} is not a role",
            "Pass its name (letters, digits and _+=,.@-, 64 at most) or its ARN arn:aws:iam::ACCOUNT:role/NAME",
        )
