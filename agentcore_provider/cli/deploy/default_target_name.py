"""The default name of a target: derived from what it calls, and unlike any other target's."""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.cli.deploy.credentials_flag import Credentials
from agentcore_provider.cli.project.stack_file import KEPT_SECRET, StackFile
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import say
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.schemas import lambda_code
from agentcore_provider.target_kinds import LAMBDA
from agentcore_provider.target_kinds.source import name_of as name_of_source

_LONGEST = 96
"""What leaves room for a number within AWS's 100 characters."""
# Keys of the kinds and, below each, the key of what the target calls.
_SOURCES = {**{kind.key: str(kind.source_key) for kind in target_kinds.SOURCED.values()}, "builtin": "name"}


def choose(
    stack: ChosenStack, gateway: str, target: JsonObject, credentials: Credentials | None, flag: str = "--name"
) -> str:
    """The function's name, the file's, the server's; with a number if another target of the gateway has that.

    Another is one that calls something else, or signs in there in another way: an API is often there twice, as two
    clients see it. flag: of the command, that gives a name.
    """
    described = StackFile(stack.file).gateways().get(gateway)
    targets = (described.get("targets") if isinstance(described, Mapping) else None) or {}
    first = name_of(target)
    for number in itertools.count(1):
        name = first if number == 1 else f"{first}-{number}"
        if name not in targets or _is_same(targets[name], target, credentials):
            break
    if name != first:
        say(
            f"Note: target {first} is another one, so this one is {name}: {flag} chooses ({flag} {first} changes that one)"
        )
    return name


def name_of(target: JsonObject) -> str:
    """The name of a target on a gateway without others."""
    from agentcore_provider.rules.gateway import fixed_name

    key, source = _identity(target)
    function = target.get(LAMBDA.key)
    if isinstance(function, Mapping) and "code" in function:
        # A folder with the default handler names the function; a file of another name is more precise.
        module = str(function.get("handler", "handler")).partition(".")[0]
        usual = module in ("handler", "lambda_function")
        source = Path(function["code"]).resolve().name if usual else module
    known = target_kinds.BY_KEY.get(key)
    if not isinstance(source, str):
        name = known.name if known else key
    else:
        name = known.default_name(source) if known else name_of_source(source)
    return fixed_name(name.replace("_", "-").replace(".", "-"), _LONGEST) or "target"


def _is_same(standing: Any, target: JsonObject, credentials: Credentials | None) -> bool:
    if not isinstance(standing, Mapping) or _identity(standing) != _identity(target):
        return False
    signs_in = _open(standing.get("credentials"))
    return credentials is None or signs_in is None or signs_in == credentials.described


def _identity(target: JsonObject) -> tuple[str, Any]:
    """What the target calls: its kind, and the ARN, file, URI or address, or the whole document."""
    for key, member in _SOURCES.items():
        if key in target:
            value = target[key]
            if isinstance(value, Mapping) and "code" in value:
                return key, posixpath.join(value["code"], value.get("handler", lambda_code.HANDLER))
            return key, value.get(member, value) if isinstance(value, Mapping) else value
    configuration = target.get("target_configuration")
    kind = target_kinds.of(configuration)
    content = kind.content(configuration) if kind else None
    if kind is None or not isinstance(content, Mapping):
        return target_kinds.branch(configuration)[1] or "", configuration
    return kind.key, kind.values(content).get(str(kind.source_key), content)


def _open(value: Any) -> Any:
    """A description without its secrets."""
    if not isinstance(value, Mapping):
        return value
    return {name: _open(item) for name, item in value.items() if item != KEPT_SECRET}
