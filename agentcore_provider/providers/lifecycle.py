"""What every noun's provider has in common: the order of things, and how Pulumi wants to be answered.

A noun says what is its own: how names are filled in, what the service accepts, what cannot change in place, and
how AWS is asked. https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/
"""

from __future__ import annotations

import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar

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
from agentcore_provider.aws import tags
from agentcore_provider.aws.caller import AccountRegion, check_account
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.cures import PROGRAM, Cures, of_stack
from agentcore_provider.aws.documents import Properties, managed, same
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.resource_kind import ResourceKind
from agentcore_provider.errors import AgentCoreError, ResourceFailed, WaitTimeout
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context, engine_log, engine_request, thread_pool
from agentcore_provider.providers.loader import load
from agentcore_provider.providers.naming import logical_name, physical_name
from agentcore_provider.providers.unknowns import contains_unknown, judged

# Seconds that a create, update or delete may take, where the resource's options do not say.
_DEFAULT_TIMEOUT = 600.0

_connections: dict[Settings, Connection] = {}
# The last create of this process by noun and id.
_created: dict[tuple[str, str], str] = {}
# The marks of resources that this process saw in the state, by URN: a replacement keeps the mark.
_owners: dict[str, str] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Judgement:
    """What check makes of inputs: complete ones, why the service would refuse them, what it would not serve well."""

    inputs: Properties
    reasons: list[str]
    warnings: list[str]


