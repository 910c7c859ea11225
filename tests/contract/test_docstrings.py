"""What the docstring of a public class owes its reader: an example, what each output is, and what is raised."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

import agentcore_provider
from agentcore_provider import GatewayClient, credentials
from agentcore_provider.gateway_client import Gateway, GatewayTarget
from agentcore_provider.resources.dynamic_resource import DynamicResource

CLASSES = [
    *(it for name in agentcore_provider.__all__ if inspect.isclass(it := getattr(agentcore_provider, name))),
    *(it for it in vars(credentials).values() if dataclasses.is_dataclass(it)),
    Gateway,
    GatewayTarget,
]
RESOURCES = [it for it in CLASSES if issubclass(it, DynamicResource)]
SCRIPT = [GatewayClient, Gateway, GatewayTarget]
KNOWN = re.compile(r"Known\s+(at\s+preview|once)")


def _id(it: type) -> str:
    return f"{it.__module__.rpartition('.')[2]}.{it.__name__}"


def _outputs(owner: type) -> dict[str, str]:
    """Name and docstring of each output that the class declares."""
    tree = ast.parse(Path(inspect.getsourcefile(owner) or "").read_text())
    (body,) = (it.body for it in tree.body if isinstance(it, ast.ClassDef) and it.name == owner.__name__)
    return {
        node.target.id: str(after.value.value)
        for node, after in pairwise(body)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and "Output" in ast.unparse(node.annotation)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }


@pytest.mark.parametrize("owner", CLASSES, ids=_id)
def test_a_public_class_has_an_example(owner: type) -> None:
    """It is Python, and uses the class."""
    text = (inspect.getdoc(owner) or "").partition("Example:\n")[2]
    code = re.search(r"```python\n(.*?)```|`([^`]+)`", text, re.DOTALL)
    assert code, "no example"
    tree = ast.parse(textwrap.dedent(code[1] or code[2]))
    names = {it.id for it in ast.walk(tree) if isinstance(it, ast.Name)} | {
        it.attr for it in ast.walk(tree) if isinstance(it, ast.Attribute)
    }
    assert names & {owner.__name__, "create_gateway", "create_gateway_target"}


@pytest.mark.parametrize("owner", RESOURCES, ids=_id)
def test_an_output_is_described(owner: type) -> None:
    """What it is, when it is known, and whether it is a secret."""
    outputs = _outputs(owner)
    assert set(outputs) >= {name for name in owner.__annotations__ if not name.startswith("_")}
    assert [name for name, text in outputs.items() if not KNOWN.search(text)] == []
    assert [name for name, text in outputs.items() if len(KNOWN.sub("", text).split()) < 3] == []
    secret = {name for name, text in outputs.items() if re.search(r"\b[Aa] (Pulumi )?secret[.,]", text)}
    assert secret == {it for it in owner._secret_outputs if it in outputs}


@pytest.mark.parametrize("owner", CLASSES, ids=_id)
def test_what_is_raised_is_a_section(owner: type) -> None:
    """`Raises:` has a line for each error, with its cause; no sentence in between has to be searched for it."""
    members = inspect.getmembers(owner, lambda it: inspect.isfunction(it) or isinstance(it, property))
    own = [it for name, it in members if not name.startswith("_")]
    for it in (owner, owner.__init__, *own):
        text = inspect.getdoc(it) or ""
        assert not re.search(r"\b[Rr]aises (?!nothing)[A-Z]", text), it
        section = text.partition("Raises:\n")[2].partition("\n\n")[0]
        for line in section.splitlines():
            assert re.match(r"    [A-Z]\w+: [A-Z`].*|     +\S", line), (it, line)


@pytest.mark.parametrize("owner", [it for it in CLASSES if it not in SCRIPT], ids=_id)
def test_a_constructor_that_raises_documents_it(owner: type) -> None:
    """A `raise` in it, or in what checks a record, has its section."""
    body = vars(owner).get("__post_init__") if dataclasses.is_dataclass(owner) else owner.__init__
    if body is not None and re.search(r"\braise |_check\(", inspect.getsource(body)):
        assert "Raises:" in (inspect.getdoc(owner.__init__) or "") + (inspect.getdoc(owner) or "")
