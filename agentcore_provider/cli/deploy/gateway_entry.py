"""The entry of a gateway in a stack's configuration: validated, written, deployed."""

from __future__ import annotations

import copy
import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import AgentCoreError, InvalidInput

# A gateway's key precedes the names of its parts, which have to be short.
_LONGEST_KEY = 40
_NAME = re.compile(r"(?=.{1,48}\Z)([0-9a-zA-Z]-?)+")


@dataclass(frozen=True)
class GatewayEntry:
    """An edit of a gateway's entry in the stack's file."""

    key: str
    """Logical name of the gateway."""
    members: JsonDict
    """Keys to set in the entry; all others stay."""
    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    """Credentials of targets, by the target's name."""
    only_target: bool = False
    """The command is about a target of an existing gateway."""

    @property
    def target(self) -> str | None:
        """The target that the command is about; None if it is about the gateway."""
        return next(iter(self.members.get("targets", {})), None) if self.only_target else None

    @property
    def part(self) -> str:
        """Logical name of what the command is about; what belongs to it begins with that."""
        return "-".join(filter(None, (self.key, self.target)))

    def has_failed(self, parts: Collection[str]) -> bool:
        """Whether the command's own part is among those that failed."""
        return any(it == self.part or it.startswith(f"{self.part}-") for it in parts)

    def removal(self, stack: ChosenStack) -> str:
        """The command that removes what the command created."""
        return _removal(stack, self.key, self.target)


def removals(stack: ChosenStack, parts: Collection[str]) -> list[str]:
    """The commands that remove what failed, but nothing that is deployed."""
    found: list[str] = []
    managed = engine.managed_gateways(stack)
    for key, described in StackFile(stack.file).gateways().items():
        targets = (described.get("targets") if isinstance(described, Mapping) else None) or {}
        failed = [name for name in targets if f"{key}-{name}" in parts]
        if failed:
            found += [_removal(stack, key, name) for name in failed]
        elif any(it == key or it.startswith(f"{key}-") for it in parts) and key not in managed:
            found.append(_removal(stack, key, None))
    return found


def _removal(stack: ChosenStack, key: str, target: str | None) -> str:
    return f"agentcore delete {key}{f' --target {target}' if target else ''}{flags_for(stack)}"


def key_for(name: str) -> str:
    """The key of a gateway of this name in the stack's file."""
    return name[:_LONGEST_KEY].rstrip("-")


def require_name(name: str) -> None:
    """Raises InvalidInput if AWS does not allow a gateway of this name."""
    from agentcore_provider.rules.gateway import fixed_name

    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} is not a gateway name: 1 to 48 letters or digits, single hyphens between them",
            f"Write {fixed_name(name, 48) or 'something like shop-eu'}",
            path="--name",
        )


def is_named_by_pulumi(stack: ChosenStack, key: str, name: str) -> bool:
    """Whether the gateway of this key has no name in the stack's file: setting one would replace it.

    Raises InvalidInput if it has another name: the key of a name longer than 40 characters is not the whole name.
    """
    standing = StackFile(stack.file).gateways().get(key)
    if not isinstance(standing, Mapping):
        return False
    if standing.get("name") not in (None, name):
        raise InvalidInput(
            f"{stack.file} already has another gateway {key!r}, named {standing['name']}",
            "Choose another --name or --stack, or change that entry",
        )
    return "name" not in standing and "gateway_id" not in standing


def validate(stack: ChosenStack, entry: GatewayEntry) -> None:
    """Raises InvalidInput with every problem that the stack's file would have; does not ask AWS."""
    _validate(stack, _opened(stack, entry), entry)


def write(stack: ChosenStack, entry: GatewayEntry, draft: Path) -> object:
    """Write a draft of the stack's file with the validated entry, secrets encrypted; returns the entry of before."""
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
    """The stack's file without what a failed command wrote for the same gateway or target."""
    file = StackFile(stack.file)
    failed_entry.undo(stack, file, entry.key, entry.target)
    return file


def _put(file: StackFile, entry: GatewayEntry) -> None:
    from agentcore_provider.stack_config.keys import KINDS

    standing = file.gateways().get(entry.key, {}).get("targets", {})
    targets: JsonDict = {}
    for name, target in entry.members.get("targets", {}).items():
        merged = {**target}
        if name in entry.credentials:
            merged["credentials"] = entry.credentials[name].described
        function, before = target.get("lambda"), standing.get(name, {}).get("lambda")
        if isinstance(function, Mapping) and isinstance(before, Mapping) and ("code" in function) != ("code" in before):
            # Tools and settings of a function named by its ARN do not fit one that is created, nor the reverse.
            merged["lambda"] = {**dict.fromkeys(before), **function}
        other = [kind for kind in KINDS if kind in standing.get(name, {}) and kind not in target]
        # Another kind of target is another target, to which the credentials of the old one do not apply.
        targets[name] = {**dict.fromkeys([*other, "credentials"] if other else []), **merged}
    file.put(entry.key, {**entry.members, "targets": targets})


