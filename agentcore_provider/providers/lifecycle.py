"""What the provider of every kind of resource has in common: the order of things, and how Pulumi wants to be answered.

Of each resource the engine asks in this order:

    check    the inputs of the program -> complete inputs, or every problem; at preview and before each step below
    diff     state and inputs -> nothing to do, update, or replace (which properties, and whether to delete first)
    create   inputs -> id and outputs            read    id and outputs -> what AWS has now
    update   state and inputs -> outputs         delete  id and outputs -> nothing

Outputs are what AWS returned and, over it, the inputs; `__managed` names the inputs, `__context` is what travels beside
them (`context`). Unknown values of a preview pass through check and diff untouched. A subclass adds what is special
about its kind: which names to fill in, what AWS rejects, what cannot change in place, and the calls to AWS.
https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
"""

from __future__ import annotations

import os
import sys
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from agentcore_provider.arguments.members import document, property_name, with_property
from agentcore_provider.aws import profiles
from agentcore_provider.aws.caller import AccountRegion, check_account
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.cures import PROGRAM, Cures, of_stack
from agentcore_provider.aws.documents import Document, Properties, managed, same
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import ResourceKind
from agentcore_provider.errors import AgentCoreError, ResourceFailed, WaitTimeout
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context, engine, process, thread_pool
from agentcore_provider.providers.account_region import Access
from agentcore_provider.providers.loader import load
from agentcore_provider.providers.naming import logical_name, physical_name
from agentcore_provider.providers.unknowns import contains_unknown, for_rules
from agentcore_provider.rules import aws_access

# Seconds that a create, update or delete may take, where the resource's options do not limit it.
_DEFAULT_TIMEOUT = 600.0


@dataclass(frozen=True)
class CheckedInputs:
    """The inputs with what the program left out, why AWS would reject them, and what it would not serve well."""

    inputs: Properties
    reasons: list[str]
    warnings: list[str]


