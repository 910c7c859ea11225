"""What users import: one list, sorted, complete, and no name that does not lead anywhere."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import agentcore_provider
from agentcore_provider import credentials, errors, targets

ROOT = Path(agentcore_provider.__file__)


@pytest.mark.parametrize("module", [agentcore_provider, targets], ids=lambda it: it.__name__)
def test_all_is_sorted_without_doubles_and_leads_somewhere(module: ModuleType) -> None:
    assert module.__all__ == sorted(set(module.__all__))
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_type_checkers_see_the_same_names_as_programs() -> None:
    tree = ast.parse(ROOT.read_text())
    (observed,) = (it for it in tree.body if isinstance(it, ast.If) and "TYPE_CHECKING" in ast.unparse(it.test))
    imported = {alias.asname for it in observed.body if isinstance(it, ast.ImportFrom) for alias in it.names}
    assert imported == set(agentcore_provider.__all__) == set(dir(agentcore_provider))


def test_every_record_of_targets_and_credentials_is_public() -> None:
    folder = ROOT.parent / "resources" / "targets"
    written = {
        node.name
        for file in folder.glob("*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    assert written == set(targets.__all__)
    public = {
        name for name, it in vars(credentials).items() if inspect.isclass(it) and it.__module__ == credentials.__name__
    }
    assert {"ApiKey", "CallerIam", "IamRole", "JwtPassthrough", "OAuth"} <= public


def test_the_tree_of_errors_is_the_one_that_is_drawn() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    (?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)  ", line)
        if found:
            depth = len(found["branch"]) // 4
            above = [*above[:depth], found["name"]]
            drawn[found["name"]] = above[-2] if depth else "Exception"
    real = {
        name: it.__mro__[1].__name__
        for name, it in vars(errors).items()
        if inspect.isclass(it) and issubclass(it, errors.AgentCoreError)
    }
    assert drawn == real


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    program = (
        "import sys, agentcore_provider\n"
        "print(sorted(it for it in sys.modules if it.split('.')[0] in ('agentcore_provider', 'pulumi', 'boto3')))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "['agentcore_provider']"
