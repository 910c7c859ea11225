"""Addresses of this machine, where local AWS listens: no proxy reaches them, whatever the environment configures."""

from __future__ import annotations

import ipaddress
import urllib.request
from urllib.parse import urlsplit


def is_loopback(url: str | None) -> bool:
    """Whether a URL's host is this machine: `localhost` or a loopback address. False for what is not a URL."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url_opener(url: str, *handlers: type[urllib.request.BaseHandler]) -> urllib.request.OpenerDirector:
    """Opens a URL through the proxies that the environment configures, or directly on this machine."""
    direct = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    return urllib.request.build_opener(*handlers, *direct)
