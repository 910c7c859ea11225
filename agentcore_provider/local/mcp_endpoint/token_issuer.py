"""Issuers of tokens: their discovery document and their keys, read over HTTP and kept for a while."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from agentcore_provider.local import aws_address

KEPT_SECONDS = 300.0
_RETRY_SECONDS = 5.0  # an unknown key id makes us read again, but no more often than this
_HTTP_SECONDS = 5.0


class IssuerUnreachableError(Exception):
    """The discovery document or the keys cannot be read; the text names it and the reason."""


@dataclass(frozen=True)
class Issuer:
    """One issuer. `names` are the values of `iss` that it may use, the document's own first."""

    names: tuple[str, ...]
    keys: tuple[jwt.PyJWK, ...]
    read_at: float

    def key(self, key_id: str | None) -> jwt.PyJWK:
        """The key of this id, or the only one there is. Raises jwt.InvalidTokenError."""
        for key in self.keys:
            if key.key_id == key_id or (key_id is None and len(self.keys) == 1):
                return key
        raise jwt.InvalidTokenError(f"The token was signed with key {key_id!r}, which its issuer does not have.")


def _get(url: str) -> Any:
    if not url.startswith(("http://", "https://")):
        raise IssuerUnreachableError(f"{url} is not an HTTP address.")
    try:
        with urllib.request.urlopen(url, timeout=_HTTP_SECONDS) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise IssuerUnreachableError(f"{url} cannot be read: {error}") from error


class TokenIssuers:
    """The issuers met so far, by discovery URL."""

    def __init__(self, get: Callable[[str], Any] = _get, clock: Callable[[], float] = time.monotonic) -> None:
        self._get = get
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Issuer] = {}

    def issuer(self, discovery_url: str, base_url: str, key_id: str | None = None) -> Issuer:
        """The issuer behind a discovery URL, read again when it is old or lacks a key.

        A user pool under its name on AWS is looked up in local AWS: nothing leaves the machine for it.
        Raises IssuerUnreachableError.
        """
        known = self._known.get((discovery_url, base_url))
        if known is not None:
            age = self._clock() - known.read_at
            missing = key_id is not None and all(key.key_id != key_id for key in known.keys)
            if age < (_RETRY_SECONDS if missing else KEPT_SECONDS):
                return known
        found = self._read(discovery_url, base_url)
        with self._lock:
            self._known[discovery_url, base_url] = found
        return found

    def _read(self, discovery_url: str, base_url: str) -> Issuer:
        address = aws_address.here(discovery_url, base_url)
        document = self._get(address)
        try:
            names = [document["issuer"]]
            keys = jwt.PyJWKSet.from_dict(self._get(document["jwks_uri"])).keys
        except (KeyError, TypeError, AttributeError, jwt.PyJWKSetError) as error:
            raise IssuerUnreachableError(f"{discovery_url} leads to no usable keys: {error!r}") from error
        if address.startswith(f"{base_url}/"):
            # Tokens of one and the same local pool name it by its address here or by its address on AWS.
            pool = document["issuer"].rsplit("/", 1)[-1]
            names += [f"{base_url}/{pool}", f"https://cognito-idp.{pool.rsplit('_', 1)[0]}.amazonaws.com/{pool}"]
        return Issuer(tuple(dict.fromkeys(names)), tuple(keys), self._clock())
