"""Lambda functions: their role, the log that they write, and the Region that they are in.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agentcore_provider.problem import Problem

TRUST_POLICY: Final[dict[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
"""Who may assume the role: Lambda."""


def log_policy(function_name: str, *, partition: str, region: str, account: str) -> dict[str, Any]:
    """What the function needs to write its log. function_name: may end in an asterisk."""
    log_group = f"arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/{function_name}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": [log_group, f"{log_group}:*"],
            }
        ],
    }


def other_region(arn: Any, region: str | None, path: str) -> Iterator[Problem]:
    """A warning for a function in another Region than its gateway.

    region: the gateway's; None if it is not known. path: where the ARN is.
    """
    parts = arn.split(":") if isinstance(arn, str) else []
    # arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME
    if region and len(parts) > 6 and parts[2] == "lambda" and parts[3] and parts[3] != region:
        yield Problem(
            path,
            f"is a function in {parts[3]}, and the gateway is in {region}: a user reported that such calls fail with an "
            "internal error, and AWS's guide does not mention them",
            "Use a function in the gateway's Region, and test this target if you keep it.",
            "awslabs/agentcore-samples#140",
            code="function-region",
            severity="warning",
        )
