"""Results that hold secrets: they work as what they are, and show no secret when a notebook or a log shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SECRETS = ("client_secret", "access_token", "api_key")


class Confidential(dict[str, Any]):
    """A dict whose secrets are there for whoever asks for them by name, and hidden from repr, print and notebooks."""

    def __repr__(self) -> str:
        return repr({name: "***" if name in _SECRETS and value else value for name, value in self.items()})


class AccessToken(str):
    """A token: the text itself for headers, f-strings and print; hidden where only its repr is shown."""

    def __repr__(self) -> str:
        return "<access token: print() shows it>"


def confidential(document: Mapping[str, object]) -> Confidential:
    """The document, and all objects in it, with their secrets hidden."""
    return Confidential(
        {name: confidential(value) if isinstance(value, Mapping) else value for name, value in document.items()}
    )
