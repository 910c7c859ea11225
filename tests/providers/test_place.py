"""A resource belongs to the Region and account it was made in, whatever the stack says later."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from agentcore_provider.errors import OtherAccount
from agentcore_provider.providers.loader import load
from tests.support.world import World

MADE_IN_AWS = ["api_key_credential_provider", "ez_auth", "gateway", "gateway_target", "oauth2_credential_provider"]
ELSEWHERE = "eu-west-1"


def inputs_of(world: World, noun: str) -> dict[str, Any]:
    if noun != "gateway_target":
        inputs: dict[str, Any] = getattr(world, noun)()
        return inputs
    gateway_id, outputs, _ = world.made("gateway", world.gateway())
    return world.target(gateway_id, outputs["__context"]["owner"])


def configured(world: World, noun: str, **config: str) -> Any:
    """The provider of a stack with another configuration than the one that made everything."""
    provider = load(noun)
    settings = {"aws:region": "us-west-2", "agentcore:endpointUrl": world.endpoint}
    provider.configure(ConfigureRequest(Config(settings | {f"aws:{it}": value for it, value in config.items()}, "p")))
    return provider


def of_another_account(world: World, noun: str) -> Any:
    role = {"roleArn": "arn:aws:iam::210987654321:role/deployer"}
    return configured(world, noun, assumeRoles=json.dumps([role]))


@pytest.mark.parametrize("noun", MADE_IN_AWS)
class TestEveryNoun:
    def test_a_stack_that_moves_to_another_region_replaces(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        result = configured(world, noun, region=ELSEWHERE).diff(identifier, outputs, checked)
        assert (result.changes, result.replaces, result.delete_before_replace) == (True, ["region"], False)

    def test_a_region_not_known_yet_is_not_a_change(self, world: World, noun: str) -> None:
        from pulumi.output import UNKNOWN

        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        news = {**checked, "__context": {**checked["__context"], "region": UNKNOWN}}
        assert configured(world, noun, region=ELSEWHERE).diff(identifier, outputs, news).changes is False

    def test_it_is_read_updated_and_deleted_where_it_is(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        provider = configured(world, noun, region=ELSEWHERE)
        assert provider.read(identifier, outputs).id == identifier
        assert provider.update(identifier, outputs, checked).outs["__managed"] == outputs["__managed"]
        provider.delete(identifier, outputs)
        assert world.provider(noun).read(identifier, outputs).id == ""

    def test_the_credentials_of_another_account_touch_nothing(self, world: World, noun: str) -> None:
        """There AWS would answer "not found", which passes for deleted."""
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        provider = of_another_account(world, noun)
        report = r"belongs to AWS account 123456789012, .* belong to 210987654321. Sign in to account 123456789012"
        for attempt in (
            lambda: provider.read(identifier, outputs),
            lambda: provider.update(identifier, outputs, checked),
            lambda: provider.delete(identifier, outputs),
        ):
            with pytest.raises(OtherAccount, match=report):
                attempt()
        assert world.provider(noun).read(identifier, outputs).id == identifier

    def test_no_change_asks_nothing_of_aws(self, world: World, noun: str) -> None:
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        world.forget_requests()
        provider = configured(world, noun)
        again = provider.check(checked, checked).inputs
        assert provider.diff(identifier, outputs, again).changes is False
        assert world.requests() == []


OTHER = "210987654321"
KEYS_AND_SIGN_INS = ["api_key_credential_provider", "ez_auth", "oauth2_credential_provider"]


def signed_in(inputs: dict[str, Any], **access: Any) -> dict[str, Any]:
    """The same inputs with a Region or a sign-in of their own."""
    return {**inputs, "__context": {**inputs["__context"], **access}}


def roles(account: str = OTHER, name: str = "deployer") -> list[dict[str, str]]:
    return [{"roleArn": f"arn:aws:iam::{account}:role/{name}"}]


@pytest.mark.parametrize("noun", KEYS_AND_SIGN_INS)
class TestASignInOfItsOwn:
    def test_it_goes_to_the_account_of_its_role(self, world: World, noun: str) -> None:
        """It is read, updated and deleted there too, by what the state has of it alone."""
        inputs = signed_in(inputs_of(world, noun), assume_roles=roles(), region=ELSEWHERE)
        identifier, outputs, checked = world.made(noun, inputs)
        provider = world.provider(noun)
        assert f":{ELSEWHERE}:{OTHER}:" in outputs[provider.arn]
        assert provider.diff(identifier, outputs, checked).changes is False
        assert provider.read(identifier, outputs).id == identifier
        provider.update(identifier, outputs, checked)
        provider.delete(identifier, outputs)
        assert provider.read(identifier, outputs).id == ""

    def test_a_role_of_another_account_replaces(self, world: World, noun: str) -> None:
        """The account follows from the role; the old resource is deleted by the old sign-in. A domain of Cognito is unique
        over all accounts, so that of a sign-in goes first."""
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        provider, news = world.provider(noun), signed_in(checked, assume_roles=roles())
        world.forget_requests()
        result = provider.diff(identifier, outputs, news)
        assert (result.changes, result.replaces) == (True, ["account"])
        assert result.delete_before_replace is (noun == "ez_auth")
        assert world.requests() == []
        if result.delete_before_replace:
            provider.delete(identifier, outputs)
        replacement = provider.create(provider.check({}, news).inputs)
        provider.delete(identifier, outputs)
        assert provider.read(replacement.id, replacement.outs).id == replacement.id
        assert provider.read(identifier, outputs).id == ""

    def test_another_role_of_the_same_account_is_kept_in_state(self, world: World, noun: str) -> None:
        """Refresh and delete sign in by what the state has."""
        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        news = signed_in(checked, assume_roles=roles("123456789012"))
        provider = world.provider(noun)
        result = provider.diff(identifier, outputs, news)
        assert (result.changes, result.replaces) == (True, [])
        updated = provider.update(identifier, outputs, news).outs
        assert updated["__context"]["assume_roles"] == roles("123456789012")
        assert provider.diff(identifier, updated, news).changes is False

    def test_a_role_not_known_yet_is_not_a_change(self, world: World, noun: str) -> None:
        from pulumi.output import UNKNOWN

        identifier, outputs, checked = world.made(noun, inputs_of(world, noun))
        news = signed_in(checked, assume_roles=[{"roleArn": UNKNOWN}], profile=UNKNOWN, account=UNKNOWN)
        assert world.provider(noun).diff(identifier, outputs, news).changes is False


def test_a_sign_in_that_is_the_stacks_is_not_a_change(world: World) -> None:
    """A program may name what the stack names already."""
    identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
    provider = configured(world, "ez_auth", assumeRoles=json.dumps(roles("123456789012")))
    news = signed_in(checked, assume_roles=roles("123456789012"))
    assert provider.diff(identifier, outputs, news).changes is False


def test_a_role_of_the_stack_gives_way_to_that_of_the_resource(world: World) -> None:
    """It is not assumed first."""
    provider = configured(world, "ez_auth", assumeRoles=json.dumps(roles("111111111111")))
    made = provider.create(provider.check({}, signed_in(world.ez_auth(), assume_roles=roles())).inputs)
    assert f":{OTHER}:" in made.outs["user_pool_arn"]
    assert provider.read(made.id, made.outs).id == made.id


@pytest.fixture
def profiles(world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS profiles of this machine: one names its account, one leaves it to AWS."""
    base = f"endpoint_url = {world.endpoint}\naws_access_key_id = local\naws_secret_access_key = local\n"
    role = "arn:aws:iam::210987654321:role/deployer"
    text = f"[profile base]\n{base}[profile unasked]\n{base}[profile other]\n{base}role_arn = {role}\nsource_profile = base\n"
    file = tmp_path / "config"
    file.write_text(text)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", world.endpoint)


