"""A workload identity and the key of the token vault in a program, under the real engine."""

from __future__ import annotations

from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def clerk() -> None:
    """An agent's identity and a key; URL is where people are sent back to."""
    import pulumi

    from agentcore_provider import TokenVaultKey, WorkloadIdentity

    identity = WorkloadIdentity("clerk", allowed_resource_oauth2_return_urls=[URL])  # type: ignore[name-defined]  # noqa: F821
    key = TokenVaultKey("vault", kms_key_arn=KEY)  # type: ignore[name-defined]  # noqa: F821
    pulumi.export("name", identity.name)
    pulumi.export("read", WorkloadIdentity.get("read", identity.id).allowed_resource_oauth2_return_urls)
    pulumi.export("vault", key.token_vault_arn)


def test_both_live_as_other_resources_do(stack: Stack) -> None:
    """Made, changed in place, found by a refresh, and set back by a destroy."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    keys = [f"arn:aws:kms:us-west-2:123456789012:key/{it * 8}-2222-3333-4444-555555555555" for it in "12"]
    run_instead(stack, clerk, URL="https://one.example.com", KEY=keys[0])
    stack.up()
    assert stack.outputs()["vault"] == "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default"
    assert control.get_token_vault()["kmsConfiguration"]["kmsKeyArn"] == keys[0]
    assert set(stack.up().changes) == {"same"}

    run_instead(stack, clerk, URL="https://two.example.com", KEY=keys[1])
    assert stack.up().changes["update"] == 2
    assert control.get_token_vault()["kmsConfiguration"]["kmsKeyArn"] == keys[1]
    name = stack.outputs()["name"]
    assert control.get_workload_identity(name=name)["allowedResourceOauth2ReturnUrls"] == ["https://two.example.com"]

    control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    stack.refresh()
    assert stack.up().changes["create"] == 1
    stack.destroy()
    assert control.get_token_vault()["kmsConfiguration"] == {"keyType": "ServiceManagedKey"}
    assert name not in [it["name"] for it in control.list_workload_identities()["workloadIdentities"]]


def prompted() -> None:
    """A bundle and a rule that follows it; PROMPT is what it holds."""
    import pulumi

    from agentcore_provider import ConfigurationBundle, Gateway, GatewayRole, GatewayRule

    bundle = ConfigurationBundle("prompts", components={"clerk": {"configuration": {"prompt": PROMPT, "n": 3}}})  # type: ignore[name-defined]  # noqa: F821
    gateway = Gateway("desk", role_arn=GatewayRole("desk"), authorizer="AWS_IAM", protocol_type=None)
    GatewayRule("prompts", gateway=gateway, priority=10, configuration_bundle=bundle)
    pulumi.export("bundle", bundle.bundle_id)


def test_a_rule_follows_the_versions_of_a_bundle(stack: Stack) -> None:
    """A change adds a version, and the rule gets it in the same deployment."""
    control = stack.local_aws.client("bedrock-agentcore-control")

    def current() -> tuple[str, str]:
        (gateway,) = control.list_gateways()["items"]
        (rule,) = control.list_gateway_rules(gatewayIdentifier=gateway["gatewayId"])["gatewayRules"]
        override = rule["actions"][0]["configurationBundle"]["staticOverride"]
        found = control.get_configuration_bundle(bundleId=stack.outputs()["bundle"])
        assert (override["bundleArn"], override["bundleVersion"]) == (found["bundleArn"], found["versionId"])
        return found["versionId"], found["components"]["clerk"]["configuration"]["prompt"]

    run_instead(stack, prompted, PROMPT="Be brief.")
    stack.up()
    first = current()
    assert set(stack.up().changes) == {"same"}
    run_instead(stack, prompted, PROMPT="Be polite.")
    assert stack.up().changes["update"] == 2
    assert current()[1] == "Be polite."
    assert current()[0] != first[0]
    stack.destroy()
    assert control.list_configuration_bundles()["bundles"] == []
