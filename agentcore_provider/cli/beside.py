"""What belongs to no gateway, and commands are about: by its ARN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection


@dataclass(frozen=True)
class Kind:
    """A kind of resource beside gateways."""

    label: str
    """What messages call it."""
    key: str
    """Its key in the stack's configuration, without `agentcore:`."""
    noun: str
    """The name of its class."""
    arn: re.Pattern[str]
    """The form of its ARN: its Region, and what identifies it."""
    named: bool = True
    """Whether a stack has several, by name."""


@dataclass(frozen=True)
class Part:
    """A resource of such a kind."""

    kind: Kind
    arn: str
    region: str
    identifier: str
    """What identifies it in requests."""


_OF_AGENTCORE = r"arn:[^:]+:bedrock-agentcore:(?P<region>[^:]+):[0-9]+:"
REGISTRY = Kind(
    "registry",
    "registries",
    "Registry",
    re.compile(r"arn:[^:]+:agent-registry:(?P<region>[^:]+):[0-9]+:registry/(?P<id>[^/:]+)"),
)
WORKLOAD_IDENTITY = Kind(
    "workload identity",
    "workloadIdentities",
    "WorkloadIdentity",
    re.compile(_OF_AGENTCORE + r"workload-identity-directory/[^/]+/workload-identity/(?P<id>[^/:]+)"),
)
CONFIGURATION_BUNDLE = Kind(
    "configuration bundle",
    "configurationBundles",
    "ConfigurationBundle",
    re.compile(_OF_AGENTCORE + r"configuration-bundle/(?P<id>[^/:]+)"),
)
TOKEN_VAULT_KEY = Kind(
    "token vault key",
    "tokenVaultKey",
    "TokenVaultKey",
    re.compile(_OF_AGENTCORE + r"token-vault/(?P<id>[^/:]+)"),
    named=False,
)
KINDS = (REGISTRY, WORKLOAD_IDENTITY, CONFIGURATION_BUNDLE, TOKEN_VAULT_KEY)


_RECORD = re.compile(rf"(?P<registry>{REGISTRY.arn.pattern})/record/[^/:]+")


def parse(arn: str) -> Part | None:
    """The resource of an ARN; None for an ARN of anything else. Raises InvalidInput for a record, which is part of one."""
    record = _RECORD.fullmatch(arn)
    if record:
        raise InvalidInput("This is the ARN of a record", f"Use that of its registry: {record['registry']}")
    for kind in KINDS:
        found = kind.arn.fullmatch(arn)
        if found:
            return Part(kind, arn, found["region"], found["id"])
    return None


def require_account(connection: Connection, part: Part) -> None:
    """Raise OtherAccount unless the resource is in the account of the credentials: names may be the same in another one."""
    from agentcore_provider.aws import caller

    place = caller.AccountRegion.of_arn(part.arn)
    if place is not None:
        caller.check_account(connection, place, f"The {part.kind.label} {part.identifier}")
