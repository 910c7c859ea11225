"""Addresses of this machine, where local AWS listens: no proxy reaches them, whatever the environment configures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from urllib.request import BaseHandler, OpenerDirector


def is_loopback(url: str | None) -> bool:
    """Whether a URL's host is this machine: `localhost` or a loopback address. False for what is not a URL."""
    import ipaddress

    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url_opener(url: str, *handlers: type[BaseHandler]) -> OpenerDirector:
    """Opens a URL through the proxies that the environment configures, or directly on this machine."""
    from urllib.request import ProxyHandler, build_opener

    direct = [ProxyHandler({})] if is_loopback(url) else []
    return build_opener(*handlers, *direct)
