"""What AWS has, asked of AWS itself, and whether it is what the state and the program say."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError
from miniature_engine import Declared, MiniatureEngine, Program
from simulated_aws import REGION, SimulatedAws

OWNER = "agentcore:owner"
BY_HAND = "by hand"
"""Key of a tag that no program gives: it stays."""
CONTROL = "bedrock-agentcore-control"
REGISTRIES = "agent-registry-control"
_SECRETS = ("api_key", "oauth2_provider_config_input")
_OF_THE_PACKAGE = ("tools", "synchronize_on", "validation_mode", "approval")


class Inventory:
    """Everything in AWS that a program of ours may have made, by the id that a state would know it by."""

    def __init__(self, aws: SimulatedAws) -> None:
        control, cognito = aws.client(CONTROL), aws.client("cognito-idp")
        self.found: dict[str, dict[str, Any]] = {}
        gateways = [
            control.get_gateway(gatewayIdentifier=it["gatewayId"])
            for it in control.list_gateways(maxResults=1000)["items"]
        ]
        for gateway in gateways:
            place = {"gatewayIdentifier": gateway["gatewayId"]}
            self.found[gateway["gatewayId"]] = gateway | {"tags": _tags(control, gateway["gatewayArn"])}
            for item in control.list_gateway_targets(**place, maxResults=100)["items"]:
                target = control.get_gateway_target(**place, targetId=item["targetId"])
                self.found[f"{gateway['gatewayId']}/{item['targetId']}"] = target
            for item in control.list_gateway_rules(**place)["gatewayRules"]:
                rule = control.get_gateway_rule(**place, ruleId=item["ruleId"])
                self.found[f"{gateway['gatewayId']}/{item['ruleId']}"] = rule
            for item in control.list_gateway_rate_limits(**place)["rateLimits"]:
                self.found[f"{gateway['gatewayId']}/{item['rateLimitId']}"] = item
            policy = _resource_policy(control, gateway["gatewayArn"])
            if policy is not None:
                self.found[gateway["gatewayArn"]] = {"resourceArn": gateway["gatewayArn"], "policy": policy}
        for kind in ("api_key", "oauth2"):
            for item in getattr(control, f"list_{kind}_credential_providers")()["credentialProviders"]:
                arn = item["credentialProviderArn"]
                described = getattr(control, f"get_{kind}_credential_provider")(name=item["name"])
                self.found[arn] = described | {"tags": _tags(control, arn)}
        for item in _pools(cognito):
            self.found[item["Id"]] = _sign_in(cognito, item["Id"])
        self._find_policies(control)
        self._find_bundles(control)
        self._find_portals(control)
        self._find_registries(aws.client(REGISTRIES))
        listed = control.list_workload_identities()["workloadIdentities"]
        # A gateway's own has the name that is its id; with any other name it is a program's.
        self.identities = {it["name"] for it in listed}
        own = {it["gatewayId"] for it in gateways}
        for name in self.identities - own:
            identity = control.get_workload_identity(name=name)
            arn = identity["workloadIdentityArn"]
            self.found[arn] = identity | {"tags": _tags(control, arn)}
        self.identities &= own
        vault = control.get_token_vault()
        if key := vault["kmsConfiguration"].get("kmsKeyArn"):
            arn = f"arn:aws:bedrock-agentcore:{REGION}:123456789012:token-vault/{vault['tokenVaultId']}"
            self.found[arn] = {"kmsKeyArn": key}
        self.secrets = _secrets(aws)

    def _find_policies(self, control: Any) -> None:
        for engine in control.list_policy_engines(maxResults=100)["policyEngines"]:
            arn = engine["policyEngineArn"]
            self.found[arn] = engine | {"tags": _tags(control, arn)}
            for item in control.list_policies(policyEngineId=engine["policyEngineId"], maxResults=100)["policies"]:
                self.found[item["policyArn"]] = item

    def _find_portals(self, control: Any) -> None:
        for item in control.list_consent_portals(maxResults=100)["consentPortals"]:
            portal, arn = (
                control.get_consent_portal(consentPortalIdentifier=item["consentPortalId"]),
                item["consentPortalArn"],
            )
            (source,) = portal["sources"]
            gateway = {"gatewayIdentifier": source["identifier"].rpartition("/")[2]}
            self.found[arn] = portal | portal["idpConfig"] | gateway | {"tags": _tags(control, arn)}

    def _find_bundles(self, control: Any) -> None:
        for item in control.list_configuration_bundles(maxResults=100)["bundles"]:
            bundle, arn = control.get_configuration_bundle(bundleId=item["bundleId"]), item["bundleArn"]
            self.found[arn] = bundle | {"name": bundle["bundleName"], "tags": _tags(control, arn)}

    def _find_registries(self, registries: Any) -> None:
        for item in registries.list_registries(maxResults=100)["registries"]:
            one, arn = {"registryId": item["registryId"]}, item["registryArn"]
            self.found[arn] = registries.get_registry(**one) | {"tags": _tags(registries, arn)}
            for summary in registries.list_registry_records(**one)["registryRecords"]:
                record, arn = registries.get_registry_record(**one, recordId=summary["recordId"]), summary["recordArn"]
                self.found[arn] = record | one | {"tags": _tags(registries, arn)}

    def orphans(self) -> list[str]:
        """What the service keeps beside gateways and credential providers, and that nothing there belongs to."""
        gateways = {it for it, found in self.found.items() if "gatewayUrl" in found}
        used = {
            found[member]["secretArn"]
            for found in self.found.values()
            for member in ("apiKeySecretArn", "clientSecretArn")
            if member in found
        }
        return sorted((self.identities ^ gateways) | (self.secrets ^ used))


def empty(aws: SimulatedAws) -> None:
    """Remove everything by hand."""
    control, cognito = aws.client(CONTROL), aws.client("cognito-idp")
    for portal in control.list_consent_portals(maxResults=100)["consentPortals"]:
        control.delete_consent_portal(consentPortalIdentifier=portal["consentPortalId"])
    _empty_registries(aws.client(REGISTRIES))
    for gateway in control.list_gateways(maxResults=1000)["items"]:
        place = {"gatewayIdentifier": gateway["gatewayId"]}
        aws.clock.time += 1000
        for target in control.list_gateway_targets(**place)["items"]:
            control.delete_gateway_target(**place, targetId=target["targetId"])
        aws.clock.time += 1000
        control.delete_gateway(**place)
    aws.clock.time += 1000
    for engine in control.list_policy_engines(maxResults=100)["policyEngines"]:
        place = {"policyEngineId": engine["policyEngineId"]}
        for policy in control.list_policies(**place, maxResults=100)["policies"]:
            control.delete_policy(**place, policyId=policy["policyId"])
        aws.clock.time += 1000
        control.delete_policy_engine(**place)
    aws.clock.time += 1000
    for bundle in control.list_configuration_bundles(maxResults=100)["bundles"]:
        control.delete_configuration_bundle(bundleId=bundle["bundleId"])
    for identity in control.list_workload_identities()["workloadIdentities"]:
        control.delete_workload_identity(name=identity["name"])
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    for kind in ("api_key", "oauth2"):
        for item in getattr(control, f"list_{kind}_credential_providers")()["credentialProviders"]:
            getattr(control, f"delete_{kind}_credential_provider")(name=item["name"])
    for item in _pools(cognito):
        domain = cognito.describe_user_pool(UserPoolId=item["Id"])["UserPool"].get("Domain")
        if domain:
            cognito.delete_user_pool_domain(Domain=domain, UserPoolId=item["Id"])
        cognito.delete_user_pool(UserPoolId=item["Id"])
    for arn in _secrets(aws):
        aws.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def _empty_registries(registries: Any) -> None:
    for registry in registries.list_registries(maxResults=100)["registries"]:
        registries.delete_registry(registryId=registry["registryId"])


def _secrets(aws: SimulatedAws) -> set[str]:
    """ARNs of the secrets that the service keeps for credential providers."""
    pages = aws.client("secretsmanager").get_paginator("list_secrets").paginate()
    listed = [it for page in pages for it in page["SecretList"]]
    return {it["ARN"] for it in listed if it["Name"].startswith("bedrock-agentcore-identity!")}


def differences(engine: MiniatureEngine, program: Program) -> list[str]:
    """Where AWS, the state and the program say different things; nothing when they agree."""
    there = Inventory(engine.aws)
    known = {it.id: it for it in engine.state if it.noun != "token_endpoint"}
    found = [f"only in AWS: {it}" for it in there.found.keys() - known.keys()]
    found += [f"only in the state: {known[it].name} {it}" for it in known.keys() - there.found.keys()]
    found += [f"left over, or missing: {it}" for it in there.orphans()]
    declared = [it.name for it in program]
    in_state = [it.name for it in engine.state]
    if sorted(declared) != sorted(in_state):
        return [*found, f"the program declares {declared}, the state has {in_state}"]
    for one in program:
        entry = engine.entry(one.name)
        if entry.id in there.found:
            found += [f"{one.name}: {it}" for it in _unlike(engine, one, there.found[entry.id])]
        for name, value in entry.outputs.items():
            if name in entry.inputs and not name.startswith("__") and value != entry.inputs[name]:
                found.append(f"{one.name}: the state's output {name} is {value!r}, its input {entry.inputs[name]!r}")
    return found


def _unlike(engine: MiniatureEngine, declared: Declared, aws: Mapping[str, Any]) -> Iterator[str]:
    entry = engine.entry(declared.name)
    wanted = {name: value for name, value in entry.inputs.items() if not name.startswith("__")}
    if declared.noun == "ez_auth":
        yield from _unlike_sign_in(wanted, aws, entry.outputs)
        return
    if aws.get("status") not in ("READY", "ACTIVE", "APPROVED", None):
        yield f"is {aws['status']} in AWS"
    if "tags" in aws:
        own = {key: value for key, value in aws["tags"].items() if key != OWNER}
        own.pop(BY_HAND, None)
        if own != wanted.pop("tags", {}):
            yield f"AWS has the tags {own}"
        if aws["tags"].get(OWNER) != f"owner of {declared.name}":
            yield f"AWS has the owner {aws['tags'].get(OWNER)}"
    for name in _SECRETS:
        secret = _secret_of(wanted.pop(name, None))
        if secret is not None and secret != _stored_secret(entry.id):
            yield "AWS has another secret"
    if "description" not in wanted and aws.get("description"):
        yield f"AWS has the description {aws['description']!r}"
    for name, value in wanted.items():
        if name == "gateway_identifier" and "gatewayIdentifier" not in aws:
            if not entry.id.startswith(f"{value}/"):
                yield f"hangs on {entry.id}"
        elif name not in _OF_THE_PACKAGE and not _within(value, aws.get(_member(name))):
            yield f"the program says {name}={value!r}, AWS {aws.get(_member(name))!r}"


def _unlike_sign_in(wanted: Mapping[str, Any], aws: Mapping[str, Any], outputs: Mapping[str, Any]) -> Iterator[str]:
    identifier = wanted["resource_server_identifier"]
    scopes = sorted(wanted["scopes"])
    expected = {
        "name": wanted["name"],
        "domain": wanted["domain_prefix"],
        "servers": [(identifier, scopes)],
        "clients": [
            (
                wanted["name"],
                sorted(f"{identifier}/{scope}" for scope in scopes),
                wanted["access_token_validity_seconds"],
                outputs["client_id"],
                outputs["client_secret"],
            )
        ],
        "tags": wanted.get("tags", {}),
    }
    for name, value in expected.items():
        if aws[name] != value:
            yield f"{name} should be {value!r}, AWS has {aws[name]!r}"


def _pools(cognito: Any) -> list[dict[str, Any]]:
    pages = cognito.get_paginator("list_user_pools").paginate(MaxResults=60)
    return [it for page in pages for it in page["UserPools"]]


def _sign_in(cognito: Any, pool_id: str) -> dict[str, Any]:
    pool = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    clients = [
        cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=it["ClientId"])["UserPoolClient"]
        for it in cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
    ]
    servers = cognito.list_resource_servers(UserPoolId=pool_id, MaxResults=50)["ResourceServers"]
    return {
        "name": pool["Name"],
        "domain": pool.get("Domain"),
        "servers": [(it["Identifier"], sorted(scope["ScopeName"] for scope in it["Scopes"])) for it in servers],
        "clients": [
            (
                it["ClientName"],
                sorted(it.get("AllowedOAuthScopes", [])),
                it["AccessTokenValidity"],
                it["ClientId"],
                it["ClientSecret"],
            )
            for it in clients
        ],
        "tags": {key: value for key, value in pool.get("UserPoolTags", {}).items() if key != OWNER},
    }


def _tags(control: Any, arn: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    with contextlib.suppress(ClientError):
        tags = control.list_tags_for_resource(resourceArn=arn)["tags"]
    return tags


def _resource_policy(control: Any, arn: str) -> Any:
    try:
        return json.loads(control.get_resource_policy(resourceArn=arn)["policy"])
    except control.exceptions.ResourceNotFoundException:
        return None


def _secret_of(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return next((str(it["clientSecret"]) for it in value.values()), None)
    return value


def _stored_secret(arn: str) -> str | None:
    """The secret that the service hands to targets."""
    from agentcore_provider.local import store

    if "/apikeycredentialprovider/" in arn:
        return store.api_key(arn)
    client = store.oauth2_client(arn)
    return client and client.client_secret


def _member(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(it.capitalize() for it in others)


def _within(wanted: Any, shown: Any) -> bool:
    """Whether AWS shows everything that is wanted; it may show more members."""
    if isinstance(wanted, Mapping):
        return isinstance(shown, Mapping) and all(_within(value, shown.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(shown, list) and len(wanted) == len(shown) and all(map(_within, wanted, shown))
    return bool(wanted == shown)
