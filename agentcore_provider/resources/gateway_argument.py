"""The gateway of a resource that belongs to one: declared in the program, or named by its id."""

from __future__ import annotations

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AwsAccess
from agentcore_provider.resources.gateway import Gateway


def require_one(
    label: str, gateway: object, identifier: object, *, argument: str = "gateway_identifier", form: str = "an id"
) -> None:
    """Require the gateway or what names it, and not both.

    argument: the one that names it. form: what that takes. Raises InvalidInput.
    """
    if not isinstance(gateway, (Gateway, type(None))):
        raise InvalidInput(
            f"is of type {type(gateway).__name__}",
            f"Pass a Gateway (of an McpGateway its .gateway), or {form} as {argument}=",
            path="gateway",
            label=label,
        )
    if (gateway is None) == (identifier is None):
        raise InvalidInput(
            f"needs exactly one of gateway and {argument}", f"Pass either gateway= or {argument}=", label=label
        )


def elsewhere(what: str, gateway: Gateway, access: AwsAccess) -> list[pulumi.Input[str]]:
    """The problem of a resource that is declared in another Region than its gateway, if it is. what: such as `a rule`."""
    cure = f"Leave region= and provider= out: {what} is where its gateway is"
    return aws_access.other_region("region", "the gateway", gateway.aws_access, access, cure)
