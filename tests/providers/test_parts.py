"""Parts that somebody removed by hand, or a killed destroy: a refresh shows them gone, an update makes them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentcore_provider.aws.operation import OWNER_TAG
from agentcore_provider.errors import NotSignedIn
from tests.support.world import World

Outputs = dict[str, Any]


def _domain(cognito: Any, made: Outputs) -> None:
    cognito.delete_user_pool_domain(UserPoolId=made["user_pool_id"], Domain=made["domain_prefix"])


def _resource_server(cognito: Any, made: Outputs) -> None:
    cognito.delete_resource_server(UserPoolId=made["user_pool_id"], Identifier=made["resource_server_identifier"])


def _client(cognito: Any, made: Outputs) -> None:
    cognito.delete_user_pool_client(UserPoolId=made["user_pool_id"], ClientId=made["client_id"])


def _client_secret(cognito: Any, made: Outputs) -> None:
    """A client that cannot have a secret stands in the old one's place."""
    _client(cognito, made)
    cognito.create_user_pool_client(UserPoolId=made["user_pool_id"], ClientName=made["name"])


def _grant(cognito: Any, made: Outputs) -> None:
    """The client that stands may no longer ask for tokens of its own."""
    client = {"UserPoolId": made["user_pool_id"], "ClientId": made["client_id"]}
    cognito.update_user_pool_client(**client, AllowedOAuthFlowsUserPoolClient=False)


def _tag(cognito: Any, made: Outputs) -> None:
    cognito.untag_resource(ResourceArn=made["user_pool_arn"], TagKeys=["team"])


def _owner_tag(cognito: Any, made: Outputs) -> None:
    cognito.untag_resource(ResourceArn=made["user_pool_arn"], TagKeys=[OWNER_TAG])


def _all_but_the_pool(cognito: Any, made: Outputs) -> None:
    for remove in (_domain, _client, _resource_server, _tag, _owner_tag):
        remove(cognito, made)


PARTS: dict[str, Callable[[Any, Outputs], None]] = {
    "domain": _domain,
    "resource server": _resource_server,
    "client": _client,
    "client secret": _client_secret,
    "grant": _grant,
    "tag": _tag,
    "owner tag": _owner_tag,
    "all but the pool": _all_but_the_pool,
}


def _token_endpoint(world: World, made: Outputs) -> Outputs:
    """The inputs of the token endpoint that EzAuth declares beside itself."""
    return {
        "url": made["issuing_endpoint"],
        **{it: made[it] for it in ("client_id", "client_secret", "scope")},
        **world.context("token_endpoint"),
    }


@pytest.mark.parametrize("given", [False, True], ids=["generated names", "given names"])
@pytest.mark.parametrize("part", PARTS)
class TestEzAuth:
    def _made(self, world: World, given: bool) -> tuple[str, Outputs, Outputs, Outputs]:
        program = world.ez_auth()
        if given:
            name = program["__context"]["urn"].rsplit("::", 1)[-1]
            program |= {"name": name, "resource_server_identifier": f"{name}-server", "domain_prefix": f"{name}-domain"}
        identifier, outputs, checked = world.made("ez_auth", program)
        return identifier, outputs, checked, program

    def test_a_part_that_is_missing_comes_back(self, world: World, part: str, given: bool) -> None:
        """As `pulumi up --refresh` does: read, check against what was read, diff, update."""
        identifier, outputs, checked, program = self._made(world, given)
        PARTS[part](world.client("cognito-idp"), outputs)
        provider = world.provider("ez_auth")
        read = provider.read(identifier, outputs)
        again = provider.check(read.inputs, program)
        assert not again.failures
        assert {**again.inputs, "__context": 0} == {**checked, "__context": 0}
        changed = provider.diff(identifier, read.outs, again.inputs)
        assert (changed.changes, changed.replaces) == (True, [])
        updated = provider.update(identifier, read.outs, again.inputs).outs

        observed = provider.read(identifier, updated)
        assert provider.diff(identifier, observed.outs, again.inputs).changes is False
        kept = {"scope", "domain_prefix", "issuing_endpoint", "tags", "resource_server_identifier"}
        assert {it: updated[it] for it in kept} == {it: outputs[it] for it in kept}
        assert updated["client_info"]["client_id"] == updated["client_id"]
        assert (updated["client_id"] == outputs["client_id"]) == (
            part not in ("client", "client secret", "all but the pool")
        )
        pool = world.client("cognito-idp").describe_user_pool(UserPoolId=identifier)["UserPool"]
        assert pool["UserPoolTags"] == {"team": "shop", OWNER_TAG: checked["__context"]["owner"]}
        world.provider("token_endpoint").create(_token_endpoint(world, updated))

    def test_a_refresh_shows_that_it_is_gone(self, world: World, part: str, given: bool) -> None:
        identifier, outputs, _, _ = self._made(world, given)
        PARTS[part](world.client("cognito-idp"), outputs)
        read = world.provider("ez_auth").read(identifier, outputs)
        differing = {it for it in outputs.keys() | read.outs.keys() if outputs.get(it) != read.outs.get(it)}
        shown = {
            "domain": "domain_prefix",
            "resource server": "resource_server_identifier",
            "client": "client_id",
            "client secret": "client_secret",
            "grant": "scope",
            "tag": "tags",
            "owner tag": "__incomplete",
            "all but the pool": "client_id",
        }
        assert shown[part] in differing

    def test_what_is_left_is_deleted(self, world: World, part: str, given: bool) -> None:
        identifier, outputs, _, _ = self._made(world, given)
        PARTS[part](world.client("cognito-idp"), outputs)
        provider = world.provider("ez_auth")
        read = provider.read(identifier, outputs).outs
        provider.delete(identifier, read if given else outputs)
        assert provider.read(identifier, outputs).id == ""