class LifecycleProvider(ResourceProvider):
    """Check, diff, create, read, update and delete of one kind of resource.

    It keeps nothing but the settings that `configure` read, so state holds only its loader and the name of its kind.
    """

    # Nothing secret is in it, and a secret provider would make every diff unreadable.
    serialize_as_secret_always = False

    resource: ClassVar[str]
    """The name that `load` finds it by; in users' state."""
    label: ClassVar[str]
    """What messages call the resource."""
    longest_name: ClassVar[int]
    """Characters that a name may have at most."""
    unreturned: ClassVar[frozenset[str]] = frozenset()
    """Inputs that AWS never returns: what the program declares is all there is to know."""
    whole: ClassVar[frozenset[str]] = frozenset()
    """Inputs to which AWS adds nothing: what the program did not declare is drift."""
    needed_outputs: ClassVar[frozenset[str]] = frozenset()
    """Outputs that an update gets beside the old inputs, such as what AWS does not return again."""
    kind: ClassVar[ResourceKind | None] = None
    """Its table; None where AWS gives it no status."""
    owner_tagged: ClassVar[bool] = True
    """Whether AWS keeps an owner tag on it."""
    unique_over_accounts: ClassVar[bool] = False
    """Whether no two accounts can have the name, or a part of it, in one Region."""
    arn: ClassVar[str]
    """The output that holds its ARN; empty if it has none."""

    cures: Cures = PROGRAM
    """What to do about errors, for whoever deploys the stack."""
    _access: Access = Access()

    def __reduce__(self) -> tuple[Callable[[str], LifecycleProvider], tuple[str]]:
        return load, (self.resource,)

    # What is special about a kind of resource

    def immutable(self, news: Properties) -> Sequence[object]:
        """Inputs that are part of a generated name: another value needs a resource beside the old one."""
        return ()

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        """The inputs that the program left out and that have to be known from the start: as a rule the name."""
        if news.get("name") is not None:
            return {}
        kept = "name" in context.of(olds).get("generated", ())
        return {"name": olds["name"] if kept else self.generated_name(news)}

    def generated_name(self, news: Properties) -> object:
        """The name that a new resource with these inputs gets when the program sets none."""
        immutable = self.immutable(news)
        for value in immutable:
            # What is not known yet makes the name not known yet: a guess would be another name than the one that comes.
            if contains_unknown(value):
                return value
        beside = context.of(news)
        stack = [beside["named_after"]] if beside.get("named_after") else []
        return physical_name(beside["urn"], [*immutable, *stack], longest=self.longest_name)

    @abstractmethod
    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        """What AWS would reject, and what it would not serve well. No call.

        document: the inputs by AWS's names, with rules' own value for what is not known yet. news: the inputs as they came.
        """

    @abstractmethod
    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        """Members that changed and cannot change in place. olds and news are by AWS's names. No call."""

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        """Whether a replacement would have the name of the old one, which then has to be deleted first."""
        by_program = "name" not in context.of(news).get("generated", ())
        name = news.get("name") if by_program else self.generated_name(news)
        return bool(name == olds.get("name") or (by_program and contains_unknown(name)))

    def alike(self, name: str, before: object, now: object) -> bool:
        """Whether an input means the same as in state. What is not known yet does not; the order of some lists counts."""
        return not contains_unknown(now) and same({name: before}, {name: now})

    @abstractmethod
    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        """Create the resource, or resume what an interrupted create left, and wait; returns its id and outputs.

        After an error nothing is left, or the next call finds it. news: inputs without context.
        """

    @abstractmethod
    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        """The outputs as AWS has them now, or None when the resource is gone or being deleted. Changes nothing."""

    @abstractmethod
    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        """Make the resource what the program declares, wait, and return all outputs.

        What the program never managed stays. The same call again after an error ends as if there had been none.
        """

    @abstractmethod
    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        """Delete the resource and wait until it is gone; gone already is fine."""

    # What the engine calls

    def configure(self, req: ConfigureRequest) -> None:
        """Read the stack's configuration, once per provider, before any other call of the engine."""
        # The engine shows the whole traceback of an error, and its one line with the cure would be lost below it. Only
        # a process that is Pulumi's plugin is changed so.
        if getattr(sys.modules["__main__"], "__package__", "") == "pulumi.dynamic":
            sys.tracebacklimit = 0
        thread_pool.widen()
        self.cures = of_stack(req.config.get, os.environ)
        self._access = Access(Settings.of_stack(req.config.get), self.cures)

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """Fill in what the program left out, and report every problem at once, at preview too. No call to AWS.

        olds: the inputs in state; {} for a new resource and for a replacement.
        """
        checked = self.check_inputs(olds, process.with_owner_kept(olds, news))
        for line in checked.warnings:
            engine.warn(engine.urn(""), line)
        other_account = self._access.problem(olds, news)
        reasons = [*checked.reasons, *([str(other_account)] if other_account else [])]
        # No property is named: Pulumi would print its value beside the reason, even a secret one.
        return CheckResult(checked.inputs, [CheckFailure("", reason) for reason in reasons])

    def check_inputs(self, olds: Properties, news: Properties) -> CheckedInputs:
        """The inputs with what was left out filled in, and their problems."""
        filled = self.fill_in(olds, news)
        beside = context.of(news)
        declared = beside.pop("given", {})
        generated = {*filled, *_put_back(olds, news, declared)}
        checked = {**news, **filled, context.KEY: {**beside, "generated": sorted(generated)}}
        found = [with_property(it) for it in self.problems(document(for_rules(context.inputs(checked))), checked)]
        found += aws_access.validate(for_rules(context.of(checked)), profiles.names)
        return CheckedInputs(
            inputs=checked,
            reasons=[*context.problems(news), *(str(it) for it in found if it.severity == "error")],
            warnings=[str(it) for it in found if it.severity == "warning"],
        )

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        """What has to be done: nothing, an update, or a replacement. No call to AWS, unless the sign-in was changed.

        olds: outputs, of which `__managed` names those that were inputs. What AWS set by itself is not a change; what
        failed, was interrupted or is incomplete is. A replacement is created first unless it has the old one's name.
        """
        process.note_state(self.resource, _id, olds)
        before, now = context.managed_inputs(olds), context.inputs(news)
        changed = [it for it in sorted(before.keys() | now.keys()) if not self.alike(it, before.get(it), now.get(it))]
        # Under a new URN the owner tag has to follow, or a new resource of the old URN would adopt it.
        moved = context.of(olds).get("urn", now_urn := context.of(news).get("urn")) != now_urn
        move = self._access.move(f"{self.label} {_id}", self.place(_id, olds), olds, news)
        if move:
            engine.warn(engine.urn(str(now_urn)), move.message)
            # Most names are unique in an account and Region: the new one can be beside the old one.
            first = move.member == "account" and self.unique_over_accounts and self.keeps_name(olds, news)
            return DiffResult(changes=True, replaces=[move.member], delete_before_replace=first)
        # Found by a refresh: an update that failed or was interrupted is sent again.
        unfinished = self.kind is not None and self.kind.needs_update(olds.get("status"))
        return DiffResult(
            changes=bool(changed)
            or (moved and self.owner_tagged)
            or unfinished
            or bool(olds.get(context.INCOMPLETE))
            or self._access.signs_in_otherwise(olds, news),
            replaces=self._replaces(before, now, changed, context.of(news).get("replace_on_changes") or ())
            if changed
            else [],
            delete_before_replace=self.keeps_name(olds, news),
        )

    def _replaces(self, before: Properties, now: Properties, changed: list[str], requested: Sequence[str]) -> list[str]:
        immutable = [property_name(it) for it in self.replacing(document(before), document(for_rules(now)))]
        # The engine leaves its option of this name to providers that name the properties they compare.
        return [*immutable, *(it for it in changed if it not in immutable and (it in requested or "*" in requested))]

    def create(self, props: Properties) -> CreateResult:
        """Create the resource, or resume an interrupted create, wait, and return all outputs. Safe to call again."""
        with self._at_work(props) as operation:
            identifier, made = self.create_in_aws(operation, context.inputs(props))
        return CreateResult(
            identifier, {**context.outputs(props, made), **process.note_create(self.resource, identifier)}
        )

    def read(self, id_: str, props: Properties) -> ReadResult:
        """What AWS has now, as outputs and as the inputs that would declare it, so that drift becomes a difference.

        A resource that is gone is an empty result, unless the program gets it by its id: then it is an error.
        """
        with self._at_work(props, self.place(id_, props)) as operation:
            found = self.read_from_aws(operation.connection, id_, context.inputs(props))
        first_time = context.MANAGED not in props
        if found is None:
            if first_time:
                # An empty answer would pass for a success here.
                raise AgentCoreError(f"{self.label} {id_} does not exist in {operation.connection.region}")
            return ReadResult("", {})
        if first_time:
            found.pop(context.INCOMPLETE, None)
        before = context.inputs(props) if first_time else context.managed_inputs(props)
        inputs = {
            name: value if name not in found else found[name] if name in self.whole else managed(found[name], value)
            for name, value in before.items()
            if name in self.unreturned or found.get(name) is not None
        }
        if context.KEY in props:
            inputs[context.KEY] = props[context.KEY]
        return ReadResult(id_, context.outputs(inputs, found) | context.created_as(props), inputs)

    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Make the resource what the program declares, wait, and return all outputs: state keeps no older one.

        When AWS took an update and could not finish it, state gets the new inputs and that it is incomplete.
        """
        before = context.managed_inputs(olds)
        needed = {name: olds[name] for name in self.needed_outputs if olds.get(name) is not None}
        with self._at_work(news, self.place(id_, olds)) as operation:
            try:
                made = self.update_in_aws(operation, id_, {**needed, **before}, context.inputs(news))
            except (ResourceFailed, WaitTimeout) as error:
                # A wait for a name that others still have: AWS was not asked for this document yet.
                waits_for_name = isinstance(error, WaitTimeout) and before.get("name") != news.get("name")
                if self.kind is not None and not waits_for_name:
                    engine.keep(id_, context.unfinished(olds, news), str(error))
                raise
        return UpdateResult(context.outputs(news, made) | context.created_as(olds))

    def delete(self, id_: str, props: Properties) -> None:
        """Delete the resource and wait until it is gone; gone already is fine. props: the outputs in state."""
        if process.is_replaced(self.resource, id_, props):
            # A forced replacement (`--replace`, `pulumi state taint`) creates first, under the same name: it found the
            # one that it was to replace, and made it what the program declares. So does a rule with another URN.
            kept = f"{self.label} {id_} is kept: its replacement has the same name and was not created again; "
            cure = "to have it deleted first, set opts=ResourceOptions(delete_before_replace=True)"
            engine.warn(engine.urn(""), kept + cure)
            return
        with self._at_work(props, self.place(id_, props)) as operation:
            self.delete_from_aws(operation, id_, props)

    def place(self, identifier: str, outputs: Document) -> AccountRegion | None:
        """The account and Region of the resource, by its ARN; None when they are not known."""
        return AccountRegion.of_arn(outputs.get(self.arn) or identifier)

    def region(self, news: Properties) -> str | None:
        """The Region that the program wants the resource in: its own, else the stack's; None if unknown."""
        return self._access.region(news)

    def _connection_at(self, here: AccountRegion | None, properties: Properties) -> Connection:
        """The connection to the Region where the resource is, or is to be created."""
        return self._access.connection(here, properties)

    @contextmanager
    def _at_work(self, properties: Properties, here: AccountRegion | None = None) -> Iterator[Operation]:
        """The operation of this thread; within, AWS may throttle for as long as the call may take.

        here: the account and Region of the resource, whatever the stack's are now; None before it exists. Raises
        OtherAccount.
        """
        operation = self._operation(properties, self._connection_at(here, properties))
        with operation.connection.patient(operation.timeout, operation.report):
            wanted = here or AccountRegion("", context.access(properties).get("account", ""))
            if self.arn:
                check_account(operation.connection, wanted, operation.label)
            yield operation

    def _operation(self, properties: Properties, connection: Connection) -> Operation:
        beside = context.of(properties)
        # State may hold an older URN, whose resource has no part in this run.
        urn = engine.urn(str(beside.get("urn", "")))
        return Operation(
            connection=connection,
            owner=str(beside.get("owner", "")),
            adopt=bool(beside.get("adopt", False)),
            timeout=engine.timeout(_DEFAULT_TIMEOUT),
            report=lambda message: engine.report(urn, message),
            label=f"{self.label} {logical_name(urn)!r}",
            gateway_owner=beside.get("gateway_owner"),
            engine_owner=beside.get("engine_owner"),
        )


def _put_back(olds: Document, news: Document, declared: Document) -> list[str]:
    """The inputs that check once filled in and that ignore_changes put back: the program does not set them now either."""
    kept = context.of(olds).get("generated", ())
    return [it for it in kept if it in news and news[it] == olds.get(it) and declared.get(it) != news[it]]
