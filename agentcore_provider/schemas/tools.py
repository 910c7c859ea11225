"""Tool definitions from wherever they are kept: documents, JSON and YAML files, Python functions and modules."""

from __future__ import annotations

import copy
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from agentcore_provider.documents import files
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.schemas import default, functions, json_schema, requirements
from agentcore_provider.target_kinds.source import checked_s3_uri, is_s3_uri

Source = str | Path | Callable[..., Any] | JsonObject | Iterable[Any]
"""A path of a JSON, YAML or Python file, one tool or function, or several of them."""


def load(source: Source, *, folder: Path, notes: list[Problem] | None = None) -> list[JsonDict]:
    """The tool definitions of a source, as the service's document has them.

    source: a list of tool documents, the path of a JSON or YAML file with one, the path of a Python file whose
    `TOOLS` or `__all__` lists functions, or functions themselves.
    folder: what relative paths are relative to. notes: takes what was left out. Raises InvalidInput with every problem.
    """
    notes = [] if notes is None else notes
    if isinstance(source, (str, Path)):
        return _file(source, folder, notes)
    if isinstance(source, ModuleType):
        return _listed(_public(source, source.__name__), source.__name__, notes)
    if isinstance(source, Mapping):
        return _document(source, "tools", notes)
    if functions.is_function(source):
        return [functions.tool(source, notes)]
    if isinstance(source, Iterable):
        return _listed(list(source), "tools", notes)
    raise InvalidInput(
        f"is a {type(source).__name__}", "Give a list of tools, functions or a file's path", path="tools"
    )


def schema(
    source: Any,
    *,
    folder: Path,
    fold_keywords: bool = True,
    bucket_owner: object = None,
    notes: list[Problem] | None = None,
) -> JsonObject:
    """AWS's toolSchema document of a source: as in `load`, an s3:// URI, such a document, or None for the default tools.

    folder, notes: as in `load`. fold_keywords: whether `fold` is applied. bucket_owner: of the bucket, for tools in S3.
    Raises InvalidInput with every problem.
    """
    if isinstance(source, str) and is_s3_uri(source) and not (folder / source).exists():
        owner = {} if bucket_owner is None else {"bucketOwnerAccountId": bucket_owner}
        return {"s3": {"uri": checked_s3_uri(source, "tools"), **owner}}
    if bucket_owner is not None:
        raise InvalidInput("goes only with tools in S3", "Remove it, or give the tools' s3:// URI", path="bucket_owner")
    if isinstance(source, Mapping) and source.keys() <= {"s3", "inlinePayload"}:
        return source
    if source is None:
        return {"inlinePayload": default.tools()}
    listed = load(source, folder=folder, notes=notes)
    return {"inlinePayload": fold(listed, notes) if fold_keywords else listed}


def fold(tools: Iterable[JsonObject], notes: list[Problem] | None = None) -> list[JsonDict]:
    """Tool definitions in the service's five keywords; descriptions hold the rest: enum, default, format and the like.

    An output schema that cannot be expressed so is left out: a tool works without. notes: takes what was left out.
    Raises InvalidInput with every problem.
    """
    notes = [] if notes is None else notes
    folded: list[JsonDict] = []
    problems: list[Problem] = []
    room = json_schema.Room()
    for number, tool in enumerate(tools):
        name = tool.get("name")
        where = name if isinstance(name, str) and name else f"tools[{number}]"
        folded.append(dict(tool))
        for member in ("inputSchema", "outputSchema"):
            # Anything but a schema is validated with the rest of the document.
            if isinstance(tool.get(member), Mapping):
                try:
                    folded[-1][member] = json_schema.fold(
                        tool[member], path=f"{where}.{member}", room=room, is_output=member == "outputSchema"
                    )
                except InvalidInput as error:
                    if member == "inputSchema":
                        problems += error.problems
                    else:
                        del folded[-1][member]
                        notes += map(functions.left_out, error.problems)
    if problems:
        raise InvalidInput.of_problems(problems)
    return folded


