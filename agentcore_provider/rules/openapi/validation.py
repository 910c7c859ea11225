"""What the service accepts as an OpenAPI target's document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agentcore_provider.documents import yaml_1_1
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.openapi_fixing import fix
from agentcore_provider.problem import Problem
from agentcore_provider.rules import tool_names
from agentcore_provider.rules.openapi import operations, servers, structure
from agentcore_provider.rules.openapi.findings import OPENAPI, SPECIFICATION, Findings, given
from agentcore_provider.rules.source_text import SourceText
from agentcore_provider.rules.tool_schema import INLINE_BYTES, LIMITS, MOST_TOOLS
from agentcore_provider.rules.unknown import UNKNOWN

S3_BYTES = 10 * INLINE_BYTES


def read(source: str | Mapping[str, object]) -> SourceText:
    """A document to validate, whose content is of use to others as well. Raises Unreadable."""
    return SourceText(source, yaml=not _begins_as_json(source))


def validate(
    source: str | Mapping[str, object] | SourceText,
    *,
    target: str | None = None,
    inline: bool | None = None,
    is_fixed: bool = False,
) -> list[Problem]:
    """Everything the service would refuse or serve badly about an OpenAPI document.

    source: its text in JSON or YAML, which gives problems their lines, or the document itself; or either, read already.
    target: the target's name, for the length of the names that clients see; problems of it are at path "name".
    inline: whether it travels within the request (1 MB) or through S3 (10 MB). Default: not decided.
    is_fixed: whether the document comes from `fix`, so that no cure names it again.
    Paths of problems are JSON pointers.
    """
    try:
        text = source if isinstance(source, SourceText) else read(source)
    except Unreadable as error:
        return [error.problem]
    if not isinstance(text.document, Mapping):
        listed = text.document if isinstance(text.document, list) else []
        if any(isinstance(it, Mapping) and it.keys() & {"openapi", "swagger"} for it in listed):
            number = "a list of documents" if len(listed) > 1 else "a list with the document in it"
            return [Problem("#", f"is {number}", "Give the document itself, one for each target.", OPENAPI)]
        return [Problem("#", "is not an object", "Give an OpenAPI document.", OPENAPI)]
    findings = Findings(text)
    if not _version(findings):
        return findings.problems()
    _size(findings, text.size, inline)
    _head(findings)
    found = list(findings.openapi.operations())
    servers.validate(
        findings, covered=bool(found) and all(it.content.get("servers") or it.item.get("servers") for it in found)
    )
    _count(findings, len(found))
    names = operations.validate(findings, found)
    structure.validate(findings)
    problems = [*_words(text), *findings.problems()]
    if any(it.severity == "error" for it in problems) and not is_fixed:
        problems = [*_with_cure(text.document, problems)]
    return problems + _names(text, target, names)


def _with_cure(document: Mapping[str, object], problems: list[Problem]) -> Iterator[Problem]:
    """The problems, where the errors that `fix` would cure say so."""
    try:
        fixed = fix(document).document
    except (ValueError, TypeError):
        # What holds values that are not known yet, or is not an OpenAPI document.
        yield from problems
        return
    left = {(it.code, it.path) for it in validate(fixed, is_fixed=True) if it.severity == "error"}
    for problem in problems:
        is_cured = problem.severity == "error" and (problem.code, problem.path) not in left
        yield replace(problem, cure=f"{problem.cure} Or set fix, which does it.") if is_cured else problem


def tools(source: str | Mapping[str, object]) -> list[tuple[str, str]]:
    """Where each tool's name stands, and the name. Raises ValueError for a text that cannot be read."""
    text = SourceText(source)
    if not isinstance(text.document, Mapping):
        return []
    findings = Findings(text)
    return operations.validate(findings, list(findings.openapi.operations()))


def _begins_as_json(source: str | Mapping[str, object]) -> bool:
    """Whether the service's reader takes a text for JSON: it looks at the first character."""
    return isinstance(source, str) and source.lstrip()[:1] == "{"