@pytest.mark.usefixtures("profiles")
class TestAProfile:
    def test_its_account_counts(self, world: World) -> None:
        inputs = signed_in(world.ez_auth(), profile="other", region=ELSEWHERE)
        identifier, outputs, checked = world.made("ez_auth", inputs)
        assert f":{ELSEWHERE}:{OTHER}:" in outputs["user_pool_arn"]
        provider = world.provider("ez_auth")
        assert provider.diff(identifier, outputs, checked).changes is False
        assert provider.read(identifier, outputs).id == identifier
        assert provider.diff(identifier, outputs, signed_in(checked, profile="base")).replaces == ["account"]
        provider.delete(identifier, outputs)

    def test_aws_is_asked_once_where_nothing_names_the_account(self, world: World) -> None:
        """GetCallerIdentity, which needs no permission, and only after a change."""
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        provider = world.provider("ez_auth")
        world.forget_requests()
        for _ in range(2):
            result = provider.diff(identifier, outputs, signed_in(checked, profile="base"))
            assert (result.changes, result.replaces) == (True, [])
        assert len(world.requests()) <= 1

    def test_an_account_that_cannot_be_asked_replaces_nothing(self, world: World) -> None:
        """An account that is not known does not delete anything: the update that follows reports it, and nothing is lost."""
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        provider = world.provider("ez_auth")
        world.fault(operation="GetCallerIdentity", kind="status", status=403, code="AccessDenied", reason="No", times=9)
        # A sign-in that no other test has, so that its account was never asked.
        result = provider.diff(identifier, outputs, signed_in(checked, profile="unasked"))
        assert (result.changes, result.replaces) == (True, [])

    def test_one_that_does_not_exist_is_reported_at_preview(self, world: World) -> None:
        result = world.provider("ez_auth").check({}, signed_in(world.ez_auth(), profile="nobody"))
        assert [it.reason.partition(".")[0] for it in result.failures] == [
            "profile: this machine has no AWS profile 'nobody'"
        ]


