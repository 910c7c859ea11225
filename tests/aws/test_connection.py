"""The one door to AWS reports in one line what went wrong on the other side of it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.errors import AwsRefused, AwsUnreachable, InvalidInput

ROLES = '[{"roleArn": "arn:aws:iam::123456789012:role/deploy"}]'
SIGNED_IN = {"access_key": "key", "secret_key": "secret"}


class OtherOwner(http.server.BaseHTTPRequestHandler):
    """Somebody who is not AWS."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>welcome</html>")

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


def _served(handler: type[OtherOwner]) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def other_owner() -> Iterator[str]:
    yield from _served(OtherOwner)


def test_an_answer_that_is_not_of_aws_is_not_a_traceback(other_owner: str) -> None:
    connection = Connection(Settings(region="us-west-2", endpoint_url=other_owner, **SIGNED_IN))
    with pytest.raises(AwsUnreachable, match=r"not AWS. Check the stack's agentcore:endpointUrl"):
        connection.call("GetGateway", gatewayIdentifier="shop-0123456789")


class Refusing(OtherOwner):
    """An AWS that lets nobody assume a role."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.end_headers()
        error = "<Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message>"
        self.wfile.write(f"<ErrorResponse><Error>{error}</Error></ErrorResponse>".encode())


@pytest.fixture
def refusing() -> Iterator[str]:
    yield from _served(Refusing)


@pytest.mark.parametrize(
    "ask", [lambda it: it.operation_model("CreateGateway"), lambda it: it.region, lambda it: it.call("X")]
)
def test_a_role_that_may_not_be_assumed_is_reported_in_one_line(refusing: str, ask: Any) -> None:
    roles = '[{"roleArn": "arn:aws:iam::123456789012:role/deploy", "externalId": "shop"}]'
    connection = Connection(Settings(region="us-west-2", endpoint_url=refusing, assume_roles=roles, **SIGNED_IN))
    with pytest.raises(AwsRefused, match=r"AWS refused AssumeRole: AccessDenied: not authorized") as failure:
        ask(connection)
    assert "\n" not in str(failure.value)


class Sts(Refusing):
    """An AWS whose sessions of roles last for `seconds`; `keys` has the key of each call that one signed."""

    seconds: ClassVar[list[int]]
    keys: ClassVar[list[str]]

    def do_POST(self) -> None:
        if not self.seconds:
            super().do_POST()
            return
        self.rfile.read(int(self.headers["Content-Length"]))
        end = datetime.now(timezone.utc) + timedelta(seconds=self.seconds.pop(0))
        names = {"AccessKeyId": f"key{len(self.seconds)}", "SecretAccessKey": "s", "SessionToken": "t"}
        names["Expiration"] = end.isoformat()
        members = "".join(f"<{name}>{value}</{name}>" for name, value in names.items())
        self.send_response(200)
        self.end_headers()
        result = f"<AssumeRoleResult><Credentials>{members}</Credentials></AssumeRoleResult>"
        self.wfile.write(f"<AssumeRoleResponse>{result}</AssumeRoleResponse>".encode())

    def do_GET(self) -> None:
        self.keys.append(self.headers["Authorization"].partition("Credential=")[2].partition("/")[0])
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"items": []}')


@pytest.mark.parametrize(
    ("seconds", "keys"),
    [([900, 900], ["key1", "key1"]), ([200, 3600], ["key0", "key0"]), ([30, 3600], ["key0", "key0"])],
)
def test_the_session_of_a_role_is_renewed_before_it_ends(seconds: list[int], keys: list[str]) -> None:
    """Not at each call, even if it is as short as AWS allows."""

    class Served(Sts):
        pass

    Served.seconds, Served.keys = [*seconds], []
    for url in _served(Served):
        connection = Connection(Settings(region="us-west-2", endpoint_url=url, assume_roles=ROLES, **SIGNED_IN))
        for _ in keys:
            connection.call("ListGateways")
    assert Served.keys == keys


def test_a_session_that_cannot_be_renewed_is_reported_as_such() -> None:
    """With the operation that AWS refused."""

    class Served(Sts):
        pass

    Served.seconds, Served.keys = [30], []
    for url in _served(Served):
        connection = Connection(Settings(region="us-west-2", endpoint_url=url, assume_roles=ROLES, **SIGNED_IN))
        with pytest.raises(AwsRefused, match=r"AWS refused AssumeRole: AccessDenied: not authorized"):
            connection.call("ListGateways")
    assert Served.keys == []


@pytest.mark.parametrize("roles", ["deploy", '"deploy"', '[{"role": "deploy"}]', '["deploy"]'])
def test_roles_that_cannot_be_read_are_reported_with_the_cure(roles: str) -> None:
    connection = Connection(Settings(region="us-west-2", assume_roles=roles, **SIGNED_IN))
    with pytest.raises(InvalidInput, match=r"aws:assumeRoles: .*aws:assumeRoles\[0\]\.roleArn"):
        _ = connection.region


def test_nobody_there_names_local_aws(clock: Any) -> None:
    connection = Connection(Settings(region="us-west-2", endpoint_url="http://127.0.0.1:9", **SIGNED_IN), clock=clock)
    with pytest.raises(AwsUnreachable, match=r"GetGateway got no answer.*agentcore local status") as failure:
        connection.call("GetGateway", gatewayIdentifier="shop-0123456789")
    assert "\n" not in str(failure.value)


def test_the_region_of_the_environment_is_the_one_that_all_tools_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert Connection(Settings(**SIGNED_IN)).region == "eu-central-1"
    assert Connection(Settings(region="us-east-1", **SIGNED_IN)).region == "us-east-1"


def test_wrong_parameters_are_refused_in_one_line() -> None:
    connection = Connection(Settings(region="us-west-2", **SIGNED_IN))
    with pytest.raises(AwsRefused, match=r"CreateGateway: .*roleArn") as failure:
        connection.call("CreateGateway", name="shop")
    assert "\n" not in str(failure.value)


def test_secrets_of_the_settings_are_never_shown() -> None:
    assert "hidden" not in repr(Settings(access_key="hidden", secret_key="hidden", token="hidden"))


def test_no_region_anywhere_says_how_to_set_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(AwsUnreachable, match=r"pulumi config set aws:region"):
        _ = Connection(Settings(**SIGNED_IN)).region


def test_another_address_of_aws_is_known_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-in addresses are derived from it: a token asked for at the real AWS would never come."""
    connection = Connection(Settings(region="us-west-2", **SIGNED_IN))
    assert connection.endpoint_url is None
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4599")
    assert Connection(Settings(region="us-west-2", **SIGNED_IN)).endpoint_url == "http://127.0.0.1:4599"
    configured = Settings(region="us-west-2", endpoint_url="http://127.0.0.1:4700", **SIGNED_IN)
    assert Connection(configured).endpoint_url == "http://127.0.0.1:4700"


def test_connections_read_the_model_of_a_service_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of another Region; where AWS_DATA_PATH names a folder of models, that one counts."""
    here, there = (Connection(Settings(region=it, **SIGNED_IN)).client() for it in ("us-west-2", "eu-west-1"))
    assert here.meta.service_model.metadata is there.meta.service_model.metadata
    monkeypatch.setenv("AWS_DATA_PATH", "/nowhere")
    own = Connection(Settings(region="us-west-2", **SIGNED_IN)).client()
    assert own.meta.service_model.metadata is not here.meta.service_model.metadata
