"""`agentcore import` of what belongs to no gateway, by its ARN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agentcore_provider.cli import beside, engine
from agentcore_provider.cli.beside import Kind, Part
from agentcore_provider.cli.deploy import consent, imported_beside
from agentcore_provider.cli.project.stack_file import StackFile, draft_of, in_its_form, settle, stack_defaults
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.stack_lock import changed_stack
from agentcore_provider.cli.terminal import print_json, progress, say
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import AgentCoreError, InvalidInput


@dataclass(frozen=True)
class _Entry:
    """A description in the stack's file."""

    kind: Kind
    name: str
    """Its name below the kind's key; empty for the one of which a stack has one."""
    members: JsonDict

    @property
    def place(self) -> str:
        """Where it is in the stack's file."""
        return ".".join(filter(None, (f"agentcore:{self.kind.key}", self.name)))

    def put(self, file: StackFile, members: JsonDict) -> None:
        """Set the members, one by one; None removes one."""
        file.put_beside(self.kind.key, {self.name: members} if self.name else members)


def run(arn: str, *, region: str | None, stack: str | None, project: Path | None, yes: bool, as_json: bool) -> bool:
    """Let a stack manage the resource of an ARN; False if the ARN is of no such resource."""
    meant = beside.parse(arn)
    if meant is None:
        return False
    from agentcore_provider.aws.operation import OWNER_TAG

    label, place = meant.kind.label, meant.region
    if region not in (None, place):
        raise InvalidInput(f"--region {region}: the {label} is in {place}", "Leave --region out")
    with changed_stack(project, stack, place, elsewhere=True) as chosen:
        if _is_managed(chosen, arn):
            say(f"The {label} {meant.identifier} is managed by this stack already: its description stays")
            if as_json:
                print_json({"arn": arn, "stack": chosen.name, "changes": {}})
            return True
        with progress(f"Reading the {label}"):
            connection = chosen.connect(place)
            members = imported_beside.described(connection, meant)
            owner = imported_beside.owner(connection, meant) if members else None
        if members is None:
            raise InvalidInput(f"There is no {label} {meant.identifier} in {place}", "Check the ARN")
        entry, is_new = _entry(chosen, meant, members)
        if owner is not None and is_new:
            say(f"Note: the {label} has the owner tag of another stack ({OWNER_TAG}): let only one stack manage it")
        _finish(chosen, entry, arn, yes=yes, as_json=as_json)
    return True


def _entry(chosen: ChosenStack, part: Part, members: JsonDict) -> tuple[_Entry, bool]:
    """The entry, and whether the stack's file does not have it yet. Raises InvalidInput if it describes another one there."""
    from agentcore_provider.stack_config import references

    kind = part.kind
    name = imported_beside.key_of(members["name"]) if kind.named else ""
    elsewhere = {"region": part.region} if part.region != chosen.region else {}
    entry = _Entry(kind, name, references.escaped({**members, **elsewhere, "adopt": True}))
    found = StackFile(chosen.file).beside().get(kind.key)
    if kind.named and isinstance(found, Mapping):
        for other, it in found.items():
            if isinstance(it, Mapping) and str(it.get("registry_id")).rpartition("/")[2] == part.identifier:
                raise InvalidInput(
                    f"{chosen.file} has it already, as {other!r}, to add records to it without managing it",
                    f"Remove that entry and run `agentcore up --stack {chosen.name}`, then import it",
                )
        found = found.get(name)
    # One of its name is what an interrupted import left.
    if found and not (isinstance(found, Mapping) and found.get("name") == members.get("name") and kind.named):
        raise InvalidInput(
            f"{chosen.file} has another {entry.place} already", "Rename that entry, or choose another --stack"
        )
    return entry, not found


def _finish(chosen: ChosenStack, entry: _Entry, arn: str, *, yes: bool, as_json: bool) -> None:
    from agentcore_provider.stack_config.beside import NAME_OF_THE_KEY

    with in_its_form(chosen.file):
        engine.create(chosen)
    file = StackFile(chosen.file)
    chosen.configure(file)
    entry.put(file, entry.members)
    _validate(chosen, file)
    with draft_of(chosen.file) as draft:
        file.write(draft)
        consent.require(chosen, draft, yes=yes)
        settle(draft, chosen.file)
    say(f"Wrote {chosen.file}: {entry.place}")
    say(f"Deploying {chosen}")
    done = engine.up(chosen, adopted=entry.name or NAME_OF_THE_KEY)
    is_managed = _is_managed(chosen, arn)
    if is_managed:
        file = StackFile(chosen.file)
        entry.put(file, imported_beside.without_adopt(entry.members))
        file.write()
    if done.failure is not None:
        raise AgentCoreError(
            f"{done.failure} ({entry.place} was kept in {chosen.file})", "fix that, then run this again"
        )
    if not is_managed:
        raise InvalidInput(
            f"The program in {chosen.project.folder} did not deploy {entry.place}",
            "Let it call agentcore_provider.stack_config.deploy()",
        )
    if as_json:
        print_json({"arn": arn, "stack": chosen.name, "changes": done.changes})
    else:
        say(done.summary)


def _is_managed(chosen: ChosenStack, arn: str) -> bool:
    return any(it.get("id") == arn and not it.get("external") for it in engine.resources(chosen))


def _validate(chosen: ChosenStack, file: StackFile) -> None:
    from agentcore_provider import stack_config

    stack_config.checked(
        file.gateways(),
        folder=chosen.project.folder,
        stack=chosen.name,
        defaults=stack_defaults(chosen.project, file),
        others=file.beside(),
    )
