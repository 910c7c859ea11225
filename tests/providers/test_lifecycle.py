"""Promises that every noun keeps."""

from __future__ import annotations

import base64

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.output import UNKNOWN

from agentcore_provider.errors import AgentCoreError, NameTaken
from agentcore_provider.providers.loader import load
from tests.support.world import World

MADE_IN_AWS = [
    "api_key_credential_provider",
    "configuration_bundle",
    "consent_portal",
    "ez_auth",
    "gateway",
    "gateway_rate_limit",
    "gateway_rule",
    "gateway_target",
    "oauth2_credential_provider",
    "policy",
    "policy_engine",
    "registry",
    "registry_record",
    "resource_policy",
    "token_vault_key",
    "workload_identity",
]
NOUNS = (*MADE_IN_AWS, "token_endpoint")


@pytest.mark.parametrize("noun", NOUNS)
def test_state_holds_nothing_of_a_provider_but_its_loader_and_noun(noun: str) -> None:
    """These bytes stand in users' state: if they change, existing stacks cannot be refreshed or destroyed."""
    stored = base64.b64decode(serialize_provider(load(noun)))
    assert b"agentcore_provider.providers.loader" in stored
    assert noun.encode() in stored
    assert len(stored) < 100


@pytest.mark.parametrize("noun", MADE_IN_AWS)
class TestEveryNoun:
    def test_check_is_idempotent(self, world: World, noun: str) -> None:
        first = world.checked(noun, world.inputs(noun))
        second = world.provider(noun).check(first, {**world.inputs(noun), "__context": first["__context"]})
        generated = first["__context"]["generated"]
        assert {it: second.inputs[it] for it in generated} == {it: first[it] for it in generated}

    def test_what_was_just_made_differs_in_nothing(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, world.inputs(noun))
        assert world.provider(noun).diff(identifier, outputs, checked).changes is False

    def test_reading_back_what_was_made_shows_no_drift(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, world.inputs(noun))
        read = world.provider(noun).read(identifier, outputs)
        assert world.provider(noun).diff(identifier, read.outs, checked).changes is False
        assert {it: read.inputs[it] for it in checked if not it.startswith("__")} == {
            it: value for it, value in checked.items() if not it.startswith("__")
        }

    def test_a_create_that_was_interrupted_is_carried_on_with(self, world: World, noun: str) -> None:
        identifier, _, checked = world.made(noun, world.inputs(noun))
        assert world.provider(noun).create(checked).id == identifier

    def test_gone_is_an_answer_and_deleting_twice_is_fine(self, world: World, noun: str) -> None:
        identifier, outputs, _ = world.made(noun, world.inputs(noun))
        provider = world.provider(noun)
        provider.delete(identifier, outputs)
        assert provider.read(identifier, outputs).id == ""
        provider.delete(identifier, outputs)

    def test_getting_what_is_not_there_is_an_error(self, world: World, noun: str) -> None:
        rule_id = "11111111-2222-3333-4444-555555555555"
        engine = "arn:aws:bedrock-agentcore:us-west-2:123456789012:policy-engine/nothere-abcdefghij"
        missing = {
            "ez_auth": "us-west-2_nothere",
            "gateway": "nothere-abcdefghij",
            "gateway_rule": f"nothere-abcdefghij/{rule_id}",
            "policy": f"{engine}/policy/nothere-abcdefghij",
            "policy_engine": engine,
            "configuration_bundle": "arn:aws:bedrock-agentcore:us-west-2:123456789012:configuration-bundle/nothere-abcdefghij",
            "registry": "arn:aws:agent-registry:us-west-2:123456789012:registry/notHere12345",
            "registry_record": "arn:aws:agent-registry:us-west-2:123456789012:registry/notHere12345/record/notHere12345",
            "consent_portal": "arn:aws:bedrock-agentcore:us-west-2:123456789012:consent-portal/nothere-abcdefghij",
            "token_vault_key": "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/nothere",
            "resource_policy": "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/nothere-abcdefghij",
        }.get(noun, "nothere-abcdefghij/ABCDEFGHIJ")
        with pytest.raises(AgentCoreError, match=r"does not exist"):
            world.provider(noun).read(missing, {})


@pytest.mark.parametrize("noun", ["gateway", "gateway_target"])
def test_what_somebody_else_made_is_left_alone_unless_adopted(world: World, noun: str) -> None:
    inputs = {**world.inputs(noun), "name": f"theirs-{noun.replace('_', '-')}"}
    identifier, _, _ = world.made(noun, inputs)
    mine = {**inputs, "description": "mine", **world.context(noun)}
    with pytest.raises(NameTaken, match=r"was not made by this resource.*adopt"):
        world.provider(noun).create(world.checked(noun, mine))
    adopting = {**mine, "__context": {**mine["__context"], "adopt": True}}
    adopted, outputs, _ = world.made(noun, adopting)
    assert (adopted, outputs["description"]) == (identifier, "mine")


