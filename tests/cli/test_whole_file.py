"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from agentcore_provider.cli import files


def test_no_room_is_one_line_and_leaves_the_file(tmp_path: Path) -> None:
    """What stood there still stands, and no draft lies beside it."""
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("before")
    code = f"from pathlib import Path\nfrom agentcore_provider.cli import files\nfiles.write(Path({str(file)!r}), 'x' * 99999)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.stderr.splitlines()[-1].endswith(
        f"{file} cannot be written (it would be too large). Free some space there, then run this again."
    )
    assert (file.read_text(), os.listdir(tmp_path)) == ("before", [file.name])


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_the_cure_of_a_full_disk_is_room(code: int) -> None:
    assert "Free some space" in str(files.not_written("a", OSError(code, os.strerror(code))))


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_who_may_read_a_file_stays(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("before")
    file.chmod(mode)
    files.write(file, "after")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("after", mode)
