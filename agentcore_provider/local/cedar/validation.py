"""What the service finds wrong with a statement when a policy is created or updated.

Documented: one statement (example-policies-action-resource), the scope of action and resource, types and names by the schema
of all gateways of the engine (policy-validation-overview). The service also reasons about the policies of an engine as a
whole. cedarpy does not: of its findings, only a statement that by itself allows or denies every call is reported here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from agentcore_provider.local.cedar.schema import GROUPS, LARGEST_BYTES, ToolSchema
from agentcore_provider.local.cedar.types import NAMESPACE

_BEYOND_CEDAR = re.compile(r"\b(?:when|unless)\s+(temporal|guardrails)\b")
_TEXT_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*', re.DOTALL)
_CHAIN = re.compile(r"(?:\.\s*\w+\s*){65}")
_DEEPEST = 32
_FOR_POLICY = re.compile(r"^for policy `policy0`[,:] ")
_PARSE_ERROR = "Policy parse error: "
_PRINCIPALS = (f"{NAMESPACE}::OAuthUser", f"{NAMESPACE}::IamEntity")


@dataclass(frozen=True)
class Surroundings:
    """What a statement is validated against.

    tools: of all gateways of the engine, and of the gateway that the statement names. elsewhere: the names of targets whose
    tools only their servers know. gateways: ARNs of the account's gateways. has_forbids: whether the engine has policies
    that forbid, beside which nothing is allowed for certain.
    """

    tools: ToolSchema
    elsewhere: Collection[str] = ()
    gateways: Collection[str] = ()
    has_forbids: bool = False


def problems(statement: str, around: Surroundings, *, with_findings: bool) -> list[str]:
    """Why the statement is rejected; nothing if it is not."""
    policy = _read(statement)
    if isinstance(policy, str):
        return [policy]
    found = [*_problems_of_scope(policy, around)] or [*_problems_of_types(statement, policy, around)]
    return found or ([*_findings(policy, around)] if with_findings else [])


def _read(statement: str) -> dict[str, Any] | str:
    """The one policy of a statement as JSON, or what prevents that."""
    from cedarpy import policies_to_json_str

    if found := _BEYOND_CEDAR.search(statement):
        return (
            f"Local AWS evaluates Cedar alone, not {found[1]} conditions. Create the policy in AWS, or leave the "
            "condition out here."
        )
    if _is_too_deep(statement):
        return f"A policy must not nest more than {_DEEPEST} brackets, or chain more than 64 attributes"
    try:
        parsed = json.loads(policies_to_json_str(statement))
    except (ValueError, RecursionError) as error:
        return str(error).removeprefix(_PARSE_ERROR)
    policies: list[dict[str, Any]] = [*parsed["staticPolicies"].values()]
    if parsed["templates"]:
        return "A policy must not have a template's slots, such as ?principal"
    if len(policies) != 1:
        return f"unexpected token `{policies[1]['effect']}`" if policies else "A policy must have one statement"
    return policies[0]


def _is_too_deep(statement: str) -> bool:
    """Whether brackets nest or attributes chain so deep that the engine's stack might not hold them."""
    code = _TEXT_OR_COMMENT.sub('""', statement)
    depth = deepest = 0
    for character in code:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest > _DEEPEST or _CHAIN.search(code) is not None


def _problems_of_types(statement: str, policy: dict[str, Any], around: Surroundings) -> Iterator[str]:
    from cedarpy import validate_policies

    size = len(around.tools.text.encode())
    if size > LARGEST_BYTES:
        yield f"The Cedar schema of the gateways' tools has {size} bytes, more than {LARGEST_BYTES}"
    elif not any(tool.partition("___")[0] in around.elsewhere for tool in _tools(policy)):
        errors = (str(it.error) for it in validate_policies(statement, around.tools.parsed).errors)
        yield from (_FOR_POLICY.sub("", it) for it in dict.fromkeys(errors))


def gateway_of(statement: str) -> str | None:
    """The ARN of the gateway that a statement names; None if it names none, or is not Cedar."""
    found = re.search(rf'resource\s*==\s*{NAMESPACE}::Gateway::"([^"]+)"', statement)
    return found[1] if found else None


def forbids(statement: str) -> bool:
    """Whether a statement, which has been validated, forbids."""
    return re.match(r"(?:\s|//[^\n]*\n|@\w+\s*\([^)]*\))*forbid\b", statement) is not None


def _problems_of_scope(policy: dict[str, Any], around: Surroundings) -> Iterator[str]:
    action, resource = policy["action"], policy["resource"]
    if resource["op"] == "All":
        yield f'a wildcard resource was detected: write resource == {NAMESPACE}::Gateway::"ARN" or resource is {NAMESPACE}::Gateway'
    elif _tools(policy) and resource["op"] != "==":
        yield f'a policy that names actions must name its resource: write resource == {NAMESPACE}::Gateway::"ARN"'
    elif resource["op"] == "==" and resource["entity"]["id"] not in around.gateways:
        yield f"Gateway {resource['entity']['id']} does not exist"
    if action["op"] not in ("All", "==", "in"):
        yield f"the action must be left open, or named with == or in: it is {action['op']}"


def _tools(policy: dict[str, Any]) -> list[str]:
    """The tools, or the targets for all of theirs, that the scope names. The groups of all actions are none."""
    action = policy["action"]
    entities = [action["entity"]] if "entity" in action else action.get("entities", [])
    return [it["id"] for it in entities if it["id"] not in GROUPS]


def _findings(policy: dict[str, Any], around: Surroundings) -> Iterator[str]:
    permits = policy["effect"] == "permit"
    principal = policy["principal"]
    if policy["conditions"] or principal["op"] not in ("All", "is") or (permits and around.has_forbids):
        return
    kind, verb = ("Overly Permissive", "allow") if permits else ("Overly Restrictive", "deny")
    actions = ", ".join(_tools(policy)) or "Any Future Tools"
    resource = policy["resource"].get("entity", {}).get("id", "gateway/*")
    for name in [principal["entity_type"]] if principal["op"] == "is" else _PRINCIPALS:
        # The service's words, as public reports quote them.
        yield (
            f"{kind}: Policy Engine will {verb} every request for the specified principal ({name}), action ({actions}) "
            f"and resource ({resource}) combination if the policy is added or updated"
        )
