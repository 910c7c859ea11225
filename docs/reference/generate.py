"""Pages that are written from what they describe, whenever the site is built: see `hooks` in mkdocs.yml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import deploy_policy
import typer
import typer.main
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import agentcore_provider
from agentcore_provider import stack_config
from agentcore_provider.arguments import table
from agentcore_provider.cli.app import app
from agentcore_provider.cli.doctor.service_texts import TEXTS
from agentcore_provider.rules import service_model
from agentcore_provider.schemas.builtins import catalogue

API = "https://docs.aws.amazon.com/{service}/latest/APIReference/API_{operation}.html"

# Operation of AWS, and the resource whose arguments bear the names of its members in snake_case.
OPERATIONS = {
    table.operations(it)[0]: (name, table.service(it))
    for name in agentcore_provider.__all__
    if hasattr(it := getattr(agentcore_provider, name), "aws_name")
}
# Every retry needs it, no program does.
_OURS = "clientToken"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Adds the written pages to the site."""
    pages = {"api": api, "builtins": builtins, "command": command, "stack-file": stack_file, "aws-texts": aws_texts}
    for name, page in {**pages, "permissions": deploy_policy.page}.items():
        files.append(File.generated(config, f"reference/{name}.md", content=page()))
    return files


def api() -> str:
    """Every member of AWS's documents, as botocore's service model has it."""
    lines = [
        "# Members of AWS's API",
        "",
        "Nested values of a resource's arguments are AWS's own documents. This page lists their members, generated from "
        "botocore's service model. Top-level members are arguments in snake_case; pass others in `more=`.",
    ]
    for service in dict.fromkeys(it for _, it in OPERATIONS.values()):
        lines += _of_service(service)
    return "\n".join(lines) + "\n"


def _of_service(service: str) -> list[str]:
    shapes = service_model.load(service)["shapes"]
    operations = {it: resource for it, (resource, of) in OPERATIONS.items() if of == service}
    suffix = "" if service == service_model.CONTROL else f" of {service}"
    lines, found = [], set[str]()
    for operation, resource in operations.items():
        shape = service_model.input_shape(operation, service=service)
        page = API.format(service=service, operation=operation)
        lines += ["", f"## {operation}", "", f"`{resource}`. [AWS's page]({page})."]
        lines += _structure(shapes, shape)
        _reached(shapes, shape, found)
    lines += ["", f"## Structures of {service}"]
    for shape in sorted(found - {service_model.input_shape(it, service=service) for it in operations}):
        lines += ["", f"### {shape}{suffix}", ""]
        if shapes[shape].get("union"):
            lines.append("Exactly one of:")
        lines += _structure(shapes, shape)
    # Several services have structures of one name.
    return [re.sub(r"\]\(#(\w+)\)", rf"](#\1{suffix.replace(' ', '-')})", it) for it in lines]


def _reached(shapes: Mapping[str, Any], name: str, found: set[str]) -> None:
    shape = shapes[name]
    if shape["type"] in ("list", "map"):
        _reached(shapes, (shape.get("member") or shape["value"])["shape"], found)
    if shape["type"] != "structure" or shape.get("document") or name in found:
        return
    found.add(name)
    for member in shape["members"].values():
        _reached(shapes, member["shape"], found)


def _structure(shapes: Mapping[str, Any], name: str) -> list[str]:
    shape = shapes[name]
    lines = ["", "| member | is | limits |", "|---|---|---|"]
    for member, target in shape.get("members", {}).items():
        if member == _OURS:
            continue
        needed = ", needed" if member in shape.get("required", ()) else ""
        lines.append(f"| `{member}` | {_kind(shapes, target['shape'])}{needed} | {_limits(shapes[target['shape']])} |")
    return lines if len(lines) > 3 else ["", "An empty object."]


def _kind(shapes: Mapping[str, Any], name: str) -> str:
    shape = shapes[name]
    if shape.get("document"):
        return "any JSON"
    match shape["type"]:
        case "structure":
            return f"[{name}](#{name.lower()})"
        case "list":
            return f"list of {_kind(shapes, shape['member']['shape'])}"
        case "map":
            return f"text to {_kind(shapes, shape['value']['shape'])}"
        case "string":
            return "text"
        case other:
            return str(other)


def _limits(shape: Mapping[str, Any]) -> str:
    limits = []
    if shape.get("enum"):
        limits.append(", ".join(f"`{value}`" for value in shape["enum"]))
    low, high = shape.get("min"), shape.get("max")
    if low is not None or high is not None:
        unit = {"string": " characters", "list": " items", "map": " entries"}.get(shape["type"], "")
        limits.append(
            (f"{low} to {high}" if None not in (low, high) else f"from {low}" if high is None else f"up to {high}")
            + unit
        )
    if shape.get("pattern"):
        pattern = shape["pattern"].replace("|", "\\|").replace("`", "")
        limits.append(f"`{pattern}`")
    return "; ".join(limits)


