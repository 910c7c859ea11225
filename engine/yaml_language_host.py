"""Where Pulumi's language host for YAML is: what the tests of programs in YAML run with. `make up` does not need it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from engine.cache import EngineCache, cache_folder
from engine.go_build import YAML_HOST, build_yaml_host, yaml_host_key
from engine.progress import Progress


def find_or_build(progress: Progress) -> Path:
    """The folder of `pulumi-language-yaml`: the machine's own, else one that was built before, else a new build.

    Raises SetupError.
    """
    found = shutil.which(YAML_HOST.name)
    if found is not None:
        return Path(found).parent
    cache = EngineCache(cache_folder(os.environ), YAML_HOST.name)
    folder = cache.find(yaml_host_key()) or cache.make(
        yaml_host_key(), lambda root: build_yaml_host(root, progress), progress
    )
    assert folder is not None, "a build either makes a program or raises"
    return folder / "bin"
