"""The entry of a gateway in a stack's configuration: judged, written, deployed."""

from __future__ import annotations

import copy
import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentcore_provider.cli import engine
from agentcore_provider.cli.deploy import consent, failed_entry, required_parts
from agentcore_provider.cli.deploy.credentials_flag import Credentials
from agentcore_provider.cli.engine.events import Failed
from agentcore_provider.cli.project import find_project
from agentcore_provider.cli.project.stack_file import (
    KEPT_SECRET,
    KEY,
    StackFile,
    draft_of,
    in_its_form,
    settle,
    stack_defaults,
)
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.stack_lock import StackLocked
from agentcore_provider.cli.terminal import new_row, new_table, print_json, say, stdout
from agentcore_provider.errors import AgentCoreError, InvalidInput

# A gateway's key stands in front of the names of its parts, which have to be short.
_LONGEST_KEY = 40
_NAME = re.compile(r"(?=.{1,48}\Z)([0-9a-zA-Z]-?)+")


@dataclass(frozen=True)
class GatewayEntry:
    """What a command wants the stack's file to say of a gateway."""

    key: str
    """Logical name of the gateway."""
    said: dict[str, Any]
    """Keys of its description; what is not named stays as it is."""
    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    """Credentials of targets, by the target's name."""
    only_target: bool = False
    """Whether the command is about a target; the gateway was there before."""

    @property
    def target(self) -> str | None:
        """The target that the command is about; None if it is about the gateway."""
        return next(iter(self.said.get("targets", {})), None) if self.only_target else None

    @property
    def part(self) -> str:
        """Logical name of what the command is about; what belongs to it begins with that."""
        return "-".join(filter(None, (self.key, self.target)))

    def has_failed(self, parts: Collection[str]) -> bool:
        """Whether the command's own part is among those that failed."""
        return any(it == self.part or it.startswith(f"{self.part}-") for it in parts)

    def removal(self, stack: ChosenStack) -> str:
        """The command that takes away what the command made, and no more."""
        return _removal(stack, self.key, self.target)


def removals(stack: ChosenStack, parts: Collection[str]) -> list[str]:
    """The commands that take away what failed, and nothing that is deployed: none for a gateway that stands."""
    found: list[str] = []
    stand = engine.managed_gateways(stack)
    for key, described in StackFile(stack.file).gateways().items():
        targets = (described.get("targets") if isinstance(described, Mapping) else None) or {}
        failed = [name for name in targets if f"{key}-{name}" in parts]
        if failed:
            found += [_removal(stack, key, name) for name in failed]
        elif any(it == key or it.startswith(f"{key}-") for it in parts) and key not in stand:
            found.append(_removal(stack, key, None))
    return found


def _removal(stack: ChosenStack, key: str, target: str | None) -> str:
    return f"agentcore delete {key}{f' --target {target}' if target else ''}{flags_for(stack)}"


def key_for(name: str) -> str:
    """The key under which a gateway of this name stands."""
    return name[:_LONGEST_KEY].rstrip("-")


def require_name(name: str) -> None:
    """Raises InvalidInput if AWS takes no gateway of this name."""
    from agentcore_provider.rules.gateway import mended_name

    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"--name: {name!r} is not a gateway name: 1 to 48 letters or digits, single hyphens between them: "
            f"write {mended_name(name, 48) or 'something like shop-eu'}"
        )


def is_named_by_pulumi(stack: ChosenStack, key: str, name: str) -> bool:
    """Whether the gateway under this key stands in the stack's file without a name: to give it one would replace it.

    Raises InvalidInput if it has another name: the key of a name longer than 40 characters is not the whole name.
    """
    standing = StackFile(stack.file).gateways().get(key)
    if not isinstance(standing, Mapping):
        return False
    if standing.get("name") not in (None, name):
        raise InvalidInput(
            f"{stack.file} has another gateway {key!r} already, named {standing['name']}: choose another --name or "
            "--stack, or change that entry"
        )
    return "name" not in standing and "gateway_id" not in standing


def judge(stack: ChosenStack, entry: GatewayEntry) -> None:
    """Raises InvalidInput with everything that would be wrong in the stack's file; AWS is not asked."""
    _judge(stack, _opened(stack, entry), entry)


