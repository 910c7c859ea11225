"""Who may call local AWS: programs on this machine, and pages that local AWS served itself. No other web page.

A browser lets any page send requests to loopback addresses. What can be called here runs functions as the developer and
returns secrets, so every request is checked before anything else:

- Host is a loopback name with the port that is served. After DNS rebinding it is the name of the other site.
- Origin and Sec-Fetch-Site, which browsers send and scripts of a page cannot change, are absent or those of a page of
  local AWS itself. A page of another port on this machine is another origin too: it may be any program.

The Model Context Protocol asks servers for the same (transports, security warning).
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"(?P<name>\[[0-9a-f:]+\]|[a-z0-9._-]+?)\.?(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
_OWN_PAGES = ("same-origin", "none")
"""Sec-Fetch-Site of a page's request to where it came from, and of an address that the user typed."""
_LOGIN_PATH = re.compile(r"/cognito/[^/]+/(?:oauth2/authorize|login|logout)")
_QUOTED_CHARACTERS = 100


class Guard:
    """A WSGI application that passes on what is allowed, and answers 403 to the rest."""

    def __init__(self, application: WSGIApplication, port: int) -> None:
        """port: the one that is served."""
        self._application = application
        self._port = port

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        problem = self._problem(environ)
        if problem is not None:
            return self._reject(problem)(environ, start_response)
        from_browser = "HTTP_SEC_FETCH_SITE" in environ and not _is_own_page(environ["PATH_INFO"])

        def start(status: str, headers: list[tuple[str, str]], *error: object) -> object:
            # moto invites pages of every origin.
            kept = [pair for pair in headers if not pair[0].lower().startswith("access-control-")]
            if from_browser:
                # What a bucket or a target holds may be a page. Its scripts would be those of local AWS's own origin.
                kept.append(("Content-Security-Policy", "sandbox"))
            return start_response(status, kept, *error)  # type: ignore[arg-type]

        return self._application(environ, start)  # type: ignore[arg-type]

    def _problem(self, environ: WSGIEnvironment) -> str | None:
        host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        site = environ.get("HTTP_SEC_FETCH_SITE")
        if not self._is_here(host):
            return f"Host {_quoted(host)} is not a loopback name with port {self._port}"
        if origin is not None and not (origin.startswith("http://") and self._is_here(origin[len("http://") :])):
            return f"Origin {_quoted(origin)} is a web page of another origin"
        if site is not None and site not in _OWN_PAGES and not _leads_to_sign_in(environ):
            return f"Sec-Fetch-Site {_quoted(site)} means that a web page of another origin sent it"
        return None

    def _is_here(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        return found is not None and int(found["port"] or 80) == self._port and _is_loopback(found["name"].lower())

    def _reject(self, problem: str) -> Response:
        text = f"Local AWS answers programs on this machine that call http://127.0.0.1:{self._port}, but {problem}."
        response = Response(json.dumps({"message": text}) + "\n", status=403, content_type="application/json")
        response.headers["x-amzn-ErrorType"] = "AccessDeniedException"
        return response


def _is_own_page(path: str) -> bool:
    """Whether local AWS renders the page itself: login pages bring a Content-Security-Policy of their own."""
    return path.startswith("/_local/") or _LOGIN_PATH.fullmatch(path) is not None


def _leads_to_sign_in(environ: WSGIEnvironment) -> bool:
    """Whether a browser opens the login page of a user pool, or comes back from the one of a target's provider.

    The page that a browser comes from is always of another origin. What is answered cannot be read by it: a form that a
    person fills in, or a line of text. From a provider's page a browser brings a name of the sign-in that nobody can guess.
    """
    is_navigation = (
        environ.get("HTTP_SEC_FETCH_MODE") == "navigate" and environ.get("HTTP_SEC_FETCH_DEST") == "document"
    )
    path = environ["PATH_INFO"]
    is_sign_in = path.startswith("/identities/oauth2/callback/") or _LOGIN_PATH.fullmatch(path) is not None
    return environ["REQUEST_METHOD"] == "GET" and is_navigation and is_sign_in


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        # No resolver may lead these names elsewhere (RFC 6761, 6.3). boto3 puts buckets before localhost.
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _quoted(value: str) -> str:
    cut = value if len(value) <= _QUOTED_CHARACTERS else value[:_QUOTED_CHARACTERS] + "..."
    return repr(cut)
