"""A load counts the calls that fail, and goes on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import pytest
from werkzeug.wrappers import Request, Response

from tests.bench.mcp_load import Address, load
from tests.support.targets import Counterpart


@pytest.fixture
def server() -> Iterator[Counterpart]:
    found = Counterpart()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_call_that_fails_is_counted(server: Counterpart) -> None:
    """Of 8 calls of 2 clients every fourth is an error: the others are measured."""
    numbers = itertools.count()

    def answer(_: Request) -> Response:
        result = {"isError": next(numbers) % 4 == 3}
        return Response(json.dumps({"result": result}), content_type="application/json")

    server.answer = answer
    found = load(Address(f"{server.url}/mcp"), 2, 8, "tools/call", name="t___ping", arguments={})
    assert (len(found.seconds), len(found.failed), found.a_second > 0) == (6, 2, True)
    assert "isError" in found.failed[0]
