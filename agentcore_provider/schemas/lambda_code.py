"""A folder of code that becomes a Lambda function: its files, its packages, and the tools that it lists."""

from __future__ import annotations

import ast
import os
from pathlib import Path

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.schemas.requirements import install, lists_packages

LARGEST_CODE = 250 * 2**20
"""Bytes of a function with everything it brings along, unpacked.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

HANDLER = "handler.handler"
"""What Lambda calls by default."""
RUNTIME = "python3.12"
"""What it runs in by default."""

# Where a function's code begins, if only its folder is given; the names that Lambda's own templates use.
_HANDLER_FILES = ("handler.py", "lambda_function.py")
_HANDLERS = ("handler", "lambda_handler")
# Python writes these while it runs: with them each test run would be a new version of the function.
_NOT_CODE = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".git", ".venv"}
_NOT_CODE_SUFFIXES = {".pyc", ".pyo"}


def is_code(source: str) -> bool:
    """Whether a target's source is a folder or a Python file of this machine."""
    if "://" in source or source.startswith("arn:"):
        return False
    # The path of an empty text is the current folder.
    is_folder = bool(source.strip()) and Path(source).expanduser().is_dir()
    return is_folder or source.endswith((".py", os.sep))


def located(source: str | os.PathLike[str]) -> tuple[Path, str]:
    """The folder and the handler of code that is given as a folder or as the file with the handler.

    Raises InvalidInput.
    """
    path = Path(source).expanduser()
    if not path.exists():
        raise InvalidInput("there is no such file or folder", "Give that of the function's code", path=f"{source}")
    folder, file = (path, None) if path.is_dir() else (path.parent, path)
    if file is None:
        file = next((it for name in _HANDLER_FILES if (it := folder / name).is_file()), None)
        if file is None:
            raise InvalidInput(
                f"the folder has no {' or '.join(_HANDLER_FILES)}",
                f"Give the file with the handler, such as {folder / 'orders.py'}",
                path=f"{source}",
            )
    if not file.stem.isidentifier():
        raise InvalidInput(f"{source}: Lambda cannot import a module of this name", "Rename it to letters, digits, _")
    return folder, f"{file.stem}.{_handler_of(file)}"


def files(
    folder: str | os.PathLike[str],
    *,
    project: Path,
    handler: str,
    runtime: str,
    requirements: bool = True,
    runs_here: bool = False,
) -> dict[str, Path]:
    """What the function consists of: the folder's files and its packages, by their names in the archive, in order.

    project: what a relative folder begins at. requirements: whether the packages of requirements.txt come along.
    runs_here: the function runs on this machine's Python, as those of local AWS do. Raises InvalidInput.
    """
    wrong = problem(folder, project=project, handler=handler, runtime=runtime)
    if wrong:
        raise InvalidInput.of_problems([wrong])
    root = project / folder
    roots = [root]
    if requirements and runtime.startswith("python") and lists_packages(root):
        roots.insert(0, install(root, runtime=None if runs_here else runtime))
    found = {path.relative_to(it).as_posix(): path for it in roots for path in code_files(it)}
    size = sum(path.stat().st_size for path in found.values())
    if size > LARGEST_CODE:
        raise InvalidInput(
            f"the code and its packages have {size / 2**20:,.0f} MiB, and Lambda takes {LARGEST_CODE // 2**20} at most",
            "Remove what the handler does not import",
            path=f"{folder}",
        )
    return {name: found[name] for name in sorted(found)}


def problem(folder: str | os.PathLike[str], *, project: Path, handler: str, runtime: str) -> Problem | None:
    """Why the folder cannot become a function, or None. project: what a relative folder begins at."""
    root = project / folder
    if not root.is_dir():
        return Problem(
            "", f'there is no folder "{folder}"', "Give the folder of the handler, relative to the project folder"
        )
    module, _, function = handler.rpartition(".")
    if not module or not function:
        return Problem("", f'handler "{handler}" names no function', "Write MODULE.FUNCTION, such as handler.handler")
    module = module.replace(".", "/")
    if runtime.startswith("python") and not any(
        (root / path).is_file() for path in (f"{module}.py", f"{module}/__init__.py")
    ):
        missing = Path(folder, f"{module}.py").as_posix()
        why = f'handler "{handler}" needs the file "{missing}", which does not exist'
        return Problem("", why, "Write it, or correct handler")
    return None


def tools_file(folder: Path, handler: str) -> Path | None:
    """The handler's Python file, if it lists its tools under TOOLS: then nobody has to say where they are."""
    path = folder / f"{handler.rpartition('.')[0]}.py"
    try:
        module = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return None
    assigned = (
        name.id
        for statement in module.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        for name in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(name, ast.Name)
    )
    return path if "TOOLS" in assigned else None


def code_files(folder: Path) -> list[Path]:
    """The files of the folder that belong to the code, in a stable order."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in _NOT_CODE_SUFFIXES
        and path.name != ".DS_Store"
        and not _NOT_CODE.intersection(path.relative_to(folder).parts)
    ]


def _handler_of(file: Path) -> str:
    """The function of a file that Lambda calls. Raises InvalidInput if there is none of a usual name."""
    try:
        module = ast.parse(file.read_bytes(), str(file))
    except (OSError, SyntaxError, ValueError) as error:
        why = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else str(error)
        raise InvalidInput(f"is not Python that can be read ({why})", "Correct it", path=f"{file}") from None
    names: set[str] = set()
    for it in module.body:
        if isinstance(it, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(it.name)
        elif isinstance(it, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in it.names}
        elif isinstance(it, ast.Assign):
            names |= {name.id for name in it.targets if isinstance(name, ast.Name)}
    found = next((name for name in _HANDLERS if name in names), None)
    if found is None:
        raise InvalidInput(
            f"has no function {' or '.join(_HANDLERS)}", "Write def handler(event, context)", path=f"{file}"
        )
    return found
