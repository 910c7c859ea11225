"""PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy.

Documented (devguide resource-based-policies): policies are for gateways, agent runtimes and their endpoints; Version,
Statement, Effect, Principal and Action are required, and actions have to be those of the resource's kind. Assumed: a
resource without a policy answers ResourceNotFoundException, and a deleted gateway loses its policy. Runtimes are not
checked for existence: local AWS runs none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.local import iam_policy, service_error
from agentcore_provider.local.agentcore_control.call import Answer, Call

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_RUNTIME = (
    "InvokeAgentRuntime",
    "InvokeAgentRuntimeForUser",
    "InvokeAgentRuntimeWithWebSocketStream",
    "InvokeAgentRuntimeWithWebSocketStreamForUser",
    "StopRuntimeSession",
    "GetAgentCard",
)
_ACTIONS = {"gateway": ("InvokeGateway",), "runtime": _RUNTIME}
_ARN = re.compile(r"arn:[^:]+:bedrock-agentcore:[^:]+:\d{12}:(?P<kind>gateway|runtime)/(?P<id>[\w-]+)(?:/.+)?")
_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:[^:]+:(?:iam::\d{12}:(?:root|(?:user|role)/[^*?]+)|sts::\d{12}:(?:assumed-role|federated-user)/[^*?]+)"
)
_ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}


def put(call: Call, request: type_defs.PutResourcePolicyRequestTypeDef) -> Answer:
    """Sets the policy; one that was there is replaced."""
    arn, text = request["resourceArn"], request["policy"]
    kind = _require_resource(call, arn)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise service_error.validation("Invalid policy: it is not valid JSON") from None
    if problems := list(dict.fromkeys(_problems(document, kind, arn))):
        raise service_error.validation(f"Invalid policy: {'; '.join(problems)}")
    call.store.resource_policies[arn] = text
    return {"policy": text}


def get(call: Call, request: type_defs.GetResourcePolicyRequestTypeDef) -> Answer:
    """The policy as it was put."""
    return {"policy": _require(call, request["resourceArn"])}


def delete(call: Call, request: type_defs.DeleteResourcePolicyRequestTypeDef) -> Answer:
    """Deletes at once."""
    _require(call, request["resourceArn"])
    del call.store.resource_policies[request["resourceArn"]]
    return {}


def _require(call: Call, arn: str) -> str:
    _require_resource(call, arn)
    policy = call.store.resource_policies.get(arn)
    if policy is None:
        raise service_error.not_found(f"No resource policy found for resource {arn}")
    return policy


def _require_resource(call: Call, arn: str) -> str:
    """The kind of the resource."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise service_error.validation(f"Resource {arn} does not support resource policies")
    if found["kind"] == "gateway" and found["id"] not in call.store.gateways:
        raise service_error.not_found(f"Resource {arn} not found")
    return found["kind"]


def _problems(document: object, kind: str, arn: str) -> Iterator[str]:
    if not isinstance(document, dict) or not list(iam_policy.statements(document)):
        yield "Statement is missing"
        return
    if document.get("Version") not in ("2012-10-17", "2008-10-17"):
        yield "Version must be 2012-10-17"
    found: list[Any] = list(iam_policy.statements(document))
    for statement in found:
        if not isinstance(statement, Mapping):
            yield "a statement is not an object"
            continue
        yield from (f"unknown element {it}" for it in sorted(statement.keys() - _ELEMENTS))
        if statement.get("Effect") not in ("Allow", "Deny"):
            yield "Effect must be Allow or Deny"
        for element in ("Principal", "Action"):
            if not statement.keys() & {element, f"Not{element}"}:
                yield f"{element} is missing"
        yield from _problems_of_names(statement, kind)
        resources = iam_policy.as_list(statement.get("Resource"))
        if resources and not iam_policy.matches_any(resources, arn, ignore_case=False):
            yield f"Resource does not match {arn}"


def _problems_of_names(statement: Mapping[str, Any], kind: str) -> Iterator[str]:
    known = [f"bedrock-agentcore:{it}" for it in _ACTIONS[kind]]
    for action in iam_policy.as_list(statement.get("Action", statement.get("NotAction"))):
        if not any(iam_policy.matches_any(action, it) for it in known):
            yield f"unsupported action {action}"
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if isinstance(principal, str) and principal != "*":
        yield f"invalid principal {principal}"
    for one in iam_policy.as_list(principal.get("AWS")) if isinstance(principal, Mapping) else ():
        if not _PRINCIPAL.fullmatch(str(one)):
            yield f"invalid principal {one}"
