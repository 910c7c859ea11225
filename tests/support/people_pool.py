"""A user pool in which people sign in, and a browser without scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.support.control_plane import ControlPlane

CALLBACK = "http://localhost:8976/callback"
PASSWORD = "Correct-horse-7"
SCOPES = ["openid", "email", "phone", "profile"]


@dataclass
class PeoplePool:
    """A user pool with a domain, a public client, a person named ada, and `scope` of its resource server."""

    local_aws: ControlPlane
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
