"""What a stack file describes beside its gateways, and the consent portal of a gateway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider import stack_config
from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config.beside import DESCRIBED
from agentcore_provider.stack_config.description import described
from agentcore_provider.stack_config.places import source_files

KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
BUNDLE = {"components": {"clerk": {"configuration": {"prompt": "Be brief."}}}}
ISSUER = "https://login.example.com/.well-known/openid-configuration"
CLIENT = {"oauth": {"client_id": "desk", "client_secret": "hidden", "discovery_url": ISSUER}}
PORTAL = {"credential_provider_arn": "people", "execution_role_arn": "arn:aws:iam::123456789012:role/consent"}
DESK = {"authorizer": {"jwt": {"discovery_url": ISSUER, "allowed_audience": ["desk"]}}, "targets": {}}
CUSTOM = {"record_type": "CUSTOM", "descriptors": {"custom": {"data": '{"floor": 2}'}}}
THEIRS = "arn:aws:agent-registry:eu-west-1:123456789012:registry/a1b2c3d4e5f6"
ROUTED: dict[str, Any] = {"authorizer": "aws_iam", "protocol_type": None, "targets": {}}


def problems(folder: Path, **written: Any) -> list[str]:
    """The problems of the file with these keys below `agentcore:`, which is written as JSON."""
    config = {f"agentcore:{key}": value for key, value in written.items()}
    (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}, indent=1))
    files = source_files(folder, "dev", DESCRIBED)
    try:
        described(written, folder=folder, stack="dev", defaults=None, files=files)
    except InvalidInput as error:
        return [str(it) for it in error.problems] if error.problems else [str(error)]
    return []


def portal(members: Any, **gateway: Any) -> dict[str, Any]:
    return {"desk": {**DESK, "credential_providers": {"people": CLIENT}, "consent_portal": members, **gateway}}


@pytest.mark.parametrize(
    "written",
    [
        {"workloadIdentities": {"clerk": {}}},
        {"workloadIdentities": {"clerk": {"name": "clerk.1", "tags": {"a": "b"}, "region": "eu-west-1"}}},
        {"configurationBundles": {"prompts": {**BUNDLE, "commit_message": "First"}}},
        {
            "tokenVaultKey": {
                "kms_key_arn": KEY,
                "region": "us-west-2",
                "assume_role": "arn:aws:iam::123456789012:role/a",
            }
        },
        {
            "configurationBundles": {"prompts": BUNDLE},
            "gateways": {"shop": {**ROUTED, "rules": {"one": {"priority": 1, "configuration_bundle": "prompts"}}}},
        },
        {"registries": {"tools": {"adopt": True, "records": {"printer": {**CUSTOM, "adopt": True}}}}},
        {
            "registries": {
                "tools": {
                    "authorizer": {"jwt": {"discovery_url": ISSUER, "allowed_clients": ["agents"]}},
                    "auto_approve": True,
                    "kms_key_arn": KEY,
                    "records": {"desk": {"gateway": "desk", "approval": "APPROVE"}, "printer": CUSTOM},
                }
            },
            "gateways": {"desk": DESK},
        },
        {"registries": {"theirs": {"registry_id": "a1b2c3d4e5f6", "records": {"printer": CUSTOM}}}},
        {"registries": {"theirs": {"registry_id": THEIRS, "region": "eu-west-1"}}},
        {"gateways": portal(PORTAL)},
        {"gateways": portal({**PORTAL, "credential_provider_arn": "${env:PROVIDER}", "scopes": ["openid", "email"]})},
        {"gateways": {"theirs": {"gateway_id": "theirs-0a1b2c3d4e", "targets": {}, **portal(PORTAL)["desk"]}}},
    ],
)
def test_a_good_description_has_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: Any) -> None:
    """Without gateways too."""
    arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/oauth2credentialprovider/people"
    monkeypatch.setenv("PROVIDER", arn)
    if "theirs" in written.get("gateways", {}):
        del written["gateways"]["theirs"]["authorizer"]
    assert problems(tmp_path, **written) == []


IDENTITY, BUNDLES, VAULT = (
    "agentcore:workloadIdentities.clerk",
    "agentcore:configurationBundles",
    "agentcore:tokenVaultKey",
)
CONSENT = "agentcore:gateways.desk.consent_portal"
TOOLS, RECORDS = "agentcore:registries.tools", "agentcore:registries.tools.records"


@pytest.mark.parametrize(
    ("written", "report"),
    [
        ({"workloadIdentities": []}, "agentcore:workloadIdentities: must be a mapping"),
        ({"workloadIdentities": {"my clerk": {}}}, '.my clerk: "my clerk" is not a name'),
        ({"workloadIdentities": {"clerk": {"nam": "a"}}}, f"{IDENTITY}.nam: unknown key. Did you mean name?"),
        ({"workloadIdentities": {"clerk": {"name": "a b"}}}, f"{IDENTITY}.name: "),
        ({"workloadIdentities": {"clerk": {"name": "clerk", "region": "nowhere!"}}}, f"{IDENTITY}.region: "),
        (
            {"workloadIdentities": {"clerk": {"profile": "a", "assume_role": "b"}}},
            f"{IDENTITY}: has profile and assume_role",
        ),
        ({"configurationBundles": {"prompts": {}}}, f"{BUNDLES}.prompts: components is missing"),
        ({"configurationBundles": {"prompts": {"components": {}}}}, f"{BUNDLES}.prompts.components: is empty"),
        ({"configurationBundles": {"prompts": {"components": {"a": {}}}}}, f"{BUNDLES}.prompts.components.a"),
        ({"registries": {"tools": {"name": "a b"}}}, f"{TOOLS}.name: "),
        ({"registries": {"tools": {"kms_key_arn": "mine"}}}, f"{TOOLS}.kms_key_arn: "),
        ({"registries": {"tools": {"authorizer": "none"}}}, f"{TOOLS}.authorizer: none is not a choice"),
        (
            {"registries": {"tools": {"authorizer": {"jwt": {"discovery_url": "https://a.example.com"}}}}},
            f"{TOOLS}.authorizer.jwt.discovery_url: ",
        ),
        ({"registries": {"tools": {"profile": "a", "assume_role": "b"}}}, f"{TOOLS}: has profile and assume_role"),
        (
            {"registries": {"tools": {"registry_id": "a1b2c3d4e5f6", "auto_approve": True}}},
            f"{TOOLS}.auto_approve: cannot be combined with registry_id: an existing registry only gets records",
        ),
        ({"registries": {"tools": {"registry_id": "tools"}}}, f'{TOOLS}.registry_id: "tools" is not the id or ARN'),
        (
            {"registries": {"tools": {"registry_id": THEIRS, "region": "us-west-2"}}},
            f"{TOOLS}.region: is us-west-2, and registry_id names a registry in eu-west-1",
        ),
        ({"registries": {"tools": {"records": {"desk": {}}}}}, f"{RECORDS}.desk: has neither gateway nor record_type"),
        (
            {"registries": {"tools": {"records": {"desk": {**CUSTOM, "gateway": "desk"}}}}, "gateways": {"desk": DESK}},
            f"{RECORDS}.desk: has gateway and record_type",
        ),
        (
            {"registries": {"tools": {"records": {"desk": {"gateway": "desk"}}}}},
            f"{RECORDS}.desk.gateway: the stack has no gateway desk. Describe it under agentcore:gateways",
        ),
        (
            {"registries": {"tools": {"records": {"desk": {"gateway": "dest"}}}}, "gateways": {"desk": DESK}},
            f"{RECORDS}.desk.gateway: the stack has no gateway dest. Name one of desk",
        ),
        (
            {"registries": {"tools": {"records": {"printer": {"record_type": "CUSTOM"}}}}},
            f"{RECORDS}.printer.descriptors: is required",
        ),
        (
            {"registries": {"tools": {"records": {"printer": {**CUSTOM, "record_type": "SKILL"}}}}},
            f"{RECORDS}.printer.descriptors: has custom, and the record is of the type SKILL",
        ),
        ({"tokenVaultKey": {}}, f"{VAULT}: kms_key_arn is missing"),
        ({"tokenVaultKey": {"kms_key_arn": "alias/a"}}, f'{VAULT}.kms_key_arn: "alias/a" is not the ARN of a KMS key'),
        ({"tokenVaultKey": {"kms_key_arn": KEY, "region": "eu-west-1"}}, f"{VAULT}.kms_key_arn: is in us-west-2"),
        (
            {"gateways": {"shop": {**ROUTED, "rules": {"one": {"priority": 1, "configuration_bundle": "prompts"}}}}},
            "rules.one.configuration_bundle: the stack has no configuration bundle prompts. Describe it under",
        ),
        (
            {"gateways": portal({"execution_role_arn": PORTAL["execution_role_arn"]})},
            f"{CONSENT}: credential_provider_arn is missing",
        ),
        ({"gateways": portal({**PORTAL, "scopes": ["email"]})}, f"{CONSENT}.scopes: does not contain openid"),
        ({"gateways": portal({**PORTAL, "credential_provider_arn": "other"})}, "has no credential provider other"),
        (
            {"gateways": portal(PORTAL, credential_providers={"people": {"api_key": {"key": "hidden"}}})},
            f"{CONSENT}.credential_provider_arn: people is of kind api_key. Name one of kind oauth.",
        ),
        ({"gateways": portal(PORTAL, authorizer="aws_iam")}, f"{CONSENT}: authorizes callers by AWS_IAM"),
        ({"gateways": portal({**PORTAL, "execution_role_arn": "consent"})}, f"{CONSENT}.execution_role_arn: "),
    ],
)
def test_a_problem_is_reported_where_it_is(tmp_path: Path, written: Any, report: str) -> None:
    (found,) = problems(tmp_path, **written)
    assert report in found
    assert found.startswith("Pulumi.dev.yaml:")


def test_problems_of_all_keys_are_reported_at_once(tmp_path: Path) -> None:
    """In the order of the file."""
    found = problems(tmp_path, tokenVaultKey={}, gateways={"shop": {}}, workloadIdentities={"clerk": {"name": "?"}})
    assert [it.split(": ")[1].split(".")[0] for it in found] == [
        "agentcore:tokenVaultKey",
        "agentcore:gateways",
        "agentcore:workloadIdentities",
    ]


def test_all_of_it_reaches_the_resources(declare: Any) -> None:
    """A rule gets the bundle that it names, and a portal the credential provider."""
    rule = {"priority": 1, "configuration_bundle": "prompts"}
    config = {
        "agentcore:workloadIdentities": {"clerk": {"allowed_resource_oauth2_return_urls": ["https://a.example.com"]}},
        "agentcore:configurationBundles": {"prompts": BUNDLE},
        "agentcore:tokenVaultKey": {"kms_key_arn": KEY},
        "agentcore:gateways": {"shop": {**ROUTED, "rules": {"one": rule}}, **portal(PORTAL)},
    }
    declared = declare(lambda: stack_config.outputs(stack_config.deploy()), config=config)
    (identity,) = declared.of("agentcore:WorkloadIdentity").values()
    assert identity["allowed_resource_oauth2_return_urls"] == ["https://a.example.com"]
    assert declared.of("agentcore:TokenVaultKey")["token-vault"]["kms_key_arn"] == KEY
    assert declared.of("agentcore:ConfigurationBundle")["prompts"]["components"] == BUNDLE["components"]
    (made,) = declared.of("agentcore:GatewayRule").values()
    assert list(made["actions"][0]) == ["configurationBundle"]
    (page,) = declared.of("agentcore:ConsentPortal").values()
    assert page["execution_role_arn"] == PORTAL["execution_role_arn"]
    assert page["scopes"] == ["openid"]


def test_records_are_in_their_registry(declare: Any) -> None:
    """One names a gateway of the stack; those of an existing registry are in its Region."""
    config = {
        "agentcore:registries": {
            "tools": {"auto_approve": True, "records": {"desk": {"gateway": "desk", "display_name": "The desk"}}},
            "theirs": {"registry_id": THEIRS, "records": {"printer": {**CUSTOM, "approval": "DRAFT"}}},
        },
        "agentcore:gateways": {"desk": DESK},
    }
    declared = declare(lambda: stack_config.outputs(stack_config.deploy()), config=config)
    (registry,) = declared.of("agentcore:Registry").values()
    assert registry["approval_configuration"] == {"autoApprovalRules": ["APPROVE_ALL"]}
    assert registry["discovery_configuration"] == {"authorizerType": "AWS_IAM"}
    records = declared.of("agentcore:RegistryRecord")
    assert records["tools-desk"]["display_name"] == "The desk"
    assert list(records["tools-desk"]["descriptors"]) == ["mcpServer"]
    assert records["theirs-printer"]["registry_id"] == "a1b2c3d4e5f6"
    assert records["theirs-printer"]["approval"] == "DRAFT"
    assert records["theirs-printer"]["__context"]["region"] == "eu-west-1"


def test_what_is_beside_them_needs_no_gateway(declare: Any) -> None:
    config = {"agentcore:tokenVaultKey": {"kms_key_arn": KEY}}
    declared = declare(lambda: stack_config.outputs(stack_config.deploy()), config=config)
    assert declared.result == {"gateways": {}}
    assert list(declared.of("agentcore:TokenVaultKey")) == ["token-vault"]
