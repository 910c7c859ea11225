from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.cli.project import Project, find_project
from agentcore_provider.cli.project.kept_project import project_at
from agentcore_provider.cli.project.kept_project import write as write_kept_project
from agentcore_provider.cli.pulumi_command import command_of
from agentcore_provider.cli.stack_state import gateways_in_state
from tests.support import mcp_gateway
from tests.support.mcp_gateway import ScriptedGateway

Agentcore = Callable[..., Result]
SECRET = "marker-secret-4711"


def test_a_gateway_is_reached_by_the_sign_in_that_its_state_has() -> None:
    """The command asks the account in which the stack made it."""
    roles = [{"roleArn": "arn:aws:iam::210987654321:role/deploy"}]
    resource = {
        "urn": "urn:pulumi:dev::shop::pulumi-python:dynamic/agentcore:Gateway::shop",
        "type": "pulumi-python:dynamic/agentcore:Gateway",
        "id": "shop-0123456789",
        "outputs": {"__context": {"profile": None, "assume_roles": roles, "region": "eu-west-1"}},
    }
    (gateway,) = gateways_in_state([resource])
    assert gateway.access == {"assume_roles": roles}


def test_the_stack_asked_for_is_the_one_given(agentcore: Agentcore, deployed: Path) -> None:
    agentcore("list", "--stack", "dev; rm -rf /")
    assert (deployed / "asked").read_text().splitlines()[0] == ("stack export --non-interactive --stack dev; rm -rf /")


@pytest.mark.parametrize(
    ("refusal", "reported", "code"),
    [
        ("error: no stack selected; please use `pulumi stack select`", "Pass --stack", 2),
        ("error: no stack named 'dev' found", "There is no stack 'dev'", 2),
        ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "secrets are locked", 3),
        ("error: PULUMI_ACCESS_TOKEN must be set for login", "pulumi login", 3),
        ("warning: old\nerror: boom", "`pulumi stack export` failed: boom", 1),
    ],
)
def test_what_pulumi_refuses_is_one_line_with_its_cure(
    agentcore: Agentcore, deployed: Path, refusal: str, reported: str, code: int
) -> None:
    (deployed / "refusal").write_text(refusal)
    result = agentcore("list", "--stack", "dev")
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert reported in result.stderr


def test_without_a_gateway_anywhere_each_stack_says_why(agentcore: Agentcore, deployed: Path, project: Path) -> None:
    (deployed / "outputs.json").write_text("{}")
    for stack in ("dev", "prod"):
        (project / f"Pulumi.{stack}.yaml").touch()
    result = agentcore("list")
    assert (result.exit_code, result.stderr.count("The stack has no gateway")) == (2, 2)
    assert "stack prod: " in result.stderr


def test_without_a_stack_list_shows_the_gateways_of_all(agentcore: Agentcore, deployed: Path, project: Path) -> None:
    for stack in ("dev", "prod"):
        (project / f"Pulumi.{stack}.yaml").touch()
    listed = json.loads(agentcore("list", "--json").stdout)
    assert [(it["stack"], it["name"]) for it in listed] == [("dev", "shop"), ("prod", "shop")]
    assert [it["stack"] for it in json.loads(agentcore("list", "--stack", "prod", "--json").stdout)] == ["prod"]
    assert "Stack" in agentcore("list").stdout


def test_outputs_of_a_small_program_are_one_gateway(agentcore: Agentcore, deployed: Path) -> None:
    (deployed / "outputs.json").write_text(json.dumps({"mcp_url": "https://x.test/mcp", "other": 1}))
    assert json.loads(agentcore("list", "--json").stdout)[0]["mcp_url"] == "https://x.test/mcp"


@pytest.mark.parametrize("outputs", [{}, {"gateways": {"shop": "x"}}, {"gateways": ["shop"]}, {"mcp_url": 4}])
def test_a_stack_without_gateways_says_what_to_do(agentcore: Agentcore, deployed: Path, outputs: object) -> None:
    (deployed / "outputs.json").write_text(json.dumps(outputs))
    result = agentcore("tools", "list")
    assert (result.exit_code, "pulumi up" in result.stderr) == (2, True)


