"""The names of tools as clients see them: `<target>___<tool>`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agentcore_provider.problem import Problem, joined

SEPARATOR = "___"
SERVICE_LIMIT = 256
BEDROCK_LIMIT = 64
_NAMING = "devguide gateway-tool-naming"
_BEDROCK = "Bedrock ToolSpecification; aws/bedrock-agentcore-starter-toolkit#308"
_BEDROCK_NAME = re.compile(r"[a-zA-Z0-9_-]+")


def full_name(target: str, tool: str) -> str:
    """The tool's name as clients see it."""
    return f"{target}{SEPARATOR}{tool}"


def longest_target(tools: Iterable[str], limit: int = BEDROCK_LIMIT) -> int:
    """How many characters a target's name may have so that all its tools' names stay within the limit."""
    return limit - len(SEPARATOR) - max((len(tool) for tool in tools), default=0)


def validate(target: str | None, tools: Iterable[tuple[str, str]], *, name_path: str = "name") -> list[Problem]:
    """Names over the service's limit are errors, names that models of Bedrock cannot take are warnings.

    target: the target's name, None while it is not known. tools: path and name of each tool.
    name_path: where the target's name is, for the problem that a shorter one would solve.
    """
    named = list(tools)
    return [*_characters(named), *_lengths(target, named, name_path)]


def _characters(tools: list[tuple[str, str]]) -> Iterator[Problem]:
    for path, tool in tools:
        if tool and not _BEDROCK_NAME.fullmatch(tool):
            yield Problem(
                path,
                f"{tool!r} has characters that models on Bedrock do not take in a tool's name",
                "Use letters, digits, underscores and hyphens.",
                _BEDROCK,
                code="tool-name",
                severity="warning",
            )


def _lengths(target: str | None, tools: list[tuple[str, str]], name_path: str) -> Iterator[Problem]:
    prefix = len(target) + len(SEPARATOR) if target is not None else len(SEPARATOR) + 1
    over = [(path, tool) for path, tool in tools if prefix + len(tool) > SERVICE_LIMIT]
    for path, tool in over:
        yield Problem(
            path,
            f"clients would see a name of {prefix + len(tool)} characters, over the service's {SERVICE_LIMIT}",
            _cure([tool], SERVICE_LIMIT),
            _NAMING,
            code="tool-name-length",
        )
    if target is None:
        return
    long = [tool for path, tool in tools if prefix + len(tool) > BEDROCK_LIMIT and (path, tool) not in over]
    if long:
        longest = max(long, key=len)
        yield Problem(
            name_path,
            f"{full_name(target, longest)} has {prefix + len(longest)} characters, and models on Bedrock take "
            f"{BEDROCK_LIMIT}" + (f"; so have {len(long) - 1} more tools too many" if len(long) > 1 else ""),
            _cure(long, BEDROCK_LIMIT),
            _BEDROCK,
            code="tool-name-length",
            severity="warning",
        )


def _cure(tools: list[str], limit: int) -> str:
    room = longest_target(tools, limit)
    if room >= 1:
        return f"Give the target a name of at most {room} characters, or the tool a shorter one."
    return f"Give the tool a name of at most {limit - len(SEPARATOR) - 1} characters."


def paths(tools: Iterable[object], path: str) -> Iterator[tuple[str, str]]:
    """Path and name of each tool definition that has a name."""
    for index, tool in enumerate(tools):
        name = tool.get("name") if isinstance(tool, dict) else None
        if isinstance(name, str):
            yield joined(joined(path, index), "name"), name
