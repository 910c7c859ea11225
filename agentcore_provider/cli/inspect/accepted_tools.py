"""`agentcore tools diff` and `accept`: what MCP servers list now, against what is locked."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.options import Json, Stack, Timeout
from agentcore_provider.cli.terminal import REFUSED, print_json, progress, say, stdout
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cli.locked_target import LockedTarget
    from agentcore_provider.schemas.locked_tools import Difference

_STYLES = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_CONFIG = "agentcore:toolLocks"

Target = Annotated[
    str | None, typer.Argument(help="Target with tools_lock, by its name or that of its resource. Default: all.")
]


def diff(target: Target = None, *, stack: Stack = None, timeout: Timeout = 40.0, as_json: Json = False) -> None:
    """Compare what MCP servers list now with the tools that are locked; exit code 1 if they differ."""
    found = _compare(target, stack, timeout)
    if as_json:
        print_json({"targets": [_public(*it) for it in found]})
    else:
        for one, differences, _ in found:
            _show(one, differences)
    if any(differences for _, differences, _ in found):
        raise typer.Exit(REFUSED)


def accept(
    target: Target = None,
    *,
    stack: Stack = None,
    timeout: Timeout = 40.0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept without asking.")] = False,
) -> None:
    """Accept what MCP servers list now, after displaying what differs.

    Writes the fingerprints into the stack's file, under agentcore:toolLocks; the next `pulumi up` locks these tools.
    """
    found = _compare(target, stack, timeout)
    for one, differences, _ in found:
        _show(one, differences)
    changed = [it for it in found if it[1]]
    if not changed:
        return
    if not yes:
        if not sys.stdin.isatty():
            raise InvalidInput("Nobody can be asked here", "Review what differs, and pass --yes to accept it")
        if not typer.confirm("Accept these tools?"):
            raise typer.Exit(REFUSED)
    _write([(one, fingerprint) for one, _, fingerprint in changed])


def _compare(target: str | None, stack: str | None, timeout: float) -> list[tuple[LockedTarget, list[Difference], str]]:
    """Of each locked target what differs, and the fingerprint of what its server lists."""
    from agentcore_provider.cli.locked_target import locked_targets
    from agentcore_provider.cli.project import find_project
    from agentcore_provider.cli.stack_state import read_gateways
    from agentcore_provider.schemas import locked_tools

    compared = []
    with progress("Asking the servers for their tools"):
        for one in locked_targets(read_gateways(find_project(), stack).values(), target):
            listed = one.listed(timeout)
            compared.append((one, one.differences(listed), locked_tools.fingerprint(listed)))
    return compared


def _show(target: LockedTarget, differences: list[Difference]) -> None:
    from rich.text import Text

    out = stdout()
    out.print(Text(f"{target.name} ({target.endpoint})", style="bold"), soft_wrap=True)
    if not differences:
        out.print("No difference: the server lists what is locked", markup=False)
    for one in differences:
        mark, style = _STYLES[one.kind]
        out.print(Text(f"{mark} {one.name}", style=style), soft_wrap=True)
        for line in one.details:
            out.print(Text(f"    {line}"), soft_wrap=True)
        for line in one.breaking:
            out.print(Text(f"    callers break: {line}", style="red"), soft_wrap=True)


def _public(target: LockedTarget, differences: list[Difference], fingerprint: str) -> dict[str, object]:
    return {
        "target": target.name,
        "endpoint": target.endpoint,
        "fingerprint": fingerprint,
        "differences": [asdict(it) for it in differences],
    }


def _write(accepted: list[tuple[LockedTarget, str]]) -> None:
    """Put the fingerprints into the file of the stack, which is that of all targets."""
    from agentcore_provider.cli.project.stack_file import StackFile

    gateway = accepted[0][0].gateway
    if gateway.project is None or gateway.stack_name is None:
        raise InvalidInput("The stack of the target is not known", "Set tools_lock to the fingerprint in the program")
    file = StackFile(gateway.project.folder / f"Pulumi.{gateway.stack_name}.yaml")
    known = file.value(_CONFIG)
    file.set_value(_CONFIG, {**(known if isinstance(known, dict) else {}), **{it.name: mark for it, mark in accepted}})
    file.write()
    names = ", ".join(it.name for it, _ in accepted)
    say(f"Accepted in {file.path.name}: {names}. Deploy it with `pulumi up`")
