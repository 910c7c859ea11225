"""What every dynamic resource of this package sends along with its inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from agentcore_provider.documents.limits import Unreadable, check
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.context import KEY, MAY_BE_GENERATED
from agentcore_provider.resources import aws_provider, owner

# What the engine reads, such as 1h30m: a duration of Go.
_DURATION = re.compile(r"(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+")


class Problems:
    """Problems found while a resource is declared, kept so that the preview displays them with all others."""

    def __init__(self) -> None:
        self.lines: list[pulumi.Input[str]] = []

    def add(self, error: InvalidInput) -> None:
        """Keep what the error says."""
        self.lines += map(str, error.with_places())


def require_bool(name: str, value: object, problems: Problems) -> None:
    """A problem for anything but True and False; texts such as "false" and Outputs would always be true."""
    if not isinstance(value, bool):
        problems.add(InvalidInput(f"is a {type(value).__name__}", "Write True or False", path=name))


def require_limits(name: str, value: object) -> None:
    """Raise InvalidInput if an argument contains itself, is too large, or holds what no document can: NaN, half a
    surrogate pair, a number of more than 308 digits. The types of its members are validated elsewhere."""
    try:
        check(value, accepts=lambda _: True)
    except Unreadable as error:
        raise error.of(name) from None


def within_limits(inputs: Mapping[str, object], problems: Problems) -> dict[str, Any]:
    """The inputs without those that no document can hold; each of these is a problem."""
    kept = dict(inputs)
    for name, value in inputs.items():
        try:
            require_limits(name, value)
        except InvalidInput as error:
            problems.add(error)
            kept[name] = None
    return kept


def properties(
    resource_name: str,
    type_token: str,
    opts: pulumi.ResourceOptions | None,
    inputs: Mapping[str, object],
    *,
    outputs: Iterable[str],
    adopt: bool | None = None,
    problems: Problems | None = None,
    **beside: object,
) -> dict[str, Any]:
    """The properties of a dynamic resource: its inputs, a place for each output, and the context for its provider.

    adopt: None for what the stack's `agentcore:adopt` says.
    """
    _check_timeouts(opts)
    config = pulumi.Config("agentcore")
    urn = own_urn(resource_name, type_token, opts)
    context = {
        "urn": urn,
        "owner": owner.mark(urn),
        "named_after": owner.named_after(),
        "adopt": bool(config.get_bool("adopt")) if adopt is None else adopt,
        "replace_on_changes": [re.split(r"[.\[]", it)[0] for it in (opts and opts.replace_on_changes) or ()],
        "given": {name: inputs[name] for name in MAY_BE_GENERATED if inputs.get(name) is not None},
        "problems": [*(problems.lines if problems else ()), *aws_provider.problems(opts)],
        **beside,
    }
    # A class attribute of a dynamic resource is filled only if a property of that name is declared.
    return {
        **dict.fromkeys([*outputs, *inputs]),
        **{name: value for name, value in inputs.items() if value is not None},
        KEY: {name: value for name, value in context.items() if value not in (None, [], {}, False)},
    }


def wrongly_deleted_with(opts: pulumi.ResourceOptions | None) -> InvalidInput | None:
    """Why the resource would be left behind by its option deleted_with; None if it would not be."""
    other = opts.deleted_with if opts else None
    if other is None or not type(other).__module__.startswith("agentcore_provider."):
        return None
    return InvalidInput(
        f"AWS deletes nothing else with a {type(other).__name__}, so this would be left behind",
        "Leave the option out: a destroy deletes targets before their gateway",
        path="deleted_with",
    )


def former_names(opts: pulumi.ResourceOptions | None) -> list[str]:
    """Logical names that the resource's aliases tell of."""
    names = [it.name if isinstance(it, pulumi.Alias) else it for it in (opts.aliases if opts else None) or ()]
    return [it.rsplit("::", 1)[-1] for it in names if isinstance(it, str)]


def own_urn(resource_name: str, type_token: str, opts: pulumi.ResourceOptions | None) -> str | pulumi.Output[str]:
    """The URN that the engine will give the resource."""
    if opts is None or opts.parent is None:
        # pulumi.create_urn makes nine Outputs of it, each a task of the event loop.
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{type_token}::{resource_name}"
    urn = pulumi.create_urn(resource_name, type_token, parent=opts.parent)
    return pulumi.Output.from_input(urn.future())  # type: ignore[arg-type]


def _check_timeouts(opts: pulumi.ResourceOptions | None) -> None:
    """Raise for what the engine would refuse in the middle of a deployment; it hands what it takes to the provider."""
    custom: object = (opts.custom_timeouts if opts else None) or {}
    given = custom if isinstance(custom, Mapping) else vars(custom)
    for text in given.values():
        if isinstance(text, str) and text and not _DURATION.fullmatch(text.strip()):
            raise InvalidInput(f"{text!r} is not a duration", "Write 90s, 10m or 1h30m", path="custom_timeouts")
