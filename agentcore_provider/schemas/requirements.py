"""Packages that a folder of Python code lists in its requirements.txt, installed for a Lambda runtime.

https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from agentcore_provider.documents import files
from agentcore_provider.errors import InvalidInput

FILE = "requirements.txt"

# The C library of Amazon Linux 2023, which runtimes from python3.12 on stand on, is 2.34, that of Amazon Linux 2 is
# 2.26. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
_PLATFORMS = {
    True: ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    False: ("manylinux_2_26_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
}
_INCLUDED = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[\s=]+(\S+)", re.MULTILINE)
_LONGEST_REASON = 400


def lists_packages(folder: Path) -> bool:
    """Whether the folder's requirements.txt names anything at all."""
    return any(line.partition("#")[0].strip() for line in _text(folder / FILE).splitlines())


def install(folder: Path, *, runtime: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds the packages of `folder`/requirements.txt; they are installed once for each content.

    runtime: Lambda runtime such as `python3.12`; None for the Python that runs now. Only wheels are installed: what
    has to be compiled would fit this machine and not Lambda's. A line on stderr, which Pulumi shows among its
    diagnostics, precedes an installation: it takes seconds.

    Raises InvalidInput when a package cannot be had.
    """
    target = ("--target",) if runtime is None else _target(runtime)
    # A package may be built for one Python only.
    python = runtime or f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
    key = hashlib.sha256("\n".join([python, *_contents(folder / FILE)]).encode()).hexdigest()[:32]
    kept = _cache(environment)
    installed = kept / key
    if installed.is_dir():
        return installed
    with _alone(kept, key):
        if not installed.is_dir():
            print(f"Installing the packages of {folder / FILE} for {python}", file=sys.stderr)
            draft = Path(tempfile.mkdtemp(prefix=".installing-", dir=kept))
            try:
                _run(folder, [*target, str(draft)], runtime, environment)
                draft.rename(installed)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return installed


def _target(runtime: str) -> tuple[str, ...]:
    version = runtime.removeprefix("python")
    platforms = _PLATFORMS[tuple(map(int, version.split("."))) >= (3, 12)]
    return (
        *(f"--platform={it}" for it in platforms),
        f"--python-version={version}",
        "--implementation=cp",
        "--target",
    )


def _run(folder: Path, target: list[str], runtime: str | None, environment: Mapping[str, str]) -> None:
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command += ["--no-input", *target]
    elif (uv := shutil.which("uv")) is not None:
        command = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", target[-1]]
        if runtime is not None:
            platform = (
                "x86_64-manylinux_2_28" if "manylinux_2_28_x86_64" in " ".join(target) else "x86_64-manylinux2014"
            )
            command += ["--python-version", runtime.removeprefix("python"), "--python-platform", platform]
    else:
        raise InvalidInput(
            f"its packages cannot be installed, as {sys.executable} has neither pip nor uv",
            (
                f"Install pip (`{sys.executable} -m ensurepip`), or put the packages into {folder} and pass requirements=False (in a "
                "stack file: requirements: false)"
            ),
            path=f"{folder / FILE}",
        )
    command += ["--only-binary", ":all:", "-r", FILE]
    # Packages of the user's own project must not count as installed.
    answer = subprocess.run(  # noqa: S603 (pip or uv; no shell)
        command,
        cwd=folder,
        env={**environment, "PIP_USER": "0", "PYTHONNOUSERSITE": "1"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if answer.returncode != 0:
        where = "this Python" if runtime is None else runtime
        raise InvalidInput(
            f"its packages cannot be installed for {where}: {_reason(answer.stderr)}",
            (
                f"Correct the file, or put the packages into {folder} and pass requirements=False (in a stack file: "
                "requirements: false)"
            ),
            path=f"{folder / FILE}",
        )


def _reason(stderr: str) -> str:
    """What pip or uv gives as the cause, without addresses that may carry credentials."""
    lines = [it.strip() for it in stderr.splitlines() if it.strip()]
    errors = [it.partition(":")[2].strip() for it in lines if it.lower().startswith("error:")] or lines[-1:]
    text = re.sub(r"https?://\S+", "an index", "; ".join(errors) or "no reason given")
    return text[:_LONGEST_REASON].rstrip(".")


def _contents(file: Path, visited: frozenset[Path] = frozenset()) -> Iterator[str]:
    """The text of a requirements file and of those that it includes."""
    text = _text(file)
    yield text
    for name in _INCLUDED.findall(text):
        included = (file.parent / name).resolve()
        if included not in visited:
            yield from _contents(included, visited | {file.resolve(), included})


def _text(file: Path) -> str:
    return files.text(file) if file.exists() else ""


def _cache(environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_CACHE_HOME") or (Path(environment["HOME"]) / ".cache" if "HOME" in environment else "")
    folder = Path(home or tempfile.gettempdir()) / "agentcore-provider" / "packages"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InvalidInput(
            f"cannot be made ({error.strerror})",
            "Make it writable, or name another cache with XDG_CACHE_HOME",
            path=f"{folder}",
        ) from None
    return folder


@contextmanager
def _alone(folder: Path, key: str) -> Iterator[None]:
    """One installation at a time: previews of several stacks may begin at once."""
    with (folder / f".{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
