"""The addresses of the page, below /_local/page/, and what protects them.

Everything is a plain document and a plain form, so it works without the script. A form carries a token that only pages of
this process know: another site that got past the guard could not send one. No page loads anything from elsewhere, may
be framed, or is kept by the browser.
"""

from __future__ import annotations

import hmac
import secrets
import sys
import traceback
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.page.templates import ROOT, render

if TYPE_CHECKING:
    from agentcore_provider.local.application import Application
    from agentcore_provider.local.page.views import Views
    from agentcore_provider.local.settings import Settings

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_ADDRESSES = Map(
    [
        Rule("/", endpoint="overview", methods=["GET"]),
        Rule("/gateways/<gateway_id>", endpoint="gateway", methods=["GET"]),
        Rule("/gateways/<gateway_id>/token", endpoint="reveal_token", methods=["POST"]),
        Rule("/gateways/<gateway_id>/tool", endpoint="tool", methods=["GET"]),
        Rule("/gateways/<gateway_id>/tool", endpoint="call_tool", methods=["POST"]),
        Rule("/calls", endpoint="calls", methods=["GET"]),
        Rule("/calls/events", endpoint="call_events", methods=["GET"]),
        Rule("/calls/<int:number>", endpoint="call", methods=["GET"]),
        Rule("/logs", endpoint="logs", methods=["GET"]),
        Rule("/logs/events", endpoint="log_events", methods=["GET"]),
        Rule("/faults", endpoint="faults", methods=["GET"]),
        Rule("/faults", endpoint="add_fault", methods=["POST"]),
        Rule("/faults/remove", endpoint="remove_fault", methods=["POST"]),
        Rule("/faults/clear", endpoint="clear_faults", methods=["POST"]),
        Rule("/reset", endpoint="reset", methods=["POST"]),
        Rule("/delays", endpoint="set_delays", methods=["POST"]),
        Rule("/resources", endpoint="resources", methods=["GET"]),
        Rule("/assets/<name>", endpoint="asset", methods=["GET"]),
    ],
    strict_slashes=False,
)


class Page:
    """The page of one local AWS."""

    def __init__(self, application: Application, settings: Settings) -> None:
        self._application = application
        self._settings = settings
        self._token = secrets.token_urlsafe(24)

    @cached_property
    def _views(self) -> Views:
        # Loads what the endpoints of gateways need, which local AWS does not need to start.
        from agentcore_provider.local.page.views import Views

        return Views(self._application, self._settings, self._token)

    def serve(self, request: Request) -> Response | None:
        """The answer to a request for the page; None for any other request."""
        if _opens_address(request):
            return _protected(redirect(ROOT, 303))
        if not f"{request.path}/".startswith(ROOT):
            return None
        try:
            address = request.path[len(ROOT) - 1 :] or "/"
            name, values = _ADDRESSES.bind("", url_scheme="http").match(address, request.method)
            token = request.form.get("token", "") if request.method == "POST" else self._token
            if not hmac.compare_digest(token.encode(), self._token.encode()):
                raise Forbidden(
                    "This form is from before local AWS started, or from another site. Open the page again."
                )
            view: Callable[..., Response] = getattr(self._views, name)
            return _protected(view(request, **values))
        except HTTPException as error:
            return _protected(_problem(error.code or 500, error.description or str(error)))
        except Exception as error:  # a defect of the page: the reader gets it, and the log a trace
            traceback.print_exc(file=sys.stderr)
            return _protected(_problem(500, f"Local AWS failed: {error!r}. Its log has more."))


def _problem(status: int, text: str) -> Response:
    return render("problem.html", status=status, text=text)


def _opens_address(request: Request) -> bool:
    """Whether a person opened the address of local AWS in a browser. Programs list buckets there."""
    return (
        request.method == "GET"
        and request.path in ("/", "/_local", "/_local/")
        and not request.query_string
        and "text/html" in request.headers.get("Accept", "")
        and "Authorization" not in request.headers
    )


def _protected(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Not `no-referrer`, with which a browser sends forms from the origin null.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
