"""Programs that have Cognito's addresses built in get the tokens of local AWS."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agentcore_provider.cli.local_aws.certificate import CertificateAuthority
from agentcore_provider.cli.local_aws.cognito_proxy import DOMAINS, CognitoProxy, running
from agentcore_provider.cli.local_aws.program import run_program
from agentcore_provider.errors import InvalidInput
from agentcore_provider.gateway_client import GatewayClient
from agentcore_provider.local.aws_address import folder_of_host
from tests.support.local_aws import REGION, ServedAws

TOKEN = """
import sys, {client}
url, form = sys.argv[1], dict(grant_type="client_credentials", client_id=sys.argv[2], client_secret=sys.argv[3])
{ask}
assert b"access_token" in answer, answer
"""
CLIENTS = {
    "httpx": "answer = httpx.post(url, data=form).content",
    "requests": "answer = requests.post(url, data=form).content",
    # Follows no proxy.
    "urllib3": "answer = urllib3.PoolManager().request('POST', url, fields=form, encode_multipart=False).data",
    "urllib.request, urllib.parse": (
        "answer = urllib.request.urlopen(url, urllib.parse.urlencode(form).encode()).read()"
    ),
}


@pytest.fixture(scope="module")
def local_aws() -> Iterator[ServedAws]:
    """A local AWS whose clock moves."""
    served = ServedAws(monotonic=time.monotonic)
    yield served
    served.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_tokens_come_from_local_aws(
    local_aws: ServedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, client: str
) -> None:
    """At the address that AWS has, over TLS, by clients that know nothing of it; also where a setting excludes AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("NO_PROXY", ".amazoncognito.com,*")
    made = GatewayClient(REGION, endpoint_url=local_aws.endpoint).create_oauth_authorizer_with_cognito(
        local_aws.unique("shop")
    )["client_info"]
    script = tmp_path / "ask.py"
    script.write_text(TOKEN.format(client=client, ask=CLIENTS[client]))
    url = f"https://{made['domain_prefix']}.auth.{REGION}.amazoncognito.com/oauth2/token"
    arguments = [sys.executable, str(script), url, made["client_id"], made["client_secret"]]
    assert run_program(arguments, local_aws.endpoint, {}) == 0


def test_a_proxy_for_no_host_is_not_used(local_aws: ServedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs reach every host without it, so it matters neither whether it answers nor what it speaks."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    arguments = [sys.executable, "-c", "pass"]
    with pytest.raises(InvalidInput, match="HTTPS_PROXY is a proxy of socks5"):
        run_program(arguments, local_aws.endpoint, {})
    monkeypatch.setenv("NO_PROXY", "*")
    assert run_program(arguments, local_aws.endpoint, {}) == 0


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("shop.auth.us-west-2.amazoncognito.com", "/cognito/shop"),
        ("cognito-idp.us-west-2.amazonaws.com", ""),
        ("cognito-idp.cn-north-1.amazonaws.com.cn", ""),
        ("bedrock-runtime.us-west-2.amazonaws.com", None),
        ("shop.auth.us-west-2.amazoncognito.com.example.org", None),
        ("example.org", None),
    ],
)
def test_only_hosts_of_cognito_are_answered(host: str, path: str | None) -> None:
    """Whatever else a program calls, such as a model, is not touched."""
    assert folder_of_host(host) == path


def connect(proxy: CognitoProxy, host: str, port: int, *, password: bool = True) -> tuple[socket.socket, bytes]:
    """A connection after CONNECT, and the first line of the proxy's answer."""
    url = urlsplit(proxy.url)
    basic = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    connection = socket.create_connection(("127.0.0.1", url.port or 0), 10)
    header = f"Proxy-Authorization: Basic {basic}\r\n" if password else ""
    connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(1)
    return connection, answer.splitlines()[0]


