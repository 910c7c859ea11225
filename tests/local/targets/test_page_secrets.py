"""What the page keeps of a call: what was sent to a target, without the credential that went along."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from tests.local.targets.conftest import Counterpart, Gateway, metadata_of
from tests.support.control_plane import ControlPlane

KEY = "sesame&7c1f/open"
PLACES = {
    "header": {"credentialParameterName": "X-Shop"},
    "bearer": {"credentialParameterName": "Authorization", "credentialPrefix": "Bearer"},
    "query": {"credentialLocation": "QUERY_PARAMETER", "credentialParameterName": "for"},
}


def page_of_latest_call(local_aws: ControlPlane, tool: str) -> str:
    """The page that shows it."""
    calls = local_aws.server.application.requests.latest(20)
    number = next(it.number for it in reversed(calls) if it.tool == tool)
    with urllib.request.urlopen(f"{local_aws.endpoint}/_local/page/calls/{number}", timeout=30) as response:
        return str(response.read().decode())


def echo(request: Request) -> Response:
    """Everything that came, as servers do that help to find errors."""
    return Response(f"{request.url}\n{request.headers}", content_type="text/plain")


@pytest.mark.parametrize("place", PLACES)
def test_an_api_key_is_not_kept(
    gateway: Gateway, counterpart: Counterpart, ping: Any, api_key: Any, place: str
) -> None:
    """Wherever it goes, also if the target answers with it."""
    counterpart.answer = echo
    gateway.target(ping, api_key(KEY, **PLACES[place]), name=place)
    text, _ = gateway.call(f"{place}___ping")
    assert "sesame" in text, "the client gets the answer as it is"
    shown = page_of_latest_call(gateway.aws, f"{place}___ping")
    assert f"Sent to GET {counterpart.url}/v1/ping" in shown
    assert "(hidden)" in shown
    assert "sesame" not in shown
    counterpart.answer = lambda request: Response(f"not with {request.url} {request.headers}", status=400)
    text, failed = gateway.call(f"{place}___ping")
    assert (failed, "sesame" in text) == (True, True)
    with urllib.request.urlopen(f"{gateway.aws.endpoint}/_local/page/calls?only=errors", timeout=30) as response:
        for shown in (page_of_latest_call(gateway.aws, f"{place}___ping"), response.read().decode()):
            assert "API request failed with status: 400" in shown
            assert "sesame" not in shown


def test_tokens_are_not_kept(
    local_aws: ControlPlane, gateway: Gateway, counterpart: Counterpart, ping: Any, oauth: Callable[..., Any]
) -> None:
    """Neither the target's token, nor the secret that was exchanged for it, nor the caller's own token."""

    def answer(request: Request) -> Response:
        if request.path == "/token":
            return Response('{"access_token": "outbound-marker", "expires_in": 60}', content_type="application/json")
        return echo(request)

    counterpart.answer = answer
    gateway.target(ping, oauth(metadata_of(counterpart.url)), name="oauth")
    gateway.call("oauth___ping", headers={"Authorization": "Bearer inbound-marker"})
    assert [it.path for it in counterpart.received] == ["/token", "/v1/ping"]
    shown = page_of_latest_call(local_aws, "oauth___ping")
    assert re.search(r"Authorization: \(hidden\)", shown)
    for secret in ("outbound-marker", "inbound-marker", "s3cret", "/token"):
        assert secret not in shown
