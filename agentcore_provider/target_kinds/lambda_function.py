"""Lambda functions.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html
"""

from __future__ import annotations

from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, exact
from agentcore_provider.target_kinds.target_kind import Call, Document, Outbound, Schema, TargetKind


class LambdaFunction(TargetKind):
    path = ("mcp", "lambda")
    key = "lambda"
    label = "Lambda function"
    keys = {"arn": "lambdaArn", "tools": "toolSchema"}
    schema = Schema("tools", "tool definitions")
    outbound = Outbound(
        frozenset(["gateway role"]), signing_service="rejected", role_in_records=True, role_in_documents=True
    )

    def destination(self, content: Document) -> str:
        return str(content.get("lambdaArn", "")).partition(":function:")[2]

    def needs(self, call: Call) -> Needs:
        arn = call.content.get("lambdaArn")
        source = "devguide gateway-add-target-lambda"
        return exact("lambda:InvokeFunction", str(arn), source=source) if arn else NOTHING
