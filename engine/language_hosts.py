"""Pulumi's language hosts for YAML, TypeScript and Go: what the tests of such programs run with. `make up` needs none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from engine.cache import EngineCache, cache_folder
from engine.go_build import GO_HOST, NODEJS_HOST, SDK_GENERATOR, YAML_HOST, GoProgram, build_programs, key
from engine.progress import Progress


def find_or_build_yaml(progress: Progress) -> Path:
    """The folder of `pulumi-language-yaml`: the machine's own, else one that was built before, else a new build.

    Raises SetupError.
    """
    found = shutil.which(YAML_HOST.name)
    return Path(found).parent if found is not None else _built("yaml", [YAML_HOST], progress)


def find_or_build_others(progress: Progress) -> Path:
    """The folder of the hosts for TypeScript and Go and of the generator of packages: built before, or a new build.

    Raises SetupError.
    """
    return _built("others", [SDK_GENERATOR, NODEJS_HOST, GO_HOST], progress)


def _built(prefix: str, programs: list[GoProgram], progress: Progress) -> Path:
    cache = EngineCache(cache_folder(os.environ), programs[-1].name)
    name = f"{prefix}-{key(*programs)}"
    folder = cache.find(name) or cache.make(name, lambda root: build_programs(programs, root, progress), progress)
    assert folder is not None, "a build either makes a program or raises"
    return folder / "bin"
