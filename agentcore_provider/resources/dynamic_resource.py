"""A dynamic resource that reports its problems, and those of its neighbours, before anything is registered.

The engine stops at the first resource whose check fails, and what depends on that one is never registered. So every
resource validates its known inputs when it is declared. Under Pulumi's own host a program with problems ends when all of
it has been declared, with one line per problem and nothing registered. Elsewhere, such as in inline programs of the
Automation API, the first resource with problems reports those of all, and the others wait for it: it depends on nothing
that has a problem, since whatever it depends on was declared before it.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

import pulumi
import pulumi.dynamic
from pulumi.output import UNKNOWN

from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.context import KEY
from agentcore_provider.resources.aws_access import AnyRole, AwsAccess
from agentcore_provider.resources.declaration import (
    Problems,
    properties,
    require_bool,
    within_limits,
    wrongly_deleted_with,
)
from agentcore_provider.resources.uniqueness import require_own

if TYPE_CHECKING:
    from typing_extensions import Self

    from agentcore_provider.providers.lifecycle import LifecycleProvider


# With this exit code of a program, Pulumi's language host adds no line to the problems that were reported.
REPORTED = 32
_HOST = "pulumi-language-python-exec"


@dataclass
class _Run:
    """The problems of one run of a program."""

    first: pulumi.Resource
    lines: list[str]
    elsewhere: list[str] = field(default_factory=list)
    reporting: asyncio.Task[None] | None = None


_runs: WeakKeyDictionary[pulumi.Resource, _Run] = WeakKeyDictionary()


class DynamicResource(pulumi.dynamic.Resource):
    """What EzAuth, Gateway and the other nouns are to Pulumi."""

    owner: pulumi.Output[str]
    """Mark of this one resource of this one stack, stored as a tag where AWS takes one."""

    aws_name: ClassVar[str]
    """AWS's name of it: what its operations are called after Create and Update; only EzAuth's parts have none."""

    aws_service: ClassVar[str] = "bedrock-agentcore-control"
    """boto3's name of the service that has these operations."""

    aws_operations: ClassVar[tuple[str, str] | None] = None
    """AWS's operations that create and update it, where they have other names."""

    _required: ClassVar[Mapping[str, Any]] = {}
    """Arguments that have to be given, and that say nothing of a resource which is only read."""

    _secret_outputs: ClassVar[tuple[str, ...]] = ()
    """Outputs that are secrets whatever the inputs are."""

    _unique: ClassVar[str] = "name"
    """The argument that no other of its class may have in its scope, if the program sets it."""

    _in_aws: ClassVar[bool] = True
    """Whether there is something of it in AWS, to be deleted."""

    def __init__(
        self,
        provider: LifecycleProvider,
        name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
        *,
        access: AwsAccess,
        adopt: bool | None = None,
        problems: Problems | None = None,
        scope: object = None,
        **beside: Any,
    ) -> None:
        """
        Args:
            provider: What the engine calls.
            name: Logical name.
            inputs: By property name; absent ones are None.
            opts: Pulumi's resource options.
            access: Region and sign-in that the program chooses for it.
            adopt: Take over what has the name. Default: the stack's agentcore:adopt.
            problems: Those found so far.
            scope: Where no other of its class may have the argument `_unique`. Default: its account and Region.
            beside: What else the provider's context holds.
        """
        if opts is not None and opts.import_ is not None:
            # The engine would ask a provider that is not in its state yet, and end in a traceback.
            raise InvalidInput(
                f'{type(self).__name__} "{name}": import_ does not work for dynamic resources (pulumi/pulumi#16175)',
                f"Read it with {type(self).__name__}.get(), or manage it with name= and adopt=True (no EzAuth can be)",
            )
        is_read = opts is not None and opts.id is not None
        if is_read:
            # Whatever had to be given says nothing of the resource: all of it is read.
            inputs = dict.fromkeys(inputs)
        problems = problems or Problems()
        left_behind = wrongly_deleted_with(opts) if self._in_aws and not is_read else None
        if left_behind:
            problems.add(left_behind)
        if adopt is not None:
            require_bool("adopt", adopt, problems)
        self.aws_access = access
        inputs = within_limits(inputs, problems)
        value = inputs.get(self._unique)
        scope = access.scope if scope is None else scope
        require_own(type(self), name, problems, scope=scope, path=self._unique, value=value)
        outputs = type(self).__annotations__
        token = f"pulumi-python:{self._resource_type_name}"
        beside |= access.context()
        props = properties(name, token, opts, inputs, outputs=outputs, adopt=adopt, problems=problems, **beside)
        context = props[KEY]
        lines = [] if is_read else _problems(provider, name, props)
        root = pulumi.runtime.get_root_resource()
        if lines and root is not None:
            named = [f"{provider.label} {name!r}: {line}" for line in lines]
            run = _runs.get(root)
            if run is None:
                run = _runs[root] = _Run(self, named)
                run.reporting = asyncio.ensure_future(_report(run))
                context["problems"] = [*context.get("problems", ()), _others(run)]
            else:
                run.elsewhere += named
                context["after"] = run.first.urn
        secrets = pulumi.ResourceOptions(additional_secret_outputs=[*self._secret_outputs])
        super().__init__(provider, name, props, pulumi.ResourceOptions.merge(opts, secrets))
        _keep_modules()
        # A resource that was made under another mark keeps it: what the state holds counts. Output.all would make an
        # Output of each value in the context.
        owner = context["owner"]
        self.owner = vars(self)[KEY].apply(lambda known: (known or {}).get("owner", owner))

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002
        opts: pulumi.ResourceOptions | None = None,
        *,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
    ) -> Self:
        """One that something else manages: read, never changed, and left alone by `pulumi destroy`.

        Args:
            resource_name: Logical name.
            id: What its output `id` has: of a gateway its id, of a target GATEWAY-ID/TARGET-ID, of an EzAuth the id of
                the user pool, of a credential provider the ARN.
            opts: Pulumi's resource options.
            region: Region that it is in. Default: that in the id, of the parent, of an aws.Provider in `opts`, or of the stack.
            profile: AWS profile to read it with, in place of what the stack signs in with.
            assume_role: Role to assume to read it, by ARN or as an AssumeRole; not with `profile`.

        What is not there fails the deployment, with one line.
        """
        make: Callable[..., Self] = cls
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        access = {"region": region, "profile": profile, "assume_role": assume_role}
        return make(resource_name, **cls._required, **access, opts=opts)


