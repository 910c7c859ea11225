"""The Python that the engine starts in these tests. Before every operation the engine has pip list its packages, which
takes as long as importing Pulumi, and is the same each time."""

from __future__ import annotations

import atexit
import functools
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

_PYTHON = """#!/bin/sh
if [ "$*" != "-m pip list -v --format json" ]; then exec {python} "$@"; fi
[ -f {listed} ] || {{ {python} "$@" > {listed}.$$ && mv {listed}.$$ {listed}; }} && cat {listed}
"""


@functools.cache
def python() -> Path:
    """The value of PULUMI_PYTHON_CMD: the Python of the tests, with its packages listed once in this process."""
    folder = Path(tempfile.mkdtemp(prefix="agentcore-python-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    program, listed = folder / "python", folder / "packages.json"
    program.write_text(_PYTHON.format(python=shlex.quote(sys.executable), listed=shlex.quote(str(listed))))
    program.chmod(0o755)
    return program
