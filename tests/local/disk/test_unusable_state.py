"""A state that cannot be written, or that cannot be loaded, costs nothing that is there."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agentcore_provider.local.disk import state_file
from tests.support.local_aws_process import running


def _rewritten(file: Path, state: bytes | None = None, **members: object) -> None:
    header, content = state_file.read(file)
    state_file.write(file, replace(header, **members), content if state is None else state)  # type: ignore[arg-type]


_UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "damaged": (lambda file: file.write_bytes(file.read_bytes()[:-1]), "is damaged; "),
    "newer": (lambda file: _rewritten(file, format=2), "newer version of the package (format 2, this one reads 1); "),
    "another moto": (lambda file: _rewritten(file, moto="4.0.0"), "was written with moto 4.0.0, and this is moto "),
    "open to others": (lambda file: file.chmod(0o666), "can be written by other users; "),
    "no state": (lambda file: _rewritten(file, pickle.dumps("else")), "cannot be loaded ("),
    "another class": (lambda file: _rewritten(file, pickle.dumps(os.getcwd)), "is not a class of moto or local AWS"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state with a queue in it."""
    folder = tmp_path_factory.mktemp("written") / "state"
    with running(folder) as aws:
        aws.client("sqs").create_queue(QueueName="first")
        aws.end()
    return folder / "current.state"


@pytest.mark.parametrize("case", _UNUSABLE)
def test_what_cannot_be_used_is_reported_and_kept_aside(tmp_path: Path, written: Path, case: str) -> None:
    """Local AWS starts empty, with one line, and keeps what is created then."""
    spoil, message = _UNUSABLE[case]
    current = tmp_path / "state" / "current.state"
    current.parent.mkdir(mode=0o700)
    shutil.copy2(written, current)
    spoil(current)
    content = current.read_bytes()
    with running(tmp_path / "state") as aws:
        problem = aws.state()["problem"]
        assert "QueueUrls" not in aws.client("sqs").list_queues()
        aws.client("sqs").create_queue(QueueName="second")
        assert aws.end() == f"{problem}\n"
    (aside,) = current.parent.glob("current.state.unusable-*")
    assert problem.startswith(f"Local AWS starts empty: its state in {current} ")
    assert message in problem
    assert f"; it is kept as {aside}" in problem
    assert aside.read_bytes() == content
    assert state_file.read(current)[0].format == state_file.FORMAT


def test_a_state_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """Local AWS goes on, and writes once it can, without another change."""
    current = tmp_path / "state" / "current.state"
    with running(tmp_path / "state") as aws:
        current.mkdir()
        aws.client("sqs").create_queue(QueueName="first")
        while not (problem := aws.state()["problem"]):
            assert aws.process.poll() is None
        assert problem.startswith(f"The state of local AWS cannot be written to {current} (")
        assert not aws.state()["written"]
        current.rmdir()
        while aws.state()["problem"]:
            assert aws.process.poll() is None
        assert current.is_file()
        assert aws.end() == f"{problem}\n"


def test_what_could_not_be_written_is_written_at_the_end(tmp_path: Path) -> None:
    """Also if the folder could be written to again just before."""
    current = tmp_path / "state" / "current.state"
    with running(tmp_path / "state") as aws:
        current.mkdir()
        aws.client("sqs").create_queue(QueueName="first")
        while not aws.state()["problem"]:
            assert aws.process.poll() is None
        current.rmdir()
        aws.end()
    assert current.is_file()


def test_a_load_that_fails_changes_nothing(tmp_path: Path, written: Path) -> None:
    """Whether the file cannot be used, or what is in it."""
    with running(tmp_path / "state") as aws:
        queues = aws.client("sqs")
        queues.create_queue(QueueName="mine")
        assert aws.call("save", "one").status_code == 204
        for case, (spoil, message) in _UNUSABLE.items():
            saved = tmp_path / "state" / "saved" / "spoilt.state"
            shutil.copy2(written, saved)
            spoil(saved)
            answer = aws.call("load", "spoilt")
            assert (answer.status_code, message.rstrip("; ") in answer.json()["message"]) == (409, True), case
            assert [it.rpartition("/")[2] for it in queues.list_queues()["QueueUrls"]] == ["mine"]
        aws.end()
    with running(tmp_path / "state") as aws:
        assert len(aws.client("sqs").list_queues()["QueueUrls"]) == 1
