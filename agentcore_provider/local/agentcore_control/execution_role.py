"""What the service requires of an execution role when a gateway, a target or a consent portal is created or changed."""

from __future__ import annotations

from agentcore_provider.local import service_error
from agentcore_provider.local.iam_role import RolePolicies, role_policies
from agentcore_provider.local.settings import Settings

_SERVICE = "bedrock-agentcore.amazonaws.com"


def require_trust(role_arn: str, arn: str, account_id: str, settings: Settings, *, of: str = "Gateway") -> None:
    """The role exists, and the service may assume it on behalf of what has this ARN. of: what that is."""
    role = _propagated(role_arn, settings)
    if role is None:
        raise service_error.validation(
            f"{of} execution role lacks permission: the role {role_arn} does not exist or cannot be assumed"
        )
    if not role.trust_service(_SERVICE, {"aws:sourceaccount": account_id, "aws:sourcearn": arn}):
        raise service_error.validation(
            f"{of} execution role lacks permission: the trust policy of {role_arn} does not let {_SERVICE} "
            f"assume it for {arn}"
        )


def require_may_invoke(role_arn: str, function_arn: str, settings: Settings) -> None:
    """The role's own policies let it invoke the function; a policy of the function does not help, as observed."""
    role = _propagated(role_arn, settings)
    if role is None or not role.allow("lambda:InvokeFunction", function_arn):
        raise service_error.validation(
            f"Gateway execution role lacks permission to invoke Lambda function {function_arn}. Update the permission and retry"
        )


def require_may_ask(role_arn: str, engine_arn: str, gateway_arn: str, settings: Settings) -> None:
    """The role may have a policy engine decide calls of this gateway.

    The error is that of public deployments of 2026. devguide policy-permissions has an InternalServerException.
    """
    role = _propagated(role_arn, settings)
    if role is None or (missing := _missing(role, engine_arn, gateway_arn)):
        raise service_error.validation(
            f"Access denied while calling {missing if role else 'GetPolicyEngine'} on Policy Engine: {engine_arn} with "
            f"Gateway role: {role_arn}"
        )


def _missing(role: RolePolicies, engine_arn: str, gateway_arn: str) -> str:
    return ", ".join(
        action.partition(":")[2]
        for action, resources in (
            ("bedrock-agentcore:GetPolicyEngine", (engine_arn,)),
            ("bedrock-agentcore:AuthorizeAction", (engine_arn, gateway_arn)),
            ("bedrock-agentcore:PartiallyAuthorizeActions", (engine_arn, gateway_arn)),
        )
        if not all(role.allow(action, resource) for resource in resources)
    )


def is_propagated(role_arn: str, settings: Settings) -> bool:
    """Whether the role as it is in IAM has reached the service; else it only takes time."""
    current = role_policies(role_arn)
    return current is None or _propagated(role_arn, settings) == current


def _propagated(role_arn: str, settings: Settings) -> RolePolicies | None:
    """The role as the service has it: where permissions are slow, as IAM had it so many seconds ago."""
    current = role_policies(role_arn)
    delay = settings.seconds_until_ready("permission")
    if current is None or not delay:
        return current
    now, versions = settings.monotonic(), settings.role_versions.setdefault(role_arn, [])
    if not versions or versions[-1][1] != current:
        versions.append((now, current))
    return next((version for at, version in reversed(versions) if at + delay <= now), None)
