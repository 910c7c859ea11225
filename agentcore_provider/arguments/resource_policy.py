"""Resource policies: the properties of the resource, and with them PutResourcePolicy's input, from arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.resource_policy import with_statements

INVOKE = "bedrock-agentcore:InvokeGateway"
# The condition key that each form of a network is compared with, beside aws:SourceIp.
_NETWORKS = {"aws:SourceVpc": re.compile(r"vpc-[0-9a-f]+"), "aws:SourceVpce": re.compile(r"vpce-[0-9a-f]+")}


def properties(
    *,
    policy: object = None,
    allow: Sequence[object] | None = None,
    only_from: Sequence[object] | None = None,
    authorizer: object = None,
    **others: object,
) -> Properties:
    """The properties of a resource policy, those that are None included. Raises InvalidInput.

    Args:
        policy: IAM's document, JSON or a list of statements, in place of the next two.
        allow: Who may call the gateway besides the roles of its own account: accounts and ARNs.
        only_from: VPCs, VPC endpoints and ranges of addresses, from which alone it may be called.
        authorizer: The authorizerType of the gateway, if it is known.
        others: Members, by property name.
    """
    if policy is None and (allow is not None or only_from is not None):
        policy = with_statements(_statements(allow, only_from, authorizer))
    return {"policy": policy, **others}


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """PutResourcePolicy's input. arguments: those of `properties`. Raises InvalidInput."""
    return members.document({name: it for name, it in properties(**arguments).items() if it is not None})


def _statements(allow: object, only_from: object, authorizer: object) -> list[object]:
    made: list[object] = []
    if allow is not None and authorizer == "CUSTOM_JWT":
        raise InvalidInput(
            "names principals of IAM, and callers of a gateway with CUSTOM_JWT have no IAM identity",
            "Leave it out",
            path="allow",
        )
    if allow is not None:
        made.append(_statement("AllowCallers", "Allow", {"AWS": _listed("allow", allow)}))
    elif authorizer == "CUSTOM_JWT":
        # A token has no IAM identity, so whoever has a valid one is everybody.
        made.append(_statement("AllowCallers", "Allow", "*"))
    if only_from is not None:
        made.append(_statement("DenyOtherNetworks", "Deny", "*") | {"Condition": _elsewhere(only_from)})
    return made


def _statement(sid: str, effect: str, principal: object) -> dict[str, object]:
    return {"Sid": sid, "Effect": effect, "Principal": principal, "Action": INVOKE, "Resource": "*"}


def _elsewhere(networks: object) -> dict[str, object]:
    """The condition that holds for a request from none of the networks."""
    found: dict[str, list[str]] = {}
    for index, network in enumerate(_listed("only_from", networks)):
        key = _key(network)
        if key is None:
            raise InvalidInput(
                f"is {network!r}",
                "Pass the id of a VPC or of a VPC endpoint, or a range of addresses such as 192.0.2.0/24",
                path=f"only_from[{index}]",
            )
        found.setdefault(key, []).append(str(network))
    addresses = found.pop("aws:SourceIp", None)
    texts: dict[str, object] = {"StringNotEquals": found} if found else {}
    return texts | ({"NotIpAddress": {"aws:SourceIp": addresses}} if addresses else {})


def _key(network: object) -> str | None:
    """The condition key that a network is compared with; None for what is not a network."""
    if not isinstance(network, str):
        return None
    for key, form in _NETWORKS.items():
        if form.fullmatch(network):
            return key
    try:
        ip_network(network, strict=False)
    except ValueError:
        return None
    return "aws:SourceIp"


def _listed(name: str, values: object) -> list[object]:
    if isinstance(values, str) or not isinstance(values, (list, tuple)):
        raise InvalidInput(f"is of type {type(values).__name__}", "Pass a list", path=name)
    if not values:
        raise InvalidInput("is an empty list", "Name at least one, or leave it out", path=name)
    return list(values)
