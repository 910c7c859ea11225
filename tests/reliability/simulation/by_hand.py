"""What people do to AWS behind Pulumi's back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from inventory import BY_HAND
from miniature_engine import Entry, MiniatureEngine
from programs import TOOLS, Ground

ByHand = Callable[[MiniatureEngine], None]


def on(change: Callable[[MiniatureEngine, Entry], None], resource: str) -> ByHand:
    """A change of one resource."""
    return lambda engine: change(engine, engine.entry(resource))


def changes_of(engine: MiniatureEngine) -> dict[str, Callable[[], None]]:
    """Everything that can be done to what the state has, by name. Each leaves what it does not concern in working order."""
    by_noun: dict[str, list[Callable[[MiniatureEngine, Entry], None]]] = {
        "gateway": [change_gateway, remove_gateway, tag_gateway],
        "gateway_target": [change_target, remove_target],
        "ez_auth": [remove_pool, remove_domain, remove_client, remove_server],
        "api_key_credential_provider": [remove_key],
        "oauth2_credential_provider": [remove_login],
        "gateway_rule": [change_rule, remove_rule],
        "gateway_rate_limit": [change_rate_limit, remove_rate_limit],
        "consent_portal": [remove_portal],
        "policy_engine": [remove_engine],
        "policy": [change_policy, remove_policy],
        "resource_policy": [remove_resource_policy],
        "workload_identity": [remove_identity],
        "configuration_bundle": [remove_bundle],
        "registry": [remove_registry],
        "registry_record": [change_record, remove_record],
    }
    found: dict[str, Callable[[], None]] = {}
    for entry in engine.state:
        if not entry.gone and not entry.replaced:
            for change in by_noun.get(entry.noun, ()):
                found[f"{change.__name__} {entry.name}"] = partial(_if_there, change, engine, entry)
    return found


def _if_there(change: Callable[[MiniatureEngine, Entry], None], engine: MiniatureEngine, entry: Entry) -> None:
    """Nobody changes what somebody removed before."""
    from botocore.exceptions import ClientError

    try:
        change(engine, entry)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("ResourceNotFoundException", "InvalidParameterException"):
            raise


def control(engine: MiniatureEngine) -> Any:
    return engine.aws.client("bedrock-agentcore-control")


def cognito(engine: MiniatureEngine) -> Any:
    return engine.aws.client("cognito-idp")


def change_gateway(engine: MiniatureEngine, entry: Entry) -> None:
    observed = control(engine).get_gateway(gatewayIdentifier=entry.id)
    takes = ("name", "roleArn", "protocolType", "protocolConfiguration", "authorizerType", "authorizerConfiguration")
    document = {it: observed[it] for it in takes if it in observed}
    control(engine).update_gateway(gatewayIdentifier=entry.id, **document | {"description": "changed by hand"})
    engine.aws.clock.sleep(60)


def tag_gateway(engine: MiniatureEngine, entry: Entry) -> None:
    """Another value of a tag that the program gives, or a tag of one's own where it gives none."""
    key = next(iter(entry.inputs.get("tags") or ()), BY_HAND)
    control(engine).tag_resource(resourceArn=entry.outputs["gateway_arn"], tags={key: "changed by hand"})


def remove_gateway(engine: MiniatureEngine, entry: Entry) -> None:
    for item in control(engine).list_gateway_targets(gatewayIdentifier=entry.id)["items"]:
        control(engine).delete_gateway_target(gatewayIdentifier=entry.id, targetId=item["targetId"])
    engine.aws.clock.sleep(60)
    control(engine).delete_gateway(gatewayIdentifier=entry.id)
    engine.aws.clock.sleep(60)


def change_target(engine: MiniatureEngine, entry: Entry) -> None:
    gateway, _, target = entry.id.partition("/")
    place = {"gatewayIdentifier": gateway, "targetId": target}
    observed = control(engine).get_gateway_target(**place)
    takes = ("name", "targetConfiguration", "credentialProviderConfigurations")
    document = {it: observed[it] for it in takes if observed.get(it)}
    control(engine).update_gateway_target(**place, **document | {"description": "changed by hand"})
    engine.aws.clock.sleep(60)


def remove_target(engine: MiniatureEngine, entry: Entry) -> None:
    gateway, _, target = entry.id.partition("/")
    control(engine).delete_gateway_target(gatewayIdentifier=gateway, targetId=target)
    engine.aws.clock.sleep(60)


def _rule(entry: Entry) -> dict[str, str]:
    gateway, _, rule = entry.id.partition("/")
    return {"gatewayIdentifier": gateway, "ruleId": rule}


def change_rule(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).update_gateway_rule(**_rule(entry), description="changed by hand")
    engine.aws.clock.sleep(60)


