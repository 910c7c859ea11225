"""An agent on local AWS, and an authorization server that signs everybody in."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from werkzeug.wrappers import Request, Response

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, metadata_of

RETURN_URL = "http://localhost:9090/oauth2/callback"


class AuthorizationServer:
    """Its page signs everybody in unless it `denies`; its tokens name the grant and a number."""

    def __init__(self) -> None:
        self.http = Counterpart()
        self.http.answer = self._answer
        self.denies = False
        self._issued = 0

    def _answer(self, request: Request) -> Response:
        if request.path == "/authorize":
            outcome = "error=access_denied" if self.denies else "code=the-code"
            where = f"{request.args['redirect_uri']}?{outcome}&state={request.args['state']}"
            return Response(status=302, headers={"Location": where})
        self._issued += 1
        token = f"{parse_qs(self.http.last.body.decode())['grant_type'][0]}-{self._issued}"
        return Response(json.dumps({"access_token": token, "expires_in": 3600}), content_type="application/json")

    def received(self, path: str) -> dict[str, list[str]]:
        """The parameters of the latest request at a path."""
        found = next(it for it in reversed(self.http.received) if it.path == path)
        return parse_qs(found.query or found.body.decode())


class Agent:
    """A workload identity and its credential providers."""

    def __init__(self, local_aws: ControlPlane, server: AuthorizationServer) -> None:
        self.aws, self.server = local_aws, server
        self.name = local_aws.unique("agent")
        self.control, self.data = local_aws.control, local_aws.client("bedrock-agentcore")
        self.control.create_workload_identity(name=self.name, allowedResourceOauth2ReturnUrls=[RETURN_URL])

    def api_key(self, key: str) -> str:
        name = self.aws.unique("key")
        self.control.create_api_key_credential_provider(name=name, apiKey=key)
        return name

    def provider(self, **config: Any) -> str:
        name = self.aws.unique("oauth")
        discovery = config.pop("oauthDiscovery", metadata_of(self.server.http.url))
        custom = {"oauthDiscovery": discovery, "clientId": "agent", "clientSecret": "s3cret&", **config}
        self.control.create_oauth2_credential_provider(
            name=name,
            credentialProviderVendor="CustomOauth2",
            oauth2ProviderConfigInput={"customOauth2ProviderConfig": custom},
        )
        return name

    def token(self) -> str:
        return str(self.data.get_workload_access_token(workloadName=self.name)["workloadAccessToken"])

    def token_for(self, user: str) -> str:
        answer = self.data.get_workload_access_token_for_user_id(workloadName=self.name, userId=user)
        return str(answer["workloadAccessToken"])

    def oauth2(self, token: str, provider: str, flow: str, **members: Any) -> dict[str, Any]:
        """GetResourceOauth2Token's answer."""
        request = {
            "workloadIdentityToken": token,
            "resourceCredentialProviderName": provider,
            "scopes": ["read"],
            "oauth2Flow": flow,
            **members,
        }
        answer = dict(self.data.get_resource_oauth2_token(**request))
        del answer["ResponseMetadata"]
        return answer

    def of_user(self, token: str, provider: str, **members: Any) -> dict[str, Any]:
        """GetResourceOauth2Token's answer for a user."""
        members = {"resourceOauth2ReturnUrl": RETURN_URL, **members}
        return self.oauth2(token, provider, "USER_FEDERATION", **members)


def follow(url: str) -> requests.Response:
    """What a browser gets that opens the address, or the redirect that leaves this machine's servers."""
    for _ in range(5):
        step = requests.get(url, timeout=10, allow_redirects=False)
        url = step.headers.get("Location", "")
        if not url or url.startswith(RETURN_URL):
            return step
    raise AssertionError(url)


def returned(step: requests.Response) -> dict[str, list[str]]:
    """The parameters that the application at RETURN_URL gets."""
    assert step.status_code == 302, step.text
    return parse_qs(urlsplit(step.headers["Location"]).query)
