"""Real programs under the real engine: each test has its own project folder, local AWS, backend and Pulumi home."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.language_hosts import find_or_build_others, find_or_build_yaml
from engine.progress import Progress
from tests.support import language_packages, warm_python
from tests.support.stack import Outcome, Stack, StartedAws

_PROJECT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("program")


@pytest.fixture
def local_aws(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StartedAws]:
    """A running local AWS that only this test uses; indirect parameters are flags of `agentcore local run`."""
    local_aws = StartedAws(tmp_path / "local.log")
    try:
        local_aws.start(*getattr(request, "param", ()))
        yield local_aws
    finally:
        local_aws.stop()


@pytest.fixture(scope="session")
def start_local_aws() -> Callable[[Path], StartedAws]:
    """Starts a local AWS that logs into a folder, for tests that share one as `shared_local_aws`."""

    def start(folder: Path) -> StartedAws:
        local_aws = StartedAws(folder / "local.log")
        local_aws.start()
        return local_aws

    return start


@pytest.fixture
def stack_of(shared_local_aws: StartedAws) -> Callable[[Path], Stack]:
    """Makes the stack `local` of any project folder, not deployed yet, for the shared local AWS."""

    def stack(folder: Path) -> Stack:
        (folder / ".agentcore" / "state").mkdir(parents=True)
        made = Stack(folder, shared_local_aws)
        made.pulumi("stack", "init", "--non-interactive")
        return made

    return stack


@pytest.fixture(scope="session")
def yaml_host() -> Path:
    """Folder of the language host for programs in YAML, built once per machine."""
    return find_or_build_yaml(Progress())


@pytest.fixture(scope="session")
def other_hosts() -> Path:
    """Folder of the language hosts for TypeScript and Go and of the generator of packages, built once per machine."""
    return find_or_build_others(Progress())


@pytest.fixture
def make_ready(other_hosts: Path) -> Iterator[Callable[[str, Stack], None]]:
    """Makes a stack's program in a language, nodejs or go, ready to run. Its libraries for npm, 100 MB, do not outlive the test."""
    folders: list[Path] = []

    def ready(runtime: str, stack: Stack) -> None:
        folders.append(stack.folder)
        language_packages.make_ready(runtime, stack, other_hosts)

    yield ready
    for folder in folders:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this project's program, its stack files and its demo."""
    return _project(tmp_path)


@pytest.fixture
def stack(project: Path, local_aws: StartedAws) -> Stack:
    """Stack `local` of the project, not deployed yet."""
    return _stack(project, local_aws)


@pytest.fixture(scope="module")
def deployed(
    tmp_path_factory: pytest.TempPathFactory, start_local_aws: Callable[[Path], StartedAws]
) -> Iterator[tuple[Stack, Outcome]]:
    """Stack `local` of the project and how its first deployment went, for tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("deployed")
    local_aws = start_local_aws(folder)
    try:
        stack = _stack(_project(folder), local_aws)
        yield stack, stack.up()
    finally:
        local_aws.stop()


def _project(folder: Path) -> Path:
    project = folder / "project"
    (project / ".agentcore" / "state").mkdir(parents=True)
    for file in (*_PROJECT.glob("Pulumi*.yaml"), _PROJECT / "__main__.py"):
        shutil.copy(file, project)
    shutil.copytree(_PROJECT / "demo", project / "demo", ignore=shutil.ignore_patterns("__pycache__"))
    (project / ".venv").symlink_to(warm_python.environment())
    return project


def _stack(project: Path, local_aws: StartedAws) -> Stack:
    file = project / "Pulumi.local.yaml"
    file.write_text(file.read_text().replace("http://127.0.0.1:4599", local_aws.endpoint))
    stack = Stack(project, local_aws)
    stack.pulumi("stack", "init", "--non-interactive")
    return stack
