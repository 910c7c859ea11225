"""Lambda permissions: one statement in the policy of a function."""

from __future__ import annotations

import json

from .resource import Naming, Resource, Scope
from .wire import Properties

# Argument -> the member of AddPermission that carries it.
_MEMBERS = {
    "action": "Action",
    "eventSourceToken": "EventSourceToken",
    "function": "FunctionName",
    "functionUrlAuthType": "FunctionUrlAuthType",
    "invokedViaFunctionUrl": "InvokedViaFunctionUrl",
    "principal": "Principal",
    "principalOrgId": "PrincipalOrgID",
    "qualifier": "Qualifier",
    "sourceAccount": "SourceAccount",
    "sourceArn": "SourceArn",
    "statementId": "StatementId",
}
# Condition key -> the argument that sets it.
_CONDITIONS = {
    "aws:sourcearn": "sourceArn",
    "aws:sourceaccount": "sourceAccount",
    "aws:principalorgid": "principalOrgId",
    "lambda:eventsourcetoken": "eventSourceToken",
    "lambda:functionurlauthtype": "functionUrlAuthType",
}


class Permission(Resource):
    """aws.lambda_.Permission"""

    type_name = "aws:lambda/permission:Permission"
    arguments = frozenset(_MEMBERS) | {"region", "statementIdPrefix"}
    required = frozenset({"action", "function", "principal"})
    immutable = arguments
    naming = Naming("statementId", 100, "statementIdPrefix")

    def create(self, scope: Scope, inputs: Properties) -> str:
        members = {member: inputs[key] for key, member in _MEMBERS.items() if key in inputs}
        scope.session.client("lambda").add_permission(**members)
        return str(inputs["statementId"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        function, qualifier, statement_id = _place(resource_id, known)
        optional = {"Qualifier": qualifier} if qualifier else {}
        answer = scope.session.client("lambda").get_policy(FunctionName=function, **optional)
        for statement in json.loads(answer["Policy"])["Statement"]:
            if statement["Sid"] == statement_id:
                return {
                    "action": statement["Action"],
                    "function": function,
                    "principal": _principal(statement["Principal"]),
                    "qualifier": qualifier or None,
                    "region": scope.session.region,
                    "statementId": statement_id,
                    **_conditions(statement.get("Condition", {})),
                }
        return None

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        function, qualifier, statement_id = _place(resource_id, known)
        optional = {"Qualifier": qualifier} if qualifier else {}
        scope.session.client("lambda").remove_permission(FunctionName=function, StatementId=statement_id, **optional)


def _place(resource_id: str, known: Properties) -> tuple[str, str, str]:
    """Function, qualifier and statement id; an import names all three as `function[:qualifier]/statementId`."""
    if "function" in known:
        return known["function"], known.get("qualifier", ""), resource_id
    place, _, statement_id = resource_id.rpartition("/")
    if place.startswith("arn:") or ":" not in place:
        return place, "", statement_id
    function, _, qualifier = place.partition(":")
    return function, qualifier, statement_id


def _principal(principal: str | dict[str, str]) -> str:
    if isinstance(principal, str):
        return principal
    value = str(next(iter(principal.values())))
    # Lambda keeps an account as the ARN of its root.
    return value.split(":")[4] if value.startswith("arn:") and value.endswith(":root") else value


def _conditions(condition: dict[str, dict[str, str]]) -> Properties:
    return {
        _CONDITIONS[key.lower()]: value
        for test in condition.values()
        for key, value in test.items()
        if key.lower() in _CONDITIONS
    }
