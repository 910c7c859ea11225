"""The role that a client makes for a gateway when none is given: least privilege, as GatewayRole's in a program.

It follows the gateway's targets: each adds one policy with what it needs, and takes it along when it goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentcore_provider.aws import role
from agentcore_provider.aws.caller import Caller
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.operation import Operation
from agentcore_provider.problem import Problem
from agentcore_provider.rules import execution_role, iam_policy
from agentcore_provider.target_kinds.role_needs import Needs, Place


def create(operation: Operation, name: str, caller: Caller, gateway: Mapping[str, object]) -> str:
    """Make the role, or carry on with it, and allow it what the gateway itself needs; returns its ARN.

    gateway: CreateGateway's input. Raises NameTaken and what a call raises.
    """
    connection, place = operation.connection, _place(operation.connection, caller)
    gateway_name = str(gateway["name"])
    trust = execution_role.trust_policy(**place, gateway_name=gateway_name)
    made = role.create(operation, name, trust, description=f"Assumed by the AgentCore gateway {gateway_name}")
    # A target's policy has the target's name in it.
    for what, statements in execution_role.gateway_statements(gateway, **place, gateway_name=gateway_name).items():
        if statements:
            role.put_policy(connection, name, f"gateway-{what.replace(' ', '-')}", statements)
    return made.arn


def grant(
    connection: Connection,
    name: str,
    caller: Caller,
    gateway_name: str,
    target: Mapping[str, object],
    *,
    resources: Sequence[str] = (),
) -> list[Problem]:
    """Allow the role of this name what one target needs. target: CreateGatewayTarget's input.

    resources: ARNs that the target may touch, where its document does not name them. Returns what to warn of.
    """
    needs = _needs(connection, caller, gateway_name, target, resources, with_identity=False)
    if execution_role.takes_credential(target.get("credentialProviderConfigurations")):
        # Once for all targets: IAM counts the characters of a role's policies.
        alike = execution_role.identity_statements(Place(**_place(connection, caller)), gateway_name)
        role.put_policy(connection, name, "gateway-identity", alike)
    role.put_policy(connection, name, _policy(target["name"]), needs.statements)
    return execution_role.doubts(needs, resources)


def revoke(connection: Connection, name: str, target_name: str) -> None:
    """Take from the role what one target needed."""
    role.delete_policy(connection, name, _policy(target_name))


def fix(
    connection: Connection,
    role_arn: str,
    caller: Caller,
    gateway: Mapping[str, object],
    targets: Sequence[Mapping[str, object]],
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
    gateway_name = str(gateway["name"])
    needed = {_policy(it["name"]): list(_needs(connection, caller, gateway_name, it, ()).statements) for it in targets}
    for what, statements in execution_role.gateway_statements(gateway, **place, gateway_name=gateway_name).items():
        needed[f"gateway-{what.replace(' ', '-')}"] = statements
    for policy, statements in needed.items():
        if iam_policy.missing(held, statements):
            role.put_policy(connection, found.name, policy, statements)
            added = True
    return added


def _needs(
    connection: Connection,
    caller: Caller,
    gateway_name: str,
    target: Mapping[str, Any],
    resources: Sequence[str],
    *,
    with_identity: bool = True,
) -> Needs:
    return execution_role.needs(
        target["targetConfiguration"],
        target.get("credentialProviderConfigurations"),
        Place(**_place(connection, caller)),
        gateway_name=gateway_name,
        resources=resources,
        with_identity=with_identity,
    )


def _policy(target_name: object) -> str:
    return f"target-{target_name}"


def _place(connection: Connection, caller: Caller) -> dict[str, str]:
    # arn:PARTITION:sts::ACCOUNT:assumed-role/... or arn:PARTITION:iam::ACCOUNT:user/...
    return {"partition": caller.arn.split(":")[1], "region": connection.region, "account_id": caller.account_id}