def _version(findings: Findings) -> bool:
    """Whether it is a version of OpenAPI that can be validated further."""
    version = findings.document.get("openapi")
    if version is UNKNOWN:
        return True
    if "swagger" in findings.document:
        message = f"is Swagger {findings.document['swagger']}, and the service takes OpenAPI 3.0 and 3.1"
        findings.error("openapi-version", "#/swagger", message, "Convert it to OpenAPI 3.")
        return False
    if version is None:
        findings.error("openapi-version", "#", "does not say which version of OpenAPI it is", 'Add "openapi": "3.0.3".')
        return False
    if not re.fullmatch(r"3\.[01](\.\d+)?(-.+)?", str(version)):
        findings.error(
            "openapi-version",
            "#/openapi",
            f"is {version}, and the service takes 3.0 and 3.1",
            "Use one of these versions.",
        )
        return False
    if not isinstance(version, str):
        findings.warning(
            "openapi-version", "#/openapi", f"{version} is a number, not text", "Put it in quotes.", SPECIFICATION
        )
    elif version.count(".") < 2:
        findings.warning(
            "openapi-version", "#/openapi", f"{version} lacks its third part", f"Write {version}.0.", structure.READER
        )
    return True


def _size(findings: Findings, size: int, inline: bool | None) -> None:
    if size > S3_BYTES:
        message = f"is {size} bytes, over the 10 MB of a schema in S3"
        findings.error("schema-size", "#", message, "Leave out operations that nobody calls.", LIMITS)
    elif size > INLINE_BYTES and inline is True:
        message = f"is {size} bytes, over the 1 MB of an inline schema"
        findings.error("schema-size", "#", message, "Put the document in S3, which takes 10 MB.", LIMITS)
    elif size > INLINE_BYTES and inline is None:
        findings.warning(
            "schema-size", "#", f"is {size} bytes, over the 1 MB of an inline schema", "Put it in S3.", LIMITS
        )


def _words(text: SourceText) -> Iterator[Problem]:
    """Words of a YAML text, which AWS gets as it is, that the service's reader takes for other values."""
    values = {it.text: value for it in text.words if (value := yaml_1_1.value(it.text)) is not None}
    if values:
        line, first = next((it.line, it.text) for it in text.words if it.text in values)
        listed = [f"{word} for {value}" for word, value in values.items()]
        more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""
        message = f"line {line}: the service reads YAML 1.1, and takes {', '.join(listed[:5])}{more}"
        cure = f'Put it in quotes: "{first}".' if len(listed) == 1 else f'Put them in quotes: "{first}".'
        yield Problem("#", message, cure, structure.READER, code="yaml-word", severity="warning")


def _head(findings: Findings) -> None:
    """What stands beside the paths."""
    document = findings.document
    info = document.get("info")
    if info is None:
        findings.error("info", "#", "has no info", 'Add "info" with title and version.', SPECIFICATION)
    elif isinstance(info, Mapping):
        for member in ("title", "version"):
            if info.get(member) is None:
                findings.error("info", "#/info", f"has no {member}", f"Give it a {member}.", SPECIFICATION)
    if given(document, "security"):
        findings.warning(
            "security",
            "#/security",
            "security on top is documented as unsupported, and has been deployed; the gateway does not read it",
            "Give the target a credential provider.",
            f"{OPENAPI}; documents of AWS's own samples have it",
        )
    if given(document, "webhooks"):
        findings.error("webhooks", "#/webhooks", "webhooks are not supported", "Remove them.")


def _count(findings: Findings, number: int) -> None:
    paths = findings.document.get("paths")
    items = list(paths.values()) if isinstance(paths, Mapping) else [paths]
    if any(it is UNKNOWN or (isinstance(it, Mapping) and UNKNOWN in it.values()) for it in items):
        return
    where = "#/paths" if "paths" in findings.document else "#"
    if paths is not None and not isinstance(paths, Mapping):
        findings.error("tool-count", "#/paths", "is not an object of paths", "Give an object.", SPECIFICATION)
    elif not number:
        findings.error(
            "tool-count", where, "has no operation, so the target would have no tool", "Describe one under paths."
        )
    elif number > MOST_TOOLS:
        message = f"has {number} operations, over the {MOST_TOOLS} tools of a target"
        findings.error("tool-count", "#/paths", message, "Spread them over several targets.", LIMITS)


def _names(text: SourceText, target: str | None, names: list[tuple[str, str]]) -> list[Problem]:
    problems = tool_names.validate(target, names)
    lines = [text.line(it.path) if it.path.startswith("#") else None for it in problems]
    return [
        replace(it, message=f"line {line}: {it.message}") if line else it
        for it, line in zip(problems, lines, strict=True)
    ]
