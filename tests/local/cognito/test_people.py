"""People sign in at the login page of a user pool: with a browser, and with the MCP client of its makers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
import requests

from tests.browser import Browser
from tests.support.control_plane import ControlPlane
from tests.support.people_pool import CALLBACK, PASSWORD, PeoplePool, answered, list_tools, submit

VERIFIER = "a-verifier-of-forty-three-characters-or-more-x"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def code_of(people: PeoplePool, **parameters: str) -> str:
    return answered(people.sign_in(people.authorize_url(**{**PKCE, **parameters})))["code"]


def exchange(people: PeoplePool, code: str, **form: str) -> tuple[int, dict[str, Any]]:
    return people.tokens(
        **{
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **form,
        }
    )


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def test_a_person_gets_tokens_by_way_of_the_login_page(people: PeoplePool) -> None:
    """Access, id and refresh token with Cognito's claims; the state comes back unchanged."""
    asked = people.authorize_url(
        **PKCE,
        state="of the client",
        scope="openid email crew/invoke",
        nonce="n",
        resource="https://gateway.example/mcp",
    )
    answer = answered(people.sign_in(asked))
    assert answer.pop("state") == "of the client"
    status, tokens = exchange(people, answer.pop("code"))
    assert (answer, status) == ({}, 200)
    access, identity = claims(tokens["access_token"]), claims(tokens["id_token"])
    assert {name: access[name] for name in ("token_use", "client_id", "username", "scope", "aud", "version")} == {
        "token_use": "access",
        "client_id": people.client_id,
        "username": "ada",
        "scope": "openid email crew/invoke",
        "aud": "https://gateway.example/mcp",
        "version": 2,
    }
    assert identity["sub"] == access["sub"]
    assert (identity["aud"], identity["email"], identity["nonce"]) == (people.client_id, "ada@example.com", "n")
    info = requests.get(
        f"{people.base}/oauth2/userInfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}, timeout=10
    )
    assert info.json() == {"sub": access["sub"], "username": "ada", "email": "ada@example.com"}


def test_a_code_counts_once_and_for_its_client_callback_and_verifier(people: PeoplePool) -> None:
    code = code_of(people)
    assert exchange(people, code)[0] == 200
    assert exchange(people, code) == (400, {"error": "invalid_grant"})
    for wrong in ({"code_verifier": "another" * 8}, {"code_verifier": ""}, {"redirect_uri": "http://localhost:1/x"}):
        code = code_of(people)
        assert exchange(people, code, **wrong) == (400, {"error": "invalid_grant"})
        assert exchange(people, code) == (400, {"error": "invalid_grant"})


def test_a_refresh_token_counts_until_it_is_revoked_or_its_person_is_disabled(people: PeoplePool) -> None:
    refresh = exchange(people, code_of(people))[1]["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    status, tokens = people.tokens(**form)
    assert (status, claims(tokens["access_token"])["username"]) == (200, "ada")
    people.cognito.admin_disable_user(UserPoolId=people.pool_id, Username="ada")
    assert people.tokens(**form) == (400, {"error": "invalid_grant"})
    people.cognito.admin_enable_user(UserPoolId=people.pool_id, Username="ada")
    revoked = requests.post(
        f"{people.base}/oauth2/revoke", data={"client_id": people.client_id, "token": refresh}, timeout=10
    )
    assert revoked.status_code == 200
    assert people.tokens(**form) == (400, {"error": "invalid_grant"})


def test_a_temporary_password_has_to_be_changed(people: PeoplePool) -> None:
    """What AdminCreateUser sets counts once; the policy of the pool applies to the new one."""
    people.cognito.admin_create_user(UserPoolId=people.pool_id, Username="bea", TemporaryPassword="Temporary-1")
    browser = requests.Session()
    page = browser.get(people.authorize_url(), timeout=10)
    page = submit(browser, page, username="bea", password="Temporary-1")
    assert "Choose a new password" in page.text
    page = submit(browser, page, new_password="short")
    assert (page.status_code, "policy" in page.text) == (400, True)
    assert "code" in answered(submit(browser, page, new_password="Another-horse-8"))
    assert "Incorrect" in people.sign_in(people.authorize_url(), "bea", "Temporary-1").text
    assert "code" in answered(people.sign_in(people.authorize_url(), "bea", "Another-horse-8"))


@pytest.mark.parametrize(("username", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("ada", "")])
def test_a_wrong_name_reads_like_a_wrong_password(people: PeoplePool, username: str, password: str) -> None:
    page = people.sign_in(people.authorize_url(), username, password)
    assert (page.status_code, "Incorrect username or password." in page.text) == (400, True)


def test_a_form_without_the_token_of_its_page_is_refused(people: PeoplePool) -> None:
    """Another site can neither read the token nor send the cookie."""
    assert people.sign_in(people.authorize_url(), _csrf="guess").status_code == 403
    login = people.authorize_url().replace("oauth2/authorize", "login")
    assert requests.post(login, data={"username": "ada", "password": PASSWORD}, timeout=10).status_code == 403


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": "crew/admin"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"resource": "not a url"}, "invalid_target"),
    ],
)
def test_a_client_reads_what_is_wrong_with_its_request(
    people: PeoplePool, parameters: dict[str, str], error: str
) -> None:
    response = requests.get(people.authorize_url(state="s", **parameters), timeout=10, allow_redirects=False)
    assert answered(response) | {"error_description": ""} == {"error": error, "error_description": "", "state": "s"}


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"client_id": "unknown"}, "invalid_client"),
        ({"redirect_uri": "http://localhost:8976/other"}, "redirect_mismatch"),
        ({"redirect_uri": "http://localhost:8977/callback"}, "redirect_mismatch"),
        ({"redirect_uri": "https://evil.example/<script>"}, "&lt;script&gt;"),
    ],
)
def test_an_address_of_an_unknown_client_leads_nowhere(
    people: PeoplePool, parameters: dict[str, str], text: str
) -> None:
    response = requests.get(people.authorize_url(**parameters), timeout=10, allow_redirects=False)
    assert (response.status_code, "Location" in response.headers) == (400, False)
    assert text in response.text