def _problems(provider: LifecycleProvider, name: str, props: Mapping[str, Any]) -> list[str]:
    known = _known(props)
    # The provider only needs the URN for the logical name at its end, and the real one is not known yet.
    known[KEY] = {**known[KEY], "urn": f"urn:::{name}"}
    return provider.check_inputs({}, known).reasons


def _known(value: Any) -> Any:
    """The value with a word for what is not known while the program runs."""
    if isinstance(value, Mapping):
        return {name: _known(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_known(item) for item in value]
    return UNKNOWN if isinstance(value, pulumi.Output) or isawaitable(value) else value


def _is_host() -> bool:
    """Whether this process runs one Pulumi program and nothing else."""
    return str(getattr(sys.modules.get("__main__"), "__file__", "")).endswith(_HOST)


def _keep_modules() -> None:
    """Let the garbage collector skip what the program has loaded.

    At its end, Python would search it for cycles: as long as a whole small program takes to run.
    """
    if gc.get_freeze_count() == 0 and _is_host():
        gc.freeze()


async def _report(run: _Run) -> None:
    """Runs when the program gives the loop a turn: when all of it has been declared."""
    if not _is_host():
        return
    for line in run.lines + run.elsewhere:
        pulumi.log.error(line)
    # The registrations that were about to begin are dropped with the program; Python need not say so.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    raise SystemExit(REPORTED)


def _others(run: _Run) -> pulumi.Output[str]:
    """The problems of all others, one line each, known when the whole program has been declared."""

    async def lines() -> str:
        return "\n".join(run.elsewhere)

    return pulumi.Output.from_input(lines())
