"""The issuer of tokens: its discovery document and its keys, read as a gateway reads them."""

from __future__ import annotations

import http.client
import urllib.error
from dataclasses import dataclass

from agentcore_provider.documents.answers import body, json_object
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.loopback import url_opener


@dataclass(frozen=True)
class IdentityProvider:
    """An issuer of tokens."""

    issuer: str
    key_ids: frozenset[str]


def read(discovery_url: str, timeout: float) -> IdentityProvider:
    """The issuer behind a discovery URL. timeout: seconds for each of the two documents.

    Raises OSError or ValueError with what could not be read and why.
    """
    document = _get(discovery_url, timeout)
    issuer, keys = document.get("issuer"), document.get("jwks_uri")
    if not isinstance(issuer, str) or not isinstance(keys, str):
        raise ValueError(f"{discovery_url} is not a discovery document: it has no issuer and jwks_uri")
    listed = _get(keys, timeout).get("keys")
    if not isinstance(listed, list) or not listed:
        raise ValueError(f"{keys} has no keys")
    return IdentityProvider(issuer, frozenset(str(key.get("kid")) for key in listed if isinstance(key, dict)))


def _get(url: str, timeout: float) -> JsonDict:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url} is not a URL")
    try:
        with url_opener(url).open(url, timeout=timeout) as answer:
            document = json_object(body(answer, seconds=timeout))
    except urllib.error.HTTPError as answer:
        with answer:
            raise OSError(f"{url} answers HTTP {answer.code}") from None
    except (OSError, http.client.HTTPException) as failure:
        reason = failure.reason if isinstance(failure, urllib.error.URLError) else failure
        raise OSError(f"{url} cannot be read ({reason})") from None
    except ValueError as error:
        raise ValueError(f"{url}: the answer {error}") from None
    if not document:
        raise ValueError(f"{url} does not answer a JSON object")
    return document
