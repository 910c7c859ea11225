"""The engine built from its published Go modules, for machines that reach a module proxy but no download site."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.progress import Progress
from engine.setup_error import SetupError

_HERE = Path(__file__).parent
_OLDEST_GO = (1, 21)  # the first that fetches the newer Go which a module asks for
_NEEDED_GIGABYTES = 5
_TAGS = "osusergo,grpcnotrace"


@dataclass(frozen=True)
class GoProgram:
    """A program and the module that pins it."""

    name: str
    package: str
    module: str
    folder: Path
    """Where the go.mod lies that pins the module."""
    stamp: str = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
    """The variable that holds the version: what the program answers, and what the engine compares plugins with."""

    @property
    def version(self) -> str:
        """The pinned release, such as v3.259.0."""
        found = re.search(rf"{re.escape(self.module)} (v\S+)", (self.folder / "go.mod").read_text())
        if found is None:
            raise SetupError(f"{self.folder / 'go.mod'} does not name {self.module}: restore the file")
        return found[1]

    def build_command(self, target: Path) -> list[str]:
        """What builds it. `-v` names each package as it is compiled."""
        flags = ["-v", "-ldflags", f"-s -w -X {self.stamp}={self.version}"]
        return ["go", "build", *flags, "-o", str(target), self.package]


_SDK = "github.com/pulumi/pulumi/sdk/v3"
ENGINE = GoProgram(
    "pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "github.com/pulumi/pulumi/pkg/v3", _HERE / "cli"
)
# Later releases keep the language host in a module that is not published.
LANGUAGE_HOST = GoProgram(
    "pulumi-language-python", f"{_SDK}/python/cmd/pulumi-language-python", _SDK, _HERE / "language_host"
)
# For tests of programs in YAML; Pulumi's own installer brings it along.
YAML_HOST = GoProgram(
    "pulumi-language-yaml",
    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    "github.com/pulumi/pulumi-yaml",
    _HERE / "yaml_host",
    "github.com/pulumi/pulumi-yaml/pkg/version.Version",
)
# For tests of programs in TypeScript and Go: the last release with both hosts in a published module.
_HOSTS = _HERE / "other_hosts"
NODEJS_HOST = GoProgram("pulumi-language-nodejs", f"{_SDK}/nodejs/cmd/pulumi-language-nodejs", _SDK, _HOSTS)
GO_HOST = GoProgram("pulumi-language-go", f"{_SDK}/go/pulumi-language-go", _SDK, _HOSTS)
SDK_GENERATOR = GoProgram("pulumi-sdk-generator", ".", ENGINE.module, _HERE / "sdk_generator")
# Scripts of the SDK module that the language host and the engine start.
_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")


def build_key() -> str:
    """Names the engine in the cache: changes with anything that changes the result."""
    return key(*_PROGRAMS)


def key(*programs: GoProgram) -> str:
    """Names a folder of built programs in the cache: changes with anything that changes the result."""
    pins = b"".join((program.folder / file).read_bytes() for program in programs for file in ("go.mod", "go.sum"))
    pins += b"".join(file.read_bytes() for program in programs for file in sorted(program.folder.glob("*.go")))
    digest = hashlib.sha256(pins + _TAGS.encode()).hexdigest()[:8]
    return f"{programs[0].version}-{platform.system()}-{platform.machine()}-{digest}".lower()


_PROGRAMS = (ENGINE, LANGUAGE_HOST)


def build(root: Path, progress: Progress) -> bool:
    """Build into an empty folder: `bin/pulumi` and the plugins it needs beside it. True, or SetupError."""
    environment = _go_environment()
    programs = _build(root, _PROGRAMS, environment, progress)
    sources = Path(_go(["go", "list", "-m", "-f", "{{.Dir}}", _SDK], ENGINE.folder, environment))
    for script in _SCRIPTS:
        target = programs / Path(script).name
        shutil.copyfile(sources / script, target)
        target.chmod(0o755)
    return True


def build_programs(programs: Iterable[GoProgram], root: Path, progress: Progress) -> bool:
    """Build programs into `bin` below an empty folder. True, or SetupError."""
    _build(root, programs, _go_environment(), progress)
    return True


def _build(root: Path, wanted: Iterable[GoProgram], environment: Mapping[str, str], progress: Progress) -> Path:
    """Build programs into `bin` below an empty folder; returns that."""
    _require_go(environment)
    _require_disk(root, environment)
    programs = root / "bin"
    programs.mkdir()
    for program in wanted:
        packages = _fetch(program, environment, progress)
        _compile(program, programs / program.name, packages, environment, progress)
    return programs


def build_settings() -> dict[str, str]:
    """Environment variables of every build. Packages that are compiled with the same are in Go's cache."""
    # No C compiler is needed, and no flags or workspaces of the user's change the result.
    return {"CGO_ENABLED": "0", "GOFLAGS": f"-buildvcs=false -trimpath -tags={_TAGS}", "GOWORK": "off"}


