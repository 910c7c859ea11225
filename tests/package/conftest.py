"""What the tests of the package have in common: the wheel, and stacks on a local AWS as the program tests make them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]


def _programs() -> Any:
    name = "programs_on_local_aws"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, PROJECT / "tests" / "programs" / "conftest.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


local_aws = _programs().local_aws


@pytest.fixture
def stack_in(local_aws: Any) -> Any:
    """Makes stack `local` of a project folder; the folder's stack file then names the running local AWS."""

    def make(folder: Path) -> Any:
        (folder / ".agentcore" / "state").mkdir(parents=True, exist_ok=True)
        stack = _programs().Stack(folder, local_aws)
        stack.file.write_text(stack.file.read_text().replace("http://127.0.0.1:4599", local_aws.endpoint))
        return stack

    return make


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is published, built of the files of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
            *("--disable-pip-version-check", "--no-index", "--wheel-dir", str(folder), str(PROJECT)),
        ],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    (built,) = folder.glob("agentcore_provider-*.whl")
    return built
