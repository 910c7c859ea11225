"""Answers of other servers end, in size and in time."""

import io

import pytest

from agentcore_provider.documents import answers
from agentcore_provider.documents.limits import Unreadable


def test_an_answer_is_read_to_its_end() -> None:
    """All of it, in as many parts as it arrives in."""
    assert answers.body(io.BytesIO(b"a" * 100_000), seconds=1) == b"a" * 100_000


def test_an_answer_that_is_too_long_is_refused() -> None:
    """However much would follow."""
    with pytest.raises(Unreadable, match="is longer than"):
        answers.body(io.BytesIO(b"a" * (answers.MAX_ANSWER_BYTES + 1)), seconds=1)


def test_an_answer_that_drips_ends_in_time() -> None:
    """One byte a second, each within the time for a read: the whole has a time as well."""
    now = 0.0

    class Drip:
        def read1(self, _: int, /) -> bytes:
            nonlocal now
            now += 1
            return b"a"

    with pytest.raises(TimeoutError):
        answers.body(Drip(), seconds=10, clock=lambda: now)
    assert now == 11


@pytest.mark.parametrize("content", [b"[1]", b"\xff", b"<html>", b"[" * 100_000, b"1" * 5000, b'{"a": NaN}', b""])
def test_what_is_not_a_json_object_is_empty(content: bytes) -> None:
    """Nothing is raised for it."""
    assert answers.json_object(content) == {}
