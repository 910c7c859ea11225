"""What fails because its role or permission was made a moment ago is tried again, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.aws import gateway, gateway_target
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import AwsRefused, ResourceFailed

GATEWAY = "shop-0123456789"
ARN = f"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/{GATEWAY}"
ROLE = "arn:aws:iam::123456789012:role/shop"
BY_ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
BY_KEY = [{"credentialProviderType": "API_KEY"}]
TURNED_AWAY = (
    "Failed to connect and fetch tools from the provided MCP target server. Error - Authorization error when sending "
    "message"
)
UNASSUMED = "Gateway service is not authorized to assume the execution role"
SERVER = {"mcp": {"mcpServer": {"endpoint": "https://weather.example.com/mcp"}}}
ENGINE = "arn:aws:bedrock-agentcore:us-west-2:123456789012:policy-engine/rules-0123456789"


class Young(Connection):
    """An AWS that sees the role's permissions after so many seconds; until then what is begun fails for the reason."""

    def __init__(
        self, clock: Any, seconds: float, reason: str, *, engine: str = "", words: str = "An internal error occurred"
    ) -> None:
        super().__init__(Settings(region="us-west-2", access_key="a", secret_key="b"), clock=clock)
        self.found_at, self.reason, self.engine = clock.now() + seconds, reason, engine
        self.words = words
        self.calls: list[str] = []
        self.tokens: list[str] = []
        self.standing: dict[str, dict[str, Any]] = {}

    def call(self, operation: str, **given: Any) -> dict[str, Any]:
        self.calls.append(operation)
        if operation in ("GetRole", "ListTagsForResource", "TagResource", "UntagResource"):
            return self._beside(operation)
        if operation == "ListGatewayTargets":
            return {"items": [it for it in self.standing.values() if "targetId" in it]}
        if operation in ("DeleteGateway", "DeleteGatewayTarget"):
            self.standing.pop(given.get("targetId") or given["gatewayIdentifier"])
            return {}
        if operation in ("GetGateway", "GetGatewayTarget"):
            name = given.get("targetId") or given["gatewayIdentifier"]
            if name not in self.standing and operation == "GetGateway" and name == GATEWAY and not self.tokens:
                return {"gatewayId": GATEWAY, "status": "READY", "roleArn": ROLE}
            if name not in self.standing:
                raise AwsRefused("none", operation=operation, code="ResourceNotFoundException")
            return dict(self.standing[name])
        return self._begun(operation, given)

    def _begun(self, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        observed = self.clock.now() >= self.found_at
        if self.engine and not observed:
            raise AwsRefused(self.words, operation=operation, code=self.engine)
        failed = "FAILED" if operation.startswith("Create") else "UPDATE_UNSUCCESSFUL"
        if operation == "SynchronizeGatewayTargets":
            failed = "SYNCHRONIZE_UNSUCCESSFUL"
        state = {"status": "READY"} if observed else {"status": failed, "statusReasons": [self.reason]}
        if operation.startswith("Create"):
            self.tokens.append(given["clientToken"])
            name = GATEWAY if operation == "CreateGateway" else f"TARGET{len(self.tokens):04}"
            own = {"gatewayId": name} if operation == "CreateGateway" else {"targetId": name}
            document = {key: it for key, it in given.items() if key not in ("clientToken", "tags")}
            self.standing[name] = {**document, **own, **state, "gatewayArn": ARN}
        else:
            name = (
                given.get("targetId") or next(iter(given.get("targetIdList", [])), None) or given["gatewayIdentifier"]
            )
            self.standing[name] |= {**{key: it for key, it in given.items() if key != "targetIdList"}, **state}
        return dict(self.standing[name])

    def _beside(self, operation: str) -> dict[str, Any]:
        if operation == "GetRole":
            trust = {"Statement": [{"Principal": {"Service": "bedrock-agentcore.amazonaws.com"}}]}
            return {"Role": {"Arn": ROLE, "AssumeRolePolicyDocument": trust}}
        return {"tags": {}}


def _operation(connection: Connection) -> Operation:
    return Operation(connection, "me", False, 600, lambda _: None, "target 'orders'")


def _create(connection: Connection, credentials: list[dict[str, Any]] = BY_ROLE) -> dict[str, Any]:
    document = {
        "gateway_identifier": GATEWAY,
        "name": "orders",
        "target_configuration": SERVER,
        "credential_provider_configurations": credentials,
    }
    return gateway_target.create(_operation(connection), document)


def _standing_target(connection: Young) -> dict[str, Any]:
    document = {"name": "orders", "targetConfiguration": SERVER, "credentialProviderConfigurations": BY_ROLE}
    connection.standing["TARGET0001"] = {**document, "targetId": "TARGET0001", "status": "READY", "gatewayArn": ARN}
    return {
        "name": "orders",
        "target_configuration": SERVER,
        "credential_provider_configurations": BY_ROLE,
    }


@pytest.mark.parametrize("reason", [TURNED_AWAY, UNASSUMED, "An internal error occurred. Please retry later."])
def test_a_target_that_failed_for_a_young_permission_is_made_again(clock: Any, reason: str) -> None:
    """It arrives when the permission is found; those that failed are gone, and no token is used twice."""
    connection = Young(clock, 40, reason)
    made = _create(connection)
    assert made["status"] == "READY"
    assert 40 <= clock.now() - 1000 < 50
    assert list(connection.standing) == [made["target_id"]]
    assert len(set(connection.tokens)) == len(connection.tokens) > 1


def test_a_target_whose_permission_never_comes_is_reported_after_the_time_allowed(clock: Any) -> None:
    """Removed again, with the service's reason and what to look at."""
    connection = Young(clock, 10_000, TURNED_AWAY)
    with pytest.raises(
        ResourceFailed, match=r"was removed again: .*Authorization error.*: still so after 120 s. Check the role"
    ):
        _create(connection)
    assert 120 <= clock.now() - 1000 < 130
    assert connection.standing == {}


@pytest.mark.parametrize(
    ("reason", "credentials"),
    [(TURNED_AWAY, BY_KEY), ("Unable to connect to the MCP server. Please check the server", BY_ROLE)],
)
def test_what_no_permission_cures_fails_at_once(clock: Any, reason: str, credentials: list[dict[str, Any]]) -> None:
    """A key that the server turns away, and a server that is not there."""
    connection = Young(clock, 10_000, reason)
    with pytest.raises(ResourceFailed, match="was removed again"):
        _create(connection, credentials)
    assert clock.now() - 1000 < 5
    assert connection.calls.count("CreateGatewayTarget") == 1


@pytest.mark.parametrize("synchronize", [False, True])
def test_a_change_that_failed_for_a_young_permission_is_sent_again(clock: Any, synchronize: bool) -> None:
    """Updates and synchronizations alike, until the permission is found."""
    connection = Young(clock, 20, TURNED_AWAY)
    old = _standing_target(connection)
    new = old if synchronize else old | {"description": "new"}
    observed = gateway_target.update(_operation(connection), GATEWAY, "TARGET0001", old, new, synchronize=synchronize)
    assert observed["status"] == "READY"
    operation = "SynchronizeGatewayTargets" if synchronize else "UpdateGatewayTarget"
    assert connection.calls.count(operation) > 1


def test_a_change_whose_permission_never_comes_is_reported_after_the_time_allowed(clock: Any) -> None:
    """With the status that the target is left in."""
    connection = Young(clock, 10_000, UNASSUMED)
    old = _standing_target(connection)
    with pytest.raises(ResourceFailed, match=r"UPDATE_UNSUCCESSFUL: .*: still so after 120 s"):
        gateway_target.update(
            _operation(connection), GATEWAY, "TARGET0001", old, old | {"description": "new"}, synchronize=False
        )


def _gateway(**more: Any) -> dict[str, Any]:
    return {"name": "shop", "role_arn": ROLE, "authorizer_type": "NONE", **more}


def test_a_gateway_that_failed_for_a_young_role_is_made_again(clock: Any) -> None:
    """As a target is."""
    connection = Young(clock, 30, UNASSUMED)
    assert gateway.create(_operation(connection), _gateway())["status"] == "READY"
    assert len(set(connection.tokens)) == len(connection.tokens) > 1


def test_an_update_of_a_gateway_that_failed_for_a_young_role_is_sent_again(clock: Any) -> None:
    """As a target's is."""
    connection = Young(clock, 0, UNASSUMED)
    gateway.create(_operation(connection), _gateway())
    connection.found_at = clock.now() + 30
    observed = gateway.update(_operation(connection), GATEWAY, _gateway(), _gateway(description="new"))
    assert (observed["status"], observed["description"]) == ("READY", "new")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("InternalServerException", "An internal error occurred"),
        (
            "ValidationException",
            f"Access denied while calling GetPolicyEngine on Policy Engine: {ENGINE} with Gateway role: {ROLE}",
        ),
    ],
)
def test_a_policy_engine_that_the_role_may_not_use_yet_is_waited_for(clock: Any, code: str, words: str) -> None:
    """As AWS documents the answer, and as public deployments show it."""
    engine = {"policy_engine_configuration": {"arn": ENGINE, "mode": "ENFORCE"}}
    connection = Young(clock, 30, "", engine=code, words=words)
    assert gateway.create(_operation(connection), _gateway(**engine))["status"] == "READY"


def test_an_internal_error_without_a_policy_engine_is_not_waited_for(clock: Any) -> None:
    """It is not a word about the role."""
    with pytest.raises(AwsRefused, match=r"An internal error occurred$"):
        gateway.create(_operation(Young(clock, 30, "", engine="InternalServerException")), _gateway())