@contextlib.contextmanager
def echoing() -> Iterator[int]:
    """A server that sends back what one client sends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                while data := connection.recv(1024):
                    connection.sendall(data)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.fixture(scope="module")
def authority() -> CertificateAuthority:
    return CertificateAuthority("test", DOMAINS)


def test_other_hosts_are_reached_directly_or_through_the_proxy_that_is_set(authority: CertificateAuthority) -> None:
    """Bytes pass unchanged, both ways, through one more proxy where the environment names one."""
    with (
        running(CognitoProxy("http://127.0.0.1:9", authority)) as direct,
        running(CognitoProxy("http://127.0.0.1:9", authority, direct.url)) as chained,
        echoing() as port,
    ):
        connection, answer = connect(chained, "127.0.0.1", port)
        with connection:
            assert answer == b"HTTP/1.1 200 Connection established"
            connection.sendall(b"\x16\x03 hello")
            assert connection.recv(100) == b"\x16\x03 hello"


def test_other_hosts_are_reached_through_a_proxy_with_tls(
    authority: CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the certificates that the environment trusts; another one is not reached, which the program is answered."""
    own = CertificateAuthority("proxy", ("localhost",))
    trusted = tmp_path / "trusted.pem"
    trusted.write_text(own.pem)
    with running(CognitoProxy("http://127.0.0.1:9", authority)) as secure, echoing() as port:
        secure.socket = own.context("localhost").wrap_socket(secure.socket, server_side=True)
        upstream = secure.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
        with running(CognitoProxy("http://127.0.0.1:9", authority, upstream)) as chained:
            connection, answer = connect(chained, "127.0.0.1", port)
            connection.close()
            assert answer.startswith(b"HTTP/1.1 502")
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            connection, answer = connect(chained, "127.0.0.1", port)
            with connection:
                assert answer == b"HTTP/1.1 200 Connection established"
                for size in (5, 100_000):
                    connection.sendall(b"x" * size)
                    got = b""
                    while len(got) < size:
                        got += connection.recv(65536)
                    assert got == b"x" * size


def test_a_proxy_of_another_protocol_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the program starts."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(InvalidInput, match=r"HTTPS_PROXY is a proxy of socks5:.*Set HTTPS_PROXY to such a proxy"):
        run_program(["true"], "http://127.0.0.1:9", {})


def test_nobody_else_gets_through_the_proxy(authority: CertificateAuthority) -> None:
    """Other users of the machine do not know its password."""
    with running(CognitoProxy("http://127.0.0.1:9", authority)) as proxy:
        for host in ("127.0.0.1", "shop.auth.us-west-2.amazoncognito.com"):
            connection, answer = connect(proxy, host, 443, password=False)
            connection.close()
            assert answer.startswith(b"HTTP/1.1 407")


def test_the_certificate_counts_for_hosts_of_aws_alone(authority: CertificateAuthority) -> None:
    """Who trusts it still refuses a certificate that it signed for another host."""
    client = ssl.create_default_context(cadata=authority.pem)
    outcomes = {}
    for host in ("shop.auth.us-west-2.amazoncognito.com", "example.org"):
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=_accept, args=(authority.context(host), theirs), daemon=True)
        thread.start()
        try:
            client.wrap_socket(ours, server_hostname=host).close()
            outcomes[host] = "accepted"
        except ssl.SSLCertVerificationError as error:
            outcomes[host] = error.verify_message
        thread.join(10)
    assert outcomes == {
        "shop.auth.us-west-2.amazoncognito.com": "accepted",
        "example.org": "permitted subtree violation",
    }


def _accept(context: ssl.SSLContext, end: socket.socket) -> None:
    with contextlib.suppress(OSError), end:
        context.wrap_socket(end, server_side=True).close()