def _go_environment() -> dict[str, str]:
    return {**os.environ, **build_settings()}


def _require_go(environment: Mapping[str, str]) -> None:
    cure = "install it from go.dev or your package manager (or install Pulumi itself), then run this again"
    oldest = ".".join(map(str, _OLDEST_GO))
    if shutil.which("go", path=environment.get("PATH")) is None:
        raise SetupError(f"Go {oldest} or newer is needed to build the Pulumi engine and there is no go: {cure}")
    answer = _go(["go", "env", "GOVERSION"], _HERE, environment)
    found = re.match(r"go(\d+)\.(\d+)", answer)
    if found and (int(found[1]), int(found[2])) < _OLDEST_GO:
        raise SetupError(f"Go {oldest} or newer is needed to build the Pulumi engine, and this is {answer}: {cure}")


def _require_disk(root: Path, environment: Mapping[str, str]) -> None:
    answer = _go(["go", "env", "GOCACHE", "GOMODCACHE"], _HERE, environment)
    for folder in (root, *map(Path, answer.splitlines())):
        standing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(standing).free / 1e9
        # What an earlier build left need not be made again, so a filled cache needs less.
        if free < (_NEEDED_GIGABYTES if not folder.exists() else 1):
            raise SetupError(
                f"Building the Pulumi engine needs {_NEEDED_GIGABYTES} GB, and {standing} has {free:.1f} GB free: "
                "make room (`go clean -cache` empties Go's cache)"
            )


def _fetch(program: GoProgram, environment: Mapping[str, str], progress: Progress) -> int:
    """Fetch the modules of a program; returns how many packages it has."""
    with progress.step(f"Fetching the Go modules of {program.name} {program.version}"):
        packages = _go(["go", "list", "-deps", program.package], program.folder, environment)
    return len(packages.splitlines())


def _compile(
    program: GoProgram, target: Path, packages: int, environment: Mapping[str, str], progress: Progress
) -> None:
    output: list[str] = []
    with progress.step(
        f"Building {program.name} {program.version}, once per machine; a few minutes",
        lambda: f"{len(output)} of at most {packages} packages",
    ):
        process = subprocess.Popen(  # noqa: S603 (our own command)
            program.build_command(target),
            cwd=program.folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None
            output.extend(line.strip() for line in process.stderr)
            code = process.wait()
        finally:
            process.kill()
            process.wait()
        if code != 0:
            raise SetupError(explain(f"Building {program.name}", "\n".join(output)))


def _go(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    answer = subprocess.run(  # noqa: S603 (our own command)
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SetupError(explain(f"`{' '.join(command[:2])}`", answer.stderr))
    return answer.stdout.strip()


_CURES = (
    (
        r"no such host|i/o timeout|connection refused|network is unreachable|TLS handshake|proxyconnect|"
        r"server misbehaving|connection reset|module lookup disabled",
        "check the network and the Go module proxy (`go env GOPROXY`), then run this again",
    ),
    (r"no space left on device|disk quota", "make room on the disk (`go clean -cache` empties Go's cache)"),
    (r"signal: killed|cannot allocate memory", "it needs about 2 GB of memory: close other programs"),
    (r"toolchain not available|requires go >=|go\.mod requires", "install a newer Go from go.dev"),
    (r"checksum mismatch|SECURITY ERROR", "`go clean -modcache`, then run this again; if it stays, do not trust it"),
)


def explain(step: str, output: str) -> str:
    """One line from Go's output: what failed, why, cure."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for pattern, cure in _CURES:
        for line in lines:
            if re.search(pattern, line, re.IGNORECASE):
                return f"{step} failed: {line}: {cure}"
    last = lines[-1] if lines else "Go printed nothing"
    return f"{step} failed: {last}: fix that, or install Pulumi itself, then run this again"
