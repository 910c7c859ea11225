"""Previews, deploys or removes the three environments of this project, and says in what they differ.

python environments.py preview | up | destroy
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto

from agentcore_provider import stack_config

FOLDER = Path(__file__).parent
ENVIRONMENTS = ("dev", "staging", "prod")
ABSENT = "-"


def main(operation: str) -> None:
    """Do the same to every environment, one after another, and print a table."""
    columns = {name: dict(settings(name)) for name in ENVIRONMENTS}
    for name in ENVIRONMENTS:
        stack = auto.create_or_select_stack(name, work_dir=str(FOLDER))
        columns[name] |= {f"({key})": value for key, value in done(stack, operation).items()}
    for line in table(columns):
        print(line)


def settings(name: str) -> Iterator[tuple[str, str]]:
    """Every setting of an environment, above what all share: path to value. References and secrets stay what they are."""
    config = yaml.safe_load((FOLDER / f"Pulumi.{name}.yaml").read_text())["config"]
    project = yaml.safe_load((FOLDER / "Pulumi.yaml").read_text())["config"]
    yield "aws:region", config["aws:region"]
    defaults = project["agentcore:defaults"]["value"]
    yield from flat(stack_config.merged(config["agentcore:gateways"], defaults, FOLDER))


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """A description as path and text of each value."""
    if not isinstance(value, Mapping):
        yield path, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    elif value.keys() == {"secure"}:
        yield path, "[secret]"
    else:
        for key, below in value.items():
            yield from flat(below, f"{path}.{key}" if path else key)


def done(stack: auto.Stack, operation: str) -> dict[str, str]:
    """Do it, and say what changed and where clients now connect."""
    file = config_file(stack.name)
    if operation == "preview":
        return {"preview": changed(stack.preview(config_file=file).change_summary)}
    if operation == "destroy":
        return {"destroy": changed(stack.destroy(config_file=file).summary.resource_changes)}
    result = stack.up(config_file=file)
    return {"up": changed(result.summary.resource_changes), "mcp_url": result.outputs["mcp_url"].value}


def config_file(name: str) -> str | None:
    """None for the stack's own file; on local AWS a copy of it that says where that is."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return None
    document = yaml.safe_load((FOLDER / f"Pulumi.{name}.yaml").read_text())
    document["config"]["agentcore:endpointUrl"] = endpoint
    copy = FOLDER / ".agentcore" / f"Pulumi.{name}.yaml"
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(yaml.safe_dump(document, sort_keys=False))
    return str(copy)


def changed(resources: Mapping[Any, int] | None) -> str:
    """What was done to how many resources, such as `create 9`."""
    counts = {getattr(kind, "value", kind): count for kind, count in (resources or {}).items()}
    return ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())) or "nothing"


def table(columns: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Rows of all in which the columns are not the same."""
    paths = sorted({path: None for values in columns.values() for path in values}, key=lambda it: it.startswith("("))
    rows = [["", *columns]]
    for path in paths:
        values = [column.get(path, ABSENT) for column in columns.values()]
        if len(set(values)) > 1 or path.startswith("("):
            rows.append([path, *values])
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


if __name__ == "__main__":
    if sys.argv[1:] not in (["preview"], ["up"], ["destroy"]):
        sys.exit(__doc__)
    main(sys.argv[1])
