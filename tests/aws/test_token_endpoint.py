"""A token endpoint is waited for until it issues a token, or says for good that it will not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from agentcore_provider.aws import token_endpoint
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import AgentCoreError, NotSignedIn


class Endpoint:
    """Answers one status and document after the other, the last for ever."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                status, document = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Be quiet."""

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/oauth2/token"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    endpoint = Endpoint(*request.param)
    yield endpoint
    endpoint.close()


def _wait(endpoint: Endpoint, clock: Any) -> None:
    operation = Operation(
        Connection(Settings(), clock=clock), "owner", False, 60.0, lambda _: None, "token endpoint 'agents'"
    )
    token_endpoint.wait(operation, endpoint=endpoint.url, client_id="client", client_secret="secret", scope="a/b")


@pytest.mark.parametrize(
    "endpoint", [[(404, {"error": "invalid_request"}), (503, {}), (200, {"access_token": "t"})]], indirect=True
)
def test_what_answers_before_the_domain_is_up_is_not_a_refusal(endpoint: Endpoint, clock: Any) -> None:
    """Whatever its words: only a token endpoint refuses, with 400 or 401."""
    _wait(endpoint, clock)
    assert len(clock.slept) == 2


@pytest.mark.parametrize("endpoint", [[(400, {"error": "invalid_scope"})]], indirect=True)
def test_a_refusal_for_good_is_reported_at_once(endpoint: Endpoint, clock: Any) -> None:
    with pytest.raises(NotSignedIn, match="refuses this client: invalid_scope"):
        _wait(endpoint, clock)
    assert clock.slept == []


@pytest.mark.parametrize("endpoint", [[(200, {"access_token": "a"})]], indirect=True)
def test_a_redirect_is_not_followed(endpoint: Endpoint, clock: Any) -> None:
    """Client id and secret go to the endpoint that was given, and nowhere else."""
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", endpoint.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Be quiet."""

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        operation = Operation(
            Connection(Settings(), clock=clock), "owner", False, 1.0, lambda _: None, "token endpoint 'agents'"
        )
        url = f"http://127.0.0.1:{server.server_port}/oauth2/token"
        with pytest.raises(AgentCoreError, match="HTTP 302"):
            token_endpoint.wait(operation, endpoint=url, client_id="client", client_secret="secret", scope="a/b")
    finally:
        server.shutdown()
        server.server_close()
    assert set(asked) == {"/oauth2/token"}
