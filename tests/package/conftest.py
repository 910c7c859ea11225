"""What the tests of the package have in common: the wheel, and stacks on a local AWS as the program tests make them."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.stack import Stack, StartedAws

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[StartedAws]:
    """A running local AWS that only this test uses."""
    local_aws = StartedAws(tmp_path / "local.log")
    try:
        local_aws.start()
        yield local_aws
    finally:
        local_aws.stop()


@pytest.fixture
def stack_in(local_aws: StartedAws) -> Callable[[Path], Stack]:
    """Makes stack `local` of a project folder; the folder's stack file then names the running local AWS."""

    def make(folder: Path) -> Stack:
        (folder / ".agentcore" / "state").mkdir(parents=True, exist_ok=True)
        stack = Stack(folder, local_aws)
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


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment that has not found this checkout."""

    folder: Path

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.folder / "bin" / "python"


def _install(wheel: Path, folder: Path, *packages: Path) -> Installed:
    """A new environment with the wheel, which finds all other packages in the folders given."""
    venv.create(folder, with_pip=False)
    installed = Installed(folder)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # Folders that a .pth file adds have their own .pth files left alone, such as that of the editable install.
    (own / "packages.pth").write_text("".join(f"{it}\n" for it in packages))
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", installed.python, "install", "--quiet", "--no-deps"),
            *("--no-index", "--disable-pip-version-check", wheel),
        ],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return _with_engine(folder)


def _with_engine(folder: Path) -> Installed:
    """With the launcher of the development environment, which then starts the engine with this one's Python."""
    launcher = folder / "bin" / "pulumi"
    launcher.write_text(Path(sys.executable).with_name("pulumi").read_text().replace(sys.prefix, str(folder)))
    launcher.chmod(0o755)
    return Installed(folder)


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel beside the packages of the development environment, on the Python that runs the tests."""
    return _install(wheel, tmp_path_factory.mktemp("installed") / "environment", Path(sysconfig.get_path("purelib")))


@pytest.fixture
def install_whole(wheel: Path, tmp_path: Path) -> Callable[[str], Installed]:
    """Makes an environment of another Python with the wheel and all that it needs, from the package index."""

    def install(python: str) -> Installed:
        folder = tmp_path / "environment"
        subprocess.run([python, "-m", "venv", folder], check=True)
        answer = subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"{wheel}[local]"],
            capture_output=True,
            text=True,
        )
        assert answer.returncode == 0, answer.stderr
        return _with_engine(folder)

    return install
