"""`agentcore connect`: what it writes for each client, what it keeps, and that no secret is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.arguments import callback_urls
from agentcore_provider.cli.connect.mcp_client import CLIENTS

Agentcore = Callable[..., Result]
URL = "https://shop-0123456789.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp"
SECRET = "marker-secret-4711"
FILES = {
    "claude": ".mcp.json",
    "cursor": ".cursor/mcp.json",
    "vscode": ".vscode/mcp.json",
    "inspector": "mcp-inspector.json",
}
PEOPLE = {
    "claude": {"type": "http", "url": URL, "oauth": {"clientId": "people", "callbackPort": 8976}},
    "cursor": {"url": URL, "auth": {"CLIENT_ID": "people", "scopes": ["shop/read", "shop/write"]}},
    "vscode": {"type": "http", "url": URL, "oauth": {"clientId": "people"}},
    "inspector": {
        "type": "streamable-http",
        "url": URL,
        "oauth": {"clientId": "people", "scopes": "shop/read shop/write"},
    },
}
TOKEN = {
    "claude": {"type": "http", "url": URL, "headers": {"Authorization": "Bearer ${AGENTCORE_TOKEN}"}},
    "cursor": {"url": URL, "headers": {"Authorization": "Bearer ${env:AGENTCORE_TOKEN}"}},
    "vscode": {"type": "http", "url": URL, "headers": {"Authorization": "Bearer ${input:agentcore-token}"}},
}


@pytest.fixture
def deploy(deployed: Path) -> Callable[..., None]:
    """Write the state of a stack with a gateway named shop, with or without people."""

    def write(authorizer: str = "CUSTOM_JWT", people: str | None = "people") -> None:
        issuer = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_a/.well-known/openid-configuration"
        jwt = {"customJWTAuthorizer": {"discoveryUrl": issuer, "allowedClients": ["machine", "people"]}}
        gateway = {"gateway_url": URL, "authorizer_type": authorizer, "authorizer_configuration": jwt}
        sign_in = {
            "issuing_endpoint": "https://shop.example.com/oauth2/token",
            "client_id": "machine",
            "client_secret": {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                "ciphertext": "x",
            },
            "scope": "shop/read shop/write",
            "discovery_url": issuer,
            "people_client_id": people,
        }
        token = "pulumi-python:dynamic/agentcore"
        resources = [
            {
                "urn": f"urn:pulumi:dev::shop::{token}:{kind}::shop",
                "type": f"{token}:{kind}",
                "id": "x",
                "outputs": outputs,
            }
            for kind, outputs in (("EzAuth", sign_in), ("Gateway", gateway))
        ]
        (deployed / "outputs.json").write_text("{}")
        (deployed / "state.json").write_text(json.dumps({"deployment": {"resources": resources}}))

    return write


def written(folder: Path, client: str) -> Any:
    return json.loads((folder / FILES[client]).read_text())


@pytest.mark.parametrize("client", CLIENTS)
def test_people_sign_in_by_themselves(
    agentcore: Agentcore, deploy: Any, deployed: Path, project: Path, client: str
) -> None:
    """The file has the public client and no token; the stack's secrets are not even decrypted."""
    deploy()
    result = agentcore("connect", client)
    assert result.exit_code == 0, result.stderr
    assert written(project, client) == {CLIENTS[client].servers: {"shop": PEOPLE[client]}}
    assert "to sign in" in result.stderr
    assert "--show-secrets" not in (deployed / "asked").read_text()
    again = agentcore("connect", client)
    assert "was already in" in again.stderr


@pytest.mark.parametrize("client", TOKEN)
def test_without_people_a_client_gets_the_name_of_a_variable(
    agentcore: Agentcore, deploy: Any, project: Path, client: str
) -> None:
    deploy(people=None)
    result = agentcore("connect", client)
    assert written(project, client)[CLIENTS[client].servers] == {"shop": TOKEN[client]}
    assert "agentcore token" in result.stderr
    if client == "vscode":
        [asked] = written(project, client)["inputs"]
        assert (asked["id"], asked["password"]) == ("agentcore-token", True)


def test_a_client_that_would_keep_a_token_in_its_file_is_refused(
    agentcore: Agentcore, deploy: Any, project: Path
) -> None:
    deploy(people=None)
    result = agentcore("connect", "inspector")
    assert (result.exit_code, "people=True (in a stack file `people: {}`)" in result.stderr) == (2, True)
    assert not (project / FILES["inspector"]).exists()


@pytest.mark.parametrize("client", CLIENTS)
def test_an_open_gateway_needs_its_address_alone(agentcore: Agentcore, deploy: Any, project: Path, client: str) -> None:
    deploy("NONE")
    assert agentcore("connect", client).exit_code == 0
    entry = written(project, client)[CLIENTS[client].servers]["shop"]
    assert {it: entry[it] for it in entry if it != "type"} == {"url": URL}


