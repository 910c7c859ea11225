"""Managed login of a user pool's domain: `/cognito/DOMAIN/oauth2/authorize`, `login`, `logout`, `oauth2/userInfo`.

A client sends a browser to oauth2/authorize. Its parameters travel on in the address of the login page, and are
validated again with each request, so nothing is kept until somebody has signed in. Then the browser goes to the
client's callback with a code.
https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.cognito import (
    login_page,
    people,
    user_pool_client,
    user_pool_domain,
    user_tokens,
)
from agentcore_provider.local.cognito.people import PasswordRejectedError
from agentcore_provider.local.cognito.user_pool_client import UserPoolClient
from agentcore_provider.local.cognito.user_tokens import Authorization

_CSRF_COOKIE = "XSRF-TOKEN"
_SESSION_SECONDS = 180.0
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class _BadAddressError(Exception):
    """An address that must not lead back to the client: `args` are the code, and what is wrong."""


class _BadRequestError(Exception):
    """A request that the client reads the error of: `args` are the address to go to."""


class _Sessions:
    """People with a temporary password, between the two forms."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, str, float]] = {}
        self._lock = threading.Lock()

    def begin(self, pool_id: str, username: str) -> str:
        name, now = secrets.token_urlsafe(32), time.monotonic()
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[2] > now}
            self._kept[name] = (pool_id, username, now + _SESSION_SECONDS)
        return name

    def find(self, name: str, pool_id: str) -> str | None:
        with self._lock:
            found = self._kept.get(name)
        is_valid = found is not None and found[0] == pool_id and found[2] > time.monotonic()
        return found[1] if found and is_valid else None

    def end(self, name: str) -> None:
        with self._lock:
            self._kept.pop(name, None)


_sessions = _Sessions()


def serve(request: Request, domain: str, what: str) -> Response:
    """Answer a request below `/cognito/DOMAIN/`. what: the rest of the path."""
    # A body left unread would be taken for the next request of the connection.
    request.get_data(parse_form_data=True)
    allowed = ("GET", "HEAD", "POST") if what == "login" else ("GET", "HEAD")
    if request.method not in allowed:
        response = login_page.error("Not allowed", f"{request.method} is not allowed here.", 405)
        response.headers["Allow"] = ", ".join(allowed)
        return response
    try:
        return _PAGES[what](request, domain)
    except _BadAddressError as error:
        return login_page.error(*error.args)
    except _BadRequestError as error:
        return redirect(error.args[0], 302)


def _authorize(request: Request, domain: str) -> Response:
    _read(request.args, domain)
    return redirect(f"/cognito/{domain}/login?{request.query_string.decode()}", 302)


def _read(arguments: Mapping[str, str], domain: str) -> tuple[UserPoolClient, Authorization]:
    client = user_pool_client.find(domain, arguments.get("client_id", ""))
    if client is None:
        raise _BadAddressError("invalid_client", f"No app client of the domain {domain} has this client_id.")
    redirect_uri = arguments.get("redirect_uri") or client.default_redirect_uri
    if redirect_uri not in client.callback_urls:
        text = f"redirect_uri {redirect_uri[:300]!r} is not one of the app client's CallbackURLs."
        raise _BadAddressError("redirect_mismatch", text)
    state = arguments.get("state")

    def bad(error: str, description: str = "") -> _BadRequestError:
        answer = {"error": error, "error_description": description, "state": state}
        return _BadRequestError(_back(redirect_uri, answer))

    if not client.has_login_pages:
        text = (
            "Login pages unavailable: the domain has ManagedLoginVersion 2, and the app client has no branding style. "
        )
        raise _BadAddressError("unavailable", text + "Create one with CreateManagedLoginBranding.")
    if arguments.get("response_type") != "code":
        raise bad("invalid_request", "response_type has to be code")
    if "code" not in client.allowed_flows:
        raise bad("unauthorized_client")
    scopes = tuple(arguments.get("scope", "").split()) or tuple(client.allowed_scopes)
    if not set(scopes) <= set(client.allowed_scopes):
        raise bad("invalid_scope")
    challenge = arguments.get("code_challenge") or None
    if challenge and arguments.get("code_challenge_method") != "S256":
        raise bad("invalid_request", "code_challenge_method has to be S256")
    if challenge and not _CHALLENGE.fullmatch(challenge):
        raise bad("invalid_request", "code_challenge is not the base64url of a SHA-256")
    resource = arguments.get("resource") or None
    if resource and (not urlsplit(resource).scheme or urlsplit(resource).fragment):
        raise bad("invalid_target", "resource has to be an absolute URL without a fragment")
    return client, Authorization(
        user_pool_id=client.user_pool_id,
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        scopes=scopes,
        challenge=challenge,
        nonce=arguments.get("nonce"),
        resource=resource,
    )