@pytest.mark.parametrize("state", ["", "[]", "null", '{"deployment": [1]}'])
def test_a_state_that_is_none_is_one_line(agentcore: Agentcore, deployed: Path, state: str) -> None:
    (deployed / "state.json").write_text(state)
    result = agentcore("list")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "`pulumi stack export` did not answer" in result.stderr


ISSUER = "https://login.test/.well-known/openid-configuration"
POOL = "https://pool.test/.well-known/openid-configuration"


def _secret(value: object) -> dict[str, str]:
    """A secret as the engine's state has it, in clear."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(value)}


def _resource(kind: str, name: str, outputs: dict[str, Any], **members: object) -> dict[str, Any]:
    kind = f"pulumi-python:dynamic/agentcore:{kind}"
    return {
        "urn": f"urn:pulumi:dev::shop::{kind}::{name}",
        "type": kind,
        "id": f"{name}-0",
        "outputs": outputs,
        **members,
    }


def _gateway(
    name: str, url: str, discovery_url: object = "", clients: object = (), **members: object
) -> dict[str, Any]:
    jwt = {"discoveryUrl": discovery_url} | ({"allowedClients": clients} if clients else {})
    authorizer = {"customJWTAuthorizer": jwt}
    sign_in = {"authorizer_type": "CUSTOM_JWT", "authorizer_configuration": authorizer} if discovery_url else {}
    return _resource("Gateway", name, {"gateway_url": url, "gateway_arn": f"arn:{name}", **sign_in}, **members)


def _ez_auth(
    gateway: ScriptedGateway, name: str = "agents", client: str = "shop-client", **members: object
) -> dict[str, Any]:
    outputs = {
        "client_id": client,
        "client_secret": _secret(SECRET),
        "scope": "shop/invoke",
        "issuing_endpoint": gateway.token_endpoint,
        "discovery_url": POOL,
    }
    return _resource("EzAuth", name, outputs, **members)


def _write_state(engine: Path, *resources: dict[str, Any]) -> None:
    (engine / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))


class TestHoweverTheProgramExports:
    """The stack's state says which gateways there are and whose tokens they take; exports may add, and need not be."""

    @pytest.fixture(autouse=True)
    def nothing_exported(self, deployed: Path) -> None:
        (deployed / "outputs.json").write_text("{}")

    def test_tools_and_token_find_gateway_and_sign_in(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
    ) -> None:
        _write_state(deployed, _ez_auth(gateway), _gateway("shop", gateway.url, POOL, ["shop-client"]))
        listed = agentcore("tools", "list")
        assert listed.exit_code == 0, listed.output
        assert len(agentcore("token").stdout.splitlines()) == 1
        for result in (listed, agentcore("list", "--json"), agentcore("list"), agentcore("doctor")):
            assert SECRET not in result.output

    @pytest.mark.parametrize("clients", [_secret(["shop-client"]), [_secret("shop-client")], ()])
    def test_an_authorizer_that_hides_its_clients_or_takes_all(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway, clients: object
    ) -> None:
        """What the program keeps secret is compared, and shown by nobody."""
        _write_state(deployed, _ez_auth(gateway), _gateway("shop", gateway.url, _secret(POOL), clients))
        assert agentcore("tools", "list").exit_code == 0
        assert POOL not in agentcore("list", "--json").stdout

    @pytest.mark.parametrize(
        "other_owner",
        [
            {"client": "somebody"},
            {"delete": True},
            {"pendingReplacement": True},
            {"type": "aws:cognito/userPool:UserPool"},
        ],
    )
    def test_only_a_client_that_the_gateway_takes_signs_in(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway, other_owner: dict[str, Any]
    ) -> None:
        _write_state(deployed, _ez_auth(gateway, **other_owner), _gateway("shop", gateway.url, POOL, ["shop-client"]))
        assert agentcore("token").exit_code == 3

    @pytest.mark.parametrize(
        "arguments", [("token",), ("tools", "list"), ("tools", "call", "find"), ("tools", "search", "x")]
    )
    def test_a_gateway_of_another_issuer_says_whose_token_it_takes(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway, arguments: tuple[str, ...]
    ) -> None:
        _write_state(deployed, _ez_auth(gateway), _gateway("partner", gateway.url, ISSUER, ["agents", "desk"]))
        result = agentcore(*arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
        assert "accepts tokens of https://login.test, client agents or desk" in result.stderr
        assert f"get one at the token_endpoint in {ISSUER}" in result.stderr
        assert "with --token or in AGENTCORE_TOKEN" in result.stderr
        assert gateway.token_requests == []

    def test_with_its_token_such_a_gateway_lists_its_tools(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
    ) -> None:
        _write_state(deployed, _gateway("partner", gateway.url, ISSUER))
        token = mcp_gateway.GOOD_TOKEN
        assert agentcore("tools", "list", env={"AGENTCORE_TOKEN": token}).exit_code == 0

    def test_doctor_says_it_too(self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway) -> None:
        _write_state(deployed, _gateway("partner", gateway.url, ISSUER))
        layers = {it["name"]: it for it in json.loads(agentcore("doctor", "--json").stdout)["layers"]}
        assert layers["stack"]["message"] == "deploys partner"
        assert layers["token endpoint"]["status"] == "not checked"
        assert "accepts tokens of https://login.test" in layers["token endpoint"]["message"]

    def test_list_says_how_callers_sign_in(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
    ) -> None:
        inside = _resource("Gateway", "inside", {"gateway_url": "https://x.test/mcp", "authorizer_type": "AWS_IAM"})
        own = _gateway("shop", gateway.url, POOL, ["shop-client"])
        _write_state(deployed, _ez_auth(gateway), own, _gateway("partner", "https://p.test/mcp", ISSUER), inside)
        shown = agentcore("list").stdout
        for words in ("EzAuth, client shop-client", "JWT of login.test", "AWS IAM, signed requests"):
            assert words in shown

    def test_two_gateways_need_a_choice_by_name_id_arn_or_url(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
    ) -> None:
        own = _gateway("shop", gateway.url, POOL, ["shop-client"])
        _write_state(deployed, _ez_auth(gateway), own, _gateway("partner", "https://p.test/mcp", ISSUER))
        result = agentcore("tools", "list")
        assert (result.exit_code, "--gateway: partner, shop" in result.stderr) == (2, True)
        for reference in ("shop", "shop-0", "arn:shop", gateway.url):
            assert agentcore("tools", "list", "--gateway", reference).exit_code == 0

    def test_one_that_takes_no_token_says_so(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
    ) -> None:
        outputs = {"gateway_url": gateway.base + "/open/mcp", "authorizer_type": "NONE"}
        _write_state(deployed, _resource("Gateway", "open", outputs))
        assert agentcore("tools", "list").exit_code == 0
        result = agentcore("token")
        assert (result.exit_code, "its authorizer is NONE. Call it without one" in result.stderr) == (3, True)

    def test_one_without_an_address_is_not_finished(self, agentcore: Agentcore, deployed: Path) -> None:
        _write_state(deployed, _gateway("shop", ""))
        result = agentcore("tools", "list")
        assert (result.exit_code, "Finish its deployment with `pulumi up`" in result.stderr) == (2, True)

    @pytest.mark.parametrize("members", [{"delete": True}, {"type": "aws:lambda/function:Function"}, {"id": ""}])
    def test_what_is_about_to_go_or_something_else_is_not_listed(
        self, agentcore: Agentcore, deployed: Path, members: dict[str, object]
    ) -> None:
        _write_state(
            deployed, _gateway("shop", "https://shop.test/mcp"), _gateway("shed", "https://x.test/mcp", **members)
        )
        assert [it["name"] for it in json.loads(agentcore("list", "--json").stdout)] == ["shop"]

    def test_namesakes_of_two_components_are_both_listed(self, agentcore: Agentcore, deployed: Path) -> None:
        one = _gateway("gateway", "https://one.test/mcp", id="one-0123456789")
        _write_state(deployed, one, _gateway("gateway", "https://two.test/mcp", id="two-0123456789"))
        listed = json.loads(agentcore("list", "--json").stdout)
        assert {it["mcp_url"] for it in listed} == {"https://one.test/mcp", "https://two.test/mcp"}


class TestExportsBesideTheState:
    """An export names a gateway, and adds the sign-in that the state does not know."""

    def test_one_by_one(self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway) -> None:
        _write_state(deployed, _ez_auth(gateway), _gateway("shop", gateway.url, POOL))
        (deployed / "outputs.json").write_text(json.dumps({"mcp_url": gateway.url}))
        assert [it["name"] for it in json.loads(agentcore("list", "--json").stdout)] == ["shop"]
        assert agentcore("tools", "list").exit_code == 0

    def test_under_another_name(self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway) -> None:
        _write_state(deployed, _ez_auth(gateway), _gateway("shop", gateway.url, POOL))
        (deployed / "outputs.json").write_text(json.dumps({"gateways": {"public": {"gateway_id": "shop-0"}}}))
        listed = json.loads(agentcore("list", "--json").stdout)
        assert [(it["name"], it["mcp_url"]) for it in listed] == [("public", gateway.url)]

    def test_with_a_sign_in_of_another_issuer(
        self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway
    ) -> None:
        _write_state(deployed, _gateway("shop", gateway.url, ISSUER))
        assert agentcore("tools", "list").exit_code == 0

    def test_of_an_earlier_update(self, agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway) -> None:
        """An update that fails writes no outputs: the state knows the gateway's new address and its new client."""
        _write_state(
            deployed, _ez_auth(gateway), _gateway("shop", gateway.url, POOL), _gateway("shed", "https://s.test/mcp")
        )
        outputs = json.loads((deployed / "outputs.json").read_text())
        outputs["gateways"]["shop"] |= {"mcp_url": "http://127.0.0.1:1/mcp", "gateway_id": "old", "client_id": "gone"}
        (deployed / "outputs.json").write_text(json.dumps(outputs))
        listed = json.loads(agentcore("list", "--json").stdout)
        assert [(it["name"], it["mcp_url"]) for it in listed] == [("shop", gateway.url), ("shed", "https://s.test/mcp")]
        assert agentcore("tools", "list", "--gateway", "shop").exit_code == 0


class TestNothingIsDeployed:
    """After `make down`, and before the first deployment, the command says what brings the stack up."""

    @pytest.fixture
    def emptied(self, project: Path, engine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A project whose stack `local` was destroyed."""
        # With a backend chosen, the engine asked is the stand-in.
        monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{project}/.agentcore/state")
        (project / "Pulumi.local.yaml").write_text("config:\n  agentcore:endpointUrl: http://127.0.0.1:4599\n")
        stacks = project / ".agentcore/state/.pulumi/stacks/shop"
        stacks.mkdir(parents=True)
        (stacks / "local.json").touch()
        (engine / "outputs.json").write_text("{}")
        (engine / "state.json").write_text('{"deployment": {"manifest": {}}}')
        return project

    @pytest.mark.parametrize("command", ["list", "show", "doctor"])
    def test_in_any_project_local_aws_comes_first(self, agentcore: Agentcore, emptied: Path, command: str) -> None:
        result = agentcore(command)
        cure = """`agentcore local start && eval "$(agentcore local env)" && pulumi up -s local`"""
        assert "Nothing of the stack is deployed" in result.output
        assert f"Deploy it with {cure}" in result.output

    @pytest.mark.parametrize("command", ["list", "show", "doctor"])
    def test_in_a_checkout_of_this_package_make_up(self, agentcore: Agentcore, emptied: Path, command: str) -> None:
        (emptied / "Makefile").touch()
        (emptied / "engine").mkdir()
        (emptied / "engine/demo.py").touch()
        assert "Deploy it with `make up`" in agentcore(command).output

    @pytest.mark.parametrize("command", ["list", "show", "doctor"])
    def test_in_the_project_kept_for_the_user_agentcore_up(
        self, agentcore: Agentcore, engine: Path, kept_project: Path, monkeypatch: pytest.MonkeyPatch, command: str
    ) -> None:
        """The user is in another folder, where `pulumi up` finds no project."""
        write_kept_project(project_at(kept_project))
        (engine / "outputs.json").write_text("{}")
        (engine / "state.json").write_text('{"deployment": {"manifest": {}}}')
        monkeypatch.chdir(kept_project.parent)
        assert "Deploy it with `agentcore up --stack us-west-2`" in agentcore(command, "--stack", "us-west-2").output

    def test_before_the_first_deployment_no_log_in_is_needed_for_local_aws(
        self, agentcore: Agentcore, emptied: Path, engine: Path
    ) -> None:
        (emptied / ".agentcore/state/.pulumi/stacks/shop/local.json").unlink()
        (engine / "refusal").write_text("error: PULUMI_ACCESS_TOKEN must be set for login")
        result = agentcore("list")
        assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
        assert "&& pulumi stack init local && pulumi up -s local` for stack local on this machine" in result.stderr


def test_without_a_project_the_error_names_the_folder_that_would_be_used(
    agentcore: Agentcore, tmp_path: Path, kept_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command, code in (("list", 2), ("doctor", 1)):
        result = agentcore(command)
        assert (result.exit_code, f"nor in {kept_project}" in result.output) == (code, True)
    assert not kept_project.exists()


def test_the_project_is_the_nearest_folder_above_with_a_pulumi_yaml(project: Path) -> None:
    inner = project / "a" / "b"
    inner.mkdir(parents=True)
    assert find_project(inner).folder == project


class TestWhichBackendIsAsked:
    """After `make up` the command works in any shell, and never looks where the user did not point."""

    @pytest.fixture
    def with_local_stack(self, project: Path) -> Project:
        stacks = project / ".agentcore/state/.pulumi/stacks/shop"
        stacks.mkdir(parents=True)
        (stacks / "local.json").touch()
        (stacks / "local.json.bak").touch()
        return Project(project)

    @pytest.mark.parametrize("stack", [None, "local"])
    def test_local_aws_own_backend_for_its_only_stack(self, with_local_stack: Project, stack: str | None) -> None:
        pulumi = command_of(with_local_stack, stack, {"PATH": "/bin"})
        environment, chosen = pulumi.environment, pulumi.stack
        assert environment["PULUMI_BACKEND_URL"] == f"file://{with_local_stack.backend_folder}"
        assert environment["PULUMI_HOME"] == str(with_local_stack.pulumi_home)
        assert chosen == "local"

    def test_the_users_own_backend_for_any_other_stack(self, with_local_stack: Project) -> None:
        pulumi = command_of(with_local_stack, "dev", {"PATH": "/bin"})
        environment, chosen = pulumi.environment, pulumi.stack
        assert "PULUMI_BACKEND_URL" not in environment
        assert chosen == "dev"

    def test_a_backend_the_user_chose_is_kept(self, with_local_stack: Project) -> None:
        inherited = {"PATH": "/bin", "PULUMI_BACKEND_URL": "s3://states"}
        pulumi = command_of(with_local_stack, None, inherited)
        environment, chosen = pulumi.environment, pulumi.stack
        assert (environment["PULUMI_BACKEND_URL"], chosen) == ("s3://states", None)

    def test_the_only_stack_of_local_aws_needs_no_selection(self, with_local_stack: Project) -> None:
        inherited = {"PATH": "/bin", "PULUMI_BACKEND_URL": f"file://{with_local_stack.backend_folder}"}
        assert command_of(with_local_stack, None, inherited).stack == "local"