class NounProvider(ResourceProvider):
    """Check, diff, create, read, update and delete of one noun.

    It remembers nothing but the settings that `configure` read, so that state holds only its loader and its noun.
    """

    # Nothing secret is in it, and a secret provider would make every diff unreadable.
    serialize_as_secret_always = False

    noun: ClassVar[str]
    label: ClassVar[str]
    # Characters that a name may have at most.
    longest_name: ClassVar[int]
    # Inputs that the service never returns: what the program says is all there is to know.
    unreturned: ClassVar[frozenset[str]] = frozenset()
    # Its table; None where AWS gives it no status.
    kind: ClassVar[ResourceKind | None] = None
    # Whether AWS keeps a mark on it that tells whose it is.
    marked: ClassVar[bool] = True
    # The output that holds its ARN.
    arn: ClassVar[str]

    cures: Cures = PROGRAM
    """What to do about errors, in the words of whoever deploys the stack."""
    # None while the program declares its resources: the engine configures the provider later.
    _settings: Settings | None = None

    def __reduce__(self) -> tuple[Callable[[str], NounProvider], tuple[str]]:
        return load, (self.noun,)

    # What a noun says

    def fixed(self, news: Properties) -> Sequence[Any]:
        """Inputs that are part of a generated name: another value needs a resource beside the old one."""
        return ()

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        """The inputs that the program left out and that have to be known from the start: as a rule the name."""
        if news.get("name") is not None:
            return {}
        kept = "name" in context.of(olds).get("generated", ())
        return {"name": olds["name"] if kept else self.generated_name(news)}

    def generated_name(self, news: Properties) -> Any:
        """The name that a new resource with these inputs gets when the program gives none."""
        fixed = self.fixed(news)
        for value in fixed:
            # What is not known yet makes the name not known yet: a guess would be another name than the one that comes.
            if contains_unknown(value):
                return value
        beside = context.of(news)
        stack = [beside["named_after"]] if beside.get("named_after") else []
        return physical_name(beside["urn"], [*fixed, *stack], longest=self.longest_name)

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        """What the service would refuse, and what it would not serve well.

        document: the inputs by the service's names, without what is not known yet. news: the inputs as they came.
        """
        raise NotImplementedError

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        """Members that changed and cannot change in place. olds and news are by the service's names."""
        raise NotImplementedError

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        """Whether a replacement would bear the name that the old one bears."""
        given = "name" not in context.of(news).get("generated", ())
        name = news.get("name") if given else self.generated_name(news)
        return bool(name == olds.get("name") or (given and contains_unknown(name)))

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        raise NotImplementedError

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        raise NotImplementedError

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        raise NotImplementedError

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        raise NotImplementedError

    # What the engine calls

    def configure(self, req: ConfigureRequest) -> None:
        # Errors here are of one line: a traceback above it would hide it. A process that is no plugin keeps its own.
        if getattr(sys.modules["__main__"], "__package__", "") == "pulumi.dynamic":
            sys.tracebacklimit = 0
        thread_pool.widen()
        self._settings = Settings.of_stack(req.config.get)
        self.cures = of_stack(req.config.get, os.environ)

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        judgement = self.judge(olds, _with_owner_kept(olds, news))
        for line in judgement.warnings:
            engine_log.warn(engine_request.urn(""), line)
        # No property is named: Pulumi would print its value beside the reason, even a secret one.
        return CheckResult(judgement.inputs, [CheckFailure("", reason) for reason in judgement.reasons])

    def judge(self, olds: Properties, news: Properties) -> Judgement:
        """The inputs with what was left out filled in, and everything that speaks against them."""
        filled = self.fill_in(olds, news)
        beside = context.of(news)
        given = beside.pop("given", {})
        generated = {*filled, *_put_back(olds, news, given)}
        checked = {**news, **filled, context.KEY: {**beside, "generated": sorted(generated)}}
        found = [with_property(it) for it in self.problems(document(judged(context.inputs(checked))), checked)]
        return Judgement(
            inputs=checked,
            reasons=[*context.problems(news), *(str(it) for it in found if it.severity == "error")],
            warnings=[str(it) for it in found if it.severity == "warning"],
        )

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        before, now = context.managed_inputs(olds), context.inputs(news)
        changed = [name for name in sorted(before.keys() | now.keys()) if not _same(before.get(name), now.get(name))]
        # Under a new URN the mark of whose it is has to follow, or a new resource of the old URN would take it over.
        moved = context.of(olds).get("urn", now_urn := context.of(news).get("urn")) != now_urn
        here, wanted = self.place(_id, olds), self.region(news)
        if here and wanted and here.region != wanted:
            engine_log.warn(
                engine_request.urn(str(now_urn)),
                f"{self.label} {_id} is in {here.region}, and the Region to deploy to is now {wanted}: `pulumi up` makes "
                f"another one there and deletes this one; to keep this one, set the Region back to {here.region}",
            )
            # Names are unique in a Region: the new one can stand beside the old one.
            return DiffResult(changes=True, replaces=["region"], delete_before_replace=False)
        # Seen by a refresh: an update that failed or was cut off is sent again.
        unfinished = self.kind is not None and self.kind.needs_update(olds.get("status"))
        return DiffResult(
            changes=bool(changed) or (moved and self.marked) or unfinished or bool(olds.get(context.INCOMPLETE)),
            replaces=self._replaces(before, now, changed, context.of(news).get("replace_on_changes") or ())
            if changed
            else [],
            delete_before_replace=self.keeps_name(olds, news),
        )

    def _replaces(self, before: Properties, now: Properties, changed: list[str], by_wish: Sequence[str]) -> list[str]:
        fixed = [property_name(it) for it in self.replacing(document(before), document(judged(now)))]
        # The engine leaves its option of this name to providers that say which properties they compare.
        return [*fixed, *(it for it in changed if it not in fixed and (it in by_wish or "*" in by_wish))]

    def create(self, props: Properties) -> CreateResult:
        with self._at_work(props) as operation:
            identifier, made = self.create_in_aws(operation, context.inputs(props))
        created = uuid.uuid4().hex
        _created[self.noun, identifier] = created
        return CreateResult(identifier, {**_outputs(props, made), context.CREATED: created})

    def read(self, id_: str, props: Properties) -> ReadResult:
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
            name: managed(found[name], value) if name in found else value
            for name, value in before.items()
            if name in self.unreturned or found.get(name) is not None
        }
        if context.KEY in props:
            inputs[context.KEY] = props[context.KEY]
        return ReadResult(id_, _outputs(inputs, found) | _created_as(props), inputs)

    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        before = context.managed_inputs(olds)
        with self._at_work(news, self.place(id_, olds)) as operation:
            try:
                made = self.update_in_aws(operation, id_, before, context.inputs(news))
            except (ResourceFailed, WaitTimeout) as error:
                # A wait for a name that others still have: AWS was not asked for this document yet.
                waits_for_name = isinstance(error, WaitTimeout) and before.get("name") != news.get("name")
                if self.kind is not None and not waits_for_name:
                    engine_request.keep(id_, _unfinished(olds, news), str(error))
                raise
        return UpdateResult(_outputs(news, made) | _created_as(olds))

    def delete(self, id_: str, props: Properties) -> None:
        if _created.get((self.noun, id_), created := props.get(context.CREATED)) != created:
            # A forced replacement (`--replace`, `pulumi state taint`) creates first, under the same name: it found the
            # one that it was to replace, and made it what the program says.
            engine_log.warn(
                engine_request.urn(""),
                f"{self.label} {id_} bears the name of its replacement, so it was updated and not made anew; to have it "
                "deleted first, set opts=ResourceOptions(delete_before_replace=True)",
            )
            return
        with self._at_work(props, self.place(id_, props)) as operation:
            self.delete_from_aws(operation, id_, props)

    def place(self, identifier: str, outputs: Mapping[str, Any]) -> AccountRegion | None:
        """Where the resource stands, by its ARN; None when nothing tells."""
        return AccountRegion.of_arn(outputs.get(self.arn) or identifier)

    def region(self, news: Properties) -> str | None:
        """The Region that the program wants the resource in: its aws.Provider's, else the stack's; None if unknown."""
        chosen = context.of(news).get("region")
        if contains_unknown(chosen):
            return None
        if chosen:
            return str(chosen)
        return self._settings.known_region() if self._settings else None

    def connection(self, region: str | None) -> Connection:
        """The door to AWS in a Region, shared by every provider of the process with the same settings."""
        settings = replace(self._settings or Settings(), region=region)
        with _lock:
            if settings not in _connections:
                _connections[settings] = Connection(settings, cures=self.cures)
            return _connections[settings]

    def _connection_at(self, here: AccountRegion | None, properties: Properties) -> Connection:
        """The door to the Region where the resource is, or is to be made."""
        return self.connection(here.region if here else self.region(properties))

    @contextmanager
    def _at_work(self, properties: Properties, here: AccountRegion | None = None) -> Iterator[Operation]:
        """The operation of this thread, while which AWS may throttle for as long as the call may take.

        here: where the resource stands, whatever the stack says now; None before it is made. Raises OtherAccount.
        """
        operation = self._operation(properties, self._connection_at(here, properties))
        with operation.connection.patient(operation.timeout, operation.report):
            if here:
                check_account(operation.connection, here, operation.label)
            yield operation

    def _operation(self, properties: Properties, connection: Connection) -> Operation:
        beside = context.of(properties)
        # State may hold an older URN, whose resource has no part in this run.
        urn = engine_request.urn(str(beside.get("urn", "")))
        return Operation(
            connection=connection,
            owner=str(beside.get("owner", "")),
            adopt=bool(beside.get("adopt", False)),
            timeout=engine_request.timeout(_DEFAULT_TIMEOUT),
            report=lambda message: engine_log.say(urn, message),
            label=f"{self.label} {logical_name(urn)!r}",
            gateway_owner=beside.get("gateway_owner"),
        )


