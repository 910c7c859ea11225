"""The role that a client makes for a gateway when none is given: least privilege, as GatewayRole's in a program.

It follows the gateway's targets: each adds one policy with what it needs, and takes it along when it goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentcore_provider.aws import role
from agentcore_provider.aws.caller import Caller
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import Job
from agentcore_provider.rules import execution_role, iam_policy

# Policies of the gateway itself; a target's has the target's name in it.
_INTERCEPTORS, _ENGINE = "gateway-interceptors", "gateway-policy-engine"


def create(job: Job, name: str, caller: Caller, gateway: Mapping[str, Any]) -> str:
    """Make the role, or carry on with it, and allow it what the gateway itself needs; returns its ARN.

    gateway: CreateGateway's input. Raises NameTaken and what a call raises.
    """
    connection, place = job.connection, _place(job.connection, caller)
    gateway_name = str(gateway["name"])
    trust = execution_role.trust_policy(**place, gateway_name=gateway_name)
    made = role.create(job, name, trust, description=f"Assumed by the AgentCore gateway {gateway_name}")
    own = {
        _INTERCEPTORS: execution_role.interceptor_statements(gateway.get("interceptorConfigurations")),
        _ENGINE: execution_role.policy_engine_statements(
            gateway.get("policyEngineConfiguration"), **place, gateway_name=gateway_name
        ),
    }
    for policy, statements in own.items():
        if statements:
            role.put_policy(connection, name, policy, statements)
    return made.arn


def grant(connection: Connection, name: str, caller: Caller, gateway_name: str, target: Mapping[str, Any]) -> None:
    """Allow the role of this name what one target needs. target: CreateGatewayTarget's input."""
    role.put_policy(connection, name, _policy(target["name"]), _needed(connection, caller, gateway_name, target))


def revoke(connection: Connection, name: str, target_name: str) -> None:
    """Take from the role what one target needed."""
    role.delete_policy(connection, name, _policy(target_name))


def fix(
    connection: Connection,
    role_arn: str,
    caller: Caller,
    gateway: Mapping[str, Any],
    targets: Sequence[Mapping[str, Any]],
) -> bool:
    """Let the service assume the role for the gateway, and allow it what the gateway's targets need.

    Adds to what the role has and takes nothing away. Returns whether anything had to be added. Raises what a call raises.
    """
    found = role.find(connection, role_arn)
    if found is None:
        return False
    place, added = _place(connection, caller), False
    if iam_policy.untrusted(
        found.trust,
        service=execution_role.SERVICE,
        account_id=caller.account_id,
        source_arn=str(gateway["gatewayArn"]),
    ):
        wanted = execution_role.trust_policy(**place, gateway_name=str(gateway["name"]))
        kept = found.trust.get("Statement") or [] if isinstance(found.trust, Mapping) else []
        statements = [*(kept if isinstance(kept, list) else [kept]), *wanted["Statement"]]
        role.set_trust(connection, found.name, {"Version": "2012-10-17", "Statement": statements})
        added = True
    held = role.policies(connection, found)
    for target in targets:
        needed = _needed(connection, caller, str(gateway["name"]), target)
        if iam_policy.missing(held, needed):
            role.put_policy(connection, found.name, _policy(target["name"]), needed)
            added = True
    return added


def _needed(
    connection: Connection, caller: Caller, gateway_name: str, target: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return execution_role.statements(
        target["targetConfiguration"],
        target.get("credentialProviderConfigurations"),
        **_place(connection, caller),
        gateway_name=gateway_name,
    )


def _policy(target_name: Any) -> str:
    return f"target-{target_name}"


def _place(connection: Connection, caller: Caller) -> dict[str, str]:
    # arn:PARTITION:sts::ACCOUNT:assumed-role/... or arn:PARTITION:iam::ACCOUNT:user/...
    return {"partition": caller.arn.split(":")[1], "region": connection.region, "account_id": caller.account_id}
