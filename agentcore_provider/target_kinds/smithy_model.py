"""Services that a Smithy model describes.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-building-smithy-targets.html
"""

from __future__ import annotations

from agentcore_provider.errors import InvalidInput
from agentcore_provider.target_kinds import smithy_permissions
from agentcore_provider.target_kinds.role_needs import Needs
from agentcore_provider.target_kinds.source import FILE_ENDINGS, is_smithy, require_document
from agentcore_provider.target_kinds.target_kind import Call, Outbound, Schema, TargetKind


class SmithyModel(TargetKind):
    path = ("mcp", "smithyModel")
    key = "smithy"
    label = "Smithy model"
    keys = {"model": ""}
    short_key = source_key = "model"
    schema = Schema("model", "Smithy")
    outbound = Outbound(
        frozenset(["gateway role", "OAuth client credentials"]),
        signing_service="rejected",
        role_in_records=True,
        role_in_documents=True,
    )

    def accepts(self, source: str) -> bool:
        if source.lower().endswith(".smithy"):
            raise InvalidInput(
                f"{source!r} is Smithy IDL, and the service takes the JSON AST",
                f"Convert it with `smithy ast {source}`",
            )
        return source.lower().endswith(FILE_ENDINGS) and is_smithy(source)

    def require(self, source: str) -> None:
        require_document(source, self.name)

    def needs(self, call: Call) -> Needs:
        if "inlinePayload" not in call.content:
            return Needs(unknown=("the operations of a Smithy model that is in S3",))
        return smithy_permissions.of_model(call.content["inlinePayload"], call.resources)
