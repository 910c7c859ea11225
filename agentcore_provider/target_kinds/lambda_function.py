"""Lambda functions.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, joined
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, exact
from agentcore_provider.target_kinds.target_kind import (
    Call,
    Document,
    Outbound,
    Schema,
    Surroundings,
    TargetKind,
)

_FUNCTION = re.compile(r"arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d+:function:[a-zA-Z0-9-_.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?")
_FORM = "arn:aws:lambda:REGION:ACCOUNT:function:NAME"


class LambdaFunction(TargetKind):
    path = ("mcp", "lambda")
    key = "lambda"
    label = "Lambda function"
    keys = {"arn": "lambdaArn", "tools": "toolSchema"}
    source_key = "arn"
    schema = Schema("tools", "tool definitions")
    outbound = Outbound(
        frozenset(["gateway role"]), signing_service="rejected", role_in_records=True, role_in_documents=True
    )

    def problems(self, content: Document, surroundings: Surroundings) -> Iterator[Problem]:
        yield from other_region(content.get("lambdaArn"), surroundings.region, joined(self.location, "lambdaArn"))

    def accepts(self, source: str) -> bool:
        if source.startswith("arn:") and not _FUNCTION.fullmatch(source):
            raise InvalidInput(f"{source!r} is not the ARN of a Lambda function", f"Pass {_FORM}")
        return source.startswith("arn:")

    def require(self, source: str) -> None:
        if not source.startswith("arn:"):
            raise InvalidInput(
                f"{source!r} is not the ARN of a Lambda function", f"Pass {_FORM}, or the folder of its code"
            )

    def default_name(self, source: str) -> str:
        found = re.match(r"arn:[^:]+:lambda:[^:]+:[^:]*:function:(?P<name>[^:]+)", source)
        return found["name"] if found else super().default_name(source)

    def destination(self, content: Document) -> str:
        return str(content.get("lambdaArn", "")).partition(":function:")[2]

    def needs(self, call: Call) -> Needs:
        arn = call.content.get("lambdaArn")
        source = "devguide gateway-add-target-lambda"
        return exact("lambda:InvokeFunction", str(arn), source=source) if arn else NOTHING


def other_region(arn: object, region: str | None, path: str) -> Iterator[Problem]:
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
