"""What `agentcore show` displays of what belongs to no gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentcore_provider.cli import beside
from agentcore_provider.cli.beside import Part
from agentcore_provider.cli.gateway import describe_sign_in
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection


@dataclass(frozen=True)
class ShownRecord:
    """A record of a registry."""

    name: str
    line: str
    """What it is of, in words."""
    status: str
    status_reasons: Sequence[str] = ()
    description: str = ""


@dataclass(frozen=True)
class ShownPart:
    """A resource beside gateways."""

    kind: str
    name: str
    arn: str
    status: str = ""
    """Empty where AWS gives it none."""
    status_reasons: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else is known of it, by what that is."""
    records: Sequence[ShownRecord] = ()


def gather(connection: Connection, part: Part) -> ShownPart:
    """Ask AWS for all of it. Raises InvalidInput where it does not exist, OtherAccount and AwsRefused."""
    beside.require_account(connection, part)
    read = {
        beside.REGISTRY: _registry,
        beside.WORKLOAD_IDENTITY: _workload_identity,
        beside.CONFIGURATION_BUNDLE: _configuration_bundle,
        beside.TOKEN_VAULT_KEY: _token_vault_key,
    }
    found = read[part.kind](connection, part)
    if found is None:
        raise InvalidInput(f"There is no {part.kind.label} {part.identifier} in {part.region}", "Check the ARN")
    return found


def _registry(connection: Connection, part: Part) -> ShownPart | None:
    from agentcore_provider.aws import registry, registry_record

    found = registry.find(connection, part.identifier)
    if found is None:
        return None
    discovery = found["discovery_configuration"]
    jwt = (discovery.get("authorizerConfiguration") or {}).get("customJWTAuthorizer") or {}
    automatic = (found.get("approval_configuration") or {}).get("autoApprovalRules")
    facts = {
        "description": str(found.get("description") or ""),
        "search": describe_sign_in(str(discovery.get("authorizerType", "")), jwt),
        "approval": "of whatever is submitted" if automatic else "by a curator",
        "key": str((found.get("encryption_configuration") or {}).get("kmsKeyArn") or ""),
    }
    records = sorted(registry_record.list_all(connection, part.identifier), key=lambda it: str(it["name"]))
    return _part(part, found, facts, found["status"], [_record(it) for it in records])


def _record(found: JsonObject) -> ShownRecord:
    parts = (found["record_type"], found.get("record_version"), found.get("display_name"))
    return ShownRecord(
        name=str(found["name"]),
        line=" ".join(str(it) for it in parts if it),
        status=str(found["status"]),
        status_reasons=[str(found["status_reason"])] if found.get("status_reason") else [],
        description=str(found.get("description") or ""),
    )


def _workload_identity(connection: Connection, part: Part) -> ShownPart | None:
    from agentcore_provider.aws import workload_identity

    found = workload_identity.find(connection, part.identifier)
    if found is None:
        return None
    return _part(part, found, {"returns to": ", ".join(found.get(workload_identity.URLS) or ())})


def _configuration_bundle(connection: Connection, part: Part) -> ShownPart | None:
    from agentcore_provider.aws import configuration_bundle

    found = configuration_bundle.find(connection, part.identifier, None)
    if found is None:
        return None
    lineage = found.get("lineage_metadata") or {}
    branch = f" on {lineage['branchName']}" if lineage.get("branchName") else ""
    facts = {
        "description": str(found.get("description") or ""),
        "version": f"{found['version_id']}{branch}",
        "components": ", ".join(found.get("components") or ()),
        "key": str(found.get("kms_key_arn") or ""),
    }
    return _part(part, found, facts)


def _token_vault_key(connection: Connection, part: Part) -> ShownPart:
    from agentcore_provider.aws import token_vault_key

    found = token_vault_key.find(connection, part.identifier)
    key = "AWS's own" if found is None else str(found["kms_key_arn"])
    return _part(part, {"name": part.identifier}, {"key": key})


def _part(
    part: Part, found: JsonObject, facts: Mapping[str, str], status: object = "", records: Sequence[ShownRecord] = ()
) -> ShownPart:
    reason = found.get("status_reason")
    shown = {it: value for it, value in facts.items() if value}
    reasons = [str(reason)] if reason else []
    return ShownPart(part.kind.label, str(found["name"]), part.arn, str(status), reasons, shown, records)
