"""A resource policy as `agentcore show` displays it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.documents.json_types import JsonObject


def described_statements(policy: JsonObject) -> Iterator[str]:
    """One line for each statement: effect, principals, actions that are not InvokeGateway, conditions."""
    statements = policy.get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, Mapping):
            yield "  ".join(part for part in _parts(statement) if part)
        else:
            yield str(statement)


def _parts(statement: Mapping[str, object]) -> Iterator[str]:
    who = statement.get("Principal", statement.get("NotPrincipal"))
    named = [_joined(it) for it in who.values()] if isinstance(who, Mapping) else [str(who)]
    but = "all but " if "NotPrincipal" in statement else ""
    yield f"{str(statement.get('Effect')).lower()} {but}{', '.join(named)}"
    actions = statement.get("Action", statement.get("NotAction"))
    if "NotAction" in statement or actions not in (
        "bedrock-agentcore:InvokeGateway",
        ["bedrock-agentcore:InvokeGateway"],
    ):
        yield f"{'all but ' if 'NotAction' in statement else ''}{_joined(actions)}"
    condition = statement.get("Condition")
    tests = condition.items() if isinstance(condition, Mapping) else ()
    found = [
        f"{key} {name} {_joined(it)}" for name, keys in tests if isinstance(keys, Mapping) for key, it in keys.items()
    ]
    yield f"if {' and '.join(found)}" if found else ""


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
