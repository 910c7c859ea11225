"""`python -m engine`: makes a virtual environment whole. Done already, it takes no time and says nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.cache import EngineCache, cache_folder
from engine.go_build import build, build_key
from engine.launcher import write_launcher
from engine.official_installer import install_official, official_key
from engine.on_path import engine_version, find_on_path
from engine.packages import install_packages
from engine.progress import Progress
from engine.setup_error import SetupError

_PROJECT = Path(__file__).parent.parent
# Not resolved: the virtual environment's python is a link to that of the machine.
_ENVIRONMENT = Path(sys.executable).parent.parent


def main() -> int:
    """Packages first: the official installer is part of one of them."""
    progress = Progress()
    # Ended from outside, it takes its compilers along and leaves no half-made engine.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        install_packages(_PROJECT, _ENVIRONMENT, progress)
        engine = _engine(progress)
        if write_launcher(_ENVIRONMENT, engine):
            version = engine_version(_ENVIRONMENT / "bin" / "pulumi")
            if version is None:
                raise SetupError(f"{engine} does not start: delete {engine.parent.parent} and run this again")
            progress.say(f"Pulumi {'.'.join(map(str, version))} is ready: {engine}")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, subprocess.SubprocessError) as error:
        print(f"Setup was interrupted{f' ({error})' if str(error) else ''}: run it again", file=sys.stderr)
        return 130
    return 0


def _engine(progress: Progress) -> Path:
    """The machine's own, else one that was made before, else the official one, else our own build."""
    if (found := find_on_path(os.environ, _ENVIRONMENT, progress)) is not None:
        return found
    cache = EngineCache(cache_folder(os.environ))
    folder = cache.find(official_key()) or cache.find(build_key())
    if folder is None:
        folder = cache.make(official_key(), lambda root: install_official(root, progress), progress)
    if folder is None:
        progress.say("Pulumi's installer is not to be had from here: building the engine from its Go modules")
        folder = cache.make(build_key(), lambda root: build(root, progress), progress)
    assert folder is not None, "a build either makes an engine or raises"
    return folder / "bin" / "pulumi"


if __name__ == "__main__":
    sys.exit(main())
