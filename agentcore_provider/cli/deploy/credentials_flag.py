"""`--credentials` of the quick start, turned into what a stack file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentcore_provider.cli.json_argument import read_object
from agentcore_provider.credential_kinds import API_KEY
from agentcore_provider.documents import files
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput

_FLAG = "--credentials"
_SECRET_MEMBER = "clientSecret"  # noqa: S105 (a name)

Place = tuple[str, ...]


@dataclass(frozen=True)
class Credentials:
    """Credentials of a target, their secrets apart."""

    described: JsonDict
    """As the stack file has them, without the secrets."""
    secrets: dict[Place, str] = field(default_factory=dict, repr=False)
    """Secrets by their place in the description."""


def parse(text: str) -> Credentials:
    """The credentials of the flag. Raises InvalidInput with everything that is wrong, which shows no secret."""
    from agentcore_provider.rules.target_credentials import plan

    given = read_object(_FLAG, _content(text), secret=True)
    planned = plan(given, _FLAG)
    kind = planned.kind
    described = kind.described(planned.use)
    if kind is API_KEY:
        return Credentials({kind.key: described}, {(kind.key, "key"): str(planned.inputs["api_key"])})
    return Credentials(*_parted({kind.key: {**planned.inputs, **described}}))


def _content(text: str) -> str:
    """The flag's text, or that of the file or stdin it names: which keeps secrets out of the process list."""
    if text == "-":
        return files.text_of_stdin()
    if not text.startswith("@"):
        return text
    try:
        # A pipe as well: `@<(...)` is how a shell hands over what a vault answers.
        with open(text[1:], "rb") as opened:
            return files.text_of(opened, text[1:])
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or getattr(error, "why", error)
        raise InvalidInput(f"{text[1:]} cannot be read ({why})", "Give the path of a JSON file", path=_FLAG) from None


def _parted(value: JsonObject, place: Place = ()) -> tuple[JsonDict, dict[Place, str]]:
    """A description without its secrets, and the secrets."""
    open_, secrets = {}, {}
    for name, item in value.items():
        if name == _SECRET_MEMBER and isinstance(item, str):
            secrets[(*place, name)] = item
        elif isinstance(item, Mapping):
            open_[name], below = _parted(item, (*place, name))
            secrets |= below
        else:
            open_[name] = item
    return open_, secrets
