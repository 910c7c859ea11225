"""How to get what this package needs: packages as its own metadata lists them, and the engine."""

from __future__ import annotations

import re
from pathlib import Path

_CHECKOUT = Path(__file__).parents[1]


def command(*packages: str, extra: str = "") -> str:
    """The command that installs these packages, or those of an extra, in the versions that this package needs.

    It names what is on an index: the package itself may have been installed from a file.
    """
    from importlib import metadata

    wanted = []
    for requirement in metadata.requires("agentcore-provider") or ():
        specifier, _, marker = requirement.partition(";")
        name = re.split(r"[\[<>=!~ ;]", specifier, maxsplit=1)[0].lower()
        belongs = re.search(r"""extra\s*==\s*["']([^"']+)""", marker)
        if (belongs is not None and belongs[1] == extra) if extra else name in packages:
            wanted.append(f'"{specifier.strip()}"')
    return f"pip install {' '.join(wanted or packages)}"


def of_engine(checkout: Path = _CHECKOUT) -> str:
    """How to get the Pulumi engine: by the checkout's own means, if this package runs from one."""
    if (checkout / "engine" / "setup.sh").is_file():
        return "run `make setup`, or see pulumi.com/docs/install"
    return "install it as pulumi.com/docs/install says, so that `pulumi` is on PATH"
