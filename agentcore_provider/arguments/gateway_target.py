"""Targets: the properties of the resource, and with them CreateGatewayTarget's input, from arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties
from agentcore_provider.credential_kinds import GATEWAY_ROLE


def properties(*, more: Mapping[str, object] | None = None, **others: object) -> Properties:
    """The properties of a target, those that are None included.

    Args:
        more: Members of the API without an argument.
        others: Members, by property name.
    """
    return {**others, **members.further(more)}


def document(arguments: Mapping[str, Any], usual: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """CreateGatewayTarget's input, with the usual credentials where the arguments have none.

    arguments: those of `properties`. usual: credentials of the kind of target, where AWS does not require the role.
    """
    found = {name: it for name, it in properties(**arguments).items() if it is not None}
    credentials = usual_credentials(found.get("target_configuration")) or list(usual)
    if credentials:
        found.setdefault("credential_provider_configurations", credentials)
    return members.document(found)


def usual_credentials(target_configuration: object) -> list[dict[str, Any]] | None:
    """The gateway's role, if AWS requires it for this kind of target to be stated; else None."""
    kind = target_kinds.of(target_configuration)
    return [GATEWAY_ROLE.configuration()] if kind and kind.outbound.role_in_documents else None
