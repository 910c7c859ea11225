"""`Pulumi.<stack>.yaml`: read and edited without losing comments."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agentcore_provider.cli.files import write
from agentcore_provider.cli.project import Project
from agentcore_provider.documents import files
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import AgentCoreError, InvalidInput

KEY = "agentcore:gateways"

# Keys whose new value replaces the old one as a whole.
_AS_ONE = ("authorizer", "credentials")

# Keys for which null is a value; for all others it removes the key.
_NULL_IS_A_VALUE = ("protocol_type",)

# Replaces a secret that only Pulumi can read, while the rest of a description is validated.
KEPT_SECRET = "a secret that the stack keeps"  # noqa: S105 (no secret itself)


class StackFile:
    """The configuration of one stack. Changes are kept in memory until `write`."""

    def __init__(self, path: Path) -> None:
        """Raises InvalidInput if the file is not YAML, or its gateways are not a mapping."""
        self.path = path
        self._before = _read(path)
        if self._before is not None and not self._before.strip():
            raise InvalidInput(
                f"{path} is empty, as after a crash or on a full disk",
                f"Restore it (`{_restore(path)}` writes what was deployed last), or remove it to start over",
            )
        self._document = _load(self._before or "", path)
        # A value that is not a mapping would be replaced by the next entry, and everything deployed removed with it.
        config = self._document.get("config")
        for name, value in (("config", config), (KEY, self.value(KEY))):
            if value is not None and (not isinstance(value, Mapping) or _is_secret(value)):
                raise InvalidInput(f"{name} is not a mapping", "Make it a mapping, or remove the key", path=f"{path}")

    def value(self, key: str) -> Any:
        """The value of a configuration key, such as aws:region; None if there is none."""
        config = self._document.get("config")
        return config.get(key) if isinstance(config, Mapping) else None

    def set_value(self, key: str, value: object) -> None:
        """Set a configuration key."""
        if not isinstance(self._document.get("config"), Mapping):
            self._document["config"] = {}
        self._document["config"][key] = value

    def gateways(self) -> JsonDict:
        """The descriptions under agentcore:gateways, read-only; secrets are replaced by a placeholder."""
        written = self.value(KEY)
        return _plain(written) if isinstance(written, Mapping) else {}

    def beside(self) -> JsonDict:
        """The descriptions beside agentcore:gateways, by key without `agentcore:`, read-only and without secrets."""
        from agentcore_provider.stack_config.beside import DESCRIBED

        written = {it: self.value(f"agentcore:{it}") for it in DESCRIBED}
        return {it: _plain(value) for it, value in written.items() if value is not None and f"agentcore:{it}" != KEY}

    def put(self, gateway: str, entry: JsonObject) -> None:
        """Set the keys of an entry in the description of a gateway, one by one, so that comments stay."""
        if not isinstance(self.value(KEY), Mapping):
            self.set_value(KEY, {})
        gateways = self._document["config"][KEY]
        if not isinstance(gateways.get(gateway), Mapping):
            gateways[gateway] = {}
        _put(gateways[gateway], entry)

    def put_beside(self, key: str, entry: JsonObject) -> None:
        """Set the keys of an entry in what is described beside the gateways, one by one. key: without `agentcore:`."""
        name = f"agentcore:{key}"
        if not isinstance(self.value(name), Mapping):
            self.set_value(name, {})
        _put(self._document["config"][name], entry)

    def remove(self, gateway: str, target: str | None = None) -> None:
        """Remove the description of a gateway, or of one of its targets."""
        holder, key, name = self._document["config"], KEY, gateway
        if target is not None:
            holder, key, name = holder[KEY][gateway], "targets", target
        del holder[key][name]

    def entry(self, gateway: str) -> Any:
        """The description of a gateway as it is written, secrets locked; None if there is none."""
        written = self.value(KEY)
        return written.get(gateway) if isinstance(written, Mapping) else None

    def replace(self, gateway: str, entry: object) -> None:
        """Put another description in place of the one of a gateway; None removes it."""
        if entry is None:
            self.remove(gateway)
        else:
            self._document["config"][KEY][gateway] = entry

    def write(self, to: Path | None = None) -> bool:
        """Write the changes; returns whether there were any. to: another file to write all of it to."""
        changed = self._before is None or _load(self._before, self.path) != self._document
        if not changed or not self._document:
            if to is not None:
                write(to, self._before or "", _mode(self.path))
            return False
        from agentcore_provider.cli.project import yaml_text

        text = yaml_text.edited(self._before or "", self._document)
        if text is None:
            raise AgentCoreError(
                f"{self.path} cannot be edited without harm, as where several keys share an anchor", "Edit it by hand"
            )
        write(to or self.path, text, _mode(self.path))
        if to is None:
            self._before = text
        return True


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Path for a changed stack file until it is valid; `settle` puts it in place."""
    draft = path.with_name(f".{path.stem}.draft.yaml")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def settle(draft: Path, path: Path) -> bool:
    """Replace the stack's file by a draft; returns whether that changes it."""
    text = _read(draft) or ""
    if text == (_read(path) or ""):
        return False
    write(path, text, _mode(path))
    return True


