"""The pages on which people sign in: rendered here, without scripts, readable by screen readers, narrow and wide."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from werkzeug.wrappers import Response

_STYLE = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; min-height: 100vh; place-items: center; background: light-dark(#f2f3f3, #16191f); }
main { box-sizing: border-box; width: min(26rem, 100%); padding: 2rem; background: light-dark(#fff, #232b37);
  color: light-dark(#16191f, #f2f3f3); border-radius: .75rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input, button { box-sizing: border-box; width: 100%; padding: .625rem .75rem; font: inherit; border-radius: .375rem; }
input { border: 1px solid light-dark(#687078, #95a5a6); background: light-dark(#fff, #16191f); color: inherit; }
button { margin-top: 1.5rem; border: 0; background: #0b5cad; color: #fff; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid #f0a30a; outline-offset: 2px; }
[role=alert] { padding: .625rem .75rem; border-left: 4px solid #d13212; background: light-dark(#fdf3f1, #3b1d18); }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"


def sign_in(action: str, csrf: str, client: str, *, username: str = "", problem: str = "") -> Response:
    """The form for name and password. action: where it is sent. client: the name of the app client."""
    fields = (
        '<label for="username">Username</label>'
        f'<input id="username" name="username" value="{escape(username)}" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" required{_problem_of(problem)}{"" if username else " autofocus"}>'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required'
        f"{_problem_of(problem)}{' autofocus' if username else ''}>"
    )
    text = f"to continue to {client}"
    return _form("Sign in", text, fields, "Sign in", action=action, csrf=csrf, problem=problem)


def new_password(action: str, csrf: str, session: str, *, problem: str = "") -> Response:
    """The form for a new password, after one that an administrator has set. session: names the sign-in under way."""
    fields = (
        f'<input type="hidden" name="session" value="{escape(session)}">'
        '<label for="new_password">New password</label>'
        '<input id="new_password" name="new_password" type="password" autocomplete="new-password" required autofocus'
        f"{_problem_of(problem)}>"
    )
    text = "The password that you used was temporary."
    title = "Choose a new password"
    return _form(title, text, fields, "Change password", action=action, csrf=csrf, problem=problem)


def error(title: str, text: str, status: int = 400) -> Response:
    """A page that states what is wrong with the address that a client opened."""
    return _page(title, f'<h1>{escape(title)}</h1><p role="alert">{escape(text)}</p>', status)


def _form(title: str, text: str, fields: str, button: str, *, action: str, csrf: str, problem: str) -> Response:
    alert = f'<p role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    body = (
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{alert}"
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="_csrf" value="{escape(csrf)}">{fields}<button>{escape(button)}</button></form>'
    )
    return _page(title, body, 400 if problem else 200)


def _problem_of(problem: str) -> str:
    return ' aria-invalid="true" aria-describedby="problem"' if problem else ""


def _page(title: str, body: str, status: int) -> Response:
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - local AWS</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    response = Response(document, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    # A form of a page with no-referrer would have Origin: null, which the guard rejects.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    return response
