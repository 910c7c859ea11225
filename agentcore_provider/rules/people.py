"""What Cognito accepts of the client with which people sign in: addresses to return to, and how long tokens are valid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules.unknown import UNKNOWN

CALLBACKS = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Schemes of what a browser opens itself, so that no app gets the code.
_NOT_OF_APPS = ("about", "blob", "data", "file", "ftp", "javascript", "mailto", "vbscript", "view-source", "ws", "wss")
_PORT = re.compile(r"\d+(?:[/?].*)?")
_MOST_ADDRESSES = 100
_LONGEST_ADDRESS = 1024
_VALIDITY = {
    "id_token_validity_seconds": (300, 86400, "id tokens last five minutes to one day"),
    "refresh_token_validity_seconds": (3600, 315360000, "refresh tokens last one hour to ten years"),
}
_MEMBERS = ("callback_urls", "logout_urls", *_VALIDITY)


def validate(people: Any) -> Iterator[Problem]:
    """Everything Cognito would reject of {callback_urls, logout_urls, id_token_validity_seconds,
    refresh_token_validity_seconds}, with paths below `people`."""
    if people is None or people is UNKNOWN:
        return
    if not isinstance(people, Mapping):
        cure = "Pass True, or a People with callback_urls."
        yield Problem("people", f"is a {type(people).__name__}", cure, "agentcore_provider.People")
        return
    for name in people:
        if name not in _MEMBERS:
            known = f"Known members: {', '.join(_MEMBERS)}."
            yield Problem(joined("people", name), "is not a member here", known, "agentcore_provider.People")
    yield from _addresses("callback_urls", people.get("callback_urls"), least=1)
    yield from _addresses("logout_urls", people.get("logout_urls"), least=0)
    for name, (least, most, what) in _VALIDITY.items():
        yield from _validity(name, people.get(name), (least, most), what)


def _addresses(name: str, urls: Any, *, least: int) -> Iterator[Problem]:
    path = joined("people", name)
    if urls is UNKNOWN or (urls is None and not least):
        return
    if not isinstance(urls, (list, tuple)):
        yield Problem(path, "is not a list of addresses", "Pass a list of them.", CALLBACKS)
        return
    if not least <= len(urls) <= _MOST_ADDRESSES:
        cure = f"List {least} to {_MOST_ADDRESSES} addresses."
        yield Problem(path, f"has {len(urls)} items", cure, CALLBACKS)
    for index, url in enumerate(urls):
        if url is UNKNOWN:
            continue
        at = joined(path, index)
        problem = _problem_of(url)
        if problem:
            message, cure = problem
            yield Problem(at, message, cure, CALLBACKS)
        elif url in urls[:index]:
            yield Problem(at, f"{url!r} is listed already", "List each address once.", CALLBACKS)


def _problem_of(url: Any) -> tuple[str, str] | None:
    """What is wrong with an address, and the cure."""
    if not isinstance(url, str):
        return f"is a {type(url).__name__}", "Pass an address as text."
    if not 1 <= len(url) <= _LONGEST_ADDRESS or any(it.isspace() for it in url):
        return "is empty, has blanks, or is longer than 1024 characters", "Pass one address."
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        scheme, host = "", None
    # `localhost:8080/done` has no scheme, although it reads like one.
    if _PORT.fullmatch(url[len(scheme) + 1 :]):
        scheme = ""
    is_on_web = scheme in ("http", "https")
    found = [
        (
            not scheme or (is_on_web and not host),
            "which is not absolute",
            "Begin it with https://, or an app's scheme.",
        ),
        (
            scheme in _NOT_OF_APPS,
            f"and no client receives what goes to {scheme}:",
            "Use https, or the scheme of an app.",
        ),
        ("#" in url, "which has a fragment", "Leave out # and what follows."),
        ("*" in url, "and Cognito compares whole addresses, without wildcards", "List each address."),
        (
            scheme == "http" and host not in _LOOPBACK,
            "and http is accepted for localhost, 127.0.0.1 and [::1] only",
            "Use https.",
        ),
    ]
    return next(((f"is {url!r}, {message}", cure) for applies, message, cure in found if applies), None)


def _validity(name: str, seconds: Any, limits: tuple[int, int], what: str) -> Iterator[Problem]:
    if seconds is None or seconds is UNKNOWN:
        return
    least, most = limits
    whole = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and float(seconds).is_integer()
    if not whole or not least <= seconds <= most:
        cure = f"Pass a whole number of seconds from {least} to {most}."
        yield Problem(joined("people", name), f"is {seconds!r}, and {what}", cure, CALLBACKS)