def write(stack: ChosenStack, entry: GatewayEntry, draft: Path) -> Any:
    """Write a draft of the stack's file with the entry, judged, in it, secrets encrypted; returns what stood there before."""
    with in_its_form(stack.file):
        engine.create(stack)
    # The engine may just have written its own keys into the file.
    file = _opened(stack, entry)
    before = copy.deepcopy(file.entry(entry.key))
    stack.configure(file)
    _put(file, entry)
    file.write(draft)
    with in_its_form(draft):
        for target, credentials in entry.credentials.items():
            for place, secret in credentials.secrets.items():
                path = ".".join(["credentials", *place])
                engine.set_secret(stack, draft, f'{KEY}["{entry.key}"].targets["{target}"].{path}', secret)
    return before


def _opened(stack: ChosenStack, entry: GatewayEntry) -> StackFile:
    """The stack's file without what a command that failed has written for the same gateway or target."""
    file = StackFile(stack.file)
    failed_entry.undo(stack, file, entry.key, entry.target)
    return file


def _put(file: StackFile, entry: GatewayEntry) -> None:
    from agentcore_provider.stack_config.target_kinds import KINDS

    standing = file.gateways().get(entry.key, {}).get("targets", {})
    targets: dict[str, Any] = {}
    for name, target in entry.said.get("targets", {}).items():
        said = {**target}
        if name in entry.credentials:
            said["credentials"] = entry.credentials[name].described
        function, before = target.get("lambda"), standing.get(name, {}).get("lambda")
        if isinstance(function, Mapping) and isinstance(before, Mapping) and ("code" in function) != ("code" in before):
            # Neither tools nor settings of a function that is given by its ARN go with one that is made, nor back.
            said["lambda"] = {**dict.fromkeys(before), **function}
        other = [kind for kind in KINDS if kind in standing.get(name, {}) and kind not in target]
        # Another kind of target is another target: how the gateway signed in at the old one says nothing about it.
        targets[name] = {**dict.fromkeys([*other, "credentials"] if other else []), **said}
    file.put(entry.key, {**entry.said, "targets": targets})


def _judge(stack: ChosenStack, file: StackFile, entry: GatewayEntry) -> None:
    """Put the entry into the file in memory. Raises InvalidInput if it has mistakes with this entry in it."""
    from agentcore_provider import stack_config

    defaults = stack_defaults(stack.project, file)

    def check(gateways: dict[str, Any]) -> None:
        stack_config.checked(gateways, folder=stack.project.folder, stack=stack.name, defaults=defaults)

    before = file.gateways()
    _put(file, entry)
    gateways = file.gateways()
    for name, credentials in entry.credentials.items():
        for place in credentials.secrets:
            holder = gateways[entry.key]["targets"][name]["credentials"]
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = KEPT_SECRET
    try:
        check(gateways)
    except InvalidInput as error:
        try:
            check(before)
        except InvalidInput as standing:
            if set(standing.problems) & set(error.problems):
                raise error from None
        raise InvalidInput.of_problems(error.problems, f"What the flags would put into {stack.file.name}") from None


def finish(chosen: ChosenStack, entry: GatewayEntry, as_json: bool, *, yes: bool) -> None:
    """Write the entry, deploy it, and show what there is now.

    yes: whether the user agrees to whatever that removes. Raises InvalidInput if nothing was changed, and
    AgentCoreError with what failed in the end.
    """
    judge(chosen, entry)
    if not entry.said.get("adopt"):
        # What is taken over stays as it is, whatever has become of its parts.
        required_parts.require(chosen, entry.said)
    with draft_of(chosen.file) as draft:
        before = write(chosen, entry, draft)
        consent.require(chosen, draft, yes=yes)
        changed = settle(draft, chosen.file)
    say(f"{'Wrote' if changed else 'Unchanged:'} {chosen.file}")
    deployed = _deploy(chosen, entry, before, changed=changed)
    if entry.said.get("adopt"):
        # It has done what it is for, and would take over something else of that name one day.
        _write_without_adopt(chosen, entry.key)
    _show(chosen, entry, deployed, as_json)
    if deployed.failure is not None:
        raise AgentCoreError(
            f"{entry.part} is deployed, but the rest of the stack fails: {deployed.failure}: {cure(chosen, deployed.failure)}"
        )


