"""Records what generators of OpenAPI write of one small API by default, with version and command.

Run by hand: `make generators`, or with names of generators as arguments. Each folder here holds the API as its generator
reads it. The packages of generators.json are installed in `.agentcore/generators`, where a next run finds them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "rules" / "corpus" / "generators"
INSTALLED = HERE.parents[2] / ".agentcore" / "generators"


def install_python(folder: Path, packages: list[str]) -> None:
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(pip, check=True)


def install_node(folder: Path, packages: list[str]) -> None:
    folder.mkdir(parents=True)
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", *packages]
    subprocess.run(npm, cwd=folder, check=True)


def install_nothing(folder: Path, _packages: list[str]) -> None:
    """For languages whose own tool reads the pins from a file beside the sources and fetches them."""
    folder.mkdir(parents=True)


INSTALL = {"python": install_python, "node": install_node}


def record(generator: dict[str, Any]) -> dict[str, Any]:
    """Install what is not there yet, run the command beside the sources, and read what it wrote."""
    name, packages = generator["name"], generator["packages"]
    language = generator.get("language", "python")
    folder = INSTALLED / name
    pins, work = folder / "pins.json", folder / "work"
    if not pins.exists() or json.loads(pins.read_text()) != packages:
        shutil.rmtree(folder, ignore_errors=True)
        INSTALL.get(language, install_nothing)(folder, packages)
        pins.write_text(json.dumps(packages))
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(HERE / name, work)
    if language == "python":
        shutil.copy(HERE / "models.py", work)
    path = os.pathsep.join([str(folder / "bin"), str(folder / "node_modules" / ".bin"), os.environ["PATH"]])
    subprocess.run(generator["command"], shell=True, cwd=work, check=True, env={**os.environ, "PATH": path})
    return {
        "generator": name,
        "packages": packages,
        "command": generator["command"],
        "document": json.loads((work / "openapi.json").read_text()),
    }


def main() -> None:
    wanted = sys.argv[1:]
    failed = []
    TARGET.mkdir(exist_ok=True)
    for generator in json.loads((HERE / "generators.json").read_text()):
        name = generator["name"]
        if wanted and name not in wanted:
            continue
        try:
            written = record(generator)
        except (subprocess.CalledProcessError, OSError, ValueError) as error:
            failed.append(f"{name}: {error}")
            continue
        (TARGET / f"{name}.json").write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")
        sys.stdout.write(f"{generator['packages'][0]}: {len(written['document']['paths'])} paths\n")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