def marked_tags(found: Mapping[str, str]) -> Properties:
    """Of a resource's tags, those that a program gives, and whether the mark of whose it is is missing."""
    missing = {} if OWNER_TAG in found else {context.INCOMPLETE: True}
    return {"tags": tags.without_owner(found), **missing}


def _put_back(olds: Mapping[str, Any], news: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """The inputs that check once filled in and that ignore_changes put back: the program does not say them now either."""
    kept = context.of(olds).get("generated", ())
    return [it for it in kept if it in news and news[it] == olds.get(it) and given.get(it) != news[it]]


def _with_owner_kept(olds: Properties, news: Properties) -> Properties:
    """The inputs with the mark that the resource bears already: a resource that the state holds is always its own."""
    before, now = context.of(olds), context.of(news)
    urn = now.get("urn")
    if urn and before.get("urn") == urn and before.get("owner"):
        _owners[urn] = before["owner"]
    return {**news, context.KEY: {**now, "owner": _owners[urn]}} if urn in _owners else news


def _same(one: Any, other: Any) -> bool:
    return not contains_unknown(other) and same(one, other)


def _created_as(props: Mapping[str, Any]) -> Properties:
    return {context.CREATED: props[context.CREATED]} if context.CREATED in props else {}


def _unfinished(olds: Mapping[str, Any], news: Mapping[str, Any]) -> Properties:
    """What goes into state when AWS took an update and did not finish it: whatever comes next is a change."""
    made = {name: value for name, value in olds.items() if name not in olds.get(context.MANAGED, ())}
    return {**_outputs(news, made), context.INCOMPLETE: True}


def _outputs(inputs: Mapping[str, Any], made: Mapping[str, Any]) -> Properties:
    """What goes into state: what AWS says, below what the program said."""
    said = {name: value for name, value in inputs.items() if value is not None and name != "__provider"}
    return {**made, **said, context.MANAGED: sorted(context.inputs(said))}
