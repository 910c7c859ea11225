"""References from one file into others, put into one document.

Schemas become `#/components/schemas/NAME`, as they may refer to each other in circles; everything else, such as
path items and parameters, is put in place. https://spec.openapis.org/oas/v3.1.0#reference-object
What is read goes to AWS, so only files of folders that the user named are: a document may come from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from agentcore_provider.documents import files
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from agentcore_provider.documents.pointer import at, steps
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem

_HOLDS_A_SCHEMA = frozenset(
    {"schema", "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"}
)
_HOLDS_SCHEMAS = frozenset(
    {"properties", "patternProperties", "allOf", "anyOf", "oneOf", "prefixItems", "schemas", "$defs", "definitions"}
)
# What stands below these is a value and no part of the description.
_VALUES = frozenset({"example", "default", "enum", "const"})

# All files together, of which a document may use small parts.
_MAX_BYTES_READ = 5 * MAX_BYTES
# Where a schema inside a schema is put off until what is around it is done: Python's stack is not deep.
_DEEPEST_SCHEMA = 150

_Place = tuple[Path, str]


def refers_out(node: object) -> bool:
    """Whether a document refers to anything outside itself."""
    if isinstance(node, Mapping):
        reference = node.get("$ref")
        return (isinstance(reference, str) and not reference.startswith("#")) or any(map(refers_out, node.values()))
    return isinstance(node, list) and any(map(refers_out, node))


def bundled(
    document: JsonObject, *, path: Path | None, folder: Path, reference_folders: Sequence[str | Path] = ()
) -> JsonDict:
    """The document with everything in it that it refers to in other files.

    path: its own file, if it has one. folder: the project's: what references begin at if the document has no file.
    reference_folders: folders of other files that it may refer to, beside those of project and document; relative ones
    begin at the project's folder.
    Raises InvalidInput with every reference that leads nowhere, or where it may not.
    """
    folders = [folder, *([path.parent] if path else []), *(folder / one for one in reference_folders)]
    own = path or (folder / "OpenAPI document").resolve()
    bundle = _Bundle(document, own, [one.resolve() for one in folders])
    whole: JsonDict = bundle.whole()
    if bundle.problems:
        raise InvalidInput.of_problems(dict.fromkeys(bundle.problems))
    return whole


class _Bundle:
    def __init__(self, document: JsonObject, path: Path, folders: Sequence[Path]) -> None:
        self.problems: list[Problem] = []
        self._folders = folders
        self._bytes = self._values = self._depth = 0
        self._put_off: list[tuple[_Place, str, str]] = []
        self._root = path
        self._documents: dict[Path, Any] = {path: document}
        self._places: dict[tuple[str, Path], _Place] = {}
        self._names: dict[_Place, str] = {}
        self._hoisted: JsonDict = {}
        self._taken: set[str] = set()

    def whole(self) -> JsonDict:
        document = self._documents[self._root]
        components = document.get("components")
        schemas = components.get("schemas") if isinstance(components, Mapping) else None
        if isinstance(schemas, Mapping):
            self._taken = {str(name) for name in schemas}
            self._keep_names(schemas)
        whole = dict(self._walk(document, self._root, (), ()))
        while self._put_off:
            place, name, where = self._put_off.pop()
            self._hoisted[name] = self._walk(self._content(place, where), place[0], ("schema",), ())
        if self._hoisted:
            components = dict(whole.get("components") or {})
            components["schemas"] = {**(components.get("schemas") or {}), **self._hoisted}
            whole["components"] = components
        return whole

    def _keep_names(self, schemas: JsonObject) -> None:
        """A schema that the document already lists as `Pet: {$ref: pet.yaml}` keeps this name everywhere."""
        for name, schema in schemas.items():
            reference = schema.get("$ref") if isinstance(schema, Mapping) and len(schema) == 1 else None
            if isinstance(reference, str) and not reference.startswith("#") and "://" not in reference:
                self._names.setdefault(self._place(reference, self._root), str(name))

    def _walk(self, node: object, file: Path, trail: tuple[str, ...], within: tuple[_Place, ...]) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            why = f"has more than {MAX_VALUES:,} values once the files it refers to are put in"
            raise InvalidInput(why, "Leave out what nobody calls", label=str(self._root))
        if len(trail) > MAX_DEPTH or len(within) > MAX_DEPTH:
            why = f"is nested too deeply, more than {MAX_DEPTH} levels, once the files it refers to are put in"
            raise InvalidInput(why, "Flatten it", label=str(self._root))
        self._depth += 1
        try:
            return self._part(node, file, trail, within)
        finally:
            self._depth -= 1

    def _part(self, node: object, file: Path, trail: tuple[str, ...], within: tuple[_Place, ...]) -> Any:
        if isinstance(node, list):
            return [self._walk(item, file, (*trail, str(index)), within) for index, item in enumerate(node)]
        if not isinstance(node, Mapping):
            return node
        if trail and trail[-1] in _VALUES and trail[-2:-1] != ("properties",):
            return node
        reference = node.get("$ref")
        siblings = {
            key: self._walk(value, file, (*trail, str(key)), within) for key, value in node.items() if key != "$ref"
        }
        if not isinstance(reference, str):
            return {"$ref": reference, **siblings} if "$ref" in node else siblings
        if reference.startswith("#") and file == self._root:
            return {"$ref": reference, **siblings}
        return self._followed(reference, siblings, file, trail, within)

    def _followed(
        self, reference: str, siblings: JsonDict, file: Path, trail: tuple[str, ...], within: tuple[_Place, ...]
    ) -> Any:
        where = f"{file}: #/{'/'.join(trail)}: $ref {reference}"
        if re.match(r"[a-z][a-z0-9+.-]*://", reference, re.IGNORECASE):
            self.problems.append(Problem(where, "is an address", "Download it and refer to the file"))
            return siblings
        place = self._place(reference, file)
        if place[0] == self._root:
            return {"$ref": f"#{place[1]}", **siblings}
        is_schema = (trail[-1:] and trail[-1] in _HOLDS_A_SCHEMA) or (trail[-2:-1] and trail[-2] in _HOLDS_SCHEMAS)
        # The document's own entry of that name takes the schema itself; everything else refers to it.
        own = trail[:2] == ("components", "schemas") and len(trail) == 3 and self._names.get(place) == trail[2]
        if is_schema and not own:
            return {"$ref": f"#/components/schemas/{self._hoist(place, where)}", **siblings}
        if place in within:
            self.problems.append(
                Problem(where, "contains itself, which only schemas may", "Write out how deep it goes")
            )
            return siblings
        content = self._content(place, where)
        inside = self._walk(content, place[0], trail, (*within, place))
        return {**inside, **siblings} if isinstance(inside, Mapping) else inside

    def _hoist(self, place: _Place, where: str) -> str:
        if place not in self._names:
            wanted = "".join(steps(place[1])[-1:]) or place[0].stem
            name = base = re.sub(r"[^A-Za-z0-9._-]+", "_", wanted).strip("_") or "Schema"
            number = 2
            while name in self._taken:
                name, number = f"{base}_{number}", number + 1
            self._names[place] = name
            self._taken.add(name)
            # Named before it is read, so that a schema may refer to itself.
            if self._depth > _DEEPEST_SCHEMA:
                self._put_off.append((place, name, where))
            else:
                self._hoisted[name] = self._walk(self._content(place, where), place[0], ("schema",), ())
        return self._names[place]

    def _place(self, reference: str, file: Path) -> _Place:
        # Asking the file system takes longer than all the rest, and many parts refer to the same ones.
        if (reference, file) not in self._places:
            self._places[reference, file] = self._resolved(reference, file)
        return self._places[reference, file]

    def _resolved(self, reference: str, file: Path) -> _Place:
        name, _, pointer = reference.partition("#")
        try:
            other = (file.parent / unquote(name)).resolve() if name else file
        except (OSError, RuntimeError, ValueError):  # a circle of links, a zero byte: reading it says what is wrong
            other = file.parent / unquote(name)
        return other, unquote(pointer).rstrip("/")

    def _content(self, place: _Place, where: str) -> Any:
        file, pointer = place
        try:
            if file not in self._documents:
                self._documents[file] = self._read(file)
            found = self._documents[file]
        except InvalidInput as error:
            self.problems += error.labelled(where).with_places()
            return {}
        try:
            return at(found, pointer)
        except LookupError:
            self.problems.append(Problem(where, "points to nothing", "Correct it"))
            return {}

    def _read(self, file: Path) -> Any:
        if not any(file.is_relative_to(folder) for folder in self._folders):
            folders = " and ".join(dict.fromkeys(map(str, self._folders)))
            why = f"{file} is outside of {folders}, and what is read goes to AWS"
            raise InvalidInput(why, "Move it there, or name its folder in reference_folders")
        text = files.text(file)
        self._bytes += len(text)
        if self._bytes > _MAX_BYTES_READ:
            why = f"with it, the files referred to are longer than {_MAX_BYTES_READ:,} characters"
            raise InvalidInput(why, "Leave out what nobody calls", label=str(file))
        return files.parse(text, name=str(file), yaml=file.suffix.lower() != ".json")
