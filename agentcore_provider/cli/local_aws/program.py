"""Runs a program whose calls to AWS and to Cognito's hosts are answered by local AWS."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentcore_provider.cli.local_aws.certificate import CertificateAuthority
from agentcore_provider.cli.local_aws.cognito_proxy import (
    DOMAINS,
    CognitoHosts,
    CognitoProxy,
    require_supported,
    running,
)
from agentcore_provider.cli.local_aws.environment import REAL_ACCOUNT
from agentcore_provider.errors import InvalidInput

# Where programs look for certificates: OpenSSL, httpx and Go; requests; curl; AWS's own tools.
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")
_PYTHON_START = Path(__file__).parent / "python_start"
_PROXY = ("HTTPS_PROXY", "https_proxy")
_NO_PROXY = ("NO_PROXY", "no_proxy")


def run_program(command: Sequence[str], endpoint: str, environment: Mapping[str, str]) -> int:
    """Run a program to its end, and return its exit code; 128 and the signal's number if one ended it.

    endpoint: of local AWS. environment: what points programs to it. Raises InvalidInput if it cannot be started.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in REAL_ACCOUNT}
    authority = CertificateAuthority("agentcore local exec", DOMAINS)
    upstream = _upstream(inherited)
    require_supported(upstream)
    with (
        tempfile.TemporaryDirectory(prefix="agentcore-exec-") as folder,
        running(CognitoProxy(endpoint, authority, upstream)) as proxy,
        running(CognitoHosts(endpoint, authority)) as hosts,
    ):
        variables = _through_proxy(inherited, proxy.url) | _trusting(inherited, authority.pem, Path(folder))
        variables |= _led(inherited, hosts.server_port)
        return _run(command, inherited | dict(environment) | variables)


def _upstream(inherited: Mapping[str, str]) -> str:
    """The proxy of the environment; empty if it has none, or reaches every host without it."""
    return "" if "*" in _direct(inherited) else next((inherited[name] for name in _PROXY if inherited.get(name)), "")


def _direct(inherited: Mapping[str, str]) -> list[str]:
    """The hosts that the environment reaches without a proxy."""
    return [it.strip() for name in _NO_PROXY for it in inherited.get(name, "").split(",")]


def _through_proxy(inherited: Mapping[str, str], url: str) -> dict[str, str]:
    kept = [it for it in _direct(inherited) if it and it != "*" and not it.lstrip(".*").endswith(DOMAINS)]
    without = ",".join(dict.fromkeys(["127.0.0.1", "localhost", "::1", *kept]))
    return (
        dict.fromkeys(_PROXY, url)
        | dict.fromkeys(_NO_PROXY, without)
        # Node.js reads the variables above since version 24, if this one is set.
        | {"NODE_USE_ENV_PROXY": "1"}
    )


def _led(inherited: Mapping[str, str], port: int) -> dict[str, str]:
    """Lets Pythons connect to this port where they look up a host of Cognito: urllib3 on its own follows no proxy."""
    path = [str(_PYTHON_START), *filter(None, [inherited.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(path), "AGENTCORE_COGNITO_PORT": str(port)}


def _trusting(inherited: Mapping[str, str], certificate: str, folder: Path) -> dict[str, str]:
    chosen = {name: inherited.get(name) or _default_certificates() for name in _CERTIFICATES}
    if folders := inherited.get("SSL_CERT_DIR"):
        # Clients such as httpx read the folders only where no file is set.
        chosen["SSL_CERT_FILE"] = os.pathsep.join([chosen["SSL_CERT_FILE"], folders])
    written: dict[str, str] = {}
    for source in dict.fromkeys(chosen.values()):
        bundle = folder / f"certificates-{len(written)}.pem"
        bundle.write_bytes(b"".join(map(_content, source.split(os.pathsep))) + certificate.encode())
        written[source] = str(bundle)
    # Node.js adds to its own certificates.
    extra = _content(inherited.get("NODE_EXTRA_CA_CERTS", ""))
    node = folder / "node.pem"
    node.write_bytes(extra + certificate.encode())
    return {name: written[source] for name, source in chosen.items()} | {"NODE_EXTRA_CA_CERTS": str(node)}


def _default_certificates() -> str:
    found = ssl.get_default_verify_paths().cafile
    if found:
        return found
    import certifi

    return certifi.where()


def _content(place: str) -> bytes:
    """Of a file with certificates, whose comments may be in any encoding, or of all of a folder; nothing of one that cannot
    be read."""
    path = Path(place)
    try:
        if place and path.is_dir():
            # Most have each certificate twice: by its name and by its hash.
            files = {it.resolve() for it in path.iterdir() if it.is_file()}
            return b"".join(it for it in map(_content, map(str, sorted(files))) if b"-----BEGIN" in it)
        content = path.read_bytes() if place else b""
    except OSError:
        content = b""
    return content if content.endswith(b"\n") or not content else content + b"\n"


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    process: subprocess.Popen[bytes] | None = None
    came_early: list[int] = []

    def end(number: int, _frame: object) -> None:
        if process is None:
            came_early.append(number)
        else:
            process.send_signal(number)

    # Ctrl-C in a terminal reaches the program itself.
    handlers = {signal.SIGINT: _let_pass, signal.SIGTERM: end}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        process = subprocess.Popen([*command], env=dict(environment))  # noqa: S603 (what the user typed)
        for number in came_early:
            process.send_signal(number)
        code = process.wait()
    except OSError as error:
        raise InvalidInput(
            f"{command[0]} cannot be started: {error.strerror}", "Name a program that exists, such as `python`"
        ) from None
    finally:
        for number, was in before.items():
            signal.signal(number, was)
    return code if code >= 0 else 128 - code


def _let_pass(_number: int, _frame: object) -> None:
    """A handler, since an ignored signal would be ignored in the program, too."""
