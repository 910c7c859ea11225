"""`agentcore validate openapi` of large documents, next to reading them alone and to a validator of the index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.bench.command import Ended
from tests.bench.command import run as run_command
from tests.bench.comparison import compared
from tests.bench.environment import python_of
from tests.bench.figure import Measured
from tests.bench.row import Row, Run, Workplace

_MEGABYTE = 1_000_000
_OPERATIONS = 200
_READ = {
    ".json": "import json, sys; json.load(open(sys.argv[1]))",
    ".yaml": "import sys, yaml; yaml.load(open(sys.argv[1]), getattr(yaml, 'CSafeLoader', yaml.SafeLoader))",
}
_READING = "reading alone"
_VALIDATOR = "openapi-spec-validator"


def openapi(size: int) -> dict[str, Any]:
    """A document that the service accepts, of about so many bytes as JSON."""
    count = 1
    while len(json.dumps(_document(count))) < 0.9 * size:
        count = max(count + 1, int(count * size / len(json.dumps(_document(count)))))
    return _document(count)


def _document(properties: int) -> dict[str, Any]:
    fields = {f"field_{number}": {"type": "string", "description": "What it is"} for number in range(properties)}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": fields}}}}
    answer = {"200": {"description": "Done"}}
    paths = {
        f"/orders/{number}": {
            "post": {"operationId": f"order_{number}", "description": "Order", "requestBody": body, "responses": answer}
        }
        for number in range(_OPERATIONS)
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Orders", "version": "1"},
        "servers": [{"url": "https://orders.example.com"}],
        "paths": paths,
    }


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    small, large = openapi(_MEGABYTE), openapi(10 * _MEGABYTE)
    files = {name: workplace.folder / name for name in ("1mb.json", "1mb.yaml", "10mb.json")}
    files["1mb.json"].write_text(json.dumps(small))
    # What YAML is at its largest is not the point: the same document as in JSON, written once.
    files["1mb.yaml"].write_text(yaml.dump(json.loads(json.dumps(small)), Dumper=yaml.CSafeDumper))
    files["10mb.json"].write_text(json.dumps(large))
    workplace.version("openapi_spec_validator", _VALIDATOR)

    def run() -> list[Measured]:
        return [
            *_measured(workplace, "1 MB of JSON", files["1mb.json"], 0.3, None),
            *_measured(workplace, "1 MB as YAML", files["1mb.yaml"], 0.6, None),
            *_measured(workplace, "10 MB of JSON", files["10mb.json"], 2.5, 150.0),
        ]

    yield run


def _measured(workplace: Workplace, name: str, file: Path, seconds: float, megabytes: float | None) -> list[Measured]:
    python = python_of("agentcore")
    ours = run_command([python.parent / "agentcore", "validate", "openapi", "--s3", file])
    reading = run_command([python, "-c", _READ[file.suffix], file])
    others = {_READING: reading}
    memory = {_READING: reading.megabytes} | ({} if megabytes is None else {"goal": megabytes})
    if file.name.startswith("1mb"):
        validator = partial(_validate, file)
        others |= workplace.peer(_VALIDATOR, validator)
    return [
        *compared(name, ours, others, goal=seconds),
        Measured(f"{name}, memory", ours.megabytes, "MB", memory, goal=("goal", 1.0) if megabytes else None),
    ]


def _validate(file: Path) -> Ended:
    return run_command([python_of("openapi_spec_validator"), "-m", "openapi_spec_validator", file])


ROW = Row("validate", "Validating large OpenAPI documents", _open)
