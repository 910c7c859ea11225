"""References in stack files: `${env:NAME}` to the environment, `${secret:NAME}` to Secrets Manager.

`${secret:NAME#key}` is one key of a secret that is JSON, `$${` stands for `${` itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.json_schema import secrecy
from agentcore_provider.stack_config.places import Place, PlacedProblem, placed, replaced, walked

_T = TypeVar("_T")

_REFERENCE = re.compile(r"(?P<escaped>\$)?\$\{(?P<kind>env|secret):(?P<name>[^}]*)\}")
_SECRET_ARN = re.compile(r"arn:[^:]+:secretsmanager:(?P<region>[^:]+):\d{12}:secret:.+")

# The schema has the texts that Pulumi needs before it can ask for a secret, such as names of files.
_PLAIN = "write it plain, or ${env:NAME} to keep it out of the file"


def from_environment(gateways: object, environment: Mapping[str, str]) -> tuple[dict[Place, str], list[PlacedProblem]]:
    """Texts that refer to the environment, with its values in them, and a problem for each that cannot be read."""
    texts: dict[Place, str] = {}
    found: list[PlacedProblem] = []
    for place, given in _texts(gateways):
        for reference in _REFERENCE.finditer(given):
            kind, name = reference["kind"], reference["name"]
            if reference["escaped"]:
                continue
            if not name:
                text, cure = f"${{{kind}:}} names nothing", f"write ${{{kind}:NAME}}"
            elif kind == "secret" and secrecy(place) is None:
                text, cure = "cannot come from Secrets Manager, as it is read before that", _PLAIN
            elif kind == "env" and name not in environment:
                text, cure = f"the environment has no {name}", "set it where `pulumi up` runs"
            else:
                continue
            found.append(PlacedProblem(place, text, cure, unknown=(place,)))
        filled = _REFERENCE.sub(lambda it: _from_environment(it, environment), given)
        if filled != given:
            texts[place] = filled
    return texts, found


def unknown_secrets(gateways: _T) -> _T:
    """The gateways for validation: what only Secrets Manager knows is UNKNOWN."""
    return replaced(gateways, {place: UNKNOWN for place, text in _texts(gateways) if _asks(text)})


def from_secrets_manager(gateways: object) -> tuple[dict[Place, object], list[PlacedProblem]]:
    """Texts that refer to Secrets Manager, as secret Outputs, and a problem for each that cannot be read."""
    texts: dict[Place, object] = {}
    found: list[PlacedProblem] = []
    known: dict[str, str] = {}
    for place, text in _texts(gateways):
        if not _asks(text):
            continue
        try:
            filled = _REFERENCE.sub(
                lambda it: it[0] if it["escaped"] else _from_secrets_manager(it["name"], known), text
            )
            texts[place] = pulumi.Output.secret(filled)
        except InvalidInput as error:
            found += placed(error, place)
    return texts, found


def unescaped(gateways: object) -> dict[Place, str]:
    """Texts in which `$${env:` stood, as they are meant."""
    escaped = ((place, text) for place, text in _texts(gateways) if "$${" in text)
    return {place: _REFERENCE.sub(lambda it: it[0][1:] if it["escaped"] else it[0], text) for place, text in escaped}


def escaped(value: _T) -> _T:
    """A value of which every text means itself in a stack file, also one that reads like a reference."""
    texts = {place: _REFERENCE.sub(lambda it: f"${it[0]}", text) for place, text in _texts(value)}
    return replaced(value, texts)


def _texts(gateways: object) -> Iterator[tuple[Place, str]]:
    return ((place, value) for place, value in walked(gateways) if isinstance(value, str) and "${" in value)


def _asks(text: str) -> bool:
    return any(it["kind"] == "secret" and not it["escaped"] for it in _REFERENCE.finditer(text))


def _from_environment(found: re.Match[str], environment: Mapping[str, str]) -> str:
    if found["escaped"] or found["kind"] != "env":
        return found[0]
    return environment.get(found["name"], found[0])


def _from_secrets_manager(reference: str, known: dict[str, str]) -> str:
    secret_id, _, key = reference.partition("#")
    if secret_id not in known:
        known[secret_id] = _looked_up(secret_id)
    if not key:
        return known[secret_id]
    try:
        value = json.loads(known[secret_id])[key]
    except (ValueError, TypeError, KeyError):
        raise InvalidInput(f"secret {secret_id} has no key {key}", "correct what is after the #") from None
    return value if isinstance(value, str) else json.dumps(value)


def _looked_up(secret_id: str) -> str:
    import pulumi_aws as aws

    arn = _SECRET_ARN.fullmatch(secret_id)
    try:
        found = aws.secretsmanager.get_secret_version(secret_id=secret_id, region=arn["region"] if arn else None)
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InvalidInput(
            f"Secrets Manager does not give secret {secret_id} ({reason})",
            "correct the name, or allow secretsmanager:GetSecretValue where `pulumi up` runs",
        ) from None
    return found.secret_string


def environment() -> Mapping[str, str]:
    """Variables of the shell that `pulumi up` runs in; an empty one is as good as none."""
    return {name: value for name, value in os.environ.items() if value}
