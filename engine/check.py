"""`make check`: every check runs even if one fails; long files are only named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_PROGRAMS = Path(sys.executable).parent
_LONG = 350

_CHECKS = {
    "format": ("ruff", "format", "--check", "--quiet", "."),
    "lint": ("ruff", "check", "--quiet", "."),
    "types": (
        "mypy",
        "--explicit-package-bases",
        "--no-error-summary",
        "agentcore_provider",
        "engine",
        "tests/support",
        "tests/bench",
        # They run in environments of their own, with libraries of their own.
        "--exclude",
        "tests/bench/peers/",
    ),
    "boundaries": ("lint-imports", "--no-cache"),
}
# Built from its Go module, since it is not published as a Python package with its program in it.
_ACTIONLINT = ("go", "run", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12")


def main() -> int:
    """Exit code 1 if any check fails."""
    failed = []
    commands = {name: (str(_PROGRAMS / program), *arguments) for name, (program, *arguments) in _CHECKS.items()}
    why_not = _actionlint_is_missing()
    if why_not:
        print(f"notice: workflows are not checked: {why_not}")
    else:
        commands["workflows"] = _ACTIONLINT
    for name, command in commands.items():
        print(f"{name} ...", flush=True)
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (named above)
        if answer.returncode != 0:
            print(answer.stdout + answer.stderr, flush=True)
            failed.append(name)
    for lines, file in _long_files():
        print(f"notice: {file} has {lines} lines, more than {_LONG}: does it still have one subject?")
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def _actionlint_is_missing() -> str:
    """Why actionlint cannot be run; empty if it can."""
    if not shutil.which("go"):
        return "install Go, which builds actionlint"
    answer = subprocess.run([*_ACTIONLINT, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    lines = answer.stderr.strip().splitlines()
    return (
        "" if answer.returncode == 0 else f"actionlint cannot be built: {lines[-1] if lines else 'Go printed nothing'}"
    )


def _long_files() -> list[tuple[int, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    files = [Path(file) for file in listed] or list(Path("agentcore_provider").rglob("*.py"))
    counted = [(len(file.read_text(errors="replace").splitlines()), str(file)) for file in files if file.is_file()]
    return sorted((entry for entry in counted if entry[0] > _LONG), reverse=True)


if __name__ == "__main__":
    sys.exit(main())
