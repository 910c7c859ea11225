"""The permission to call a gateway with AWS credentials, as a policy of the caller's role.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import pulumi_aws as aws

if TYPE_CHECKING:
    from agentcore_provider.resources.gateway import Gateway

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
    of_role = role.name if isinstance(role, aws.iam.Role) else role
    return aws.iam.RolePolicy(
        resource_name,
        role=pulumi.Output.from_input(of_role).apply(lambda known: known.rpartition("/")[2]),
        policy=gateway.gateway_arn.apply(_document),
        opts=pulumi.ResourceOptions.merge(gateway.aws_access.beside(pulumi.ResourceOptions(parent=gateway)), opts),
    )


def _document(gateway_arn: str) -> str:
    statement = {"Sid": "InvokeGateway", "Effect": "Allow", "Action": ACTION, "Resource": gateway_arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