def test_a_gateway_that_wants_signatures_is_refused(agentcore: Agentcore, deploy: Any) -> None:
    deploy("AWS_IAM")
    result = agentcore("connect", "claude")
    assert (result.exit_code, "cannot sign requests" in result.stderr) == (2, True)


def test_what_is_in_the_file_stays(agentcore: Agentcore, deploy: Any, project: Path) -> None:
    """Other servers and members, their order, the indent, what the user set in the entry; not how it signed in before."""
    deploy()
    old = {"url": "https://old.example.com", "headers": {"authorization": "Bearer x", "X-Team": "a"}, "timeout": 5}
    before = {"z": "ä", "mcpServers": {"other": {"command": "x"}, "shop": old, "last": {}}, "a": [1]}
    file = project / FILES["claude"]
    file.write_text(json.dumps(before, indent=4, ensure_ascii=False))
    assert agentcore("connect", "claude").exit_code == 0
    text = file.read_text()
    assert '\n    "z": "ä"' in text
    after = json.loads(text)
    assert list(after) == ["z", "mcpServers", "a"]
    assert list(after["mcpServers"]) == ["other", "shop", "last"]
    assert after["mcpServers"]["shop"] == {**PEOPLE["claude"], "headers": {"X-Team": "a"}, "timeout": 5}
    deploy(people=None)
    agentcore("connect", "claude")
    headers = {"X-Team": "a", "Authorization": "Bearer ${AGENTCORE_TOKEN}"}
    assert json.loads(file.read_text())["mcpServers"]["shop"] == {
        "url": URL,
        "headers": headers,
        "timeout": 5,
        "type": "http",
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"servers": {} // mine\n}',
        "[]",
        '{"servers": []}',
        "{",
        "nul",
        '{"servers": {}, "servers": {"mine": {}}}',
        "[" * 100_000,
        f'{{"servers": {{}}, "number": {"9" * 5000}}}',
    ],
    ids=range(8),
)
def test_a_file_that_would_lose_something_is_left_alone(
    agentcore: Agentcore, deploy: Any, project: Path, text: str
) -> None:
    deploy()
    file = project / FILES["vscode"]
    file.parent.mkdir()
    file.write_text(text)
    result = agentcore("connect", "vscode")
    assert (result.exit_code, str(file) in result.stderr, "--print" in result.stderr) == (2, True, True)
    assert file.read_text() == text


def test_printing_writes_nothing(agentcore: Agentcore, deploy: Any, project: Path) -> None:
    deploy()
    result = agentcore("connect", "cursor", "--print", "--name", "desk", "--client-id", "mine")
    assert json.loads(result.stdout) == {"mcpServers": {"desk": {"url": URL, "auth": {"CLIENT_ID": "mine"}}}}
    assert not (project / ".cursor").exists()


def test_a_file_can_be_chosen_and_a_link_stays_one(agentcore: Agentcore, deploy: Any, project: Path) -> None:
    deploy()
    (project / "dotfiles.json").write_text("")
    (project / "link.json").symlink_to(project / "dotfiles.json")
    assert agentcore("connect", "claude", "--file", "link.json").exit_code == 0
    assert (project / "link.json").is_symlink()
    assert "shop" in (project / "dotfiles.json").read_text()
    assert agentcore("connect", "claude", "--file", "link.json", "--user").exit_code == 2


@pytest.mark.parametrize(
    ("client", "platform", "environment", "file"),
    [
        ("claude", "linux", {}, "home/.claude.json"),
        ("cursor", "win32", {}, "home/.cursor/mcp.json"),
        ("vscode", "linux", {}, "home/.config/Code/User/mcp.json"),
        ("vscode", "linux", {"XDG_CONFIG_HOME": "config"}, "config/Code/User/mcp.json"),
        ("vscode", "darwin", {}, "home/Library/Application Support/Code/User/mcp.json"),
        ("vscode", "win32", {"APPDATA": "roaming"}, "roaming/Code/User/mcp.json"),
        ("vscode", "win32", {}, "home/AppData/Roaming/Code/User/mcp.json"),
        ("inspector", "darwin", {}, "home/.mcp-inspector/mcp.json"),
    ],
)
def test_the_settings_of_a_user_are_where_each_system_has_them(
    client: str, platform: str, environment: dict[str, str], file: str
) -> None:
    assert CLIENTS[client].user_file(Path("home"), environment, platform) == Path(file)


def test_the_callback_of_claude_code_is_one_that_people_are_let_back_to() -> None:
    assert f"http://localhost:{PEOPLE['claude']['oauth']['callbackPort']}/callback" in callback_urls.ALL  # type: ignore[index]
