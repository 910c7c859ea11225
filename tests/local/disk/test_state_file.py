"""The file with the state of local AWS: what of it counts, and what is refused."""

from __future__ import annotations

import os
import pickle
import stat
import sys
import threading
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from agentcore_provider.local import kept
from agentcore_provider.local.disk import pickling, state_file
from agentcore_provider.local.disk.gate import Gate
from agentcore_provider.local.disk.pickling import Names, Present
from agentcore_provider.local.disk.state_file import FORMAT, Header, StateUnusableError
from agentcore_provider.local.disk.state_folder import FolderTakenError, StateFolder, StateNameError
from agentcore_provider.local.settings import Clock

_HEADER = Header("2026-01-01T00:00:00+00:00", "0.1.0", "5.2.5", "http://127.0.0.1:4599", 12.5, 1000.0)
_STATE = b"state \n of \x00 any bytes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that was written."""
    tmp_path.chmod(0o700)
    path = tmp_path / "current.state"
    state_file.write(path, _HEADER, _STATE)
    return path


def test_a_file_comes_back_as_it_was_written(file: Path) -> None:
    """For its owner alone, and nothing beside it."""
    assert state_file.read(file) == (_HEADER, _STATE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    state_file.write(file, _HEADER, b"other")
    assert state_file.read(file)[1] == b"other"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_damage_anywhere_is_found(file: Path) -> None:
    """Each bit of each byte counts, and so does the length."""
    content = file.read_bytes()
    for place in range(len(content)):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        with pytest.raises(StateUnusableError, match=r"is damaged|newer version"):
            state_file.read(file)
    for damaged in [*(content[:length] for length in range(len(content))), content + b"\n"]:
        file.write_bytes(damaged)
        with pytest.raises(StateUnusableError, match="is damaged"):
            state_file.read(file)


def test_a_newer_format_is_named(file: Path) -> None:
    """Whatever follows the header."""
    file.write_bytes(b'{"format": %d, "anything": "else"}\nand more' % (FORMAT + 1))
    with pytest.raises(StateUnusableError, match="newer version of the package") as raised:
        state_file.read(file)
    assert raised.value.cure == "Install that version to use it"


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_does_not_count(file: Path, mode: int) -> None:
    """What it has would be run."""
    file.chmod(mode)
    with pytest.raises(StateUnusableError, match="can be written by other users"):
        state_file.read(file)


def test_a_folder_that_others_can_write_to_does_not_count(file: Path) -> None:
    """They could replace the file."""
    file.parent.chmod(0o770)
    with pytest.raises(StateUnusableError, match="is in a folder that can be written by other users"):
        state_file.read(file)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_does_not_count(file: Path) -> None:
    """Whoever owns it can write it."""
    os.chown(file, 12345, -1)
    with pytest.raises(StateUnusableError, match="belongs to another user"):
        state_file.read(file)


def test_a_link_and_a_folder_do_not_count(file: Path) -> None:
    """Neither is a file that local AWS wrote."""
    link = file.with_name("link.state")
    link.symlink_to(file)
    with pytest.raises(StateUnusableError, match="cannot be read"):
        state_file.read(link)
    with pytest.raises(StateUnusableError, match="is not a file"):
        state_file.read(file.parent)


class _Calls:
    """An object whose pickle calls a function."""

    def __init__(self, *call: object) -> None:
        self._call = call

    def __reduce__(self) -> tuple[object, ...]:
        function, *arguments = self._call
        return function, tuple(arguments)


_NAMES = [
    ("os", "system"),
    ("builtins", "eval"),
    ("builtins", "getattr"),
    ("moto.core.utils", "os.system"),
    ("moto.core.models", "os"),
    ("moto.awslambda.models", "zip2tar"),
    ("agentcore_provider.local.json_document", "read"),
    ("agentcore_provider.local.disk.references", "threading.Thread"),
    ("agentcore_provider.local.disk.references", "threading._os.system"),
    ("agentcore_provider.local.disk.references", "partial"),
    ("agentcore_provider.local.disk.references", "dataclasses"),
    ("agentcore_provider.cli.files", "write"),
    ("motor", "anything"),
]


@pytest.mark.parametrize(("module", "name"), _NAMES)
def test_only_classes_are_loaded(module: str, name: str) -> None:
    """Of moto and of local AWS; no function, nor what their modules have imported."""
    named = (
        b"\x80\x04\x8c"
        + bytes([len(module)])
        + module.encode()
        + b"\x8c"
        + bytes([len(name)])
        + name.encode()
        + b"\x93."
    )
    with pytest.raises(StateUnusableError, match="cannot be loaded"):
        pickling.loads(named, _present())


@pytest.mark.parametrize("function", [os.getcwd, state_file.read, lambda: None])
def test_nothing_is_written_that_is_not_loaded(function: object) -> None:
    """What has a function in it is left out, so that it does not spoil the rest."""
    with pytest.raises(pickle.UnpicklingError, match="not a class of moto or local AWS"):
        pickling.dumps({"a": function}, Names({}, {}))


def test_a_pickle_that_runs_something_runs_nothing(tmp_path: Path) -> None:
    """It is refused before anything of it is called."""
    made = tmp_path / "made"
    with pytest.raises(StateUnusableError, match="not a class of moto or local AWS"):
        pickling.loads(pickle.dumps(_Calls(os.mkdir, str(made))), _present())
    assert not made.exists()


def test_one_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    """The second is refused as long as the first is there."""
    folder = StateFolder(tmp_path / "state")
    with folder.locked(), pytest.raises(FolderTakenError), folder.locked():
        pass
    with folder.locked():
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert (folder.path / ".gitignore").read_text() == "*\n"


def test_a_draft_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    """It is as large as the state, and has its secrets."""
    folder = StateFolder(tmp_path / "state")
    folder.make()
    draft = folder.path / ".current.state-123"
    draft.touch()
    with folder.locked():
        assert not draft.exists()


def test_a_state_of_another_moto_replaces_nothing(tmp_path: Path) -> None:
    """The next start would not use it."""
    folder = StateFolder(tmp_path / "state")
    with folder.locked():
        state_file.write(folder.current, replace(_HEADER, moto=version("moto")), b"current")
        state_file.write(folder.saved("old"), replace(_HEADER, moto="4.0.0"), b"old")
        with pytest.raises(StateUnusableError, match=r"was written with moto 4\.0\.0"):
            folder.load(folder.saved("old"))
    assert state_file.read(folder.current)[1] == b"current"


def test_only_own_modules_are_imported() -> None:
    """A file names the modules whose containers it fills."""
    sys.modules.pop("this", None)
    with pytest.raises(LookupError):
        kept.restore({"this:s": []})
    assert "this" not in sys.modules


def test_one_at_a_time_reads_the_state() -> None:
    """Else the gate would open for requests while the second still reads."""
    gate, both, alone = Gate(), threading.Barrier(2), list[bool]()

    def read() -> None:
        with gate.closed(30.0):
            try:
                both.wait(0.2)
            except threading.BrokenBarrierError:
                alone.append(True)

    readers = [threading.Thread(target=read) for _ in range(2)]
    with gate.passing():
        for reader in readers:
            reader.start()
    for reader in readers:
        reader.join(30)
    assert alone == [True, True]


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a" * 65, "-x", "é"])
def test_names_stay_in_the_folder(tmp_path: Path, name: str) -> None:
    """A name is one file's."""
    with pytest.raises(StateNameError):
        StateFolder(tmp_path).saved(name)


def _present() -> Present:
    def nothing(*_: str) -> object:
        raise AssertionError("nothing is named")

    return Present(nothing, nothing, Clock(float), "", "")  # type: ignore[arg-type]