def _file(source: str | Path, folder: Path, notes: list[Problem]) -> list[JsonDict]:
    if isinstance(source, str) and "://" in source:
        raise InvalidInput(
            "is an address, not a file's path", "Give the path of a file on this machine", path=f"{source}"
        )
    path = (folder / source).resolve()
    if path.suffix.lower() != ".py":
        return _document(files.read(path), str(path), notes)
    with _imported(path) as module:
        return _listed(_public(module, str(path)), str(path), notes)


def _document(document: object, name: str, notes: list[Problem]) -> list[JsonDict]:
    """A list of tools, an object with the list under "tools", or one tool."""
    if isinstance(document, Mapping):
        document = document.get("tools", [document])
    if not isinstance(document, list):
        raise InvalidInput(
            "is not a list of tools", "Give a list of objects with name, description, inputSchema", path=name
        )
    return _listed(document, name, notes)


def _listed(items: list[Any], name: str, notes: list[Problem]) -> list[JsonDict]:
    tools: list[JsonDict] = []
    problems: list[Problem] = []
    for index, item in enumerate(items):
        if isinstance(item, Mapping):
            tools.append(copy.deepcopy(dict(item)))
        elif functions.is_function(item):
            try:
                tools.append(functions.tool(item, notes))
            except InvalidInput as error:
                problems += error.problems
        else:
            kind = type(item).__name__
            problems.append(Problem(f"{name}[{index}]", f"is a {kind}, not a tool", "Give an object or a function"))
    if problems:
        raise InvalidInput.of_problems(problems)
    return tools


def _public(module: ModuleType, name: str) -> list[Any]:
    """What a module offers as tools: all of TOOLS, or the functions in __all__."""
    listed = getattr(module, "TOOLS", None)
    if listed is not None:
        items = listed.values() if isinstance(listed, Mapping) else listed
        return [getattr(module, item) if isinstance(item, str) and hasattr(module, item) else item for item in items]
    if hasattr(module, "__all__"):
        found = [getattr(module, item) for item in module.__all__ if hasattr(module, item)]
        return [item for item in found if callable(item) and not isinstance(item, type)]
    raise InvalidInput("lists no tools", "Add TOOLS = [...] with its functions, or __all__ with their names", path=name)


@contextmanager
def _imported(path: Path) -> Iterator[ModuleType]:
    """The module of a file. It and what it imports from its own folder are forgotten afterwards."""
    files.text(path)
    folder, name = str(path.parent), f"agentcore_tools_of_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InvalidInput("is not a Python file", "Give the path of one", path=f"{path}")
    module = importlib.util.module_from_spec(spec)
    before = set(sys.modules)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    folders = [folder]
    sys.path.insert(0, folder)
    sys.modules[name] = module
    try:
        try:
            try:
                spec.loader.exec_module(module)
            except ModuleNotFoundError:
                if not requirements.lists_packages(path.parent):
                    raise
                # Behind everything else: what this environment has comes first.
                folders.append(str(requirements.install(path.parent, runtime=None)))
                sys.path.append(folders[-1])
                spec.loader.exec_module(module)
        except InvalidInput:
            raise
        except (Exception, SystemExit) as error:
            reason = " ".join(str(error).split())
            raise InvalidInput(
                f"cannot be imported ({type(error).__name__}: {reason})",
                "Correct it, or install what it imports",
                path=f"{path}",
            ) from error
        yield module
    finally:
        sys.dont_write_bytecode = writes
        sys.path[:] = [it for it in sys.path if it not in folders]
        for added in set(sys.modules) - before:
            if added == name or any(_belongs(sys.modules[added], it) for it in folders):
                del sys.modules[added]


def _belongs(module: ModuleType, folder: str) -> bool:
    """Whether a module is a file of the folder, and not of an environment that happens to lie in it."""
    origin = getattr(module, "__file__", None)
    if not origin or not Path(origin).is_relative_to(folder):
        return False
    return not Path(origin).is_relative_to(sys.prefix) and "site-packages" not in Path(origin).parts