def test_what_is_not_known_yet_is_neither_judged_nor_touched(world: World) -> None:
    result = world.provider("gateway").check({}, {**world.gateway(), "role_arn": UNKNOWN, "tags": UNKNOWN})
    assert result.failures == []
    assert result.inputs["role_arn"] is UNKNOWN


def test_every_problem_is_reported_at_once_with_its_path(world: World) -> None:
    wrong = world.gateway(role_arn="not an arn", description="", authorizer_type="CUSTOM_JWT")
    wrong["protocol_configuration"] = {"mcp": {"searchTyp": "SEMANTIC"}}
    wrong["__context"]["problems"] = ["found by the program"]
    result = world.provider("gateway").check({}, wrong)
    paths = [failure.reason.split(":")[0] for failure in result.failures]
    assert {"found by the program", "role_arn", "description", "authorizer_configuration"} <= set(paths)
    assert any(path.startswith("protocol_configuration.mcp") for path in paths)
    # Naming the property would print its value, even a secret one.
    assert {failure.property for failure in result.failures} == {""}


class TestGateway:
    def test_a_kind_of_sign_in_cannot_change_in_place(self, world: World) -> None:
        identifier, outputs, checked = world.made("gateway", world.gateway())
        changed = {**checked, "authorizer_type": "AWS_IAM"}
        result = world.provider("gateway").diff(identifier, outputs, changed)
        assert (result.changes, result.replaces) == (True, ["authorizer_type"])
        assert result.delete_before_replace is False, "its generated name changes with it: both can stand side by side"

    def test_a_given_name_is_freed_before_its_replacement_takes_it(self, world: World) -> None:
        identifier, outputs, checked = world.made("gateway", world.gateway(name="given-name"))
        changed = {**checked, "authorizer_type": "AWS_IAM"}
        assert world.provider("gateway").diff(identifier, outputs, changed).delete_before_replace is True

    def test_an_update_sends_back_what_somebody_else_set(self, world: World) -> None:
        identifier, outputs, checked = world.made("gateway", world.gateway())
        control = world.client("bedrock-agentcore-control")
        observed = control.get_gateway(gatewayIdentifier=identifier)
        members = ("name", "description", "roleArn", "protocolType", "protocolConfiguration", "authorizerType")
        control.update_gateway(
            gatewayIdentifier=identifier, exceptionLevel="DEBUG", **{it: observed[it] for it in members}
        )
        world.provider("gateway").update(identifier, outputs, {**checked, "description": "another"})
        observed = control.get_gateway(gatewayIdentifier=identifier)
        assert (observed["exceptionLevel"], observed["description"]) == ("DEBUG", "another")

    def test_what_the_program_dropped_is_reset(self, world: World) -> None:
        identifier, outputs, checked = world.made("gateway", world.gateway())
        del checked["description"]
        checked["tags"] = {}
        world.provider("gateway").update(identifier, outputs, checked)
        read = world.provider("gateway").read(identifier, outputs)
        assert read.outs.get("description") is None
        assert "tags" not in read.inputs or read.inputs["tags"] == {}

    def test_a_change_behind_our_back_shows_as_drift(self, world: World) -> None:
        identifier, outputs, checked = world.made("gateway", world.gateway())
        world.provider("gateway").update(identifier, outputs, {**checked, "description": "changed by hand"})
        read = world.provider("gateway").read(identifier, outputs)
        assert read.inputs["description"] == "changed by hand"
        assert world.provider("gateway").diff(identifier, read.outs, checked).changes is True

    def test_a_gateway_that_fails_is_removed_and_says_why(self, world: World) -> None:
        world.fault(operation="CreateGateway", kind="fail", reason="no capacity today")
        checked = world.checked("gateway", world.gateway())
        with pytest.raises(AgentCoreError, match=r"the gateway failed and was removed again: no capacity today"):
            world.provider("gateway").create(checked)
        names = [
            item["name"] for item in world.client("bedrock-agentcore-control").list_gateways(maxResults=1000)["items"]
        ]
        assert checked["name"] not in names

    def test_targets_of_somebody_else_keep_a_gateway_and_are_named(self, world: World) -> None:
        identifier, outputs, _ = world.made("gateway", world.gateway())
        world.made("gateway_target", world.target(identifier, name="theirs"))
        with pytest.raises(AgentCoreError, match=r"still has targets: theirs \(.*delete-gateway-target"):
            world.provider("gateway").delete(identifier, outputs)


