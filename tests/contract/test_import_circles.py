"""No module of the package imports itself through others, also not inside a function; imports for types alone may."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import agentcore_provider

ROOT = Path(agentcore_provider.__file__).parent
MODULES = {
    ".".join((ROOT.name, *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): file
    for file in ROOT.rglob("*.py")
}


def imported(module: str, file: Path) -> set[str]:
    """The modules of the package that a module imports when it runs."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    return {name for node in nodes(ast.parse(file.read_text())) for name in named(node, package)} - {module}


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        yield from nodes(node)


def named(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in MODULES)
    if isinstance(node, ast.ImportFrom):
        above = package.rsplit(".", node.level - 1)[0] if node.level else ""
        source = ".".join(part for part in (above, node.module) if part)
        # The package of a module is imported with it, and does not depend on who imports it.
        names = [f"{source}.{alias.name}" for alias in node.names]
        yield from (found for name in names if (found := name if name in MODULES else source) in MODULES)


def test_modules_import_in_one_direction() -> None:
    """What a module needs of one above it is passed to it."""
    graph = {module: imported(module, file) for module, file in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None
