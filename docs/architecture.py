"""Draws the pictures of docs/architecture.md: .venv/bin/python docs/architecture.py"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agentcore_provider.cli.inspect.svg import (
    BLUE,
    CREAM,
    PALE,
    PLAIN,
    SAND,
    SOFT,
    STROKE,
    Box,
    arrow,
    picture,
    rect,
    text,
)

_DOCS = Path(__file__).resolve().parent
_WIDE, _TALL = 184.0, 56.0


def _packages() -> str:
    """The packages and their imports."""
    row, column = 92.0, 208.0

    def at(across: float, down: int) -> Box:
        return Box(16 + column * across, 16 + row * down, _WIDE, _TALL)

    packages = {
        "cli": (at(1, 0), "the agentcore command", PALE),
        "gateway_client": (at(0.5, 1), "scripts and notebooks", PALE),
        "stack_config": (at(1.5, 1), "agentcore:gateways", PALE),
        "mcp": (at(3, 2), "a signed-in MCP client", SAND),
        "resources": (at(1, 2), "what a program declares", BLUE),
        "providers": (at(1, 3), "what the engine calls", BLUE),
        "arguments": (at(1, 4), "build AWS's documents", BLUE),
        "cedar": (at(2, 4), "validates policies", BLUE),
        "aws": (at(0, 5), "the only one that calls AWS", CREAM),
        "rules": (at(1, 5), "what the service accepts", CREAM),
        "schemas": (at(2, 5), "where tools come from", CREAM),
        "target_kinds": (at(1.5, 6), "one object for each kind", CREAM),
        "documents": (at(1.5, 7), "JSON and YAML within limits", CREAM),
        "errors": (at(1, 8), "what packages may raise", PLAIN),
        "local": (at(3, 0), "AWS on this machine", PLAIN),
        "pulumi_aws_stand_in": (at(3, 1), "for Pulumi's aws plugin", PLAIN),
    }
    downwards = [
        *(("cli", "gateway_client"), ("cli", "stack_config")),
        *(("gateway_client", "resources"), ("stack_config", "resources"), ("resources", "providers")),
        *(("providers", "arguments"), ("arguments", "aws"), ("arguments", "rules"), ("arguments", "schemas")),
        *(("aws", "errors"), ("rules", "target_kinds"), ("schemas", "target_kinds")),
        *(("providers", "cedar"), ("cedar", "schemas"), ("target_kinds", "documents"), ("documents", "errors")),
    ]
    boxes = {name: box for name, (box, *_) in packages.items()}
    drawn = [line for start, end in downwards for line in _down(boxes[start], boxes[end])]
    cli, local, mcp, errors = (boxes[name] for name in ("cli", "local", "mcp", "errors"))
    drawn += arrow(cli.right, cli.middle, local.x, local.middle, "starts, in its own process", dashed=True)
    drawn += _bent(f"M{cli.right:g} {cli.middle + 16:g}H{mcp.x - 56:g}V{mcp.middle:g}H{mcp.x:g}")
    drawn += _bent(f"M{mcp.center:g} {mcp.bottom:g}V{errors.middle:g}H{errors.right:g}")
    drawn += [line for name, (box, label, fill) in packages.items() for line in _named(name, box, label, fill)]
    label = "The packages and their imports: " + ", ".join(packages)
    return picture(label, 32 + column * 3 + _WIDE, 32 + row * 8 + _TALL, drawn)


def _run() -> str:
    """What happens between a program and AWS."""
    who = {"program": PALE, "engine": PALE, "providers": BLUE, "rules": CREAM, "aws": CREAM}
    steps = [
        ("program", "engine", "inputs: AWS's document", False),
        ("engine", "providers", "check", False),
        ("providers", "rules", "all problems at once", False),
        ("engine", "providers", "diff", False),
        ("providers", "engine", "replace, update or nothing", True),
        ("engine", "providers", "create", False),
        ("providers", "aws", "create, wait until READY", False),
        ("providers", "engine", "id, outputs, progress", True),
    ]
    column, first, row = 200.0, 96.0, 44.0
    boxes = {name: Box(16 + column * number, 16, 128, 44) for number, name in enumerate(who)}
    bottom = first + row * len(steps)
    drawn = [
        f'<path d="M{box.center:g} {box.bottom:g}V{bottom:g}" stroke="{STROKE}" stroke-dasharray="3 4"/>'
        for box in boxes.values()
    ]
    for number, (start, end, label, answers) in enumerate(steps):
        y = first + row * number
        drawn += arrow(boxes[start].center, y, boxes[end].center, y, label, dashed=answers)
    for name, box in boxes.items():
        drawn += [*rect(box, who[name]), text(box.center, box.middle + 5, name, 14, bold=True, anchor="middle")]
    label = "From program to AWS: check, diff and create, each validated before AWS is called"
    return picture(label, 32 + column * 4 + 128, bottom + 12, drawn)


def _local_aws() -> str:
    """What is inside local AWS, and who speaks to it."""
    row, column = 96.0, 216.0

    def at(across: float, down: float) -> Box:
        return Box(40 + column * across, 24 + row * down, _WIDE, _TALL)

    parts: Mapping[str, tuple[Box, str, str]] = {
        "engine": (at(0, 0), "Pulumi's own", PALE),
        "providers": (at(1, 0), "this package's plugin", PALE),
        "agent": (at(2, 0), "any MCP client", PALE),
        "pulumi_aws_stand_in": (at(0, 1.4), "for the aws plugin", BLUE),
        "server": (at(1.5, 1.4), "one port on loopback", BLUE),
        "moto": (at(0, 2.4), "Cognito, IAM, S3; strict", CREAM),
        "agentcore_control": (at(1, 2.4), "gateways and targets", CREAM),
        "mcp_endpoint": (at(2, 2.4), "tools of every gateway", CREAM),
        "lambda_runtime": (at(1, 3.3), "functions that run", CREAM),
        "outbound": (at(2, 3.3), "keys, tokens, signatures", CREAM),
        "targets": (at(2, 4.4), "REST APIs, MCP servers", SAND),
    }
    boxes = {name: box for name, (box, *_) in parts.items()}
    top, bottom = boxes["engine"].bottom + 14, boxes["outbound"].bottom + 20
    process = Box(24, top, 2 * column + _WIDE + 32, bottom - top)
    drawn = [
        *rect(process, PLAIN, dashed=True),
        text(process.x + 14, process.bottom - 12, "one process", 12, ink=SOFT),
    ]
    drawn += _down(boxes["engine"], boxes["pulumi_aws_stand_in"], "gRPC")
    drawn += _down(boxes["providers"], boxes["server"], "AWS API")
    drawn += _down(boxes["agent"], boxes["server"], "MCP")
    for start, end in (
        *(
            ("pulumi_aws_stand_in", "moto"),
            ("server", "moto"),
            ("server", "agentcore_control"),
            ("server", "mcp_endpoint"),
        ),
        *(("mcp_endpoint", "lambda_runtime"), ("mcp_endpoint", "outbound")),
    ):
        drawn += _down(boxes[start], boxes[end])
    drawn += _down(boxes["outbound"], boxes["targets"], "HTTP")
    drawn += [line for name, (box, label, fill) in parts.items() for line in _named(name, box, label, fill)]
    label = "Local AWS: one process that answers the engine, the providers and agents"
    return picture(label, process.right + 24, boxes["targets"].bottom + 16, drawn)


def _named(name: str, box: Box, label: str, fill: str) -> list[str]:
    return [
        *rect(box, fill),
        text(box.center, box.y + 24, name, 14, bold=True, anchor="middle"),
        text(box.center, box.y + 43, label, 12, ink=SOFT, anchor="middle", room=box.width - 8),
    ]


def _down(start: Box, end: Box, label: str = "") -> list[str]:
    return arrow(start.center, start.bottom, end.center, end.y, label, vertical=True)


def _bent(path: str) -> list[str]:
    return [f'<path d="{path}" fill="none" stroke="{STROKE}" stroke-width="1.5" marker-end="url(#arrow)"/>']


PICTURES = {"packages.svg": _packages, "run.svg": _run, "local-aws.svg": _local_aws}


if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (_DOCS / name).write_text(draw() + "\n", encoding="utf-8")
