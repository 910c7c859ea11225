"""Promises of API-key and OAuth2 credential providers: secrets rotate in place and never show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from pulumi.output import UNKNOWN

from agentcore_provider.errors import AgentCoreError, AwsRefused, NameTaken
from agentcore_provider.problem import errors
from agentcore_provider.rules import oauth2_credential_provider as rules
from tests.support.world import World

KEY, CLIENT_SECRET = "sk-marker-of-a-key", "marker-of-a-client-secret"
NOUNS = ("api_key_credential_provider", "oauth2_credential_provider")


def rotated(inputs: dict[str, Any], secret: str) -> dict[str, Any]:
    """The same inputs with another secret."""
    return json.loads(json.dumps(inputs).replace(KEY, secret).replace(CLIENT_SECRET, secret))  # type: ignore[no-any-return]


def stored_secret(world: World, arn: str) -> str | None:
    """The secret that local AWS hands out for a provider."""
    from agentcore_provider.local import store

    if "/apikeycredentialprovider/" in arn:
        return store.api_key(arn)
    client = store.oauth2_client(arn)
    return client and client.client_secret


@pytest.mark.parametrize("noun", NOUNS)
class TestBoth:
    def test_a_new_secret_updates_in_place_and_reaches_aws(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, getattr(world, noun)())
        provider, changed = world.provider(noun), rotated(checked, "rotated-secret")
        found = provider.diff(identifier, outputs, changed)
        assert (found.changes, found.replaces) == (True, [])
        updated = provider.update(identifier, outputs, changed).outs
        assert stored_secret(world, identifier) == "rotated-secret"
        assert provider.diff(identifier, updated, changed).changes is False
        arns = ("credential_provider_arn", "api_key_secret_arn", "client_secret_arn")
        assert {it: updated.get(it) for it in arns} == {it: outputs.get(it) for it in arns}

    def test_the_secret_stands_in_its_own_input_and_nowhere_else(self, world: World, noun: str) -> None:
        """Pulumi encrypts what stands under the key of a secret input; anywhere else it would be in clear."""
        identifier, outputs, _ = world.made(noun, getattr(world, noun)())
        read = world.provider(noun).read(identifier, outputs)
        for stored in (outputs, read.outs):
            beside = {
                it: value for it, value in stored.items() if it not in ("api_key", "oauth2_provider_config_input")
            }
            assert KEY not in json.dumps(beside)
            assert CLIENT_SECRET not in json.dumps(beside)
        assert "marker" not in identifier

    def test_a_provider_that_is_only_read_shows_no_secret(self, world: World, noun: str) -> None:
        identifier, _, _ = world.made(noun, getattr(world, noun)())
        read = world.provider(noun).read(identifier, {})
        assert read.outs["credential_provider_arn"] == identifier
        assert "marker" not in json.dumps(read.outs)

    def test_its_id_is_its_arn_and_its_secret_lies_in_the_vault(self, world: World, noun: str) -> None:
        identifier, outputs, _ = world.made(noun, getattr(world, noun)())
        assert identifier == outputs["credential_provider_arn"]
        (secret_arn,) = (outputs[it] for it in ("api_key_secret_arn", "client_secret_arn") if it in outputs)
        folder = "apikey" if noun.startswith("api") else "oauth2"
        assert f":secret:bedrock-agentcore-identity!default/{folder}/{outputs['name']}-" in secret_arn

    def test_a_change_of_tags_leaves_the_secret_alone(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, getattr(world, noun)())
        world.forget_requests()
        changed = {**checked, "tags": {"team": "other"}}
        world.provider(noun).update(identifier, outputs, changed)
        assert not [it for it in world.requests() if it.startswith("Update")]
        assert world.provider(noun).read(identifier, outputs).inputs["tags"] == {"team": "other"}

    def test_what_somebody_else_made_is_left_alone_unless_adopted(self, world: World, noun: str) -> None:
        inputs = {**getattr(world, noun)(), "name": f"theirs_{noun}"}
        identifier, _, _ = world.made(noun, inputs)
        mine = rotated({**inputs, **world.context(noun)}, "mine-rotated")
        with pytest.raises(NameTaken, match=r"was not made by this resource.*adopt"):
            world.provider(noun).create(world.checked(noun, mine))
        assert stored_secret(world, identifier) != "mine-rotated"
        adopted, _, _ = world.made(noun, {**mine, "__context": {**mine["__context"], "adopt": True}})
        assert (adopted, stored_secret(world, identifier)) == (identifier, "mine-rotated")

    def test_a_lost_answer_makes_no_second_one(self, world: World, noun: str) -> None:
        operation = "CreateApiKeyCredentialProvider" if noun.startswith("api") else "CreateOauth2CredentialProvider"
        world.fault(operation=operation, kind="drop")
        identifier, outputs, _ = world.made(noun, getattr(world, noun)())
        assert identifier.endswith(f"/{outputs['name']}")

    def test_another_name_replaces(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, getattr(world, noun)())
        found = world.provider(noun).diff(identifier, outputs, {**checked, "name": "another"})
        assert found.replaces == ["name"]

    def test_a_secret_that_aws_repeats_in_a_refusal_is_not_shown(self, world: World, noun: str) -> None:
        name = "Api" if noun.startswith("api") else "Oauth2"
        operation = "CreateApiKeyCredentialProvider" if name == "Api" else "CreateOauth2CredentialProvider"
        reason = f"{KEY} and {CLIENT_SECRET} are too weak"
        world.fault(operation=operation, kind="status", status=400, code="ValidationException", reason=reason, times=9)
        with pytest.raises(AwsRefused) as refused:
            world.made(noun, getattr(world, noun)())
        own = KEY if name == "Api" else CLIENT_SECRET
        assert own not in str(refused.value)


def test_a_key_of_ones_own_in_secrets_manager_is_pointed_to(world: World) -> None:
    world.client("secretsmanager").create_secret(Name="own/key", SecretString=json.dumps({"key": "from-outside"}))
    inputs = world.api_key_credential_provider(api_key_secret_config={"secretId": "own/key", "jsonKey": "key"})
    del inputs["api_key"]
    identifier, outputs, checked = world.made("api_key_credential_provider", inputs)
    assert outputs["api_key_secret_source"] == "EXTERNAL"
    assert stored_secret(world, identifier) == "from-outside"
    provider = world.provider("api_key_credential_provider")
    read = provider.read(identifier, outputs)
    assert provider.diff(identifier, read.outs, checked).changes is False


def test_a_client_secret_of_ones_own_in_secrets_manager_is_pointed_to(world: World) -> None:
    world.client("secretsmanager").create_secret(Name="own/client", SecretString=json.dumps({"s": "from-outside"}))
    github = {"clientId": "client", "clientSecretConfig": {"secretId": "own/client", "jsonKey": "s"}}
    inputs = world.oauth2_credential_provider(
        credential_provider_vendor="GithubOauth2",
        oauth2_provider_config_input={"githubOauth2ProviderConfig": github},
    )
    identifier, outputs, checked = world.made("oauth2_credential_provider", inputs)
    assert (outputs["client_secret_source"], stored_secret(world, identifier)) == ("EXTERNAL", "from-outside")
    provider = world.provider("oauth2_credential_provider")
    assert provider.diff(identifier, provider.read(identifier, outputs).outs, checked).changes is False


def test_what_is_checked_here_and_what_local_aws_takes_agree_on_every_vendor(world: World) -> None:
    control = world.client("bedrock-agentcore-control")
    discovery = {"oauthDiscovery": {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"}}
    exchange = {"onBehalfOfTokenExchangeConfig": {"grantType": "TOKEN_EXCHANGE"}}
    contents = [
        *(
            (vendor, {"clientSecret": "s", **(discovery if vendor == "CustomOauth2" else {})})
            for vendor in rules.vendors()
        ),
        ("CustomOauth2", {**discovery, **exchange}),
        ("CustomOauth2", {**discovery, "clientAuthenticationMethod": "AWS_IAM_ID_TOKEN_JWT"}),
        ("GithubOauth2", {}),
        ("CustomOauth2", {"clientSecret": "s"}),
    ]
    for number, (vendor, content) in enumerate(contents):
        document = {
            "name": f"vendor-{number}",
            "credentialProviderVendor": vendor,
            "oauth2ProviderConfigInput": {rules.config_member(vendor): {"clientId": "c", **content}},
        }
        refused = bool(errors(rules.validate(document)))
        try:
            control.create_oauth2_credential_provider(**document)
            taken = True
        except (ClientError, ParamValidationError):
            taken = False
        assert taken is not refused, document


def test_a_client_changed_behind_our_back_shows_as_drift(world: World) -> None:
    identifier, outputs, checked = world.made("oauth2_credential_provider", world.oauth2_credential_provider())
    custom = checked["oauth2_provider_config_input"]["customOauth2ProviderConfig"]
    world.client("bedrock-agentcore-control").update_oauth2_credential_provider(
        name=outputs["name"],
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": {**custom, "clientId": "changed by hand"}},
    )
    provider = world.provider("oauth2_credential_provider")
    read = provider.read(identifier, outputs)
    shown = read.inputs["oauth2_provider_config_input"]["customOauth2ProviderConfig"]
    assert (shown["clientId"], shown["clientSecret"]) == ("changed by hand", CLIENT_SECRET)
    assert provider.diff(identifier, read.outs, checked).changes is True


def test_another_vendor_replaces_under_another_name(world: World) -> None:
    noun = "oauth2_credential_provider"
    identifier, outputs, checked = world.made(noun, world.oauth2_credential_provider())
    provider = world.provider(noun)
    okta = {"includedOauth2ProviderConfig": {"clientId": "c", "clientSecret": "s", "issuer": "https://a.example.com"}}
    other = {**checked, "credential_provider_vendor": "OktaOauth2", "oauth2_provider_config_input": okta}
    found = provider.diff(identifier, outputs, other)
    assert (found.replaces, found.delete_before_replace) == (["credential_provider_vendor"], False)
    del other["name"]
    replacement, outputs, checked = world.made(noun, other)
    assert replacement != identifier
    read = provider.read(replacement, outputs)
    assert provider.diff(replacement, read.outs, checked).changes is False


def test_a_vendor_not_known_yet_makes_the_name_not_known_yet(world: World) -> None:
    inputs = world.oauth2_credential_provider(credential_provider_vendor=UNKNOWN)
    result = world.provider("oauth2_credential_provider").check({}, inputs)
    assert (result.failures, result.inputs["name"]) == ([], UNKNOWN)


def test_problems_are_reported_by_the_names_of_the_program_and_without_the_secret(world: World) -> None:
    inputs = world.oauth2_credential_provider(name="not a name", credential_provider_vendor="GithubOauth2")
    result = world.provider("oauth2_credential_provider").check({}, inputs)
    reasons = [failure.reason for failure in result.failures]
    paths = {reason.split(":")[0] for reason in reasons}
    assert {"name", "oauth2_provider_config_input.customOauth2ProviderConfig"} <= paths
    wrong = world.provider("api_key_credential_provider").check({}, world.api_key_credential_provider(api_key=[KEY]))
    assert len(wrong.failures) == 1
    assert "marker" not in str([*reasons, *(failure.reason for failure in wrong.failures)])


def test_a_provider_that_is_gone_cannot_be_updated_and_says_how_to_make_it_again(world: World) -> None:
    identifier, outputs, checked = world.made("api_key_credential_provider", world.api_key_credential_provider())
    provider = world.provider("api_key_credential_provider")
    provider.delete(identifier, outputs)
    with pytest.raises(AgentCoreError, match=r"is gone\. Run `pulumi up --refresh`"):
        provider.update(identifier, outputs, rotated(checked, "rotated"))
