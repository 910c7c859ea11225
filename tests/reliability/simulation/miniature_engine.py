"""As much of Pulumi's engine as decides what a provider is asked, and what is remembered of the answers.

check, diff, create, read, update, delete in the engine's order: https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/
One step at a time. What it remembers is what the engine's state would hold, numbers as floats and no absent values.
tests/reliability/test_miniature_engine.py compares it with the real one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import UNKNOWN
from simulated_aws import REGION, Answer, Killed, SimulatedAws, SimulatedConnection

from agentcore_provider import errors
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.providers import process
from agentcore_provider.providers.account_region import Access
from agentcore_provider.providers.loader import load

PROJECT = "project"


@dataclass(frozen=True)
class Ref:
    """An output of another resource of the program, as an input."""

    resource: str
    output: str


@dataclass(frozen=True)
class Declared:
    """A resource as a program declares it. inputs: values, with a Ref for what another resource reports."""

    noun: str
    name: str
    inputs: Mapping[str, Any]
    context: Mapping[str, Any] = field(default_factory=dict)

    def but(self, **changed: Any) -> Declared:
        """The same with other inputs; None takes one away."""
        inputs = {**self.inputs, **changed}
        return replace(self, inputs={name: value for name, value in inputs.items() if value is not None})


@dataclass(frozen=True)
class _Access(Access):
    """Connections to the simulated AWS."""

    make: Callable[[Settings], Connection] = Connection

    def _connect(self, settings: Settings, region: str | None) -> Connection:
        return self.make(replace(settings, region=region))


Program = list[Declared]
"""What a program declares: whatever is referred to stands before what refers to it."""


@dataclass
class Entry:
    """A resource in the state."""

    urn: str
    noun: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    refers: dict[str, list[str]]
    """Inputs that depend on other resources, and the URNs of those."""
    replaced: bool = False
    """It has a replacement already and is to be deleted."""
    gone: bool = False
    """It was deleted so that a replacement can be made, which is not there yet."""

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class Outcome:
    """How an operation ended. steps: what was done, such as `create shop`. calls: what AWS was asked."""

    steps: list[str]
    calls: list[str]
    error: str = ""
    killed: bool = False

    @property
    def succeeded(self) -> bool:
        return not self.error and not self.killed

    @property
    def is_explained(self) -> bool:
        """Whether what ended it, if anything did, is an error that this package raises on purpose, in one line."""
        return not self.error or ("\n" not in self.error and hasattr(errors, self.error.partition(":")[0]))


class MiniatureEngine:
    """One stack."""

    def __init__(self, aws: SimulatedAws) -> None:
        self.aws = aws
        self.state: list[Entry] = []
        self._steps: list[str] = []
        self._providers: dict[str, Any] = {}
        self._connections: dict[Any, SimulatedConnection] = {}
        self._registered = 0

    def up(self, program: Program, answer: Answer | None = None, *, refresh: bool = False) -> Outcome:
        """`pulumi up`. answer: what becomes of calls to AWS."""

        def steps() -> None:
            if refresh:
                self._refresh()
            self._deploy(program)

        return self._run(steps, answer)

    def refresh(self, answer: Answer | None = None) -> Outcome:
        """`pulumi refresh`."""
        return self._run(self._refresh, answer)

    def destroy(self, answer: Answer | None = None) -> Outcome:
        """`pulumi destroy`."""
        return self._run(lambda: self._delete_all(list(self.state)), answer)

    def entry(self, name: str) -> Entry:
        """What the state has under a logical name."""
        return next(it for it in self.state if it.name == name and not it.replaced)

    def _run(self, steps: Any, answer: Answer | None) -> Outcome:
        # A process of its own: nothing is known of what others did.
        process.forget()
        self._providers = {}
        self._steps = []
        self._connections = {}
        error, killed = "", False
        self.aws.begin(answer)
        try:
            steps()
        except Killed:
            killed = True
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
        finally:
            calls = self.aws.end()
        return Outcome(self._steps, calls, error, killed)

    def _provider(self, noun: str) -> Any:
        if noun not in self._providers:
            provider = load(noun)
            config = {"aws:region": REGION, "agentcore:endpointUrl": self.aws.server.base_url}
            provider.configure(ConfigureRequest(Config(config, PROJECT)))
            provider._access = _Access(provider._access.stack, provider.cures, self._connection)
            self._providers[noun] = provider
        return self._providers[noun]

    def _connection(self, settings: Any) -> SimulatedConnection:
        if settings not in self._connections:
            self._connections[settings] = SimulatedConnection(settings, self.aws)
        return self._connections[settings]

    def _deploy(self, program: Program) -> None:
        self._registered = 0
        wanted = {urn_of(it) for it in program}
        for declared in program:
            self._step(declared)
        unwanted = [it for it in self.state if it.urn not in wanted or it.replaced]
        self._delete_all(unwanted)

    def _step(self, declared: Declared) -> None:
        urn, provider = urn_of(declared), self._provider(declared.noun)
        inputs, refers = self._resolved(declared)
        old = next((it for it in self.state if it.urn == urn and not it.replaced), None)
        checked = self._check(provider, {} if old is None or old.gone else old.inputs, inputs)
        if old is not None and old.gone and provider.diff(old.id, old.outputs, checked).replaces:
            # Pulumi deletes what hung on it once more.
            for dependent in reversed(list(self._replaced_with(old, also_gone=True))):
                self._delete(dependent, keep=True)
        if old is None or old.gone:
            self._create(declared, old, checked, refers)
            return
        found = provider.diff(old.id, old.outputs, checked)
        if found.replaces:
            self._replace(declared, old, checked, refers, delete_first=bool(found.delete_before_replace))
        elif found.changes:
            self._steps.append(f"update {declared.name}")
            made = provider.update(old.id, old.outputs, checked)
            old.inputs, old.outputs, old.refers = checked, stored(made.outs), refers
            self._register(old)
        else:
            old.inputs, old.refers = checked, refers
            self._register(old)

    def _replace(
        self,
        declared: Declared,
        old: Entry,
        checked: dict[str, Any],
        refers: dict[str, list[str]],
        *,
        delete_first: bool,
    ) -> None:
        provider = self._provider(declared.noun)
        if delete_first:
            for dependent in reversed(list(self._replaced_with(old))):
                self._delete(dependent, keep=True)
            self._delete(old, keep=True)
        # A replacement is judged like a new resource.
        checked = self._check(provider, {}, self._resolved(declared)[0])
        self._create(declared, old, checked, refers)

    def _create(
        self, declared: Declared, old: Entry | None, checked: dict[str, Any], refers: dict[str, list[str]]
    ) -> None:
        self._steps.append(f"create {declared.name}")
        made = self._provider(declared.noun).create(checked)
        if old is not None and old.gone:
            self.state.remove(old)
        elif old is not None:
            old.replaced = True
        entry = Entry(urn_of(declared), declared.noun, made.id, checked, stored(made.outs), refers)
        self.state.append(entry)
        self._register(entry)

    def _register(self, entry: Entry) -> None:
        """Put it in its place: in the order of the program, before all that the program has not come to yet."""
        self.state.remove(entry)
        self.state.insert(self._registered, entry)
        self._registered += 1

    def _replaced_with(self, old: Entry, *, also_gone: bool = False) -> Iterator[Entry]:
        """What has to go before this one does, since it cannot do without it: found by a diff with unknowns."""
        gone = {old.urn}
        for entry in list(self.state):
            unknown = [name for name, urns in entry.refers.items() if gone.intersection(urns)]
            if not unknown or (entry.gone and not also_gone) or entry.replaced:
                continue
            inputs = {**entry.inputs, **dict.fromkeys(unknown, UNKNOWN)}
            if self._provider(entry.noun).diff(entry.id, entry.outputs, inputs).replaces:
                gone.add(entry.urn)
                yield entry

    def _delete_all(self, entries: list[Entry]) -> None:
        for entry in reversed(entries):
            if entry.gone:
                self.state.remove(entry)
            else:
                self._delete(entry, keep=False)

    def _delete(self, entry: Entry, *, keep: bool) -> None:
        self._steps.append(f"delete {entry.name}")
        self._provider(entry.noun).delete(entry.id, entry.outputs)
        if keep:
            entry.gone = True
        else:
            self.state.remove(entry)

    def _refresh(self) -> None:
        for entry in [it for it in self.state if not it.gone]:
            self._read(entry)

    def _read(self, entry: Entry) -> None:
        self._steps.append(f"read {entry.name}")
        read = self._provider(entry.noun).read(entry.id, entry.outputs)
        if not read.id:
            self.state.remove(entry)
        else:
            entry.inputs, entry.outputs = stored(read.inputs), stored(read.outs)

    def _check(self, provider: Any, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        result = provider.check(olds, news)
        if result.failures:
            raise errors.InvalidInput("; ".join(it.reason for it in result.failures))
        return stored(result.inputs)

    def _resolved(self, declared: Declared) -> tuple[dict[str, Any], dict[str, list[str]]]:
        refers = {name: list(self._urns(value)) for name, value in declared.inputs.items()}
        context = {"urn": urn_of(declared), "owner": f"owner of {declared.name}", **declared.context}
        values = self._valued({**declared.inputs, "__context": context})
        return stored(values), {name: urns for name, urns in refers.items() if urns}

    def _valued(self, value: Any) -> Any:
        if isinstance(value, Ref):
            entry = self.entry(value.resource)
            return entry.id if value.output == "id" else entry.outputs[value.output]
        if isinstance(value, Mapping):
            return {name: self._valued(item) for name, item in value.items()}
        return [self._valued(item) for item in value] if isinstance(value, list) else value

    def _urns(self, value: Any) -> Iterator[str]:
        if isinstance(value, Ref):
            yield self.entry(value.resource).urn
        elif isinstance(value, (Mapping, list)):
            for item in value.values() if isinstance(value, Mapping) else value:
                yield from self._urns(item)


def urn_of(declared: Declared) -> str:
    """The URN of a resource of the stack."""
    return f"urn:pulumi:test::{PROJECT}::pulumi-python:dynamic/agentcore:{declared.noun}::{declared.name}"


def stored(values: Any) -> Any:
    """Values as they come back from a state: whole numbers as floats, and no absent members."""
    if isinstance(values, Mapping):
        return {name: stored(value) for name, value in values.items() if value is not None}
    if isinstance(values, (list, tuple)):
        return [stored(value) for value in values]
    if isinstance(values, int) and not isinstance(values, bool):
        return float(values)
    if isinstance(values, (str, float, bool)):
        return values
    json.dumps(values)
    return values