def test_local_aws_that_stopped_is_reported_to_the_program(authority: CertificateAuthority) -> None:
    """As an error of the gateway, not as a connection that hangs or breaks."""
    host = "shop.auth.us-west-2.amazoncognito.com"
    with running(CognitoProxy("http://127.0.0.1:9", authority)) as proxy:
        connection, _ = connect(proxy, host, 443)
        secure = ssl.create_default_context(cadata=authority.pem).wrap_socket(connection, server_hostname=host)
        with secure:
            secure.sendall(f"POST /oauth2/token HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode())
            assert secure.recv(1000).startswith(b"HTTP/1.1 502")


def test_the_exit_code_is_the_program_s() -> None:
    """Also that of a program which a signal ended; one that does not exist is an error with a cure."""
    assert run_program(["sh", "-c", "exit 7"], "http://127.0.0.1:9", {}) == 7
    assert run_program(["sh", "-c", "kill -TERM $$"], "http://127.0.0.1:9", {}) == 128 + signal.SIGTERM
    with pytest.raises(InvalidInput, match="no-such-program cannot be started"):
        run_program(["no-such-program"], "http://127.0.0.1:9", {})


def test_the_program_keeps_the_certificates_that_its_user_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's own certificates stay trusted, beside the proxy's; the files are gone afterwards."""
    chosen = tmp_path / "company.pem"
    # Bundles have comments in whatever encoding their authors use.
    chosen.write_bytes(b"# Soci\xe9t\xe9\nCOMPANY")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(chosen))
    monkeypatch.setenv("AWS_PROFILE", "work")
    report = tmp_path / "report"
    script = f'cat "$REQUESTS_CA_BUNDLE" > {report}; echo "$SSL_CERT_FILE $AWS_PROFILE" >> {report}; echo "$ASKED" >> {report}'
    assert run_program(["sh", "-c", script], "http://127.0.0.1:9", {"ASKED": "yes"}) == 0
    text = report.read_text(encoding="latin-1")
    assert text.startswith("# Soci\xe9t\xe9\nCOMPANY\n-----BEGIN CERTIFICATE-----\n")
    others, asked = text.splitlines()[-2:]
    assert (Path(others.strip()).exists(), asked) == (False, "yes")
    assert "work" not in others


def test_folders_of_certificates_stay_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each certificate once, though it is there by its name and by its hash; what is not a certificate is left out."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "company.pem").write_text("-----BEGIN CERTIFICATE-----\nCOMPANY")
    (folder / "0a1b2c3d.0").symlink_to("company.pem")
    (folder / "README").write_text("NOTHING")
    monkeypatch.setenv("SSL_CERT_DIR", f"{folder}{os.pathsep}{tmp_path / 'nowhere'}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        report = tmp_path / name
        assert run_program(["sh", "-c", f'cat "${name}" > {report}'], "http://127.0.0.1:9", {}) == 0
        text = report.read_text(encoding="latin-1")
        assert (text.count("COMPANY"), text.count("NOTHING")) == (1, 0)
        assert text.count("-----BEGIN CERTIFICATE-----") > (10 if name == "SSL_CERT_FILE" else 1)


def test_a_python_keeps_its_own_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sitecustomize of the user runs too, and other hosts are looked up as before."""
    (tmp_path / "sitecustomize.py").write_text("import os; os.environ['STARTED'] = 'yes'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code = (
        "import os, socket, sys\n"
        "assert os.environ['STARTED'] == 'yes' and sys.modules['sitecustomize'].__file__.startswith(sys.argv[1])\n"
        "assert socket.getaddrinfo('localhost', 443)[0][4][1] == 443\n"
        "assert socket.getaddrinfo('a.auth.us-west-2.amazoncognito.com', 443)[0][4][0] == '127.0.0.1'\n"
    )
    assert run_program([sys.executable, "-c", code, str(tmp_path)], "http://127.0.0.1:9", {}) == 0


def test_an_end_from_outside_reaches_the_program(tmp_path: Path) -> None:
    """SIGTERM to the command ends the program, and the command with its exit code."""
    code = (
        "import sys\n"
        "from agentcore_provider.cli.local_aws.program import run_program\n"
        "sys.exit(run_program(['sh', '-c', 'trap \"exit 9\" TERM; echo ready; while :; do sleep 0.05; done'],"
        " 'http://127.0.0.1:9', {}))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "ready\n"
        command.terminate()
        assert command.wait(30) == 9
