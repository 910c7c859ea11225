"""The Lambda functions of a stack whose code is on this machine, as the stack's state records it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import struct_pb2

from agentcore_provider.cli.dev.watching import folders_below
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.pulumi_aws_stand_in import assets, wire
from agentcore_provider.pulumi_aws_stand_in.assets import Archive, Asset
from agentcore_provider.schemas import lambda_code, requirements

_TYPE = "aws:lambda/function:Function"
_MADE_OF_FOLDER = "$agentcore:index:LambdaFunction$"
_MODULE_SUFFIXES = (".py", "/__init__.py", ".mjs", ".js", ".cjs")


@dataclass(frozen=True)
class FunctionCode:
    """One function, and where its code comes from."""

    name: str
    """Logical name of the resource."""
    urn: str
    arn: str
    deployed_digest: str
    """CodeSha256 of the code that the last deployment uploaded."""
    handler: str
    runtime: str
    archive: Archive
    """Its code as the program declares it."""
    program: Path
    """What relative paths begin at."""
    folder: Path | None = None
    """The folder of a LambdaFunction, all of whose files belong to it; None if the program itself lists the files."""
    packages: bool = False
    """Whether the packages of the folder's requirements.txt come along."""

    def sources(self) -> list[Path]:
        """The folders and files that the program names as its code."""
        return [self.folder] if self.folder is not None else [path for _, path in _sources(self.archive, self.program)]

    def watched_folders(self) -> Iterator[Path]:
        """The folders with files that somebody edits."""
        for source in self.sources():
            if source.is_dir():
                yield from folders_below(source)
            else:
                yield source.parent

    def contains(self, path: Path) -> bool:
        """Whether a file or folder, there or removed, belongs to its code."""
        return any(path == it or it in path.parents or path in it.parents for it in self.sources())

    def problems(self, changed: Collection[Path]) -> dict[Path | None, str]:
        """Why the code cannot run as it is now, by file. changed: the files to read, beside that of the handler."""
        if self.folder is not None:
            wrong = lambda_code.problem(
                self.displayed(self.folder), project=self.program, handler=self.handler, runtime=self.runtime
            )
            if wrong is not None:
                return {None: f"{wrong.message}. {wrong.cure}"}
        missing = [it for it in self.sources() if not it.exists()]
        if missing:
            return {it: f"{self.displayed(it)} does not exist" for it in missing}
        is_python = self.runtime.startswith("python") and all(it.is_dir() for it in self.sources())
        if is_python and self._module() is None:
            return {None: f'handler "{self.handler}" needs a file that does not exist. Write it, or correct handler'}
        read = {path for path in (*changed, self._module()) if path is not None and path.suffix == ".py"}
        return {path: why for path in sorted(read) if self.contains(path) and (why := self._syntax_error(path))}

    def zip_file(self) -> bytes:
        """The code as `pulumi up` uploads it. Raises assets.AssetError, OSError or InvalidInput if it cannot be read."""
        archive = self.archive
        if self.folder is not None:
            files = lambda_code.files(
                self.folder,
                project=self.program,
                handler=self.handler,
                runtime=self.runtime,
                requirements=self.packages,
                runs_here=True,
            )
            archive = Archive(assets={name: Asset(path=str(path)) for name, path in files.items()})
        return assets.zip_file(archive, self.program)

    def displayed(self, path: Path) -> str:
        """The path as a reader knows it: relative to the program."""
        return str(path.relative_to(self.program)) if path.is_relative_to(self.program) else str(path)

    def _module(self) -> Path | None:
        found = _handler_file(self.archive, self.handler, self.program)
        return found[1] if found is not None else None

    def _syntax_error(self, path: Path) -> str | None:
        try:
            ast.parse(path.read_bytes(), str(path))
        except SyntaxError as error:
            return f"{self.displayed(path)}:{error.lineno or 1}: {error.msg}"
        except (FileNotFoundError, IsADirectoryError):
            return None
        except (OSError, ValueError) as error:
            return f"{self.displayed(path)}: {error}"
        return None


def functions(resources: Iterable[JsonObject], program: Path) -> list[FunctionCode]:
    """The functions in a stack's state whose code is in files of this machine, by name. program: the program's folder."""
    found = (_function(it, program) for it in resources if it.get("type") == _TYPE and it.get("id"))
    return sorted((it for it in found if it is not None), key=lambda it: it.name)


def _function(resource: JsonObject, program: Path) -> FunctionCode | None:
    inputs, outputs = resource.get("inputs"), resource.get("outputs")
    if resource.get("delete") or not isinstance(inputs, Mapping) or not isinstance(outputs, Mapping):
        return None
    code = struct_pb2.Struct()
    code.update({"code": inputs.get("code")})
    archive = wire.decode(code).values.get("code")
    if not isinstance(archive, Archive) or not _is_complete(archive) or not any(_sources(archive, program)):
        return None
    urn, handler = str(resource["urn"]), str(inputs.get("handler", ""))
    folder = _folder(archive, handler, program) if _MADE_OF_FOLDER in urn else None
    return FunctionCode(
        name=urn.rpartition("::")[2],
        urn=urn,
        arn=str(outputs.get("arn")),
        deployed_digest=str(outputs.get("codeSha256")),
        handler=handler,
        runtime=str(inputs.get("runtime", "")),
        archive=archive,
        program=program,
        folder=folder,
        packages=folder is not None and _has_packages(archive, folder, program),
    )


def _is_complete(archive: Archive) -> bool:
    """Whether the code can be read again: the state may have no more than the hash of a text."""
    for member in (archive.assets or {}).values():
        if isinstance(member, Archive):
            if not _is_complete(member):
                return False
        elif not (member.path or member.uri) and hashlib.sha256(member.text.encode()).hexdigest() != member.hash:
            return False
    return bool(archive.path or archive.uri or archive.assets)


def _sources(archive: Archive, program: Path) -> Iterator[tuple[str, Path]]:
    """The files and folders that an archive names, each with its name in the archive; a folder or file of its own has none."""
    if archive.path:
        yield "", program / archive.path
    for name, member in (archive.assets or {}).items():
        if isinstance(member, Archive):
            yield from ((f"{name}/{inner}".rstrip("/"), path) for inner, path in _sources(member, program))
        elif member.path:
            yield name, program / member.path


def _handler_file(archive: Archive, handler: str, program: Path) -> tuple[str, Path] | None:
    """The file with the handler, after its name in the archive."""
    module = handler.rpartition(".")[0].replace(".", "/")
    names = [f"{module}{suffix}" for suffix in _MODULE_SUFFIXES]
    sources = dict(_sources(archive, program))
    for name in names:
        if name in sources:
            return name, sources[name]
    for inside, path in sources.items():
        below = [name.removeprefix(f"{inside}/") if inside else name for name in names]
        found = next((it for it in below if (path / it).is_file()), None)
        if found is not None:
            return found, path / found
    return None


def _folder(archive: Archive, handler: str, program: Path) -> Path | None:
    """The folder that the handler's module is in: where the names of the archive begin."""
    found = _handler_file(archive, handler, program)
    if found is None or not str(found[1]).endswith(f"/{found[0]}"):
        return None
    return Path(str(found[1]).removesuffix(f"/{found[0]}"))


def _has_packages(archive: Archive, folder: Path, program: Path) -> bool:
    sources = dict(_sources(archive, program))
    listed_before = requirements.FILE in sources
    return not listed_before or any(not it.is_relative_to(folder) for it in sources.values())
