"""A function whose folder has a requirements.txt, from the stack file to a call of its tool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.schemas.test_requirements import pip_settings, write_wheel
from tests.support.stack import Stack

HANDLER = '''import shelf


def in_stock(item: str) -> dict:
    """Look up how many pieces of an item are left.

    Args:
        item: Name of the item.
    """
    return {"item": item, "left": shelf.count()}


TOOLS = [in_stock]


def handler(event, context):
    return in_stock(**event)
'''


def test_packages_travel_with_the_code(stack: Stack, tmp_path: Path, monkeypatch: Any) -> None:
    """The tool answers with a package's help; what is listed is read, deployed, and unchanged the next time."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "shelf", "py3-none-any")
    for name, value in pip_settings(wheels).items():
        monkeypatch.setenv(name, value)
    desk = stack.folder / "desk"
    desk.mkdir()
    (desk / "handler.py").write_text(HANDLER)
    (desk / "requirements.txt").write_text("shelf==1.0\n")
    gateway = {"authorizer": "none", "targets": {"desk": {"lambda": {"code": "desk"}}}}
    stack.configure(lambda config: config.update({"agentcore:gateways": {"desk": gateway}}))

    first = stack.up()
    assert "Installing the packages of" in first.text
    answer = stack.agentcore("tools", "call", "in_stock", '{"item": "lamp"}')
    assert json.loads(answer) == {"item": "lamp", "left": 3}
    again = stack.up()
    assert "Installing" not in again.text
    assert set(again.changes) == {"same"}

    (desk / "requirements.txt").write_text("shelf==2.0\n")
    refused = stack.preview(succeeds=False).text
    assert "No matching distribution found for shelf==2.0" in refused
    assert "Traceback" not in refused
