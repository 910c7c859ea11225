"""The permission to call a gateway with AWS credentials, as a policy of the caller's role.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import pulumi_aws as aws

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway import Gateway

_ROLE = re.compile(r"(arn:[^:]+:iam::(?P<account>[0-9]{12}):role/([^/]+/)*)?(?P<name>[\w+=,.@-]{1,64})")
ACTION = "bedrock-agentcore:InvokeGateway"


def attach(
    gateway: Gateway,
    role: aws.iam.Role | pulumi.Input[str],
    *,
    resource_name: str | None,
    opts: pulumi.ResourceOptions | None,
) -> aws.iam.RolePolicy:
    """Allow a role to call a gateway. The arguments are those of `Gateway.grant_invoke`. Raises InvalidInput."""
    label = f'Gateway "{gateway.pulumi_resource_name}".grant_invoke'
    if not isinstance(role, (str, pulumi.Output, aws.iam.Role)):
        raise InvalidInput(
            f"is a {type(role).__name__}", "Pass an aws.iam.Role, or a role's name or ARN", path="role", label=label
        )
    if resource_name is None:
        if isinstance(role, pulumi.Output):
            raise InvalidInput(
                "is needed, since the name of the role is not known yet",
                "Pass a logical name for the policy, or the aws.iam.Role itself",
                path="resource_name",
                label=label,
            )
        caller = role.rpartition("/")[2] if isinstance(role, str) else role.pulumi_resource_name
        resource_name = f"{gateway.pulumi_resource_name}-{caller}"
    authorizer = gateway.declared.get("authorizerType")
    if isinstance(authorizer, str) and authorizer != "AWS_IAM":
        pulumi.log.warn(
            f"{resource_name}: callers of this gateway are authorized by {authorizer}, and IAM permissions "
            'are not asked for. Create the gateway with authorizer="AWS_IAM"',
            resource=gateway,
        )
    name = role.name if isinstance(role, aws.iam.Role) else _role_name(role, gateway, label)
    return aws.iam.RolePolicy(
        resource_name,
        role=name,
        policy=gateway.gateway_arn.apply(_document),
        opts=pulumi.ResourceOptions.merge(gateway.aws_access.beside(pulumi.ResourceOptions(parent=gateway)), opts),
    )


def _role_name(role: pulumi.Input[str], gateway: Gateway, label: str) -> pulumi.Output[str]:
    """The name of a role, which may be given by its ARN. Raises InvalidInput, later for what is not known yet."""
    if isinstance(role, str):
        # A wrong text is reported at once, with its line in the program.
        _checked(role, None, label)
    return pulumi.Output.all(role, gateway.gateway_arn).apply(lambda known: _checked(known[0], known[1], label))


def _checked(role: object, gateway_arn: str | None, label: str) -> str:
    found = _ROLE.fullmatch(role) if isinstance(role, str) else None
    if found is None:
        raise InvalidInput(
            f"{role!r} is not a role", "Pass a role's name or ARN, or an aws.iam.Role", path="role", label=label
        )
    account = gateway_arn.split(":")[4] if gateway_arn else None
    if found["account"] and account and found["account"] != account:
        message = f"{role} is of account {found['account']}, and the gateway of {account}"
        raise InvalidInput(message, "Attach the policy in the role's own account", path="role", label=label)
    return found["name"]


def _document(gateway_arn: str) -> str:
    statement = {"Sid": "InvokeGateway", "Effect": "Allow", "Action": ACTION, "Resource": gateway_arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