class TestGatewayTarget:
    def test_renaming_updates_in_place_and_another_gateway_replaces(self, world: World) -> None:
        gateway_id, _, _ = world.made("gateway", world.gateway())
        identifier, outputs, checked = world.made("gateway_target", world.target(gateway_id))
        provider = world.provider("gateway_target")
        renamed = {**checked, "name": "renamed"}
        assert provider.diff(identifier, outputs, renamed).replaces == []
        updated = provider.update(identifier, outputs, renamed)
        assert [(it["name"], it["description"]) for it in updated.outs["tools"]] == [
            ("renamed___find_order", "Find an order")
        ]
        moved = {**checked, "gateway_identifier": UNKNOWN}
        assert provider.diff(identifier, outputs, moved).replaces == ["gateway_identifier"]

    def test_the_order_of_tools_is_not_a_change(self, world: World) -> None:
        gateway_id, _, _ = world.made("gateway", world.gateway())
        target = world.target(gateway_id)
        schema = target["target_configuration"]["mcp"]["lambda"]["toolSchema"]
        other = {**schema["inlinePayload"][0], "name": "other"}
        schema["inlinePayload"] = [*schema["inlinePayload"], other]
        identifier, outputs, checked = world.made("gateway_target", target)
        turned = {**checked, "target_configuration": {"mcp": {"lambda": {"lambdaArn": world.function_arn}}}}
        turned["target_configuration"]["mcp"]["lambda"]["toolSchema"] = {
            "inlinePayload": list(reversed(schema["inlinePayload"]))
        }
        assert world.provider("gateway_target").diff(identifier, outputs, turned).changes is False


class TestEzAuth:
    def test_its_token_endpoint_issues_a_token(self, world: World) -> None:
        _, outputs, _ = world.made("ez_auth", world.ez_auth())
        members = ("client_id", "client_secret", "scope")
        inputs = {
            "url": outputs["issuing_endpoint"],
            **{it: outputs[it] for it in members},
            **world.context("token_endpoint"),
        }
        assert world.provider("token_endpoint").create(inputs).outs["url"] == outputs["issuing_endpoint"]

    def test_scopes_and_validity_and_tags_and_domain_change_in_place(self, world: World) -> None:
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        changed = {
            **checked,
            "scopes": ["read", "write"],
            "access_token_validity_seconds": 600.0,
            "tags": {"team": "other"},
            "domain_prefix": f"moved-{checked['domain_prefix']}",
        }
        provider = world.provider("ez_auth")
        assert provider.diff(identifier, outputs, changed).replaces == []
        updated = provider.update(identifier, outputs, changed).outs
        assert updated["client_id"] == outputs["client_id"]
        read = provider.read(identifier, updated)
        assert provider.diff(identifier, read.outs, changed).changes is False
        assert updated["scope"] == f"{checked['name']}/read {checked['name']}/write"

    def test_a_domain_that_somebody_else_has_is_refused_and_the_pool_removed(self, world: World) -> None:
        _, theirs, _ = world.made("ez_auth", world.ez_auth())
        checked = world.checked("ez_auth", world.ez_auth(domain_prefix=theirs["domain_prefix"]))
        with pytest.raises(NameTaken, match=r"belongs to another user pool.*another domain_prefix"):
            world.provider("ez_auth").create(checked)
        pools = world.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        assert checked["name"] not in [pool["Name"] for pool in pools]

    @pytest.mark.parametrize("account", ["this", "another"])
    def test_a_move_to_a_domain_that_somebody_else_has_leaves_the_old_one(self, world: World, account: str) -> None:
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        wanted = f"theirs-{checked['domain_prefix']}"
        if account == "this":
            _, theirs, _ = world.made("ez_auth", world.ez_auth())
            wanted = theirs["domain_prefix"]
        else:
            reason = "Domain already associated with another user pool."
            refused = {"status": 400, "code": "InvalidParameterException", "reason": reason}
            world.fault(operation="CreateUserPoolDomain", kind="status", **refused)
        provider = world.provider("ez_auth")
        with pytest.raises(NameTaken, match=rf"{wanted} belongs to another user pool"):
            provider.update(identifier, outputs, {**checked, "domain_prefix": wanted})
        assert provider.read(identifier, outputs).outs["domain_prefix"] == checked["domain_prefix"]

    @pytest.mark.parametrize("scopes", [[], ["openid"], ["aws.cognito.signin.user.admin"]])
    def test_scopes_that_the_client_lost_are_drift_and_come_back(self, world: World, scopes: list[str]) -> None:
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        client = {"UserPoolId": identifier, "ClientId": outputs["client_id"]}
        world.client("cognito-idp").update_user_pool_client(**client, AllowedOAuthScopes=scopes)
        provider = world.provider("ez_auth")
        read = provider.read(identifier, outputs)
        assert provider.diff(identifier, read.outs, checked).changes is True
        updated = provider.update(identifier, read.outs, checked).outs
        assert updated["scope"] == outputs["scope"]
        assert provider.diff(identifier, provider.read(identifier, updated).outs, checked).changes is False

    def test_a_part_that_is_missing_is_drift_and_comes_back(self, world: World) -> None:
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        world.client("cognito-idp").delete_user_pool_domain(Domain=outputs["domain_prefix"], UserPoolId=identifier)
        provider = world.provider("ez_auth")
        read = provider.read(identifier, outputs)
        assert provider.diff(identifier, read.outs, checked).changes is True
        assert provider.update(identifier, read.outs, checked).outs["domain_prefix"] == checked["domain_prefix"]
