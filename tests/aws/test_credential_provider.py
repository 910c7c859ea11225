"""Credential providers in states that local AWS never shows: still being made, failed, on their way out."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.aws import credential_provider
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.credential_provider import OAUTH2
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.errors import AwsRefused, CreateLeftBehind, NameTaken, ResourceFailed, WaitTimeout

ARN = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/oauth2credentialprovider/crm"
PROPERTIES = {
    "name": "crm",
    "credential_provider_vendor": "GithubOauth2",
    "oauth2_provider_config_input": {"githubOauth2ProviderConfig": {"clientId": "c", "clientSecret": "marker"}},
}
GONE = "ResourceNotFoundException"
EXISTS = "ValidationException: Credential provider with name: crm already exists"


class Scripted(Connection):
    """AWS whose Get reports one state after the other, the last one for ever; other answers are given by operation."""

    def __init__(self, clock: Any, *states: str, **answers: Any) -> None:
        super().__init__(Settings(region="us-west-2", access_key="a", secret_key="b"), clock=clock)
        self.states, self.answers, self.calls = list(states), answers, list[str]()

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        self.calls.append(operation)
        if operation == "GetOauth2CredentialProvider":
            state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            if state == GONE:
                raise AwsRefused("not found", operation=operation, code=GONE)
            return {
                "name": parameters["name"],
                "credentialProviderArn": ARN,
                "credentialProviderVendor": "GithubOauth2",
                "status": state,
                "failureReason": "no capacity today",
            }
        answer = self.answers.get(operation, {})
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, str):
            raise AwsRefused(answer, operation=operation, code=answer.split(":")[0])
        return dict(answer)


def create(connection: Connection, timeout: float = 60, **more: Any) -> Any:
    """Create the provider as a resource of owner "me" would."""
    operation = Operation(connection, "me", more.pop("adopt", False), timeout, lambda _: None, "provider 'crm'")
    return credential_provider.create(operation, OAUTH2, {**PROPERTIES, **more})


def test_a_provider_in_the_making_is_waited_for(clock: Any) -> None:
    connection = Scripted(clock, "CREATING", "CREATING", "READY")
    assert create(connection)["status"] == "READY"


def test_a_provider_that_fails_is_removed_and_says_why(clock: Any) -> None:
    connection = Scripted(clock, "CREATE_FAILED", GONE)
    with pytest.raises(ResourceFailed, match="failed and was removed again: no capacity today"):
        create(connection)
    assert "DeleteOauth2CredentialProvider" in connection.calls


def test_a_failed_provider_that_cannot_be_removed_is_reported_with_the_command_that_does(clock: Any) -> None:
    connection = Scripted(clock, "CREATE_FAILED", DeleteOauth2CredentialProvider="AccessDeniedException: no")
    with pytest.raises(CreateLeftBehind, match=r"delete-oauth2-credential-provider --name crm"):
        create(connection)


def test_a_name_on_its_way_out_is_waited_for(clock: Any) -> None:
    connection = Scripted(clock, "DELETING", "DELETING", GONE, "READY", CreateOauth2CredentialProvider=[EXISTS, {}])
    assert create(connection)["status"] == "READY"
    assert connection.calls.count("CreateOauth2CredentialProvider") == 2


def test_an_own_provider_that_failed_before_is_made_again(clock: Any) -> None:
    connection = Scripted(
        clock,
        *("CREATE_FAILED", "CREATE_FAILED", GONE, "READY"),
        CreateOauth2CredentialProvider=[EXISTS, {}],
        ListTagsForResource={"tags": {OWNER_TAG: "me"}},
    )
    assert create(connection)["status"] == "READY"


def test_somebody_elses_provider_of_another_vendor_cannot_be_taken_over(clock: Any) -> None:
    connection = Scripted(clock, "READY", CreateOauth2CredentialProvider=EXISTS, ListTagsForResource={"tags": {}})
    with pytest.raises(NameTaken, match="cannot be taken over: it has another credential_provider_vendor"):
        create(connection, adopt=True, credential_provider_vendor="SlackOauth2")
    assert "DeleteOauth2CredentialProvider" not in connection.calls


def test_an_update_that_fails_says_why(clock: Any) -> None:
    connection = Scripted(clock, "READY", "UPDATE_FAILED", ListTagsForResource={"tags": {OWNER_TAG: "me"}})
    operation = Operation(connection, "me", False, 60, lambda _: None, "provider 'crm'")
    with pytest.raises(ResourceFailed, match="is UPDATE_FAILED: no capacity today"):
        credential_provider.update(operation, OAUTH2, "crm", {}, PROPERTIES)


def test_a_provider_that_never_arrives_is_given_up_in_time(clock: Any) -> None:
    with pytest.raises(WaitTimeout, match="gave up waiting for credential provider crm to be READY after 5 s"):
        create(Scripted(clock, "CREATING"), timeout=5)


def test_a_delete_waits_until_a_conflict_is_over_and_the_provider_is_gone(clock: Any) -> None:
    connection = Scripted(
        clock, "DELETING", "DELETING", GONE, DeleteOauth2CredentialProvider=["ConflictException: busy", {}]
    )
    credential_provider.delete(Operation(connection, "me", False, 60, lambda _: None, "provider 'crm'"), OAUTH2, "crm")
    assert connection.calls.count("DeleteOauth2CredentialProvider") == 2
    assert connection.calls.count("GetOauth2CredentialProvider") == 3


def test_a_delete_that_fails_says_why(clock: Any) -> None:
    operation = Operation(
        Scripted(clock, "DELETING", "DELETE_FAILED"), "me", False, 60, lambda _: None, "provider 'crm'"
    )
    with pytest.raises(
        ResourceFailed, match="AWS could not delete credential provider crm, it is DELETE_FAILED: no capacity today"
    ):
        credential_provider.delete(operation, OAUTH2, "crm")


def test_a_refusal_shows_no_secret(clock: Any) -> None:
    connection = Scripted(clock, "READY", CreateOauth2CredentialProvider="ValidationException: marker is too weak")
    with pytest.raises(AwsRefused, match=r"\[secret\] is too weak"):
        create(connection)


def test_an_update_that_failed_before_is_sent_again(clock: Any) -> None:
    """Although the program's inputs are those that the state holds since a refresh."""
    connection = Scripted(
        clock, "UPDATE_FAILED", "UPDATE_FAILED", "READY", ListTagsForResource={"tags": {OWNER_TAG: "me"}}
    )
    operation = Operation(connection, "me", False, 60, lambda _: None, "provider 'crm'")
    assert credential_provider.update(operation, OAUTH2, "crm", PROPERTIES, PROPERTIES)["status"] == "READY"
    assert connection.calls.count("UpdateOauth2CredentialProvider") == 1
