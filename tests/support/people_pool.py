"""A user pool in which people sign in, and a browser without scripts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import requests
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata
from pydantic import AnyUrl

from tests.support.local_aws import LocalAws

CALLBACK = "http://localhost:8976/callback"
PASSWORD = "Correct-horse-7"
SCOPES = ["openid", "email", "phone", "profile"]


@dataclass
class PeoplePool:
    """A user pool with a domain, a public client, a person named ada, and `scope` of its resource server."""

    local_aws: LocalAws
    pool_id: str
    domain: str
    client_id: str
    scope: str

    @property
    def cognito(self) -> Any:
        return self.local_aws.client("cognito-idp")

    @property
    def base(self) -> str:
        return f"{self.local_aws.endpoint}/cognito/{self.domain}"

    def authorize_url(self, **parameters: str) -> str:
        query = {"client_id": self.client_id, "response_type": "code", "redirect_uri": CALLBACK, **parameters}
        return requests.Request("GET", f"{self.base}/oauth2/authorize", params=query).prepare().url or ""

    def sign_in(self, url: str, username: str = "ada", password: str = PASSWORD, **form: str) -> requests.Response:
        """Fill in the login page that the address leads to, as a browser without scripts would."""
        browser = requests.Session()
        page = browser.get(url, timeout=10)
        assert page.status_code == 200, page.text
        return submit(browser, page, username=username, password=password, **form)

    def tokens(self, **form: str) -> tuple[int, dict[str, Any]]:
        answer = requests.post(f"{self.base}/oauth2/token", data={"client_id": self.client_id, **form}, timeout=10)
        return answer.status_code, answer.json()


def submit(browser: requests.Session, page: requests.Response, **fields: str) -> requests.Response:
    """Send the form of a page."""
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    headers = {"Origin": "{0.scheme}://{0.netloc}".format(urlsplit(page.url))}
    return browser.post(page.url, data={**hidden, **fields}, headers=headers, timeout=10, allow_redirects=False)


def answered(response: requests.Response, callback: str = CALLBACK) -> dict[str, str]:
    """What the client reads at its callback."""
    assert response.status_code == 302, response.text
    assert response.headers["Location"].startswith(f"{callback}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


class Memory:
    """Where the MCP client keeps what it knows: that it is registered, and its tokens."""

    def __init__(self, client_id: str) -> None:
        self.tokens: Any = None
        self.client = OAuthClientInformationFull(
            client_id=client_id, redirect_uris=[AnyUrl(CALLBACK)], token_endpoint_auth_method="none"
        )

    async def get_tokens(self) -> Any:
        return self.tokens

    async def set_tokens(self, tokens: Any) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> Any:
        return self.client

    async def set_client_info(self, client: Any) -> None:
        self.client = client


def list_tools(url: str, client_id: str, sign_in: Callable[[str], requests.Response]) -> Any:
    """What the official client lists after a person has signed in at the page that it opens."""
    returned: list[dict[str, str]] = []

    async def open_page(address: str) -> None:
        returned.append(answered(await asyncio.to_thread(sign_in, address)))

    async def await_callback() -> AuthorizationCodeResult:
        return AuthorizationCodeResult(code=returned[-1]["code"], state=returned[-1].get("state"))

    async def talk() -> Any:
        auth = OAuthClientProvider(
            url,
            OAuthClientMetadata(redirect_uris=[AnyUrl(CALLBACK)], token_endpoint_auth_method="none"),
            Memory(client_id),
            redirect_handler=open_page,
            callback_handler=await_callback,
        )
        async with (
            httpx2.AsyncClient(auth=auth, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            return (await client.list_tools()).tools

    return asyncio.run(talk())
