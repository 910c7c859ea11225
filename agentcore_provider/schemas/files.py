"""JSON and YAML files, read so that a mistake is found by file, line and column."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from agentcore_provider.errors import InvalidInput


def read(path: Path) -> Any:
    """What a JSON or YAML file says. Its ending decides which: everything but .json is read as YAML."""
    return parse(text(path), name=str(path), yaml=path.suffix.lower() != ".json")


def text(path: Path) -> str:
    """The file's text, or one clear line about why there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(f"{path}: there is no such file. Give the path of a file that exists") from None
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: is not UTF-8 text (byte {error.start}). Save it as UTF-8") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InvalidInput(f"{path}: cannot be read ({reason}). Give the path of a readable file") from None


def parse(content: str, *, name: str, yaml: bool = True) -> Any:
    """What a text in JSON, or in YAML, says. name: what to call it in errors."""
    try:
        # json is many times faster, and most YAML files of machines are JSON.
        return json.loads(content)
    except json.JSONDecodeError as error:
        if not yaml:
            raise InvalidInput(
                f"{name}: line {error.lineno}, column {error.colno}: is not JSON: {error.msg}. Correct the file"
            ) from None
    except RecursionError:
        raise InvalidInput(f"{name}: is nested too deeply to be read. Flatten it") from None
    return _yaml(content, name)


@cache
def _loader() -> Any:
    """A safe YAML loader that leaves dates as text, as JSON has none."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in listed if tag != "tag:yaml.org,2002:timestamp"]
        for first, listed in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader


def _yaml(content: str, name: str) -> Any:
    import yaml

    try:
        return yaml.load(content, Loader=_loader())  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise InvalidInput(f"{name}: {place}is not YAML: {error.problem or error.context}. Correct the file") from None
    except (yaml.YAMLError, ValueError) as error:
        said = " ".join(str(error).split())
        raise InvalidInput(f"{name}: is not YAML: {said}. Correct the file") from None
    except RecursionError:
        raise InvalidInput(f"{name}: is nested too deeply to be read. Flatten it") from None
