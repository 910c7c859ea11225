"""The name of a target when nobody gives one: made of what it calls, and of no other target."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agentcore_provider.cli.deploy.credentials_flag import Credentials
from agentcore_provider.cli.project.stack_file import KEPT_SECRET, StackFile
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import say

_FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]+:[^:]*:function:(?P<name>[^:]+)")
_LONGEST = 96
"""What leaves room for a number within AWS's 100 characters."""
# Where each kind of description says what the target calls.
_SOURCES = {"lambda": "arn", "openapi": "schema", "smithy": "model", "mcp_server": "endpoint", "builtin": "name"}
_AWS_KINDS = {"openApiSchema": "openapi", "smithyModel": "smithy", "mcpServer": "mcp_server"}


def choose(
    stack: ChosenStack, gateway: str, target: Mapping[str, Any], credentials: Credentials | None, flag: str = "--name"
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


def name_of(target: Mapping[str, Any]) -> str:
    """The name of a target on a gateway without others."""
    from agentcore_provider.rules.gateway import mended_name

    kind, source = _identity(target)
    function = target.get("lambda")
    if isinstance(function, Mapping) and "code" in function:
        # A folder with the default handler names the function; a file of another name is more precise.
        module = str(function.get("handler", "handler")).partition(".")[0]
        usual = module in ("handler", "lambda_function")
        source = Path(function["code"]).resolve().name if usual else module
    if not isinstance(source, str):
        source = next((word for word, ours in _AWS_KINDS.items() if ours == kind), kind)
    by_arn = _FUNCTION.match(source)
    if by_arn:
        name = by_arn["name"]
    elif "://" in source and not source.startswith("s3:"):
        name = (urlsplit(source).hostname or "server").removeprefix("www.").split(".")[0]
    else:
        name = re.sub(r"(\.smithy)?\.(json|ya?ml)$", "", source.rstrip("/").rsplit("/", 1)[-1])
    return mended_name(name.replace("_", "-").replace(".", "-"), _LONGEST) or "target"


def _is_same(standing: Any, target: Mapping[str, Any], credentials: Credentials | None) -> bool:
    if not isinstance(standing, Mapping) or _identity(standing) != _identity(target):
        return False
    signs_in = _open(standing.get("credentials"))
    return credentials is None or signs_in is None or signs_in == credentials.described


def _identity(target: Mapping[str, Any]) -> tuple[str, Any]:
    """What the target calls: its kind, and the ARN, file, URI or address, or the whole document."""
    for kind, member in _SOURCES.items():
        if kind in target:
            value = target[kind]
            if isinstance(value, Mapping) and "code" in value:
                return kind, posixpath.join(value["code"], value.get("handler", "handler.handler"))
            return kind, value.get(member, value) if isinstance(value, Mapping) else value
    configuration = target.get("target_configuration")
    kind, value = next(iter((configuration or {}).get("mcp", {}).items()), ("", configuration))
    if isinstance(value, Mapping):
        value = value.get("lambdaArn") or value.get("endpoint") or value
    return _AWS_KINDS.get(kind, kind), value


def _open(value: Any) -> Any:
    """A description without its secrets."""
    if not isinstance(value, Mapping):
        return value
    return {name: _open(item) for name, item in value.items() if item != KEPT_SECRET}