@pytest.mark.parametrize("noun", ["api_key_credential_provider", "gateway", "oauth2_credential_provider"])
def test_a_mark_that_somebody_removed_comes_back(world: World, noun: str) -> None:
    """Without it a create that was interrupted would not know what it made."""
    identifier, outputs, checked = world.made(noun, getattr(world, noun)())
    control, provider = world.client("bedrock-agentcore-control"), world.provider(noun)
    arn = outputs.get("gateway_arn") or outputs["credential_provider_arn"]
    control.untag_resource(resourceArn=arn, tagKeys=[OWNER_TAG])
    read = provider.read(identifier, outputs)
    assert provider.diff(identifier, read.outs, checked).changes is True
    updated = provider.update(identifier, read.outs, checked).outs
    assert provider.diff(identifier, updated, checked).changes is False
    assert control.list_tags_for_resource(resourceArn=arn)["tags"][OWNER_TAG] == checked["__context"]["owner"]


@pytest.mark.parametrize("noun", ["api_key_credential_provider", "oauth2_credential_provider"])
@pytest.mark.parametrize("scheduled", [False, True])
def test_a_secret_that_somebody_removed_comes_back(world: World, noun: str, scheduled: bool) -> None:
    identifier, outputs, checked = world.made(noun, getattr(world, noun)())
    secrets, provider = world.client("secretsmanager"), world.provider(noun)

    def arn(of: Outputs) -> str:
        return str(of.get("api_key_secret_arn") or of["client_secret_arn"])

    kept = secrets.get_secret_value(SecretId=arn(outputs))["SecretString"]
    secrets.delete_secret(SecretId=arn(outputs), ForceDeleteWithoutRecovery=not scheduled)
    read = provider.read(identifier, outputs)
    assert provider.diff(identifier, read.outs, checked).changes is True
    updated = provider.update(identifier, read.outs, checked).outs
    assert secrets.get_secret_value(SecretId=arn(updated))["SecretString"] == kept
    assert provider.diff(identifier, provider.read(identifier, updated).outs, checked).changes is False


@pytest.mark.parametrize("noun", ["api_key_credential_provider", "oauth2_credential_provider"])
def test_a_credential_provider_without_its_secret_is_deleted(world: World, noun: str) -> None:
    identifier, outputs, _ = world.made(noun, getattr(world, noun)())
    secret_arn = outputs.get("api_key_secret_arn") or outputs["client_secret_arn"]
    world.client("secretsmanager").delete_secret(SecretId=secret_arn, ForceDeleteWithoutRecovery=True)
    provider = world.provider(noun)
    provider.delete(identifier, outputs)
    assert provider.read(identifier, outputs).id == ""


@pytest.mark.parametrize("part", ["domain", "client", "pool"])
class TestTokenEndpoint:
    def _without(self, world: World, part: str) -> tuple[str, Outputs]:
        identifier, made, _ = world.made("ez_auth", world.ez_auth())
        endpoint = world.provider("token_endpoint").create(_token_endpoint(world, made))
        if part == "pool":
            world.provider("ez_auth").delete(identifier, made)
        else:
            PARTS[part](world.client("cognito-idp"), made)
        return endpoint.id, endpoint.outs

    def test_it_is_gone_with_what_it_stands_on(self, world: World, part: str) -> None:
        """So that `pulumi up --refresh` waits again until tokens are issued."""
        identifier, outputs = self._without(world, part)
        provider = world.provider("token_endpoint")
        assert provider.read(identifier, outputs).id == ""
        provider.delete(identifier, outputs)

    def test_it_says_at_once_what_is_missing_and_how_to_make_it_again(self, world: World, part: str) -> None:
        """As in a plain `up` after a destroy that was killed in the middle: no ten minutes of waiting."""
        _, outputs = self._without(world, part)
        with pytest.raises(NotSignedIn, match=r"is gone.*`pulumi up --refresh`"):
            world.provider("token_endpoint").create(outputs)
