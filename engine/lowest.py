"""`make lowest`: the package with the lowest version of each dependency that pyproject.toml allows.

A virtual environment of its own, in .agentcore/lowest: every module is imported, the command prints its help, and the
tests that need no engine run. Packages that the dependencies bring along are the newest ones.
"""

from __future__ import annotations

import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

_PROJECT = Path(__file__).parents[1]
_FOLDER = _PROJECT / ".agentcore" / "lowest"
_TESTS = ("tests/documents", "tests/schemas", "tests/stack_config", "tests/mcp/test_on_local_aws.py")
# The client of the first generation does not know the newest revision of MCP.
_BUT = "not every_revision"
_TEST_PACKAGES = ("pytest", "hypothesis")
_REQUIREMENT = re.compile(r'"(?P<name>[\w.-]+(?:\[[\w,]+\])?)>=(?P<version>[\d.]+)(?:,[^"]*)?"')


def pinned(pyproject: str) -> list[str]:
    """The dependencies and those of local AWS at their lowest versions, such as `httpx==0.27.1`.

    Raises ValueError for one without a lowest version.
    """
    required = _list(pyproject, "dependencies") + _list(pyproject, "local")
    found = [_REQUIREMENT.match(line) for line in required]
    for line, match in zip(required, found, strict=True):
        if match is None:
            raise ValueError(f"{line}: has no lowest version. Write it as NAME>=VERSION")
    return [f"{match['name']}=={match['version']}" for match in found if match]


def _list(pyproject: str, name: str) -> list[str]:
    # Python 3.10 has no reader of TOML.
    section = re.search(rf"^{name} = \[\n(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
    return [line.strip() for line in section[1].splitlines() if line.strip()] if section else []


def modules() -> list[str]:
    """Every module of the package but those that run when imported."""
    package = str(_PROJECT / "agentcore_provider")
    found = pkgutil.walk_packages([package], "agentcore_provider.", onerror=lambda name: None)
    return [it.name for it in found if not it.name.endswith("__main__")]


def main() -> int:
    """Exit code 1 if anything fails."""
    pyproject = (_PROJECT / "pyproject.toml").read_text()
    tests = [it for it in _list(pyproject, "dev") if it.startswith(tuple(f'"{name}' for name in _TEST_PACKAGES))]
    _install([*pinned(pyproject), *(it.partition('"')[2].partition('"')[0] for it in tests)])
    python = str(_FOLDER / "bin" / "python")
    imports = "import importlib, json, sys\nfor name in json.load(sys.stdin): importlib.import_module(name)"
    failed = [
        name
        for name, command, text in (
            ("import", [python, "-c", imports], json.dumps(modules())),
            ("help", [python, "-m", "agentcore_provider.cli", "--help"], ""),
            ("test", [python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-k", _BUT, *_TESTS], ""),
        )
        if not _succeeds(name, command, text)
    ]
    print(f"failed with the lowest versions: {', '.join(failed)}" if failed else "the lowest versions work")
    return 1 if failed else 0


def _install(requirements: Iterable[str]) -> None:
    wanted = "\n".join([sys.version, *requirements])
    stamp = _FOLDER / ".packages"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Installing the lowest versions ...", flush=True)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    venv.create(_FOLDER, with_pip=True)
    pip = [str(_FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *requirements], check=True)  # noqa: S603 (pip of that environment)
    stamp.write_text(wanted)


def _succeeds(name: str, command: list[str], text: str) -> bool:
    print(f"{name} ...", flush=True)
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    answer = subprocess.run(  # noqa: S603 (the Python of that environment)
        command, cwd=_PROJECT, env=environment, input=text, capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        print(answer.stdout + answer.stderr, flush=True)
    return answer.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
