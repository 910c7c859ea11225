"""The layers of the role that a gateway assumes: it exists, trusts the service, and has the targets' permissions."""

from __future__ import annotations

import json
from collections.abc import Iterator

from agentcore_provider.cli.doctor.control_plane import targets_of
from agentcore_provider.cli.doctor.findings import Findings
from agentcore_provider.cli.doctor.layer import Failure, NotChecked
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.errors import AwsRefused
from agentcore_provider.rules import execution_role as rules
from agentcore_provider.rules import iam_policy
from agentcore_provider.target_kinds.role_needs import Needs, Place

_OURS = "or pass no role, so that one is created (in a program without McpGateway: use GatewayRole)"


def check_role(findings: Findings) -> str:
    """The role exists."""
    from agentcore_provider.aws import role as roles

    gateway = findings.known()
    arn = str(gateway["role_arn"])
    try:
        findings.role = roles.find(findings.aws(), arn)
    except AwsRefused as error:
        raise _unread(error) from None
    if findings.role is None:
        raise Failure(
            f"Role {arn} does not exist",
            f"create it again with that ARN, or set another role_arn on the gateway, {_OURS}",
        )
    return arn


def check_trust(findings: Findings) -> str:
    """The service may assume the role for this gateway."""
    gateway = findings.known()
    if findings.role is None:
        raise NotChecked("the role was not read")
    place = _place(gateway)
    reasons = iam_policy.untrusted(
        findings.role.trust,
        service=rules.SERVICE,
        account_id=place["account_id"],
        source_arn=str(gateway["gateway_arn"]),
    )
    if reasons:
        wanted = rules.trust_policy(**place, gateway_name=str(gateway["name"]))
        raise Failure(
            f"The trust policy of role {findings.role.name} does not trust the gateway ({'; '.join(reasons)})",
            f"set it to {json.dumps(wanted)}, {_OURS}",
        )
    if iam_policy.is_open(findings.role.trust, service=rules.SERVICE):
        return f"trusts {rules.SERVICE} for any gateway: restrict it with aws:SourceAccount and aws:SourceArn"
    return f"trusts {rules.SERVICE} for this gateway"


def check_permissions(findings: Findings) -> str:
    """The role's policies allow what each target, interceptor and the policy engine need."""
    from agentcore_provider.aws import role as roles

    gateway = findings.known()
    if findings.role is None:
        raise NotChecked("the role was not read")
    try:
        policies = roles.policies(findings.aws(), findings.role)
    except AwsRefused as error:
        raise _unread(error) from None
    found = dict(_needs(findings, gateway))
    needs = {who: it.statements for who, it in found.items() if it.statements}
    lacking = {who: iam_policy.missing(policies, statements) for who, statements in needs.items()}
    lacking = {who: pairs for who, pairs in lacking.items() if pairs}
    if lacking:
        described = "; ".join(
            f"{who} needs {action} on {resource}" for who, pairs in lacking.items() for action, resource in pairs
        )
        statements = [statement for who in lacking for statement in needs[who]]
        raise Failure(
            f"Role {findings.role.name} lacks permissions ({described})",
            f"add to its policies {json.dumps(statements)}, {_OURS}",
        )
    unknown = [f"{who} ({what})" for who, it in found.items() for what in it.unknown]
    enough = f"enough for {', '.join(needs)}" if needs else "nothing else is needed" if unknown else "nothing is needed"
    return f"{enough}; no permission is known for {', '.join(unknown)}" if unknown else enough


def _needs(findings: Findings, gateway: JsonObject) -> Iterator[tuple[str, Needs]]:
    place, name = _place(gateway), str(gateway["name"])
    for target in targets_of(findings):
        yield (
            f"target {target['name']}",
            rules.needs(
                target["target_configuration"],
                target.get("credential_provider_configurations"),
                Place(**place),
                gateway_name=name,
            ),
        )
    members = {
        "interceptorConfigurations": gateway.get("interceptor_configurations"),
        "policyEngineConfiguration": gateway.get("policy_engine_configuration"),
        "customTransformConfiguration": gateway.get("custom_transform_configuration"),
        "kmsKeyArn": gateway.get("kms_key_arn"),
    }
    for what, statements in rules.gateway_statements(members, **place, gateway_name=name).items():
        yield what, Needs(tuple(statements))


def _place(gateway: JsonObject) -> dict[str, str]:
    _, partition, _, region, account_id, _ = str(gateway["gateway_arn"]).split(":", 5)
    return {"partition": partition, "region": region, "account_id": account_id}


def _unread(error: AwsRefused) -> Exception:
    from agentcore_provider.aws.role import DENIED

    if error.code in DENIED:
        return NotChecked(f"the caller may not read IAM ({error.operation}: {error.code})")
    return error
