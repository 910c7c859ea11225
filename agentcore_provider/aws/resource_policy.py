"""Resource policies of gateways and agent runtimes: find, put, delete, compare.

A policy has no name, no tags and no status: it is there once PutResourcePolicy has answered.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/resource-based-policies.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from agentcore_provider.aws.connection import NOT_FOUND, Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import AgentCoreError, AwsRefused, NameTaken

# How long a principal that was just created may be unknown to AgentCore; IAM documents no time.
PRINCIPAL_SECONDS = 30.0
_ACCOUNT_ROOT = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):root")


def find(connection: Connection, arn: str) -> Document | None:
    """The policy of a resource, or None when it has none or does not exist."""
    found = connection.call_or_none("GetResourcePolicy", resourceArn=arn) or {}
    text = found.get("policy")
    return parsed(text) if text else None


def create(operation: Operation, properties: Document) -> Properties:
    """Give the resource its policy. Raises NameTaken when it has another one, and what a call raises."""
    arn, wanted = properties["resource_arn"], properties["policy"]
    found = find(operation.connection, arn)
    if found is not None and not operation.adopt and not alike(found, wanted):
        cures = operation.connection.cures
        raise NameTaken(
            f"{operation.label}: {arn} has a resource policy that was not made by this resource",
            f"Put its statements into this one, or {cures.adopt}",
        )
    return update(operation, properties)


def update(operation: Operation, properties: Document) -> Properties:
    """Make the policy what the program declares. Raises what a call raises."""
    arn, text = properties["resource_arn"], json.dumps(properties["policy"], separators=(",", ":"), ensure_ascii=False)
    operation.report("putting the resource policy")

    def names_unknown_principal(error: AgentCoreError, _: float) -> bool:
        # A role that was created a moment ago may not have reached AgentCore yet.
        return code_of(error) == "ValidationException" and "principal" in error.message.lower()

    retry(
        lambda: operation.connection.call("PutResourcePolicy", resourceArn=arn, policy=text),
        names_unknown_principal,
        clock=operation.connection.clock,
        timeout=min(operation.timeout, PRINCIPAL_SECONDS),
    )
    return {"resource_arn": arn, "policy": properties["policy"]}


def delete(operation: Operation, arn: str) -> None:
    """Remove the policy; gone already is fine. Raises what a call raises."""
    operation.report("deleting the resource policy")
    try:
        operation.connection.call("DeleteResourcePolicy", resourceArn=arn)
    except AwsRefused as error:
        if error.code not in NOT_FOUND:
            raise


def parsed(text: str) -> Document:
    """The document in a policy's text; other text is kept as it is, below Statement."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {"Statement": text}


def alike(one: object, other: object) -> bool:
    """Whether two policies mean the same, however they are written: order, one value or a list of it, an account or
    the ARN of its root."""
    return _canonical(one) == _canonical(other)


def _canonical(policy: object) -> object:
    if not isinstance(policy, Mapping):
        return _frozen(policy)
    statements = [_statement(it) for it in _listed(policy.get("Statement"))]
    return _frozen({**policy, "Statement": sorted(statements, key=json.dumps)})


def _statement(statement: object) -> object:
    if not isinstance(statement, Mapping):
        return _frozen(statement)
    found: dict[str, object] = {}
    for name, value in statement.items():
        if name in ("Action", "NotAction"):
            found[name] = sorted({str(it).lower() for it in _listed(value)})
        elif name in ("Principal", "NotPrincipal"):
            kinds = value if isinstance(value, Mapping) else {"AWS": value}
            found[name] = {kind: sorted({_principal(it) for it in _listed(who)}) for kind, who in kinds.items()}
        elif name == "Condition" and isinstance(value, Mapping):
            found[name] = {operator: _tests(tests) for operator, tests in value.items()}
        elif name in ("Resource", "NotResource"):
            found[name] = sorted({str(it) for it in _listed(value)})
        else:
            found[name] = value
    return _frozen(found)


def _tests(tests: object) -> object:
    if not isinstance(tests, Mapping):
        return tests
    return {str(key).lower(): sorted({_text(it) for it in _listed(values)}) for key, values in tests.items()}


def _principal(value: object) -> str:
    root = _ACCOUNT_ROOT.fullmatch(str(value))
    return root[1] if root else str(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _frozen(value: object) -> object:
    return json.loads(json.dumps(value, sort_keys=True, default=str))


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