def test_a_region_that_does_not_exist_is_reported_at_preview(world: World) -> None:
    result = world.provider("gateway").check({}, signed_in(world.gateway(), region="us-west2"))
    assert [it.reason.partition(". ")[0] for it in result.failures] == ["region: 'us-west2' is not a Region of AWS"]


def test_a_role_of_another_account_is_reported_before_the_gateway_is_made(world: World) -> None:
    result = world.provider("gateway").check({}, signed_in(world.gateway(), assume_roles=roles()))
    (failure,) = result.failures
    assert "role_arn: is a role of account 123456789012, and the gateway goes to account 210987654321" in failure.reason


class TestTheAccountOfAnAwsProvider:
    """Its roles cannot be read, so the account that it signs in to is compared."""

    def test_another_account_is_refused_at_preview(self, world: World) -> None:
        provider, news = world.provider("ez_auth"), signed_in(world.ez_auth(), account=OTHER)
        (failure,) = provider.check({}, news).failures
        assert (
            f"the aws.Provider deploys to account {OTHER}, and this resource would go to 123456789012" in failure.reason
        )
        assert "Pass profile= or assume_role=" in failure.reason

    def test_another_account_is_not_written_to(self, world: World) -> None:
        """Where the account becomes known only when everything is deployed."""
        news = signed_in(world.checked("ez_auth", world.ez_auth()), account=OTHER)
        with pytest.raises(OtherAccount, match=f"belongs to AWS account {OTHER}"):
            world.provider("ez_auth").create(news)

    def test_the_same_account_is_fine_and_no_change(self, world: World) -> None:
        identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
        provider, news = world.provider("ez_auth"), signed_in(checked, account="123456789012")
        assert provider.check(checked, news).failures == []
        assert provider.diff(identifier, outputs, news).changes is False

    def test_nothing_is_asked_again_without_a_change(self, world: World) -> None:
        inputs = signed_in(world.checked("ez_auth", world.ez_auth()), account=OTHER)
        world.forget_requests()
        assert world.provider("ez_auth").check(inputs, inputs).failures == []
        assert world.requests() == []


@pytest.mark.parametrize("noun", ["ez_auth", "api_key_credential_provider"])
def test_an_id_that_names_its_region_is_read_there(world: World, noun: str) -> None:
    identifier, _, _ = world.made(noun, inputs_of(world, noun))
    assert configured(world, noun, region=ELSEWHERE).read(identifier, {}).id == identifier


def test_the_region_of_an_aws_provider_counts_before_the_stacks(world: World) -> None:
    inputs = world.gateway()
    inputs["__context"]["region"] = ELSEWHERE
    identifier, outputs, checked = world.made("gateway", inputs)
    assert f":{ELSEWHERE}:" in outputs["gateway_arn"]
    assert world.provider("gateway").diff(identifier, outputs, checked).changes is False
    world.provider("gateway").delete(identifier, outputs)
    assert world.provider("gateway").read(identifier, outputs).id == ""


def test_a_resource_keeps_the_mark_that_the_state_holds(world: World) -> None:
    """Also in a replacement under the old name, which would otherwise meet a other owner's resource."""
    identifier, outputs, checked = world.made("gateway", world.gateway())
    beside = {"__context": {**checked["__context"], "owner": "a mark made in another way"}}
    provider = world.provider("gateway")
    again = provider.check(checked, {**world.gateway(), **beside}).inputs
    assert again["__context"]["owner"] == checked["__context"]["owner"]
    assert provider.diff(identifier, outputs, again).changes is False
    replacement = provider.check({}, {**world.gateway(), **beside}).inputs
    assert provider.create(replacement).id == identifier
