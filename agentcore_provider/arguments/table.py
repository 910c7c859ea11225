"""The table of a resource's arguments: its constructor, whose signature and `Args:` name and describe each once.

What else there is to know of an argument follows from AWS's model of the operations that create and update the
resource. From the table follow the keys of stack files with their JSON Schema and what `agentcore import` describes, so
that a new argument is one line of a signature and one of a docstring. The table of a record, such as those of `targets`,
is its fields with the text below each.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import inspect
import itertools
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Final, Protocol

from agentcore_provider.arguments.members import member_name
from agentcore_provider.rules import service_model

REQUIRED: Final = object()
"""The default of an argument that has none."""

# Pulumi's, which every resource has.
_PULUMIS = ("self", "resource_name", "opts")


class Resource(Protocol):
    """A class whose constructor takes arguments."""

    aws_name: ClassVar[str]
    """AWS's name of it: what its operations are called after Create and Update."""


@dataclass(frozen=True)
class Parameter:
    """A keyword argument of a resource, or a field of a record."""

    name: str
    """As in the signature, such as `kms_key_arn`."""
    description: str
    """Meaning, unit, limit, default, and what a change does."""
    annotation: object
    """Its type."""
    default: object
    """Its default, or REQUIRED."""


@dataclass(frozen=True)
class Argument:
    """A keyword argument for one member of AWS's document."""

    name: str
    """As in the signature, such as `kms_key_arn`."""
    description: str
    """Meaning, unit, limit, default, and what a change does."""
    member: str
    """AWS's name, such as `kmsKeyArn`."""
    shape: str
    """The member's shape in AWS's model."""
    update_only: bool
    """Whether only the update takes it: it is set once the resource exists."""
    sensitive: bool
    """Whether AWS's model calls the value sensitive."""


def operations(resource: type[Resource]) -> tuple[str, str]:
    """AWS's operations that create and update the resource."""
    own: tuple[str, str] | None = getattr(resource, "aws_operations", None)
    return own or (f"Create{resource.aws_name}", f"Update{resource.aws_name}")


def service(resource: type[Resource]) -> str:
    """boto3's name of the service whose operations they are."""
    return str(getattr(resource, "aws_service", service_model.CONTROL))


@cache
def arguments(resource: type[Resource]) -> Mapping[str, Argument]:
    """The arguments of a resource that are members of AWS's document themselves, by name."""
    create, update = (service_model.member_shapes(it, service=service(resource)) for it in operations(resource))
    known = {**update, **create}
    found = {
        name: Argument(
            name,
            it.description,
            member,
            known[member],
            update_only=member not in create,
            sensitive=service_model.is_sensitive(known[member], service=service(resource)),
        )
        for name, it in parameters(resource).items()
        if (member := member_name(name)) in known
    }
    return MappingProxyType(found)


def parameters(resource: type[object]) -> Mapping[str, Parameter]:
    """All arguments of a resource except Pulumi's own, or all fields of a record, by name."""
    if dataclasses.is_dataclass(resource):
        return MappingProxyType(_fields(resource))
    text, types = descriptions(resource), _annotations(resource.__init__, resource)
    found = {
        name: Parameter(name, text.get(name, ""), types.get(name), REQUIRED if it.default is it.empty else it.default)
        for name, it in inspect.signature(resource.__init__).parameters.items()
        if name not in _PULUMIS and it.kind not in (it.VAR_KEYWORD, it.VAR_POSITIONAL)
    }
    return MappingProxyType(found)


def descriptions(resource: type[object]) -> dict[str, str]:
    """The entries below `Args:` of the constructor's docstring; none where Python has dropped docstrings (`-OO`)."""
    section = (inspect.getdoc(resource.__init__) or "").partition("Args:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def _fields(record: type[object]) -> dict[str, Parameter]:
    """The fields of the record itself, then those that it has in common with others."""
    defaults = {it.name: it.default for it in dataclasses.fields(record)}  # type: ignore[arg-type]
    found: dict[str, Parameter] = {}
    for one in record.__mro__[:-1]:
        text = _texts_below_fields(one)
        for name, annotation in _annotations(one, one).items():
            if name in defaults and name not in found:
                default = REQUIRED if defaults[name] is dataclasses.MISSING else defaults[name]
                found[name] = Parameter(name, text.get(name, ""), annotation, default)
    return found


class _Names(dict[str, object]):
    """The names of a module; one that only type checkers import stands for any object."""

    def __missing__(self, name: str) -> object:
        if hasattr(builtins, name):
            raise KeyError(name)
        return object


def _annotations(annotated: Callable[..., object], owner: type[object]) -> dict[str, object]:
    names = _Names(vars(sys.modules[owner.__module__]))
    return inspect.get_annotations(annotated, eval_str=True, locals=names)


def _texts_below_fields(record: type[object]) -> dict[str, str]:
    """The string below each field in the source, which Python itself drops; none without the source."""
    body = next((it.body for it in _classes(record.__module__) if it.name == record.__name__), [])
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


@cache
def _classes(module: str) -> list[ast.ClassDef]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):
        return []
    return [it for it in tree.body if isinstance(it, ast.ClassDef)]