def builtins() -> str:
    """The catalogue of built-in schemas."""
    lines = [
        "# Built-in schemas",
        "",
        "For `targets.Builtin(name)` and `builtin:` in stack files. How to use one: [Built-in schemas]"
        "(../targets/builtin.md). AWS offers its templates in the console only; the documents below are written from "
        "the vendors' public references, which are linked.",
    ]
    for name in catalogue.names():
        known = catalogue.entry(name)
        lines += ["", f"## {name}", "", f"{known.title}. Signs in with: {', '.join(known.outbound_auth) or 'nothing'}."]
        if known.note:
            lines += ["", known.note]
        if known.settings:
            lines += ["", "| setting | | default |", "|---|---|---|"]
            lines += [
                f"| `{it.name}` | {it.description}{' (needed)' if it.required and not it.default else ''} "
                f"| {f'`{it.default}`' if it.default else ''} |"
                for it in known.settings
            ]
        lines += ["", f"Operations ({len(known.operations)}): " + ", ".join(f"`{it.name}`" for it in known.operations)]
        lines += ["", "Source: " + ", ".join(f"<{it}>" for it in known.source)]
    return "\n".join(lines) + "\n"


def command() -> str:
    """The `agentcore` command, from its help."""
    lines = [
        "# Command",
        "",
        "Generated from the command: `--help` prints the same. For its use see [The command](../command.md).",
    ]
    for path, one in sorted(_commands(typer.main.get_command(app), ("agentcore",))):
        lines += ["", f"## {' '.join(path)}", "", _plain(one.help or "")]
        rows = [it for it in one.params if not getattr(it, "hidden", False) and it.name != "help"]
        if rows:
            lines += ["", "| argument or option | |", "|---|---|"]
            lines += [f"| `{_names(it)}` | {_plain(getattr(it, 'help', None) or '')} |" for it in rows]
        if one.epilog:
            lines += ["", _plain(one.epilog)]
    return "\n".join(lines) + "\n"


def _commands(one: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if hasattr(one, "commands"):
        for name, below in one.commands.items():
            if not below.hidden:
                yield from _commands(below, (*path, name))
    else:
        yield path, one


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return " ".join([*parameter.opts, *parameter.secondary_opts])


def _plain(text: str) -> str:
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text.replace("\f", "").replace("|", "\\|").replace("<", "&lt;")).strip()


def aws_texts() -> str:
    """What AWS says when something fails, as `agentcore doctor` knows it."""
    lines = [
        "# What AWS says",
        "",
        "Error texts of AgentCore that were observed, with their causes: [the rows](../fidelity.md) have the sources. "
        "`agentcore doctor` names them where it meets one; `agentcore doctor --explain TEXT` explains any of them.",
        "",
        "| AWS says | behind it | cure | row |",
        "|---|---|---|---|",
    ]
    lines += [f"| {_plain(it.text)} | {_plain(it.cause)} | {_plain(it.cure)} | {it.row} |" for it in TEXTS]
    return "\n".join(lines) + "\n"


def stack_file() -> str:
    """Keys of `agentcore:gateways`, of their JSON Schema."""
    schema: dict[str, Any] = stack_config.schema()
    lines = [
        "# Stack file keys",
        "",
        "Everything below `agentcore:gateways`, written from its JSON Schema. How to use it: [Stack files]"
        "(../stack-files.md).",
        "",
        "## Gateway",
        "",
        "Below the logical name of each gateway.",
    ]
    definitions = schema["$defs"]
    lines += _keys(definitions["gateway"], definitions)
    for name, shape in definitions.items():
        if name == "gateway":
            continue
        objects = [it for it in (shape, *shape.get("anyOf", ())) if it.get("properties")]
        if objects:
            lines += ["", f"## {name}", "", _sentence(shape.get("description") or shape.get("title") or "")]
            for one in objects:
                lines += _keys(one, definitions)
    return "\n".join(lines) + "\n"


def _keys(shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[str]:
    lines = ["", "| key | is | meaning |", "|---|---|---|"]
    for key, content in shape["properties"].items():
        name = content.get("$ref", "").rpartition("/")[2]
        meant = {**definitions.get(name, {}), **content}
        meaning = _sentence(meant.get("description") or meant.get("title") or "")
        needed = " Required." if key in shape.get("required", ()) else ""
        lines.append(f"| `{key}` | {_form(meant, name, definitions)} | {_plain(meaning)}{needed} |")
    inline = [(key, it) for key, it in shape["properties"].items() if it.get("properties")]
    for key, content in inline:
        lines += ["", f"Below `{key}`:", *_keys(content, definitions)]
    return lines


def _form(shape: Mapping[str, Any], name: str, definitions: Mapping[str, Any]) -> str:
    page = any(it.get("properties") for it in (shape, *shape.get("anyOf", ())))
    if page and name:
        return f"[{name}](#{name.lower()})"
    if "enum" in shape:
        return ", ".join(f"`{json.dumps(value)}`" for value in shape["enum"])
    below = shape.get("additionalProperties")
    if isinstance(below, Mapping) and "$ref" in below:
        target = below["$ref"].rpartition("/")[2]
        return f"name to [{target}](#{target.lower()})" if definitions[target].get("properties") else "mapping"
    return {
        "string": "text",
        "array": "list",
        "object": "mapping",
        "boolean": "true or false",
        "integer": "number",
    }.get(str(shape.get("type")), "text or mapping")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith(".") else ".")
