"""Every status of the service model is known, and a failure of a change is told from one that was there before it."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.status import (
    CREDENTIAL_PROVIDER,
    GATEWAY,
    GATEWAY_TARGET,
    STALE_SECONDS,
    Change,
    Statuses,
)


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("GetGateway", GATEWAY),
        ("GetGatewayTarget", GATEWAY_TARGET),
        ("GetOauth2CredentialProvider", CREDENTIAL_PROVIDER),
    ],
)
def test_every_status_of_the_service_model_has_one_meaning(operation: str, statuses: Statuses) -> None:
    connection = Connection(Settings(region="us-west-2", access_key="a", secret_key="b"))
    shape = connection.operation(operation).output_shape
    assert shape is not None
    groups = [statuses.arrived - {None}, statuses.failed, statuses.on_the_way, statuses.deleting]
    assert sorted(it for group in groups for it in group) == sorted(shape.members["status"].enum)
    assert statuses.delete_failed <= statuses.failed


@pytest.mark.parametrize("statuses", [GATEWAY, GATEWAY_TARGET, CREDENTIAL_PROVIDER])
def test_what_has_not_become_what_the_program_says_needs_an_update(statuses: Statuses) -> None:
    assert all(statuses.needs_update(it) for it in statuses.failed | statuses.on_the_way)
    assert not any(statuses.needs_update(it) for it in (*statuses.arrived, *statuses.deleting, None))


def test_a_failure_from_before_a_change_counts_when_it_stays(clock: Any) -> None:
    change = Change(clock, frozenset({"FAILED"}))
    assert not change.shows("FAILED")
    clock.sleep(STALE_SECONDS)
    assert change.shows("FAILED")


def test_a_failure_counts_at_once_after_anything_else_was_seen(clock: Any) -> None:
    change = Change(clock, frozenset({"FAILED"}))
    assert change.shows("DELETING")
    assert change.shows("FAILED")


def test_any_other_status_counts_at_once(clock: Any) -> None:
    assert Change(clock, frozenset()).shows("UPDATE_UNSUCCESSFUL")
    assert Change(clock, frozenset({"FAILED"})).shows(None)
