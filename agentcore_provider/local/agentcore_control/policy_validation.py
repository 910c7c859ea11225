"""What prevents a policy from becoming ACTIVE: its statement against the tools of the gateways that the engine has.

A program may create policies before it gives the engine to a gateway, as AWS's quick start does: so the tools of the
gateway that a statement names count too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import policy_engine
from agentcore_provider.local.cedar import validation
from agentcore_provider.local.cedar.schema import ToolSchema
from agentcore_provider.local.store import PolicyEngineRecord, PolicyRecord, gateway_of
from agentcore_provider.local.tool_schemas.tool_schema import Tool

if TYPE_CHECKING:
    from agentcore_provider.local.agentcore_control.call import Call
    from agentcore_provider.local.store.documents import PolicyDocument

_MOST_BYTES = 200 * 1024  # devguide policy-limitations-section: of all policies of a resource

# An engine may have no tools yet. The service's findings show that it reasons about one of this name.
_FUTURE_TOOLS: Tool = {"name": "Any Future Tools", "inputSchema": {"type": "object"}}
_latest: tuple[list[Tool], ToolSchema] = ([], ToolSchema([]))
"""The tools that a policy was last validated with, and their schema: most policies of an engine are created in a row."""


def statement_of(document: PolicyDocument) -> str:
    """The statement of a policy, whichever member of the definition has it."""
    return next(iter(document["definition"].values()))["statement"]


def problems(
    call: Call, engine: PolicyEngineRecord, statement: str, mode: str | None, *, changed: PolicyRecord | None = None
) -> list[str]:
    """Why a statement cannot be a policy of the engine. mode: validationMode. changed: the policy that it is to replace.

    Raises ServiceQuotaExceededException.
    """
    named = validation.gateway_of(statement)
    others = [statement_of(it.document) for it in engine.policies.values() if it is not changed and it.decides]
    size = sum(len(it.encode()) for it in [statement, *others] if validation.gateway_of(it) in (None, named))
    if size > _MOST_BYTES:
        raise service_error.over_quota(
            f"Policies of one resource may have {_MOST_BYTES} bytes in all; these have {size}"
        )
    around = validation.Surroundings(
        *_tools(call, engine, named),
        gateways=[it.arn for it in call.store.gateways.values()],
        has_forbids=any(validation.forbids(it) for it in others),
    )
    return validation.problems(statement, around, with_findings=mode != "IGNORE_ALL_FINDINGS")


def _tools(call: Call, engine: PolicyEngineRecord, named: str | None) -> tuple[ToolSchema, list[str]]:
    global _latest  # noqa: PLW0603 (one value, replaced as a whole)
    documents: list[Tool] = []
    elsewhere: list[str] = []
    for gateway in call.store.gateways.values():
        if gateway.arn == named or policy_engine.uses(gateway, engine):
            listed, asked = call.list_tools(gateway_of(gateway), call.settings.base_url)
            documents += listed
            elsewhere += asked
    documents = documents or [_FUTURE_TOOLS]
    known, schema = _latest
    if len(known) != len(documents) or any(one is not other for one, other in zip(known, documents, strict=True)):
        schema = ToolSchema(documents)
        _latest = documents, schema
    return schema, elsewhere
