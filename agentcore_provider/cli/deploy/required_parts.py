"""What flags name and AWS has to have already: asked for before anything is written or made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import progress
from agentcore_provider.errors import InvalidInput


def require(stack: ChosenStack, described: Mapping[str, Any]) -> None:
    """Raises InvalidInput with everything that is known not to exist: the gateway's role, functions of its targets.

    described: what the flags say of a gateway, as a stack file says it. What nobody may look at is taken to be there.
    """
    role_arn = described.get("role_arn")
    functions = [it for it in map(_function, (described.get("targets") or {}).values()) if it]
    if not (role_arn or functions):
        return
    from agentcore_provider.aws import lambda_function, role

    connection = stack.connect()
    with progress("Asking AWS for what the flags name"):
        found = [role.missing(connection, role_arn)] if role_arn else []
        found += [lambda_function.missing(connection, arn) for arn in functions]
    missing = [it[0].upper() + it[1:] for it in found if it]
    if missing:
        raise InvalidInput(". ".join(missing))


def _function(target: Mapping[str, Any]) -> str | None:
    """ARN of the function that the target, as a stack file describes it, calls; None if it calls none that exists."""
    configuration = target.get("target_configuration") or {}
    described = target.get("lambda") or (configuration.get("mcp") or {}).get("lambda") or {}
    arn = described.get("arn", described.get("lambdaArn"))
    return arn if isinstance(arn, str) else None
