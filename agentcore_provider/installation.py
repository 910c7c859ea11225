"""What to install for a part of this package, as its own metadata lists it."""

from __future__ import annotations

import re
from importlib import metadata


def command(*packages: str, extra: str = "") -> str:
    """The command that installs these packages, or those of an extra, in the versions that this package needs.

    It names what is on an index: the package itself may have been installed from a file.
    """
    wanted = []
    for requirement in metadata.requires("agentcore-provider") or ():
        specifier, _, marker = requirement.partition(";")
        name = re.split(r"[\[<>=!~ ;]", specifier, maxsplit=1)[0].lower()
        belongs = re.search(r"""extra\s*==\s*["']([^"']+)""", marker)
        if (belongs is not None and belongs[1] == extra) if extra else name in packages:
            wanted.append(f'"{specifier.strip()}"')
    return f"pip install {' '.join(wanted or packages)}"
