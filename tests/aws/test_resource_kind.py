"""The tables of the kinds of resource agree with the service model, and a failure of a change is one of its own."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.documents import property_names
from agentcore_provider.aws.lifecycle import STALE_SECONDS, Change
from agentcore_provider.aws.resource_kind import (
    API_KEY_CREDENTIAL_PROVIDER,
    CONFIGURATION_BUNDLE,
    CONSENT_PORTAL,
    GATEWAY,
    GATEWAY_RATE_LIMIT,
    GATEWAY_RULE,
    GATEWAY_TARGET,
    OAUTH2_CREDENTIAL_PROVIDER,
    POLICY,
    POLICY_ENGINE,
    REGISTRY,
    REGISTRY_RECORD,
    WORKLOAD_IDENTITY,
    ResourceKind,
)

KINDS = [
    GATEWAY,
    GATEWAY_RATE_LIMIT,
    GATEWAY_RULE,
    GATEWAY_TARGET,
    API_KEY_CREDENTIAL_PROVIDER,
    OAUTH2_CREDENTIAL_PROVIDER,
    POLICY,
    POLICY_ENGINE,
    REGISTRY,
    REGISTRY_RECORD,
    WORKLOAD_IDENTITY,
    CONFIGURATION_BUNDLE,
    CONSENT_PORTAL,
]
WITHOUT_STATUS = [API_KEY_CREDENTIAL_PROVIDER, WORKLOAD_IDENTITY, CONFIGURATION_BUNDLE]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.operation)


def model(verb: str, kind: ResourceKind) -> Any:
    """The service model of an operation of a kind."""
    connection = Connection(Settings(region="us-west-2", access_key="a", secret_key="b"))
    return connection.operation_model(f"{verb}{kind.operation}", kind.service)


@pytest.mark.parametrize("kind", [it for it in KINDS if it not in WITHOUT_STATUS])
def test_every_status_of_the_service_model_has_one_meaning(kind: ResourceKind) -> None:
    """Each is in exactly one group; those in which a delete or create ends are failures."""
    groups = [kind.arrived - {None}, kind.failed, kind.on_the_way, kind.deleting]
    statuses = model("Get", kind).output_shape.members["status"].enum
    assert sorted(str(it) for group in groups for it in group) == sorted(statuses)
    assert kind.delete_failed | ({kind.create_failed} - {""}) <= kind.failed
    assert kind.ready in kind.arrived


@pytest.mark.parametrize("kind", WITHOUT_STATUS, ids=lambda kind: kind.operation)
def test_some_kinds_have_no_status(kind: ResourceKind) -> None:
    """So they have arrived when they exist."""
    assert "status" not in model("Get", kind).output_shape.members
    assert None in kind.arrived


@every_kind
def test_the_properties_of_a_table_are_members_of_the_service_model(kind: ResourceKind) -> None:
    """Identifier, ARN and reasons are returned, and what is immutable can be set on a create."""
    from botocore import xform_name

    for operation in ("Create", "Update", "Delete"):
        assert model(operation, kind)
    returned = {xform_name(it) for it in model("Get", kind).output_shape.members}
    without = (*WITHOUT_STATUS, GATEWAY_RATE_LIMIT, GATEWAY_RULE)
    reasons = set() if kind in without else {kind.reasons}
    assert {kind.identifier, kind.arn, *reasons} - {""} <= returned
    assert {it.partition(".")[0] for it in kind.immutable} <= property_names(model("Create", kind)).keys()


@every_kind
def test_what_has_yet_to_become_what_the_program_declares_needs_an_update(kind: ResourceKind) -> None:
    """What failed or was interrupted does; what has arrived or is being deleted does not."""
    assert all(kind.needs_update(it) for it in kind.failed | kind.on_the_way)
    assert not any(kind.needs_update(it) for it in (*kind.arrived, *kind.deleting, None))


@pytest.mark.parametrize(
    ("kind", "found", "wanted", "changed"),
    [
        (GATEWAY, {"authorizer_type": "NONE"}, {"authorizer_type": "NONE", "description": "new"}, []),
        (GATEWAY, {"authorizer_type": "NONE"}, {"authorizer_type": "AWS_IAM"}, ["authorizer_type"]),
        (GATEWAY, {}, {"protocol_configuration": {"mcp": {"searchType": "SEMANTIC"}}}, ["searchType"]),
        (GATEWAY, {"protocol_configuration": {"mcp": {"searchType": "SEMANTIC"}}}, {}, ["searchType"]),
        (GATEWAY_TARGET, {"name": "one"}, {"name": "other"}, []),
        (
            OAUTH2_CREDENTIAL_PROVIDER,
            {"credential_provider_vendor": "GithubOauth2"},
            {"credential_provider_vendor": "SlackOauth2"},
            ["credential_provider_vendor"],
        ),
    ],
)
def test_immutable_members_are_compared_wherever_they_are(
    kind: ResourceKind, found: dict[str, Any], wanted: dict[str, Any], changed: list[str]
) -> None:
    """On top or below, present or absent on either side."""
    assert kind.changed_immutable(found, wanted) == changed


@pytest.mark.parametrize(
    ("kind", "found", "reason"),
    [
        (GATEWAY, {"status_reasons": ["one", "other"]}, "one; other"),
        (OAUTH2_CREDENTIAL_PROVIDER, {"failure_reason": "no capacity"}, "no capacity"),
        (GATEWAY_TARGET, {"status_reasons": []}, "the service gave no reason"),
    ],
)
def test_the_reason_of_a_failure_is_the_services(kind: ResourceKind, found: dict[str, Any], reason: str) -> None:
    """In one line, whatever form the kind returns it in."""
    assert kind.reason(found) == reason


def test_a_failure_from_before_a_change_counts_when_it_stays(clock: Any) -> None:
    """Once AWS can no longer be showing what was before."""
    change = Change(clock, frozenset({"FAILED"}))
    assert not change.shows("FAILED")
    clock.sleep(STALE_SECONDS)
    assert change.shows("FAILED")


def test_a_failure_counts_at_once_after_another_status(clock: Any) -> None:
    """The change has begun by then."""
    change = Change(clock, frozenset({"FAILED"}))
    assert change.shows("DELETING")
    assert change.shows("FAILED")


def test_any_other_status_counts_at_once(clock: Any) -> None:
    """It cannot be from before the change."""
    assert Change(clock, frozenset()).shows("UPDATE_UNSUCCESSFUL")
    assert Change(clock, frozenset({"FAILED"})).shows(None)
