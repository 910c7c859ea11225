"""Policies that AWS writes from a text: start, wait, read.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_StartPolicyGeneration.html
"""

from __future__ import annotations

import uuid

from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.waiting import wait_until
from agentcore_provider.errors import ResourceFailed

_RUNNING = "GENERATING"
_DONE = "GENERATED"


def generate(
    connection: Connection, policy_engine_id: str, gateway_arn: str, text: str, *, timeout: float
) -> list[Properties]:
    """The assets that AWS makes of a text: each with the part of the text, findings and, if there is one, a definition.

    AWS deletes them after 7 days. timeout: seconds. Raises ResourceFailed with AWS's reasons, WaitTimeout, and what a call
    raises.
    """
    started = connection.call(
        "StartPolicyGeneration",
        policyEngineId=policy_engine_id,
        resource={"arn": gateway_arn},
        content={"rawText": text},
        name=f"generation_{uuid.uuid4().hex[:10]}",
        clientToken=str(uuid.uuid4()),
    )
    key = {"policyEngineId": policy_engine_id, "policyGenerationId": started["policyGenerationId"]}

    def find() -> Document:
        found: Document = connection.call("GetPolicyGeneration", **key)
        return found

    ended = wait_until(
        find,
        lambda it: it["status"] != _RUNNING,
        clock=connection.clock,
        timeout=timeout,
        report=lambda _: None,
        waiting_for="AWS to write the policy",
        cure="Wait longer with --timeout, or describe less at once",
    )
    if ended["status"] != _DONE:
        reasons = "; ".join(ended.get("statusReasons") or []) or "the service gave no reason"
        raise ResourceFailed(f"AWS could not write a policy: {reasons}", "Describe it in other words")
    return list(connection.pages("ListPolicyGenerationAssets", "policyGenerationAssets", **key))
