"""`python -m engine.language_package nodejs FOLDER`: the package of programs in TypeScript (nodejs) or Go (go).

It has the files that `pulumi package add` generates, on machines without Pulumi's own language hosts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from agentcore_provider.component_plugin import schema
from engine.go_build import SDK_GENERATOR
from engine.language_hosts import find_or_build_others
from engine.progress import Progress
from engine.setup_error import SetupError

LANGUAGES = ("nodejs", "go")


def generate(language: str, folder: Path, programs: Path) -> None:
    """Write the package into a folder. programs: where the generator is. Raises SetupError."""
    answer = subprocess.run(  # noqa: S603 (our own command)
        [programs / SDK_GENERATOR.name, language, str(folder)],
        input=json.dumps(schema()),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SetupError(f"Generating the package for {language} failed: {answer.stderr.strip()}")


def main(arguments: list[str]) -> int:
    """Generate, and print where the language hosts are, which have to be on PATH."""
    if len(arguments) != 2 or arguments[0] not in LANGUAGES:
        print(f"Run python -m engine.language_package {'|'.join(LANGUAGES)} FOLDER", file=sys.stderr)
        return 2
    try:
        programs = find_or_build_others(Progress())
        generate(arguments[0], Path(arguments[1]), programs)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    print(programs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
