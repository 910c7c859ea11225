"""Roles and functions that flags name: looked up in AWS before anything is written or created."""

from __future__ import annotations

from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import progress
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.errors import InvalidInput


def require(stack: ChosenStack, described: JsonObject) -> None:
    """Raises InvalidInput with everything that does not exist: the gateway's role, functions of its targets.

    described: the gateway's entry in a stack file. What the caller may not read is assumed to exist.
    """
    role_arn = described.get("role_arn")
    functions = [it for it in map(_function, (described.get("targets") or {}).values()) if it]
    if not (role_arn or functions):
        return
    from agentcore_provider.aws import lambda_function, role

    connection = stack.connect()
    with progress("Looking up what the flags name"):
        found = [role.missing(connection, role_arn)] if role_arn else []
        found += [lambda_function.missing(connection, arn) for arn in functions]
    missing = [it for it in found if it]
    if missing:
        raise InvalidInput.of_problems(missing)


def _function(target: JsonObject) -> str | None:
    """ARN of the function that the target, as a stack file describes it, calls; None if it calls none that exists."""
    configuration = target.get("target_configuration") or {}
    described = target.get("lambda") or (configuration.get("mcp") or {}).get("lambda") or {}
    arn = described.get("arn", described.get("lambdaArn"))
    return arn if isinstance(arn, str) else None