@contextmanager
def in_its_form(path: Path) -> Iterator[None]:
    """Keeps the file's formatting while the engine writes into it.

    A file that the engine creates, or that cannot be edited in place, stays as the engine wrote it.
    """
    from agentcore_provider.cli.project import yaml_text

    before = _read(path)
    try:
        yield
    finally:
        after = _read(path)
        if before and after and before != after:
            text = yaml_text.edited(before, _load(after, path))
            if text is not None:
                write(path, text)


def stack_defaults(project: Project, file: StackFile) -> JsonDict | None:
    """agentcore:defaults as the stack's program gets it."""
    return shared_defaults(project.folder / "Pulumi.yaml") or _plain(file.value("agentcore:defaults"))


def shared_defaults(project_file: Path) -> JsonDict | None:
    """agentcore:defaults of Pulumi.yaml: what all stacks share."""
    document = _load(_read(project_file) or "", project_file)
    config = document.get("config")
    entry = config.get("agentcore:defaults") if isinstance(config, Mapping) else None
    shared = _plain(entry.get("value", entry) if isinstance(entry, Mapping) else entry)
    return shared if isinstance(shared, dict) else None


def _put(place: JsonDict, entry: JsonObject) -> None:
    for name, value in entry.items():
        if value is None and name not in _NULL_IS_A_VALUE:
            place.pop(name, None)
        elif name in _AS_ONE and isinstance(place.get(name), Mapping):
            if _plain(_without_secrets(place[name])) != value:
                place[name] = value
        elif isinstance(value, Mapping) and isinstance(place.get(name), Mapping) and "secure" not in place[name]:
            _put(place[name], value)
        elif name not in place or _plain(place[name]) != value:
            place[name] = value


def _without_secrets(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: _without_secrets(item) for name, item in value.items() if not _is_secret(item)}


def _is_secret(value: object) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"secure"}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _is_secret(value):
            return KEPT_SECRET
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    for kind in (bool, int, float, str):
        # ruamel's own string and number types keep their formatting.
        if isinstance(value, kind):
            return kind(value)
    return value


def _read(path: Path) -> str | None:
    """The text of a file; None if there is none."""
    if not path.exists():
        return None
    try:
        return files.content_of(path).decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text (byte {error.start})", "Save it as UTF-8") from None
    except Unreadable as error:
        raise InvalidInput(f"{path} cannot be read ({error.why})", "Make it a file that you may read") from None


def _restore(path: Path) -> str:
    stack = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
    local = ' && eval "$(agentcore local env)"' if Project(path.parent).is_on_local_aws(stack) else ""
    return f"cd {shlex.quote(str(path.parent))}{local} && pulumi config refresh --force --stack {stack}"


def _mode(path: Path) -> int | None:
    """Who may read a file; None if there is none yet."""
    return path.stat().st_mode & 0o777 if path.exists() else None


def _load(text: str, path: Path) -> JsonDict:
    from ruamel.yaml.error import YAMLError

    from agentcore_provider.cli.project import yaml_text

    try:
        document = yaml_text.load(text)
    except YAMLError as error:
        cure = "write spaces instead of the tab" if "'\\t'" in str(error) else "fix the file"
        raise InvalidInput(f"{path} is not YAML: {_problem(error)}", cure) from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise InvalidInput(f"{path} is not a mapping", "Fix the file")
    return document


def _problem(error: Exception) -> str:
    """The problem and its line, without values, which may be secret."""
    message = " ".join(str(getattr(error, name, None) or "") for name in ("context", "problem")).strip() or str(error)
    mark = getattr(error, "problem_mark", None)
    return " ".join(message.partition(" with value ")[0].split()) + (f" (line {mark.line + 1})" if mark else "")
