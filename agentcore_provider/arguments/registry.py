"""Registries: the properties of the resource, and with them CreateRegistry's input, from the arguments of `Registry`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.arguments import gateway, members
from agentcore_provider.arguments.gateway import Authorizer
from agentcore_provider.arguments.members import Properties


def properties(
    *,
    authorizer: Authorizer | str = "AWS_IAM",
    auto_approve: object = False,
    kms_key_arn: object = None,
    more: Mapping[str, object] | None = None,
    **others: object,
) -> Properties:
    """The properties of a registry, those that are None included.

    Args:
        authorizer: Who may search it: a record, or a type without configuration.
        auto_approve: Whether what is submitted is approved without a curator.
        kms_key_arn: KMS key of its records.
        more: Members of the API without an argument.
        others: Further members by property name.
    """
    kind, configuration = gateway.authorizer(authorizer)
    return {
        "discovery_configuration": {
            "authorizerType": kind,
            **({"authorizerConfiguration": configuration} if configuration else {}),
        },
        "approval_configuration": {"autoApprovalRules": ["APPROVE_ALL"] if auto_approve is True else []},
        "encryption_configuration": None if kms_key_arn is None else {"kmsKeyArn": kms_key_arn},
        **others,
        **members.further(more),
    }


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """CreateRegistry's input. arguments: those of `properties`."""
    return members.document({name: it for name, it in properties(**arguments).items() if it is not None})