def _validate(stack: ChosenStack, file: StackFile, entry: GatewayEntry) -> None:
    """Put the entry into the file in memory. Raises InvalidInput if the file with the entry has problems."""
    from agentcore_provider import stack_config

    defaults, others = stack_defaults(stack.project, file), file.beside()

    def check(gateways: JsonDict) -> None:
        folder = stack.project.folder
        stack_config.checked(gateways, folder=folder, stack=stack.name, defaults=defaults, others=others)

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
    """Write the entry, deploy it, and print the result.

    yes: whether the user agrees to everything that removes. Raises InvalidInput if nothing was changed, and
    AgentCoreError with what failed in the end.
    """
    validate(chosen, entry)
    if not entry.members.get("adopt"):
        # What is adopted stays as it is, even if parts of it are missing.
        required_parts.require(chosen, entry.members)
    with draft_of(chosen.file) as draft:
        before = write(chosen, entry, draft)
        consent.require(chosen, draft, yes=yes)
        changed = settle(draft, chosen.file)
    say(f"{'Wrote' if changed else 'Unchanged:'} {chosen.file}")
    deployed = _deploy(chosen, entry, before, changed=changed)
    if entry.members.get("adopt"):
        # Otherwise it might adopt something else of that name later.
        _write_without_adopt(chosen, entry)
    _show(chosen, entry, deployed, as_json)
    if deployed.failure is not None:
        raise AgentCoreError(
            f"{entry.part} is deployed, but the rest of the stack failed: {deployed.failure}",
            cure(chosen, deployed.failure),
        )


def _write_without_adopt(stack: ChosenStack, entry: GatewayEntry) -> None:
    file = StackFile(stack.file)
    nothing: JsonDict = {"adopt": None}
    parts: JsonDict = {it: nothing for it in ("policy_engine", "consent_portal") if it in entry.members}
    policies = dict.fromkeys(entry.members.get("policies", {}), nothing)
    file.put(entry.key, {**nothing, **parts, **({"policies": policies} if policies else {})})
    file.write()


def cure(stack: ChosenStack, failure: Failed) -> str:
    """What to do after a part of the stack failed."""
    commands = " and ".join(f"`{it}`" for it in removals(stack, failure.parts))
    return "fix that, then run this again" + (f", or remove what failed with {commands}" if commands else "")


def _show(chosen: ChosenStack, entry: GatewayEntry, deployed: engine.Deployed, as_json: bool) -> None:
    answer = _answer(chosen, entry, deployed)
    if as_json:
        print_json(answer)
        return
    table = new_table("Gateway", entry.key)
    for label, member in (
        ("Id", "gateway_id"),
        ("ARN", "gateway_arn"),
        ("MCP URL", "mcp_url"),
        ("Client", "client_id"),
    ):
        if answer.get(member):
            new_row(table, label, answer[member])
    stdout().print(table)
    say(deployed.summary)
    flag = flags_for(chosen)
    steps = [f"agentcore tools list --gateway {entry.key}{flag}", entry.removal(chosen)]
    if answer.get("client_id"):
        steps.insert(1, f"agentcore token --gateway {entry.key}{flag}")
    elif engine.authorizer_type(chosen, answer["gateway_id"]) == "CUSTOM_JWT":
        steps[0] += " --token TOKEN"
    folder = chosen.project.folder
    there = "" if find_project().folder == folder else f"cd {shlex.quote(str(folder))}, then "
    say(f"Next: {there}{' | '.join(steps)}")


def flags_for(stack: ChosenStack) -> str:
    """The flags that select this stack, where a command would select another."""
    return "" if stack.project.stacks() == ["local"] else f" --stack {stack.name}"


def _deploy(stack: ChosenStack, entry: GatewayEntry, before: object, *, changed: bool) -> engine.Deployed:
    """Bring the stack to what its file says, now that the entry is in it.

    before: the entry of before. Raises AgentCoreError with the engine's reasons if what the command is about
    failed; the entry is kept, so that the next run resumes.
    """
    say(f"Deploying {stack}")
    try:
        # Running the same command again may be meant to restore what was removed.
        deployed = engine.up(stack, adopted=entry.key if entry.members.get("adopt") else None, refresh=not changed)
    except StackLocked as error:
        raise error.because(cure=f"{error.cure}, then run this again: the entry was kept in {stack.file}") from None
    except AgentCoreError as error:
        again = f"run this again to resume: the entry was kept in {stack.file}"
        raise error.because(cure=f"{error.cure}, then {again}" if error.cure else again) from None
    failure = deployed.failure
    if failure is not None and (entry.has_failed(failure.parts) or not engine.has(stack, entry.part)):
        failed_entry.remember(stack, entry.key, before, entry.target)
        raise AgentCoreError(f"{failure} (the entry was kept in {stack.file})", cure(stack, failure)) from None
    failed_entry.forget(stack, entry.key)
    if entry.key not in (deployed.outputs.get("gateways") or {}):
        raise InvalidInput(
            f"The program in {stack.project.folder} did not deploy {KEY}.{entry.key}",
            "Let it call agentcore_provider.stack_config.deploy() and export stack_config.outputs()",
        )
    return deployed


def _answer(stack: ChosenStack, entry: GatewayEntry, deployed: engine.Deployed) -> JsonDict:
    """A command's answer about a deployed gateway: everything but the secret."""
    reached = {key: value for key, value in deployed.outputs["gateways"][entry.key].items() if key != "client_secret"}
    return {
        "gateway": entry.key,
        **reached,
        "project": str(stack.project.folder),
        "stack": stack.name,
        "changes": deployed.changes,
    }
