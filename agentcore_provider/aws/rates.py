"""How many requests a second each operation takes, in one account and Region.

AgentCore: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html
Cognito: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (categories of user pool operations)
IAM, Lambda, S3 and STS publish none that a deployment comes near: they get AgentCore's, and what they throttle is
slowed down like everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

WRITES_A_SECOND = 5
READS_A_SECOND = 10
TARGET_OPERATIONS_IN_FLIGHT = 5
"""Creates, updates and deletes of targets that a gateway runs at a time; the source is AgentCore's."""


@dataclass(frozen=True)
class Rate:
    """A number of requests a second. name: of what shares it, an operation or a category of operations."""

    name: str
    per_second: int


_COGNITO = (
    (Rate("UserPoolRead", 15), ("DescribeUserPool", "ListUserPools")),
    (Rate("UserPoolUpdate", 15), ("CreateUserPool", "UpdateUserPool", "DeleteUserPool")),
    (
        Rate("UserPoolResourceRead", 20),
        ("DescribeResourceServer", "DescribeUserPoolDomain", "ListResourceServers", "ListTagsForResource"),
    ),
    (
        Rate("UserPoolResourceUpdate", 15),
        (
            "CreateResourceServer",
            "UpdateResourceServer",
            "DeleteResourceServer",
            "CreateUserPoolDomain",
            "UpdateUserPoolDomain",
            "DeleteUserPoolDomain",
            "TagResource",
            "UntagResource",
        ),
    ),
    (Rate("UserPoolClientRead", 15), ("DescribeUserPoolClient", "ListUserPoolClients")),
    (Rate("UserPoolClientUpdate", 15), ("CreateUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient")),
)
_BY_CATEGORY = {operation: rate for rate, operations in _COGNITO for operation in operations}


def rate_of(service: str, operation: str) -> Rate:
    """The rate that an operation of a service shares with nothing, or with others of its category."""
    if service == "cognito-idp" and operation in _BY_CATEGORY:
        return _BY_CATEGORY[operation]
    reads = operation.startswith(("Get", "List", "Describe", "Head"))
    return Rate(operation, READS_A_SECOND if reads else WRITES_A_SECOND)