def _write_without_adopt(stack: ChosenStack, key: str) -> None:
    file = StackFile(stack.file)
    file.put(key, {"adopt": None})
    file.write()


def cure(stack: ChosenStack, failure: Failed) -> str:
    """How to get on after a part of the stack failed."""
    commands = " and ".join(f"`{it}`" for it in removals(stack, failure.parts))
    return "correct that, then run this again" + (f", or take away what failed with {commands}" if commands else "")


def _show(chosen: ChosenStack, entry: GatewayEntry, deployed: engine.Deployed, as_json: bool) -> None:
    told = _answer(chosen, entry, deployed)
    if as_json:
        print_json(told)
        return
    table = new_table("Gateway", entry.key)
    for label, member in (
        ("Id", "gateway_id"),
        ("ARN", "gateway_arn"),
        ("MCP URL", "mcp_url"),
        ("Client", "client_id"),
    ):
        if told.get(member):
            new_row(table, label, told[member])
    stdout().print(table)
    changes = ", ".join(f"{count} {kind}" for kind, count in deployed.changes.items())
    say(f"Changes: {changes or 'none'}")
    flag = flags_for(chosen)
    steps = [f"agentcore tools list --gateway {entry.key}{flag}", entry.removal(chosen)]
    if told.get("client_id"):
        steps.insert(1, f"agentcore token --gateway {entry.key}{flag}")
    elif engine.authorizer_type(chosen, told["gateway_id"]) == "CUSTOM_JWT":
        steps[0] += " --token TOKEN"
    folder = chosen.project.folder
    there = "" if find_project().folder == folder else f"cd {shlex.quote(str(folder))}, then "
    say(f"Next: {there}{' | '.join(steps)}")


def flags_for(stack: ChosenStack) -> str:
    """What a command needs to mean this stack, where it could mean another."""
    return "" if stack.project.stacks() == ["local"] else f" --stack {stack.name}"


def _deploy(stack: ChosenStack, entry: GatewayEntry, before: Any, *, changed: bool) -> engine.Deployed:
    """Bring the stack to what its file says, now that the entry is in it.

    before: what stood there before. Raises AgentCoreError with the engine's reasons if what the command is about
    failed; the entry then stays, so that the next try carries on.
    """
    say(f"Deploying {stack}")
    try:
        # Who gives the same command again may want back what somebody removed.
        deployed = engine.up(stack, adopted=entry.key if entry.said.get("adopt") else None, refresh=not changed)
    except StackLocked as error:
        raise AgentCoreError(f"{error} (the entry stays in {stack.file}: then run this again)") from None
    except AgentCoreError as error:
        raise AgentCoreError(f"{error} (the entry stays in {stack.file}: then run this again to carry on)") from None
    failure = deployed.failure
    if failure is not None and (entry.has_failed(failure.parts) or not engine.has(stack, entry.part)):
        failed_entry.remember(stack, entry.key, before, entry.target)
        raise AgentCoreError(f"{failure}: {cure(stack, failure)} (the entry stays in {stack.file})") from None
    failed_entry.forget(stack, entry.key)
    if entry.key not in (deployed.outputs.get("gateways") or {}):
        raise InvalidInput(
            f"The program in {stack.project.folder} did not deploy {KEY}.{entry.key}: let it call "
            "agentcore_provider.stack_config.deploy() and export stack_config.outputs()"
        )
    return deployed


def _answer(stack: ChosenStack, entry: GatewayEntry, deployed: engine.Deployed) -> dict[str, Any]:
    """What a command tells of a deployed gateway: everything but the secret."""
    reached = {key: value for key, value in deployed.outputs["gateways"][entry.key].items() if key != "client_secret"}
    return {
        "gateway": entry.key,
        **reached,
        "project": str(stack.project.folder),
        "stack": stack.name,
        "changes": deployed.changes,
    }