def _login(request: Request, domain: str) -> Response:
    client, authorization = _read(request.args, domain)
    action = f"/cognito/{domain}/login?{request.query_string.decode()}"
    csrf = request.cookies.get(_CSRF_COOKIE) or ""
    if request.method != "POST":
        csrf = csrf or secrets.token_urlsafe(32)
        response = login_page.sign_in(action, csrf, client.name)
        # Lax: the page is opened by a link from the client, and a form of another site sends no cookie.
        response.set_cookie(_CSRF_COOKIE, csrf, path=f"/cognito/{domain}", httponly=True, samesite="Lax")
        return response
    form = request.form
    if not csrf or not hmac.compare_digest(form.get("_csrf", "").encode(), csrf.encode()):
        text = (
            "This form was not sent from its own page, or cookies are off. Go back to your program and sign in again."
        )
        return login_page.error("Forbidden", text, 403)
    found = _change_password(form, client, action, csrf) if "session" in form else _person(form, client, action, csrf)
    return _signed_in(request.args, authorization, found) if isinstance(found, str) else found


def _person(form: Mapping[str, str], client: UserPoolClient, action: str, csrf: str) -> str | Response:
    """The name of the person who has signed in, or the page that comes next."""
    username = form.get("username", "").strip()
    person = people.sign_in(client.user_pool_id, username, form.get("password", ""))
    if person is None:
        problem = "Incorrect username or password."
        return login_page.sign_in(action, csrf, client.name, username=username[:128], problem=problem)
    if person.must_change_password:
        return login_page.new_password(action, csrf, _sessions.begin(client.user_pool_id, person.username))
    return person.username


def _change_password(form: Mapping[str, str], client: UserPoolClient, action: str, csrf: str) -> str | Response:
    """The name of the person whose temporary password is replaced, or the page that comes next."""
    session = form["session"]
    username = _sessions.find(session, client.user_pool_id)
    if username is None:
        return login_page.sign_in(action, csrf, client.name, problem="The session has expired. Sign in again.")
    try:
        people.change_password(client.user_pool_id, username, form.get("new_password", ""))
    except PasswordRejectedError:
        problem = "The password does not meet the user pool's policy: length, upper and lower case, number, symbol."
        return login_page.new_password(action, csrf, session, problem=problem)
    _sessions.end(session)
    return username


def _signed_in(arguments: Mapping[str, str], authorization: Authorization, username: str) -> Response:
    code = user_tokens.user_tokens.new_code(authorization, username)
    answer = {"code": code, "state": arguments.get("state")}
    response = redirect(_back(authorization.redirect_uri, answer), 302)
    response.headers["Cache-Control"] = "no-store"
    return response


def _logout(request: Request, domain: str) -> Response:
    """Nobody stays signed in here, so only the address to go to counts."""
    client = user_pool_client.find(domain, request.args.get("client_id", ""))
    if client is None:
        raise _BadAddressError("invalid_client", f"No app client of the domain {domain} has this client_id.")
    target = request.args.get("logout_uri", "")
    if target not in client.logout_urls:
        raise _BadAddressError("invalid_request", "logout_uri is not one of the app client's LogoutURLs.")
    return redirect(target, 302)


def _user_info(request: Request, domain: str) -> Response:
    """The claims about the person whom an access token with the scope openid belongs to."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    found = user_tokens.user_tokens.owner(token)
    pools = [pool.id for pool in user_pool_domain.user_pools(domain)]
    if found is None or found[0].user_pool_id not in pools or "openid" not in found[0].scopes:
        response = Response('{"error":"invalid_token"}', status=401, content_type="application/json")
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    authorization, person = found
    document = {"sub": person.subject, "username": person.username, **user_tokens.claims(person, authorization.scopes)}
    return Response(json.dumps(document), content_type="application/json")


def _back(redirect_uri: str, answer: Mapping[str, str | None]) -> str:
    query = urlencode({name: value for name, value in answer.items() if value})
    return f"{redirect_uri}{'&' if urlsplit(redirect_uri).query else '?'}{query}"


_PAGES: dict[str, Callable[[Request, str], Response]] = {
    "oauth2/authorize": _authorize,
    "oauth2/userInfo": _user_info,
    "login": _login,
    "logout": _logout,
}
