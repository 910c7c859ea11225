"""AWS's own addresses of what this local AWS serves: calls to them stay on this machine.

A stack names a user pool as AWS does, so that the same program deploys to both. Nothing is asked of the real AWS for it.
"""

from __future__ import annotations

import re

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
_USER_POOLS = rf"cognito-idp\.{_REGION}\.amazonaws\.com(?:\.cn)?"
_DOMAIN = rf"(?P<domain>[a-z0-9-]+)\.auth\.{_REGION}\.amazoncognito\.com"
_HOST = re.compile(f"{_USER_POOLS}|{_DOMAIN}")
_URL = re.compile(f"https://(?:{_USER_POOLS}(?P<pool>/[^/?]+_[^/?]+/.*)|{_DOMAIN}(?P<path>/.*))")

_base_url = ""


def remember_base_url(base_url: str) -> None:
    """Where this local AWS is reached, without a slash at the end."""
    global _base_url  # noqa: PLW0603 (moto's state, whose resources these are, belongs to the process too)
    _base_url = base_url


def base_url() -> str:
    """Where this local AWS is reached; empty before there is one."""
    return _base_url


def here(url: str, base: str | None = None) -> str:
    """The address on this machine of what AWS serves at `url`; `url` itself if local AWS has nothing for it.

    base: the address of local AWS, if it is not the one of this process.
    """
    base = _base_url if base is None else base
    if not base:
        return url
    found = _URL.fullmatch(url)
    if found is None:
        return url
    return base + (found["pool"] or f"{_folder(found)}{found['path']}")


def folder_of_host(host: str) -> str | None:
    """The path under which this machine has what AWS serves at a host of Cognito; None for any other host."""
    found = _HOST.fullmatch(host)
    return _folder(found) if found else None


def _folder(found: re.Match[str]) -> str:
    """User pools are at the top, as at AWS; each domain has a folder."""
    return f"/cognito/{found['domain']}" if found["domain"] else ""