def test_managed_login_needs_a_branding_style(people: PeoplePool) -> None:
    """As AWS documents: version 2 of a domain displays pages only to clients that have a style."""
    people.cognito.update_user_pool_domain(UserPoolId=people.pool_id, Domain=people.domain, ManagedLoginVersion=2)
    described = people.cognito.describe_user_pool_domain(Domain=people.domain)["DomainDescription"]
    assert described["ManagedLoginVersion"] == 2
    assert "Login pages unavailable" in requests.get(people.authorize_url(), timeout=10).text
    which = {"UserPoolId": people.pool_id, "ClientId": people.client_id}
    people.cognito.create_managed_login_branding(**which, UseCognitoProvidedValues=True)
    with pytest.raises(people.cognito.exceptions.ManagedLoginBrandingExistsException):
        people.cognito.create_managed_login_branding(**which, UseCognitoProvidedValues=True)
    assert "code" in answered(people.sign_in(people.authorize_url()))
    made = people.cognito.describe_managed_login_branding_by_client(**which)["ManagedLoginBranding"]
    people.cognito.delete_managed_login_branding(
        UserPoolId=people.pool_id, ManagedLoginBrandingId=made["ManagedLoginBrandingId"]
    )
    assert "Login pages unavailable" in requests.get(people.authorize_url(), timeout=10).text


def test_logout_leads_to_a_registered_address_only(people: PeoplePool) -> None:
    def logout(uri: str) -> requests.Response:
        query = {"client_id": people.client_id, "logout_uri": uri}
        return requests.get(f"{people.base}/logout", params=query, timeout=10, allow_redirects=False)

    assert logout("http://localhost:8976/bye").headers["Location"] == "http://localhost:8976/bye"
    assert logout("https://evil.example/").status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"CallbackURLs": ["http://example.com/callback"]},
        {"CallbackURLs": ["http://localhost:1/#here"]},
        {"CallbackURLs": ["callback"]},
        {"CallbackURLs": [CALLBACK], "DefaultRedirectURI": "http://localhost:2/"},
        {"CallbackURLs": []},
        {"AllowedOAuthScopes": []},
    ],
)
def test_a_client_of_people_is_validated(people: PeoplePool, wrong: dict[str, Any]) -> None:
    document = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "CallbackURLs": [CALLBACK],
    }
    with pytest.raises(people.cognito.exceptions.ClientError):
        people.cognito.create_user_pool_client(UserPoolId=people.pool_id, ClientName="wrong", **{**document, **wrong})


@pytest.mark.parametrize("scopes", [None, ["crew/invoke"]])
def test_the_official_mcp_client_signs_a_person_in(
    local_aws: ControlPlane, people: PeoplePool, scopes: list[str] | None
) -> None:
    """From the gateway's 401 by way of both metadata documents and the login page to its tools, off the network."""
    jwt_authorizer = {
        "discoveryUrl": f"https://cognito-idp.us-west-2.amazonaws.com/{people.pool_id}/.well-known/openid-configuration",
        "allowedClients": [people.client_id],
        **({"allowedScopes": scopes} if scopes else {}),
    }
    made = local_aws.gateway(
        authorizerType="CUSTOM_JWT", authorizerConfiguration={"customJWTAuthorizer": jwt_authorizer}
    )
    assert list_tools(made["gatewayUrl"], people.client_id, people.sign_in) == []


@pytest.fixture
def callback(people: PeoplePool) -> Iterator[str]:
    """The callback of a client that listens on a port of its own, as programs do."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/callback"
    client = people.cognito.describe_user_pool_client(UserPoolId=people.pool_id, ClientId=people.client_id)
    kept = ("UserPoolId", "ClientId", "AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient")
    members = {name: client["UserPoolClient"][name] for name in kept}
    people.cognito.update_user_pool_client(**members, CallbackURLs=[CALLBACK, address])
    yield address
    server.shutdown()
    server.server_close()


def test_a_person_signs_in_with_a_browser(people: PeoplePool, browser: Browser, callback: str) -> None:
    """The page works without scripts, names its fields, displays what was wrong, and leads back to the client."""
    page = browser.page(people.authorize_url(**PKCE, redirect_uri=callback))
    page.until("document.activeElement.id == 'username'")
    assert page.value("[...document.querySelectorAll('input:not([type=hidden])')].every(it => it.labels.length == 1)")
    assert page.text("html[lang] main h1") == "Sign in"
    page.type("ada")
    page.click("#password")
    page.type("wrong")
    page.click("button")
    page.until("document.querySelector('[role=alert]')?.textContent == 'Incorrect username or password.'")
    assert page.value("document.querySelector('#password').getAttribute('aria-describedby')") == "problem"
    page.click("#password")
    page.type(PASSWORD)
    page.click("button")
    query = page.until("location.pathname == '/callback' && location.search")
    assert exchange(people, parse_qs(query[1:])["code"][0], redirect_uri=callback)[0] == 200
    # A browser reports the status of the page that displays the problem.
    assert all("400" in it for it in page.complaints), page.complaints
