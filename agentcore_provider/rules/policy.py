"""What the service accepts as a policy of a gateway: CreatePolicy's input, by AWS's member names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agentcore_provider.documents import cedar_policy
from agentcore_provider.documents.cedar_policy import CedarPolicy, Entity, Scope
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

NAMESPACE = "AgentCore"
ACTION = f"{NAMESPACE}::Action"
GATEWAY = f"{NAMESPACE}::Gateway"
PRINCIPALS = {"CUSTOM_JWT": f"{NAMESPACE}::OAuthUser", "AWS_IAM": f"{NAMESPACE}::IamEntity"}
"""The type of the callers of a gateway, by its authorizerType."""
GROUPS = ("CallTool", "Mcp")
"""Actions that stand for all tools."""
DOGWOOD = "policy"
"""The member of a definition whose language has more clauses than Cedar."""

SCOPES = "devguide example-policies-action-resource"
ANALYSIS = "devguide policy-create-update-validation"
LANGUAGE = "devguide policy-limitations-section"
_MODEL = f"botocore model {service_model.CONTROL}"
IMMUTABLE = {"name": f"{_MODEL}, UpdatePolicyRequest", "policyEngineId": f"{_MODEL}, UpdatePolicyRequest"}
"""Top-level members that UpdatePolicy cannot change, and where that is written."""
_GATEWAY_ARN = re.compile(r"arn:[a-z-]+:bedrock-agentcore:[a-z0-9-]+:\d{12}:gateway/[a-z0-9-]+")

Document = Mapping[str, object]


def validate(document: Document) -> list[Problem]:
    """Everything the service would refuse. Name and engine may be absent: they are chosen later."""
    problems = service_model.validate(document, "CreatePolicy", absent=("name", "policyEngineId", "clientToken"))
    for path, statement in statements(document.get("definition")).items():
        member = path.split(".")[1]
        problems += [replace(it, path=path) for it in of_statement(statement, extended=member == DOGWOOD)]
    return problems


def replaces(old: Document, new: Document) -> list[str]:
    """Top-level members whose change needs a new policy. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)


def definition(statement: str) -> dict[str, dict[str, str]]:
    """AWS's definition of a statement: in Cedar, or in Dogwood where it has clauses that Cedar does not have."""
    try:
        extended = any(it.clauses for it in cedar_policy.read(statement))
    except Unreadable:
        extended = False
    return {DOGWOOD if extended else "cedar": {"statement": statement}}


def statements(definition: object) -> dict[str, str]:
    """The statements in AWS's definition, by path; none for one that only refers to a generated policy."""
    if not isinstance(definition, Mapping):
        return {}
    found = {}
    for member in ("cedar", DOGWOOD):
        content = definition.get(member)
        statement = content.get("statement") if isinstance(content, Mapping) else None
        if statement is not UNKNOWN and isinstance(statement, str):
            found[f"definition.{member}.statement"] = statement
    return found


def of_statement(statement: str, *, extended: bool = False) -> list[Problem]:
    """What AWS's own rules refuse of a statement, beyond its length. extended: in Dogwood."""
    try:
        policies = cedar_policy.read(statement)
    except Unreadable as error:
        return [replace(it, path="") for it in error.problems]
    if len(policies) != 1:
        found = f"line {policies[1].line}: begins a second policy" if policies else "has no policy"
        return [Problem("", found, "Give each policy a resource of its own.", LANGUAGE)]
    return [*_language(policies[0], extended), *_scopes(policies[0])]


def findings(policy: CedarPolicy) -> list[Problem]:
    """What AWS's analysis finds of a policy by itself: that it allows or denies all that it applies to."""
    if policy.conditional or policy.principal.operator not in ("", "is"):
        return []
    permissive = "allows every request of its callers, which AWS's analysis refuses as Overly Permissive"
    restrictive = "denies every request of its callers, which AWS's analysis refuses as Overly Restrictive"
    message = f"line {policy.line}: {permissive if policy.effect == 'permit' else restrictive}"
    cure = "Add a condition, or set validation_mode to IGNORE_ALL_FINDINGS."
    return [Problem("", message, cure, ANALYSIS)]


def tools(policy: CedarPolicy) -> list[Entity]:
    """The tools that the policy names; none if it applies to all."""
    return [it for it in policy.action.entities if it.id not in GROUPS]


def _language(policy: CedarPolicy, extended: bool) -> Iterator[Problem]:
    if policy.clauses and not extended:
        words = " and ".join(policy.clauses)
        yield Problem("", f"has a clause with {words}, which Cedar does not have", f"Put it under {DOGWOOD}.", LANGUAGE)
    for scope in (policy.principal, policy.action, policy.resource):
        for entity in scope.entities:
            if not entity.type:
                cure = "Name the gateway with gateway=." if entity.id == cedar_policy.SLOT else "Name the entity."
                yield _problem(scope, f"has {entity.id}, and AWS takes no templates", cure, LANGUAGE)


def _scopes(policy: CedarPolicy) -> Iterator[Problem]:
    action, resource = policy.action, policy.resource
    named = [it for it in resource.entities if it.type]
    for entity in (it for it in action.entities if it.type and it.type != ACTION):
        yield _problem(action, f"names an action of type {entity.type}", f"Write {ACTION}::{_quoted(entity)}.", SCOPES)
    for entity in (it for it in action.entities if action.operator == "==" and "___" not in it.id):
        message = f"names {entity.id} with ==, which is a group of tools and no call itself"
        yield _problem(action, message, f"Write action in {ACTION}::{_quoted(entity)}, or TARGET___TOOL.", SCOPES)
    if action.operator == "is":
        yield _problem(action, "has `is` for the action", "Name tools with == or in.", SCOPES)
    if resource.operator == "":
        fix = f"== {GATEWAY}::{_quoted(Entity('', 'GATEWAY-ARN'))}" if action.operator else f"is {GATEWAY}"
        yield _problem(resource, "applies to every resource", f"Write resource {fix}.", SCOPES)
    elif action.operator and resource.operator != "==":
        cure = f"Write resource == {cedar_policy.SLOT}, which becomes the gateway, or its ARN."
        yield _problem(resource, "names actions, but not one gateway", cure, SCOPES)
    elif resource.operator == "in":
        cure = f"Write resource == {cedar_policy.SLOT}, which becomes the gateway, or resource is {GATEWAY}."
        yield _problem(resource, "has `in` for the resource", cure, SCOPES)
    elif resource.operator == "is" and resource.type != GATEWAY:
        yield _problem(resource, f"applies to {resource.type}", f"Write resource is {GATEWAY}.", SCOPES)
    for entity in named:
        if entity.type != GATEWAY or not _GATEWAY_ARN.fullmatch(entity.id):
            given = cedar_policy.render(entity)
            cure = f"Write {cedar_policy.SLOT}, which becomes the gateway, or {GATEWAY} with its ARN."
            yield _problem(resource, f"names {given}, which is not a gateway", cure, SCOPES)
    if policy.principal.type and policy.principal.type not in PRINCIPALS.values():
        known = " or ".join(PRINCIPALS.values())
        yield _problem(policy.principal, f"applies to {policy.principal.type}", f"Write {known}.", SCOPES)


def _problem(scope: Scope, message: str, cure: str, source: str) -> Problem:
    return Problem("", f"line {scope.line}: {message}", cure, source)


def _quoted(entity: Entity) -> str:
    return cedar_policy.quoted(entity.id)
