"""aws.iam.get_policy_document: a policy as JSON from statements, and from documents to build on and to override with.

The result is byte for byte what the official plugin returns: lists in reverse order, lists of one as a string, two spaces
of indentation (github.com/hashicorp/terraform-provider-aws, internal/service/iam/policy_document_data_source.go).
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from .session import Session
from .wire import Properties

_Document = dict[str, Any]
_ORDER = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)


def get_policy_document(session: Session, arguments: Properties) -> Properties:
    """The arguments, and `json`, `minifiedJson` and `id`."""
    version = arguments.get("version", "2012-10-17")
    own = [_statement(statement) for statement in arguments.get("statements", [])]
    _refuse_twice("statements", own)

    sources = [arguments[key] for key in ("sourceJson",) if key in arguments]
    sources += arguments.get("sourcePolicyDocuments", [])
    overrides = arguments.get("overridePolicyDocuments", []) + [
        arguments[key] for key in ("overrideJson",) if key in arguments
    ]
    document: _Document = {"Version": version}
    statements: list[_Document] = []
    for source in map(_parsed, sources):
        document.update({key: source[key] for key in ("Version", "Id") if key in source})
        statements += _statements(source)
    _refuse_twice("sourcePolicyDocuments", statements)
    if "version" in arguments:
        document["Version"] = version
    if "policyId" in arguments:
        document["Id"] = arguments["policyId"]
    statements = _overridden(statements, own)
    for override in map(_parsed, overrides):
        document.update({key: override[key] for key in ("Version", "Id") if key in override})
        statements = _overridden(statements, _statements(override))

    whole = {key: document[key] for key in ("Version", "Id") if document.get(key)}
    if statements:
        whole["Statement"] = statements
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    return {
        **arguments,
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": json.dumps(whole, separators=(",", ":"), ensure_ascii=False),
        "version": document["Version"],
    }


def _statement(declared: Properties) -> _Document:
    statement = {
        "Sid": declared.get("sid"),
        "Effect": declared.get("effect", "Allow"),
        "Action": _few(declared.get("actions")),
        "NotAction": _few(declared.get("notActions")),
        "Resource": _few(_with_variables(declared.get("resources"))),
        "NotResource": _few(_with_variables(declared.get("notResources"))),
        "Principal": _principals(declared.get("principals", [])),
        "NotPrincipal": _principals(declared.get("notPrincipals", [])),
        "Condition": _conditions(declared.get("conditions", [])),
    }
    return {key: statement[key] for key in _ORDER if statement[key]}


def _principals(declared: list[Properties]) -> str | dict[str, str | list[str] | None]:
    if any(principal["type"] == "*" for principal in declared):
        return "*"
    by_kind: dict[str, list[str]] = {}
    for principal in declared:
        by_kind.setdefault(principal["type"], []).extend(_with_variables(principal["identifiers"]) or [])
    return {kind: _few(by_kind[kind]) for kind in sorted(by_kind)}


def _conditions(declared: list[Properties]) -> dict[str, dict[str, str | list[str]]]:
    by_test: dict[str, dict[str, list[str]]] = {}
    for condition in declared:
        values = by_test.setdefault(condition["test"], {}).setdefault(condition["variable"], [])
        values += _with_variables(condition["values"]) or []
    return {
        test: {variable: values[0] if len(values) == 1 else values for variable, values in sorted(variables.items())}
        for test, variables in sorted(by_test.items())
    }


def _few(values: list[str] | None) -> str | list[str] | None:
    if not values:
        return None
    distinct = sorted(set(values), reverse=True)
    return distinct[0] if len(distinct) == 1 else distinct


def _with_variables(values: list[str] | None) -> list[str] | None:
    """Pulumi and Terraform write IAM's own variables as `&{…}`, because `${…}` is theirs."""
    return None if values is None else [value.replace("&{", "${") for value in values]


def _parsed(text: str) -> _Document:
    try:
        document = json.loads(text) if text else {}
    except ValueError as error:
        raise ValueError(f"A policy document to build on is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise ValueError("A policy document to build on must be a JSON object.")
    return document


def _statements(document: _Document) -> list[_Document]:
    declared = document.get("Statement", [])
    listed = declared if isinstance(declared, list) else [declared]
    return [{key: statement[key] for key in (*_ORDER, *statement) if key in statement} for statement in listed]


def _overridden(statements: list[_Document], by: list[_Document]) -> list[_Document]:
    result = list(statements)
    for statement in by:
        sid = statement.get("Sid")
        places = [index for index, other in enumerate(result) if sid and other.get("Sid") == sid]
        if places:
            result[places[0]] = statement
        else:
            result.append(statement)
    return result


def _refuse_twice(where: str, statements: list[_Document]) -> None:
    found_sids: set[str] = set()
    for statement in statements:
        sid = statement.get("Sid", "")
        if sid and sid in found_sids:
            raise ValueError(f"{where}: the sid {sid!r} occurs twice; give each statement its own, or none.")
        found_sids.add(sid)
