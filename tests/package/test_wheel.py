"""What is published works where this checkout has never been: the wheel, on every Python that is to be had."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import pythons

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "agentcore_provider"
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
OWN = "{}.{}".format(*sys.version_info[:2])

# A other owner's tour, line by line: nothing but the wheel's own command and the engine.
_TOUR = """
agentcore --help > /dev/null
agentcore local start --port 0
eval "$(agentcore local env)"
pulumi stack init local
pulumi config set agentcore:endpointUrl "$AWS_ENDPOINT_URL"
pulumi up --yes --skip-preview
agentcore tools call days_between '{"first": "2026-01-31", "second": "2026-03-01"}'
agentcore show
pulumi destroy --yes --skip-preview
"""


def test_wheel_has_all_that_the_package_reads_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {it for it in archive.namelist() if not it.partition("/")[0].endswith(".dist-info")}
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "agentcore_provider"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert packed == {it for it in listed if (PROJECT / it).is_file()}
    assert "agentcore_provider/py.typed" in packed
    for ending in ("gateways.schema.json", "data/slack.yaml", "node_bootstrap.mjs"):
        assert any(it.endswith(ending) for it in packed), ending


def test_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (it for it in archive.namelist() if it.endswith(".dist-info/METADATA"))
        report = archive.read(name).decode()
    version = wheel.name.split("-")[1]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version), "a semantic version"
    assert f"\n## {version}" in (PROJECT / "CHANGELOG.md").read_text()
    for line in ("Requires-Python: >=3.10", "License-Expression: Apache-2.0", "Provides-Extra: local"):
        assert f"\n{line}\n" in report


@pytest.mark.parametrize("version", VERSIONS)
def test_sources_compile_on_every_python(version: str, tmp_path: Path) -> None:
    python = pythons.find(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    answer = subprocess.run(
        [python, "-X", f"pycache_prefix={tmp_path}", "-W", "error", "-m", "compileall", "-q", PACKAGE],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("version", VERSIONS)
def test_wheel_deploys_a_project_on_every_python(
    version: str, installed: Any, install_whole: Callable[[str], Any], tmp_path: Path
) -> None:
    if version == OWN:
        environment = installed
    else:
        python = pythons.find(version)
        if python is None:
            pytest.skip(f"there is no Python {version} on this machine")
        if os.environ.get("AGENTCORE_EVERY_PYTHON") != "1":
            pytest.skip(f"AGENTCORE_EVERY_PYTHON=1 fetches the packages for Python {version} and runs this")
        environment = install_whole(python)
    where = "import agentcore_provider as it; print(it.__file__); [getattr(it, name) for name in it.__all__]"
    imported = subprocess.run(
        [environment.python, "-W", "error", "-I", "-c", where], cwd=tmp_path, capture_output=True, text=True
    )
    assert imported.returncode == 0, imported.stderr
    assert Path(imported.stdout.strip()).is_relative_to(environment.folder)

    project = tmp_path / "clock"
    shutil.copytree(PROJECT / "examples" / "template", project)
    described = (project / "Pulumi.yaml").read_text().replace("${PROJECT}", "clock").partition("\ntemplate:")[0]
    (project / "Pulumi.yaml").write_text(described.replace("${DESCRIPTION}", "Returns the time"))
    (project / ".venv").symlink_to(environment.folder)
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    variables["PATH"] = f"{environment.folder / 'bin'}{os.pathsep}/usr/bin:/bin"
    try:
        toured = subprocess.run(
            ["sh", "-exc", _TOUR], cwd=project, env=variables, capture_output=True, text=True, timeout=250
        )
    finally:
        stopped = subprocess.run(
            [environment.folder / "bin" / "agentcore", "local", "stop"],
            cwd=project,
            env=variables,
            capture_output=True,
            text=True,
        )
    assert toured.returncode == 0, toured.stdout + toured.stderr
    assert re.search(r'"days": 29\b', toured.stdout), toured.stdout
    assert stopped.returncode == 0, stopped.stderr
