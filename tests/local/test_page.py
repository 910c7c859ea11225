"""The page of local AWS, request by request. tests/local/test_page_in_browser.py clicks through it."""

from __future__ import annotations

import html
import os
import re
import shlex
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPResponse
from typing import Any

import pytest

from tests.support.control_plane import ControlPlane
from tests.support.local_aws import lambda_configuration

PAGE = "/_local/page/"
SECRET = "sesame-7c1f-open"
TOOLS = [
    {
        "name": "find_order",
        "description": "Find an order by its number",
        "inputSchema": {
            "type": "object",
            "properties": {
                "id": {"type": "string", "description": "Such as A-1"},
                "count": {"type": "integer"},
                "express": {"type": "boolean"},
                "lines": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["id"],
        },
    },
    {"name": "cancel_order", "description": "Cancel it", "inputSchema": {"type": "object", "properties": {}}},
]
CODE = """
def handler(event, context):
    print("looking for", event)
    if event.get("id") == "bad":
        raise ValueError("no such order")
    return {"order": event}
"""


class Site:
    """A gateway with two tools on local AWS, and its pages as a browser without a script gets them."""

    def __init__(self, local_aws: ControlPlane, environment: dict[str, str] | None = None, /, **members: Any) -> None:
        """environment: what commands to copy expect. members: of CreateGateway."""
        self.aws = local_aws
        self.environment = environment or {}
        self.gateway = local_aws.gateway(name=local_aws.unique("shop"), **members)
        self.gateway_id = str(self.gateway["gatewayId"])
        configuration = lambda_configuration(local_aws.function(CODE), TOOLS)
        target = local_aws.lambda_target(self.gateway_id, targetConfiguration=configuration)
        local_aws.control.create_gateway_target(**{**target, "name": "orders"})
        self.path = f"gateways/{self.gateway_id}"

    def get(self, path: str = "", **headers: str) -> str:
        """A page as text."""
        return self.ask(path, None, headers)[1]

    def ask(self, path: str, form: dict[str, str] | None, headers: dict[str, str] | None = None) -> tuple[Any, str]:
        """The response to a request after redirects, and its text."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self.aws.endpoint + PAGE + path, data, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response, response.read().decode()
        except urllib.error.HTTPError as error:
            return error, error.read().decode()

    def send(self, path: str, **form: str) -> tuple[Any, str]:
        """Fill in a form of the page."""
        return self.ask(path, {"token": self.token(), **form})

    def token(self) -> str:
        """What every form of the page carries."""
        found = re.search(r'name="token" value="([^"]+)"', self.get("faults"))
        assert found is not None
        return found[1]

    def call(self, name: str = "orders___find_order", **form: str) -> str:
        """Call a tool through its form; the page that shows the call."""
        return html.unescape(self.send(f"{self.path}/tool", **{"name": name, "as": "fields", **form})[1])


@pytest.fixture(scope="module")
def site(local_aws: ControlPlane) -> Site:
    return Site(local_aws)


def test_it_shows_gateways_targets_and_tools(site: Site) -> None:
    """With their status, and a link to the form of each tool."""
    assert site.gateway_id in site.get()
    shown = site.get(site.path)
    for text in (
        "orders___find_order",
        "Find an order by its number",
        "READY",
        "mcp.lambda",
        site.gateway["gatewayUrl"],
    ):
        assert text in shown
    assert "does not exist" not in shown


def test_a_target_that_failed_has_its_reason(site: Site) -> None:
    """Where its status is; it has no tools."""
    site.aws.fault(operation="CreateGatewayTarget", kind="fail", reason="The server did not answer <here>")
    site.aws.control.create_gateway_target(**{**site.aws.lambda_target(site.gateway_id), "name": "broken"})
    site.aws.clear_faults()
    shown = site.get(site.path)
    assert "The server did not answer &lt;here&gt;" in shown
    assert "No tools while it is FAILED." in shown
    assert "broken FAILED" in site.get()


def test_a_form_has_a_field_for_each_argument(site: Site) -> None:
    """Text, number, choice or JSON, after the schema; a description belongs to its field."""
    shown = site.get(f"{site.path}/tool?name=orders___find_order")
    assert '<label for="field-1">id <span class="quiet">string, required</span>' in shown
    assert 'aria-describedby="hint-1" aria-required="true"' in shown
    assert re.search(r'name="argument:count"[^>]*inputmode="decimal"', shown)
    assert re.search(r'<select[^>]*name="argument:express"', shown)
    assert re.search(r'<textarea[^>]*name="argument:lines"', shown)


def test_a_call_shows_request_what_was_sent_and_answer(site: Site) -> None:
    """And what the function printed; empty fields are left out, the others have the schema's types."""
    fields = {"argument:id": "A-1", "argument:count": "2", "argument:express": "true", "argument:lines": '["x"]'}
    shown = site.call(**fields)
    assert '"name": "orders___find_order"' in shown
    assert re.search(r"Sent to Lambda function arn:aws:lambda:\S+", shown)
    assert '"id": "A-1",\n  "count": 2,\n  "express": true,\n  "lines": [' in shown
    assert "looking for" in shown
    assert 'value="A-1"' in shown, "the form to call it again is filled in"
    assert '"count"' not in site.call(**{"argument:id": "A-1"}).partition("Call again")[0]


def test_a_failed_call_shows_the_reason_that_clients_do_not_learn(site: Site) -> None:
    """The client gets one sentence, the page what the function raised."""
    shown = site.call(**{"argument:id": "bad"})
    assert "ValueError: no such order" in shown
    assert "An internal error occurred" in shown
    assert "ValueError: no such order" in site.get("calls?only=errors")


def test_a_text_of_several_lines_stays_one(site: Site) -> None:
    """In the form to call a tool again, and in what it sends."""
    shown = site.call(**{"argument:id": "two\r\nlines"})
    assert '"id": "two\\nlines"' in shown
    assert re.search(r'<textarea id="field-1"[^>]*>\ntwo\nlines</textarea>', shown)


def test_arguments_can_be_written_as_json(site: Site) -> None:
    """Also wrong ones, to see what the gateway answers; what is not JSON is reported and kept."""
    shown = site.call(**{"as": "json", "document": '{"id": 1}'})
    assert "Field 'id' has invalid type: integer found, string expected" in shown.replace("/id", "id")
    response, text = site.send(f"{site.path}/tool", name="orders___find_order", **{"as": "json", "document": "{no"})
    assert (response.status, "Arguments as JSON is not JSON" in text, "{no" in text) == (400, True, True)


def test_search_shows_scores(site: Site) -> None:
    """Best first, as the gateway's own search tool ranks them."""
    shown = site.get(f"{site.path}?query=cancel")
    assert re.search(r"orders___cancel_order</a> <span class=\"quiet\">score \d+\.\d\d", shown)
    assert "No tool has one of these words" in site.get(f"{site.path}?query=weather")


def test_new_calls_come_as_events(site: Site) -> None:
    """Each a row of the table with the number that the browser resumes from; a filter holds for them too."""
    latest = site.aws.server.application.requests.latest(1)[-1].number
    request = urllib.request.Request(f"{site.aws.endpoint}{PAGE}calls/events?only=tools&after={latest}")
    with urllib.request.urlopen(request, timeout=30) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        site.aws.control.list_gateways()
        calling = threading.Thread(target=site.call, kwargs={"argument:id": "A-77"})
        calling.start()
        event = _next_event(stream)
        calling.join()
    assert event[0] == f"id: {latest + 2}"
    assert "orders___find_order" in event[1]


def _next_event(stream: HTTPResponse) -> list[str]:
    lines: list[str] = []
    while True:
        line = stream.readline().decode().rstrip("\n")
        if line and not line.startswith(":"):
            lines.append(line)
        elif lines:
            return lines


def test_faults_and_latency_are_switched_on_and_off(site: Site) -> None:
    """As with POST /_local/faults; a fault that is not valid is reported, and none is set."""
    site.send("faults", operation="tools/call", kind="status", status="503", times="1")
    assert [it["status"] for it in site.aws.ask("GET", "/_local/faults")] == [503]
    assert "HTTP status</dt><dd>503" in site.call(**{"argument:id": "A-1"})
    response, text = site.send("faults", operation="", kind="status")
    assert (response.status, "A fault needs an operation" in text) == (400, True)
    for name, value, message in (
        ("nth", "soon", "nth has to be a whole number"),
        ("seconds", "1,5", "seconds has to be a number"),
        ("seconds", "nan", "seconds of 0 to 86400"),
    ):
        response, text = site.send("faults", **{"operation": "tools/list", "kind": "stall", name: value})
        assert (response.status, message in text) == (400, True)
    site.send("faults", operation="tools/list", kind="stall", seconds="0.5")
    shown = site.get("faults")
    documents = [html.unescape(it) for it in re.findall(r'name="fault" value="([^"]+)"', shown)]
    site.send("faults/remove", fault=documents[0])
    assert [it["operation"] for it in site.aws.ask("GET", "/_local/faults")] == ["tools/list"]
    site.send("faults/remove", fault="{}")
    site.send("faults/clear")
    assert site.aws.ask("GET", "/_local/faults") == []
    site.send("delays", gateway="5", target="0", domain="0", permission="0")
    assert site.aws.gateway()["status"] == "CREATING"
    assert 'name="gateway" inputmode="decimal" value="5"' in site.get("faults")
    assert site.send("delays", gateway="-1")[0].status == 400
    site.send("delays", gateway="0")


def test_an_answer_withheld_by_a_fault_is_shown(site: Site) -> None:
    """The page stays usable: the call is recorded, with what was sent."""
    site.send("faults", operation="tools/call", kind="drop", times="1")
    assert "the answer was withheld" in site.call(**{"argument:id": "A-1"})
    site.send("faults/clear")


def test_a_form_without_the_token_does_nothing(site: Site) -> None:
    """Nor one with another: so no other site can send it, whatever the browser."""
    calls = len(site.aws.server.application.requests.list())
    for form in ({}, {"token": "x"}, {"token": ""}, {"token": "é"}):
        for path in (
            f"{site.path}/tool",
            f"{site.path}/token",
            "faults",
            "faults/remove",
            "faults/clear",
            "delays",
            "reset",
        ):
            response, text = site.ask(
                path, {"name": "orders___find_order", "as": "fields", "operation": "*", "kind": "drop", **form}
            )
            assert (response.status, "Open the page again" in text) == (403, True)
    assert site.aws.ask("GET", "/_local/faults") == []
    assert len(site.aws.server.application.requests.list()) == calls


@pytest.mark.parametrize(
    "headers",
    [{"Host": "rebind.example"}, {"Origin": "http://other.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["host", "origin", "site"],
)
def test_other_sites_get_nothing_of_the_page(site: Site, headers: dict[str, str]) -> None:
    """The guard of local AWS holds for it."""
    for path in ("", site.path, "calls/events", "assets/page.js"):
        response, text = site.ask(path, None, headers)
        assert (response.status, "<html" in text) == (403, False)


def test_no_page_loads_anything_from_elsewhere(site: Site) -> None:
    """Nor may it be framed, kept, or run a script that is written into it."""
    for path in ("", site.path, f"{site.path}/tool?name=orders___find_order", "calls", "faults", "resources", "none"):
        response, text = site.ask(path, None)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?![^>]*src=\"/_local/)|<style|\sstyle=|\son\w+=", text)
        assert {
            it for it in re.findall(r'(?:src|href)="([^"]+)"', text) if not it.startswith(("/_local/page/", "#"))
        } == set()


def test_what_tools_and_callers_write_is_text(site: Site) -> None:
    """No markup of theirs gets into a page or an event."""
    mark = "<img src=x onerror=alert(1)>"
    tool = {
        "name": "t",
        "description": mark,
        "inputSchema": {"type": "object", "properties": {"a": {"type": "string", "description": mark}}},
    }
    target = site.aws.lambda_target(site.gateway_id, targetConfiguration=site.aws.lambda_configuration([tool]))
    site.aws.control.create_gateway_target(**{**target, "name": "marked"})
    site.aws.http(
        "POST", f"/gateways/{site.gateway_id}/mcp", {"jsonrpc": "2.0", "id": 1, "method": mark}, {"User-Agent": mark}
    )
    site.send(f"{site.path}/tool", **{"name": "marked___t", "as": "fields", "argument:a": mark})
    number = site.aws.server.application.requests.latest(1)[-1].number
    for path in (
        site.path,
        f"{site.path}/tool?name=marked___t",
        "calls",
        f"calls/{number}",
        f"{site.path}?query={urllib.parse.quote(mark)}",
    ):
        text = site.get(path)
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text


def test_secrets_are_hidden(site: Site) -> None:
    """Keys of credential providers, and the key that a call sends to its target, wherever it appears."""
    name = site.aws.unique("key")
    site.aws.control.create_api_key_credential_provider(name=name, apiKey=SECRET)
    shown = site.get("resources")
    assert name in shown
    assert "(hidden)" in shown
    assert SECRET not in shown


def test_addresses_that_do_not_exist_say_so(site: Site) -> None:
    """In a page with the status 404."""
    for path in (
        "none",
        "gateways/none",
        f"{site.path}/tool?name=none",
        "calls/999999999",
        f"calls/{'9' * 5000}",
        "assets/none",
        "assets/..%2fsite.py",
    ):
        response, text = site.ask(path, None)
        assert (response.status, "This page cannot be shown" in text) == (404, True)


def test_the_address_of_local_aws_leads_a_browser_to_the_page(site: Site) -> None:
    """Programs are answered there as before: an anonymous request lists buckets."""
    for path in ("/", "/_local", "/_local/"):
        request = urllib.request.Request(site.aws.endpoint + path, headers={"Accept": "text/html,*/*"})
        with urllib.request.urlopen(request, timeout=30) as response:
            assert response.url == site.aws.endpoint + PAGE
    assert site.aws.client("s3").list_buckets()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_records_of_every_kind_are_shown(site: Site) -> None:
    """Also those inside others, such as the policies of an engine; a gateway shows the engine that decides for it."""
    control = site.aws.control
    engine = control.create_policy_engine(name=site.aws.unique("engine").replace("-", "_"))
    statement = "forbid (principal, action, resource);"
    control.create_policy(
        policyEngineId=engine["policyEngineId"],
        name="nobody",
        definition={"cedar": {"statement": statement}},
        validationMode="IGNORE_ALL_FINDINGS",
    )
    role = site.aws.execution_role()
    for action in ("AuthorizeAction", "PartiallyAuthorizeActions", "GetPolicyEngine"):
        site.aws.allow(role, f"bedrock-agentcore:{action}", "*")
    gateway = site.aws.gateway(
        roleArn=role, policyEngineConfiguration={"arn": engine["policyEngineArn"], "mode": "ENFORCE"}
    )
    for path in ("resources", f"gateways/{gateway['gatewayId']}"):
        shown = site.get(path)
        for text in (engine["name"], "Policies", "nobody", statement):
            assert text in shown
    assert "Policy engine, ENFORCE" in site.get(f"gateways/{gateway['gatewayId']}")


@pytest.fixture(scope="module")
def signed_in(local_aws: ControlPlane) -> Site:
    """A gateway that takes tokens of a local user pool."""
    cognito = local_aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=local_aws.unique("pool"))["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=local_aws.unique("shop"))
    cognito.create_resource_server(
        UserPoolId=pool, Identifier="shop", Name="shop", Scopes=[{"ScopeName": "call", "ScopeDescription": "Call it"}]
    )
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="agent",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["shop/call"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    authorizer = {
        "discoveryUrl": f"https://cognito-idp.us-west-2.amazonaws.com/{pool}/.well-known/openid-configuration",
        "allowedClients": [client["ClientId"]],
    }
    return Site(
        local_aws,
        {"CLIENT_SECRET": client["ClientSecret"]},
        authorizerType="CUSTOM_JWT",
        authorizerConfiguration={"customJWTAuthorizer": authorizer},
    )


def test_it_signs_in_to_a_gateway_by_itself(signed_in: Site) -> None:
    """With an app client that the gateway allows; the caller of the call is that client, its token nowhere."""
    shown = signed_in.call(**{"argument:id": "A-1"})
    assert "looking for" in shown
    assert re.search(r"Caller</dt><dd>[a-z0-9]{26} ", shown)
    assert "eyJ" not in shown


def test_a_token_is_shown_on_request_only(signed_in: Site) -> None:
    """And works; the client's secret is never shown."""
    page = signed_in.get(signed_in.path)
    assert "eyJ" not in page
    revealed = signed_in.send(f"{signed_in.path}/token")[1]
    found = re.search(r"eyJ[\w.-]+", revealed)
    assert found is not None
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    mcp = f"/gateways/{signed_in.gateway_id}/mcp"
    assert signed_in.aws.http("POST", mcp, ping, {"Authorization": f"Bearer {found[0]}"})[0] == 200
    assert signed_in.environment["CLIENT_SECRET"] not in page + revealed


def test_a_gateway_of_another_issuer_asks_for_a_token(site: Site) -> None:
    """A field of the form takes it, and it is kept nowhere; the refusal of the gateway is shown."""
    authorizer = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration", "allowedClients": ["x"]}
    configuration = {"customJWTAuthorizer": authorizer}
    other = Site(site.aws, authorizerType="CUSTOM_JWT", authorizerConfiguration=configuration)
    assert re.search(r'name="bearer" type="password"', other.get(f"{other.path}/tool?name=orders___find_order"))
    shown = other.call(bearer="my-own-token", **{"argument:id": "A-1"})
    assert "Invalid Bearer token" in shown
    assert "my-own-token" not in shown


@pytest.mark.parametrize("kind", ["NONE", "AWS_IAM", "CUSTOM_JWT"])
def test_commands_to_copy_work(site: Site, signed_in: Site, kind: str) -> None:
    """Those for a shell list the tools, after those that set the token; so does the program in Python."""
    chosen = {"NONE": site, "CUSTOM_JWT": signed_in}.get(kind) or Site(site.aws, authorizerType=kind)
    page = chosen.get(chosen.path)

    def block(label: str) -> str:
        found = re.search(rf'aria-label="{label}" data-copy>(.*?)</pre>', page, re.DOTALL)
        assert found is not None
        return html.unescape(found[1])

    token = block("Commands that set GATEWAY_TOKEN") if kind == "CUSTOM_JWT" else ""
    programs = {"curl": block("curl")}
    if kind != "AWS_IAM":
        programs["Python"] = f"{shlex.quote(sys.executable)} - <<'END'\n{block('Python')}END"
    for program in programs.values():
        done = subprocess.run(
            ["bash", "-c", f"{token}\n{program}"],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            env=os.environ | chosen.environment,
        )
        assert "orders___cancel_order" in done.stdout, done.stderr
