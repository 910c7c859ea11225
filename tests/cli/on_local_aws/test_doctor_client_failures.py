"""What fails between a client and a tool's answer, produced on purpose: the layer, what it says, and the cure."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.cli.doctor.client_side import cure_of
from tests.support.shop import Examined, Shop


def _expect(found: Any, layer: str, reported: str, cure: str, exit_code: int = 1) -> None:
    failing = found.failing()
    assert failing["name"] == layer, failing
    assert reported in failing["message"], failing
    assert cure in failing["cure"], failing
    assert found.exit_code == exit_code


def _jwt(**claims: Any) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "RS256", "kid": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".c2ln"


class TestInboundCheck:
    def test_no_token(
        self, examined: Callable[..., Examined], gateway: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        _expect(examined("--gateway", gateway.url), "inbound check", "no token was sent", "--token")

    def test_a_token_that_is_none(self, examined: Callable[..., Examined], shop: Shop) -> None:
        _expect(examined("--token", "nonsense"), "inbound check", "not a JWT", "access_token of the token endpoint")

    def test_an_expired_token(self, examined: Callable[..., Examined], shop: Shop) -> None:
        _expect(examined("--token", _jwt(exp=1)), "inbound check", "the token expired", "fetch a new one")

    def test_an_audience_where_the_tokens_carry_none(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.change_authorizer(allowedAudience=["shop-api"])
        client = shop.outputs["client_id"]
        cure = f"replace allowedAudience by allowedClients: [{client}]"
        _expect(examined(), "inbound check", "the token carries no audience", cure)

    def test_another_audience(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.change_authorizer(allowedAudience=["shop-api"])
        token = _jwt(exp=4102444800, iss=shop.discovery_url.partition("/.well")[0], aud="other-api")
        reported = "audience other-api is not in allowedAudience (shop-api)"
        _expect(examined("--token", token), "inbound check", reported, "ask the issuer")

    def test_a_client_that_is_not_allowed(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.change_authorizer(allowedClients=["somebody-else"])
        reported = f"client {shop.outputs['client_id']} is not in allowedClients (somebody-else)"
        _expect(examined(), "inbound check", reported, f"add {shop.outputs['client_id']}")

    def test_another_issuer(
        self, examined: Callable[..., Examined], shop: Shop, make_shop: Callable[..., Shop]
    ) -> None:
        other = make_shop(targets=False).discovery_url
        shop.update(authorizerConfiguration={"customJWTAuthorizer": {"discoveryUrl": other}})
        _expect(examined(), "inbound check", "the token's issuer is", f"set discoveryUrl to {shop.discovery_url}")

    @pytest.mark.parametrize(
        ("address", "reported"),
        [
            ("http://127.0.0.1:1", "cannot be read"),
            ("{base}/us-west-2_nosuchpool", "answers HTTP 400"),
        ],
    )
    def test_a_discovery_url_that_cannot_be_read(
        self, examined: Callable[..., Examined], shop: Shop, address: str, reported: str
    ) -> None:
        url = f"{address.format(base=shop.aws.endpoint)}/.well-known/openid-configuration"
        shop.update(authorizerConfiguration={"customJWTAuthorizer": {"discoveryUrl": url}})
        _expect(examined(), "inbound check", reported, "set discoveryUrl to the issuer's own document")

    def test_a_scope_that_is_not_allowed(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.change_authorizer(allowedScopes=["shop/admin"])
        _expect(examined(), "inbound check", "HTTP 403: the token's scope shop/invoke", "allowedScopes")

    def test_a_claim_that_is_not_what_the_gateway_asks_for(self, examined: Callable[..., Examined], shop: Shop) -> None:
        match = {"claimMatchOperator": "EQUALS", "claimMatchValue": {"matchValueString": "id"}}
        rule = {
            "inboundTokenClaimName": "token_use",
            "inboundTokenClaimValueType": "STRING",
            "authorizingClaimMatchValue": match,
        }
        shop.change_authorizer(customClaims=[rule])
        _expect(examined(), "inbound check", "claim token_use is access", "customClaims")

    def test_a_key_that_the_issuer_does_not_have(self, examined: Callable[..., Examined], shop: Shop) -> None:
        issuer = shop.discovery_url.partition("/.well")[0]
        token = _jwt(exp=4102444800, iss=issuer, client_id=shop.outputs["client_id"])
        _expect(examined("--token", token), "inbound check", "signed with key none", "fetch a new one")

    def test_a_token_that_was_tampered_with(self, examined: Callable[..., Examined], shop: Shop) -> None:
        header, claims, _ = shop.token().split(".")
        found = examined("--token", f"{header}.{claims}.c2lnbmF0dXJl")
        _expect(found, "inbound check", "its signature must be invalid", "take a new token")

    def test_where_aws_cannot_be_asked_the_token_says_what_to_check(
        self, examined: Callable[..., Examined], gateway: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        found = examined("--gateway", gateway.url, "--token", _jwt(exp=4102444800, client_id="shop-client"))
        _expect(found, "inbound check", "AWS cannot be asked", "client shop-client is in the gateway's allowedClients")


class TestMcpEndpoint:
    @pytest.fixture
    def outside(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_nobody_there(self, examined: Callable[..., Examined], outside: None) -> None:
        found = examined("--gateway", "http://127.0.0.1:1/mcp")
        _expect(found, "MCP endpoint", "No answer from http://127.0.0.1:1/mcp", "agentcore local start", exit_code=3)

    def test_a_host_without_address(self, examined: Callable[..., Examined], outside: None) -> None:
        found = examined("--gateway", "https://nosuch.invalid/mcp")
        _expect(found, "MCP endpoint", "DNS: the host has no address", "check the URL", exit_code=3)

    def test_a_certificate_that_is_not_trusted(
        self, examined: Callable[..., Examined], outside: None, self_signed: str
    ) -> None:
        found = examined("--gateway", f"{self_signed}/mcp")
        _expect(found, "MCP endpoint", "TLS: ", "SSL_CERT_FILE", exit_code=3)

    @pytest.mark.parametrize(
        ("path", "reported", "cure"),
        [
            ("/nowhere", "is not there: HTTP 404", "ends in /mcp"),
            ("/page/404/mcp", "is not there: HTTP 404", "ends in /mcp"),
            ("/page/405/mcp", "does not accept MCP messages: HTTP 405", "ends in /mcp"),
            ("/page/200/mcp", "answers text/html, which no gateway does", "ends in /mcp"),
            ("/page/302/mcp", "redirects to https://login.example.com/", "use the gateway's own URL"),
        ],
    )
    @pytest.mark.usefixtures("outside")
    def test_a_wrong_address(
        self, examined: Callable[..., Examined], gateway: Any, path: str, reported: str, cure: str
    ) -> None:
        _expect(examined("--gateway", f"{gateway.base}{path}"), "MCP endpoint", reported, cure)

    @pytest.mark.usefixtures("environment")
    def test_a_gateway_that_was_deleted(
        self, examined: Callable[..., Examined], make_shop: Callable[..., Shop]
    ) -> None:
        shop = make_shop(targets=False)
        control = shop.aws.client("bedrock-agentcore-control")
        control.delete_gateway(gatewayIdentifier=shop.gateway_id)
        _expect(examined("--gateway", shop.url), "MCP endpoint", "does not exist", "whether the gateway was deleted")

    def test_a_gateway_that_breaks(self, examined: Callable[..., Examined], outside: None, gateway: Any) -> None:
        """It breaks before it looks who asks, so nothing is reported of the inbound check."""
        found = examined("--gateway", f"{gateway.base}/broken/mcp")
        _expect(found, "MCP endpoint", "HTTP 502 target is down", "try again in a minute")
        assert found.status_of("inbound check") == "not reached"

    @pytest.mark.parametrize(("status", "cure"), [(429, "wait a minute"), (503, "try again in a minute")])
    def test_a_gateway_that_limits_calls_or_fails(
        self, examined: Callable[..., Examined], shop: Shop, status: int, cure: str
    ) -> None:
        shop.aws.fault(operation="initialize", kind="status", status=status)
        _expect(examined(), "MCP endpoint", f"HTTP {status}", cure)


class TestTokenEndpoint:
    def test_a_certificate_that_is_not_trusted(
        self, examined: Callable[..., Examined], shop: Shop, engine: Path, self_signed: str
    ) -> None:
        path = engine / "outputs.json"
        path.write_text(path.read_text().replace(shop.outputs["token_endpoint"], f"{self_signed}/oauth2/token"))
        _expect(examined(), "token endpoint", "TLS: the certificate of", "SSL_CERT_FILE", exit_code=3)


class TestTools:
    @pytest.mark.usefixtures("environment")
    def test_none(self, examined: Callable[..., Examined], make_shop: Callable[..., Shop]) -> None:
        """Asked as a client alone would, since AWS would have reported before that there are no targets."""
        shop = make_shop(authorizer_type="NONE", targets=False)
        shop.aws.fault(operation="GetGateway", kind="status", status=403)
        _expect(examined("--gateway", shop.url), "tools", "has no tools", "add a target")

    def test_a_refusal(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.aws.fault(operation="tools/list", kind="status", status=429, reason="slow down")
        _expect(examined(), "tools", "throttles calls: HTTP 429", "wait a minute")

    def test_a_failure_after_the_caller_was_let_in(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.aws.fault(operation="tools/list", kind="status", status=500, reason="out of order")
        found = examined()
        _expect(found, "tools", "HTTP 500 out of order", "try again in a minute")
        assert found.status_of("inbound check") == "ok"

    @pytest.mark.parametrize(
        ("reported", "cure"),
        [
            (
                "OpenAPIClientException - Error executing HTTP request for list_users: Client error: API request failed "
                'with status: 401 - {"message":"bad key"}',
                "see the target's credential: provider",
            ),
            ("HTTP 403 from the function", "check the credentials of target api"),
            ("GET https://api.example.com/users did not answer: refused", "check that the address answers"),
            (
                "OpenAPIClientException - Error executing HTTP request for unknown: api.example.com",
                "see `servers` of the OpenAPI document",
            ),
            ("An internal error occurred. Please retry later.", 'set exception_level to "DEBUG" on the gateway'),
            ("ValidationException - Missing required field(s): 'id'", "check the tool's arguments"),
            ("ValidationException - Parameter validation failed: Invalid request", "see the tool's schema"),
        ],
    )
    def test_the_cure_of_an_answer_is_for_what_it_says(self, reported: str, cure: str) -> None:
        assert cure_of(reported, "api", "the log").startswith(cure)

    def test_a_tool_that_is_not_there(self, examined: Callable[..., Examined], shop: Shop) -> None:
        found = examined("--call", "get_ordr", "{}")
        _expect(found, "tool call", "no tool 'get_ordr'", "did you mean orders___get_order?")

    @pytest.mark.parametrize(
        ("arguments", "reported"),
        [('{"order_id": "none"}', "An internal error occurred"), ('{"order": 7}', "order_id")],
    )
    def test_a_tool_that_answers_an_error(
        self, examined: Callable[..., Examined], shop: Shop, arguments: str, reported: str
    ) -> None:
        found = examined("--call", "get_order", arguments)
        function = shop.aws.order_function.rpartition(":")[2]
        _expect(found, "tool call", reported, f"CloudWatch /aws/lambda/{function}")


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An HTTPS server on this machine whose certificate nobody trusts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    class Server(HTTPServer):
        def get_request(self) -> tuple[Any, Any]:
            connection, address = super().get_request()
            return context.wrap_socket(connection, server_side=True), address

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that hang up are what is expected."""

    server = Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