def remove_rule(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_gateway_rule(**_rule(entry))
    engine.aws.clock.sleep(60)


def _rate_limit(entry: Entry) -> dict[str, str]:
    gateway, _, limit = entry.id.partition("/")
    return {"gatewayIdentifier": gateway, "rateLimitId": limit}


def change_rate_limit(engine: MiniatureEngine, entry: Entry) -> None:
    entries = [{**entry.inputs["entries"][0], "requests": [{"rate": 7.0, "period": "minute"}]}]
    control(engine).update_gateway_rate_limit(**_rate_limit(entry), entries=entries)
    engine.aws.clock.sleep(60)


def remove_rate_limit(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_gateway_rate_limit(**_rate_limit(entry))
    engine.aws.clock.sleep(60)


def remove_portal(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_consent_portal(consentPortalIdentifier=entry.outputs["consent_portal_id"])
    engine.aws.clock.sleep(60)


def remove_key(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_api_key_credential_provider(name=entry.outputs["name"])


def remove_login(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_oauth2_credential_provider(name=entry.outputs["name"])


def remove_resource_policy(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_resource_policy(resourceArn=entry.id)


def _policy(entry: Entry) -> dict[str, str]:
    return {"policyEngineId": entry.outputs["policy_engine_id"], "policyId": entry.outputs["policy_id"]}


def change_policy(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).update_policy(**_policy(entry), enforcementMode="LOG_ONLY")
    engine.aws.clock.sleep(60)


def remove_policy(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_policy(**_policy(entry))
    engine.aws.clock.sleep(60)


def remove_engine(engine: MiniatureEngine, entry: Entry) -> None:
    place = {"policyEngineId": entry.outputs["policy_engine_id"]}
    for item in control(engine).list_policies(**place, maxResults=100)["policies"]:
        control(engine).delete_policy(**place, policyId=item["policyId"])
    engine.aws.clock.sleep(60)
    control(engine).delete_policy_engine(**place)
    engine.aws.clock.sleep(60)


def remove_identity(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_workload_identity(name=entry.outputs["name"])


def remove_bundle(engine: MiniatureEngine, entry: Entry) -> None:
    control(engine).delete_configuration_bundle(bundleId=entry.outputs["bundle_id"])
    engine.aws.clock.sleep(60)


def registries(engine: MiniatureEngine) -> Any:
    return engine.aws.client("agent-registry-control")


def remove_registry(engine: MiniatureEngine, entry: Entry) -> None:
    registries(engine).delete_registry(registryId=entry.outputs["registry_id"])
    engine.aws.clock.sleep(60)


def _record(entry: Entry) -> dict[str, str]:
    return {"registryId": entry.outputs["registry_id"], "recordId": entry.outputs["record_id"]}


def change_record(engine: MiniatureEngine, entry: Entry) -> None:
    server = {"mcpServer": {"optionalValue": {"data": {"optionalValue": '{"name": "com.example/by-hand"}'}}}}
    registries(engine).update_registry_record(**_record(entry), descriptors={"optionalValue": server})
    engine.aws.clock.sleep(60)


def remove_record(engine: MiniatureEngine, entry: Entry) -> None:
    registries(engine).delete_registry_record(**_record(entry))
    engine.aws.clock.sleep(60)


def set_vault_key(key: str | None) -> ByHand:
    """Another key for the token vault; None for AWS's own."""
    configuration = (
        {"keyType": "ServiceManagedKey"} if key is None else {"keyType": "CustomerManagedKey", "kmsKeyArn": key}
    )
    return lambda engine: control(engine).set_token_vault_cmk(kmsConfiguration=configuration)


def make_engine(engine: MiniatureEngine) -> None:
    control(engine).create_policy_engine(name="theirs", description="made by hand")
    engine.aws.clock.sleep(60)


def make_identity(engine: MiniatureEngine) -> None:
    control(engine).create_workload_identity(name="theirs")


def remove_domain(engine: MiniatureEngine, entry: Entry) -> None:
    domain = cognito(engine).describe_user_pool(UserPoolId=entry.id)["UserPool"].get("Domain")
    if domain:
        cognito(engine).delete_user_pool_domain(Domain=domain, UserPoolId=entry.id)


def remove_pool(engine: MiniatureEngine, entry: Entry) -> None:
    remove_domain(engine, entry)
    cognito(engine).delete_user_pool(UserPoolId=entry.id)


def remove_client(engine: MiniatureEngine, entry: Entry) -> None:
    for item in cognito(engine).list_user_pool_clients(UserPoolId=entry.id, MaxResults=60)["UserPoolClients"]:
        cognito(engine).delete_user_pool_client(UserPoolId=entry.id, ClientId=item["ClientId"])


def remove_server(engine: MiniatureEngine, entry: Entry) -> None:
    # Local AWS does not list the resource servers of a pool that is gone.
    cognito(engine).describe_user_pool(UserPoolId=entry.id)
    for item in cognito(engine).list_resource_servers(UserPoolId=entry.id, MaxResults=50)["ResourceServers"]:
        cognito(engine).delete_resource_server(UserPoolId=entry.id, Identifier=item["Identifier"])


def make_gateway(g: Ground) -> ByHand:
    def make(engine: MiniatureEngine) -> None:
        control(engine).create_gateway(
            name="theirs",
            roleArn=g.role_arn,
            authorizerType="NONE",
            protocolType="MCP",
            protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
            description="made by hand",
        )
        engine.aws.clock.sleep(60)

    return make


def make_key(engine: MiniatureEngine) -> None:
    control(engine).create_api_key_credential_provider(name="theirs", apiKey="sk-theirs")


def make_oauth2(engine: MiniatureEngine) -> None:
    discovery = {"discoveryUrl": "https://other.example.com/.well-known/openid-configuration"}
    custom = {"oauthDiscovery": discovery, "clientId": "theirs", "clientSecret": "theirs"}
    control(engine).create_oauth2_credential_provider(
        name="theirs",
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": custom},
    )


def make_target(g: Ground) -> ByHand:
    def make(engine: MiniatureEngine) -> None:
        tools = {"inlinePayload": [{**TOOLS[0], "name": "theirs"}]}
        control(engine).create_gateway_target(
            gatewayIdentifier=engine.entry("shop").id,
            name="theirs",
            targetConfiguration={"mcp": {"lambda": {"lambdaArn": g.function_arn, "toolSchema": tools}}},
            credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
        )
        engine.aws.clock.sleep(60)

    return make
