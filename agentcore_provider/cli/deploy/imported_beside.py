"""What belongs to no gateway, as it is in AWS, in the keys of a stack file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentcore_provider.cli import beside
from agentcore_provider.cli.beside import Part
from agentcore_provider.cli.terminal import say
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection

# Arguments that a stack file has in another form.
_OTHERWISE = ("tags", "registry_id")
# Statuses of records that no deployment can change, or that failed.
_FINAL = ("DEPRECATED", "CREATE_FAILED", "UPDATE_FAILED")


def described(connection: Connection, part: Part) -> JsonDict | None:
    """The keys of a stack file that describe a resource; None if there is none.

    Raises InvalidInput where none could, and OtherAccount.
    """
    beside.require_account(connection, part)
    read = {
        beside.REGISTRY: _registry,
        beside.WORKLOAD_IDENTITY: _workload_identity,
        beside.CONFIGURATION_BUNDLE: _configuration_bundle,
        beside.TOKEN_VAULT_KEY: _token_vault_key,
    }
    return read[part.kind](connection, part.arn, part.identifier)


def owner(connection: Connection, part: Part) -> str | None:
    """The owner tag of a resource; None without one. The token vault is of the whole account."""
    from agentcore_provider.aws import tags
    from agentcore_provider.aws.operation import OWNER_TAG

    return None if part.kind is beside.TOKEN_VAULT_KEY else tags.read(connection, part.arn).get(OWNER_TAG)


def without_adopt(described: JsonObject) -> JsonDict:
    """The change of a description after its deployment: otherwise it might adopt something else of that name later."""
    records = {it: {"adopt": None} for it in described.get("records", {})}
    return {"adopt": None, **({"records": records} if records else {})}


def _workload_identity(connection: Connection, arn: str, name: str) -> JsonDict | None:
    from agentcore_provider.aws import gateway as gateways
    from agentcore_provider.aws import workload_identity
    from agentcore_provider.resources.workload_identity import WorkloadIdentity
    from agentcore_provider.rules import gateway_address

    if gateway_address.is_id(name) and gateways.find(connection, name) is not None:
        raise InvalidInput(
            f"{name} is the identity of the gateway of this id, which AWS deletes with it", "Import the gateway instead"
        )
    found = workload_identity.find(connection, name)
    return found and _members(connection, found, WorkloadIdentity, arn)


def _configuration_bundle(connection: Connection, arn: str, bundle_id: str) -> JsonDict | None:
    from agentcore_provider.aws import configuration_bundle
    from agentcore_provider.resources.configuration_bundle import ConfigurationBundle

    found = configuration_bundle.find(connection, bundle_id, None)
    if found is None:
        return None
    # What was stated of the latest version is not repeated for the next.
    members = _members(connection, found, ConfigurationBundle, arn)
    return {name: it for name, it in members.items() if name not in ("commit_message", "created_by", "branch_name")}


def _token_vault_key(connection: Connection, arn: str, vault_id: str) -> JsonDict | None:
    from agentcore_provider.aws import token_vault_key

    found = token_vault_key.find(connection, vault_id)
    if found is None:
        raise InvalidInput(
            f"Token vault {vault_id} has no key of yours: AWS's own encrypts it", "Set one with a TokenVaultKey"
        )
    other = {} if vault_id == token_vault_key.DEFAULT else {"token_vault_id": vault_id}
    return {"kms_key_arn": found["kms_key_arn"], **other}


def _registry(connection: Connection, arn: str, registry_id: str) -> JsonDict | None:
    from agentcore_provider.aws import registry, registry_record
    from agentcore_provider.cli.deploy import authorizer_flags
    from agentcore_provider.resources.registry import Registry

    found = registry.find(connection, registry_id)
    if found is None:
        return None
    members = _members(connection, found, Registry, arn)
    discovery = found["discovery_configuration"]
    if discovery["authorizerType"] != "AWS_IAM":
        sign_in = {
            "authorizer_type": discovery["authorizerType"],
            "authorizer_configuration": discovery["authorizerConfiguration"],
        }
        members["authorizer"] = authorizer_flags.of_gateway(sign_in)
    if (found.get("approval_configuration") or {}).get("autoApprovalRules"):
        members["auto_approve"] = True
    if found.get("encryption_configuration"):
        members["kms_key_arn"] = found["encryption_configuration"]["kmsKeyArn"]
    records: JsonDict = {}
    for it in registry_record.list_all(connection, registry_id):
        # What AWS detects, it also changes and removes.
        is_detected = it.get("created_by_auto_detection") or it.get("provenance")
        if is_detected or it["status"] in _FINAL:
            say(f"Left out: record {it['name']}, which {'AWS detected' if is_detected else 'is ' + it['status']}")
        else:
            records[key_of(it["name"], [*records])] = _record(connection, it)
    return {**members, **({"records": records} if records else {})}


def _record(connection: Connection, found: JsonObject) -> JsonDict:
    from agentcore_provider.resources.registry_record import RegistryRecord

    members = _members(connection, found, RegistryRecord, found["record_arn"])
    if found["status"] == "DRAFT":
        members["approval"] = "DRAFT"
    return {**members, "adopt": True}


def _members(connection: Connection, found: JsonObject, resource: type, arn: str) -> JsonDict:
    from agentcore_provider.arguments import table
    from agentcore_provider.aws import tags
    from agentcore_provider.aws.operation import OWNER_TAG

    names = [it for it in ("name", *table.arguments(resource)) if it not in _OTHERWISE]
    own = {key: it for key, it in tags.read(connection, arn).items() if key != OWNER_TAG}
    return {**{it: found[it] for it in names if found.get(it)}, **({"tags": own} if own else {})}


def key_of(name: str, others: Sequence[str] = ()) -> str:
    """A key for a resource of this name, which may have what no key has, that none of the others has."""
    key = re.sub(r"[^0-9a-zA-Z]+", "-", name).strip("-")[:100].rstrip("-")
    while key in others:
        key += "-2"
    return key
