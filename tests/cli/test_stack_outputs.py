from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from agentcore_provider.cli.project import Project, find_project
from agentcore_provider.cli.stack_outputs import engine_environment

Agentcore = Callable[..., Result]


def test_the_stack_asked_for_is_the_one_given(agentcore: Agentcore, deployed: Path) -> None:
    agentcore("list", "--stack", "dev; rm -rf /")
    assert (deployed / "asked").read_text().splitlines()[0] == (
        "stack output --json --show-secrets --non-interactive --stack dev; rm -rf /"
    )


@pytest.mark.parametrize(
    ("refusal", "said", "code"),
    [
        ("error: no stack selected; please use `pulumi stack select`", "give --stack", 2),
        ("error: no stack named 'dev' found", "There is no stack 'dev'", 2),
        ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "secrets are locked", 3),
        ("error: PULUMI_ACCESS_TOKEN must be set for login", "pulumi login", 3),
        ("warning: old\nerror: boom", "`pulumi stack output` failed: boom", 1),
    ],
)
def test_what_pulumi_refuses_is_one_line_with_its_cure(
    agentcore: Agentcore, deployed: Path, refusal: str, said: str, code: int
) -> None:
    (deployed / "refusal").write_text(refusal)
    result = agentcore("list", "--stack", "dev")
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert said in result.stderr


def test_outputs_of_a_small_program_are_one_gateway(agentcore: Agentcore, deployed: Path) -> None:
    (deployed / "outputs.json").write_text(json.dumps({"mcp_url": "https://x.test/mcp", "other": 1}))
    assert json.loads(agentcore("list", "--json").stdout)[0]["mcp_url"] == "https://x.test/mcp"


@pytest.mark.parametrize("outputs", [{}, {"gateways": {"shop": {"gateway_id": "x"}}}, {"gateways": {"shop": "x"}}])
def test_a_stack_without_gateways_says_what_to_do(agentcore: Agentcore, deployed: Path, outputs: object) -> None:
    (deployed / "outputs.json").write_text(json.dumps(outputs))
    result = agentcore("tools", "list")
    assert (result.exit_code, "pulumi up" in result.stderr) == (2, True)


def _write_state(engine: Path, *names: str, **members: object) -> None:
    """A state with these gateways; members: of each resource."""
    resources = [
        {
            "urn": f"urn:pulumi:dev::shop::agentcore:index:McpGateway$pulumi-python:dynamic/agentcore:Gateway::{name}",
            "type": "pulumi-python:dynamic/agentcore:Gateway",
            "id": f"{name}-0123456789",
            "outputs": {"gateway_url": f"https://{name}.test/mcp", "gateway_arn": f"arn:{name}"},
            **members,
        }
        for name in names
    ]
    (engine / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))


def test_a_gateway_of_another_issuer_says_whose_token_it_takes(agentcore: Agentcore, deployed: Path) -> None:
    """The discovery document of the issuer stands in the state, whatever the program exports."""
    issuer = "https://login.test/.well-known/openid-configuration"
    (deployed / "outputs.json").write_text(json.dumps({"mcp_url": "https://shop.test/mcp"}))
    outputs = {
        "gateway_url": "https://shop.test/mcp",
        "authorizer_type": "CUSTOM_JWT",
        "authorizer_configuration": {"customJWTAuthorizer": {"discoveryUrl": issuer}},
    }
    _write_state(deployed, "shop", outputs=outputs)
    result = agentcore("token")
    assert (result.exit_code, issuer in result.stderr) == (3, True)


class TestAfterAnUpdateThatFailed:
    """The engine then writes no outputs, but its state knows what was made."""

    def test_list_shows_what_stands_and_how_to_finish(self, agentcore: Agentcore, deployed: Path) -> None:
        (deployed / "outputs.json").write_text("{}")
        _write_state(deployed, "shed")
        result = agentcore("list")
        assert (result.exit_code, "https://shed.test/mcp" in result.stdout) == (0, True)
        assert "Gateway shed is made, but not in the stack's outputs" in result.stderr
        assert "run `pulumi up` again" in result.stderr

    def test_gateways_of_an_earlier_update_are_listed_once_and_new_ones_beside_them(
        self, agentcore: Agentcore, deployed: Path
    ) -> None:
        _write_state(deployed, "shop", "shed")
        listed = json.loads(agentcore("list", "--json").stdout)
        assert [(it["name"], it["exported"]) for it in listed] == [("shop", True), ("shed", False)]

    def test_one_that_the_outputs_lack_is_not_used_but_told(self, agentcore: Agentcore, deployed: Path) -> None:
        _write_state(deployed, "shop", "shed")
        result = agentcore("tools", "list", "--gateway", "shed")
        assert (result.exit_code, "run `pulumi up` again" in result.stderr, result.stderr.count("\n")) == (2, True, 1)
        # It does not stand in the way of the one that can be used.
        assert agentcore("tools", "list").exit_code == 0

    @pytest.mark.parametrize("members", [{"delete": True}, {"type": "aws:lambda/function:Function"}])
    def test_what_is_about_to_go_or_something_else_is_not_listed(
        self, agentcore: Agentcore, deployed: Path, members: dict[str, object]
    ) -> None:
        _write_state(deployed, "shed", **members)
        assert [it["name"] for it in json.loads(agentcore("list", "--json").stdout)] == ["shop"]

    @pytest.mark.parametrize("state", ["", "[]", '{"deployment": null}', '{"deployment": {"resources": null}}'])
    def test_a_state_that_says_nothing_does_no_harm(self, agentcore: Agentcore, deployed: Path, state: str) -> None:
        (deployed / "state.json").write_text(state)
        assert agentcore("list").exit_code == 0

    def test_doctor_names_the_stack_as_what_fails(self, agentcore: Agentcore, deployed: Path) -> None:
        (deployed / "outputs.json").write_text("{}")
        _write_state(deployed, "shed")
        result = agentcore("doctor")
        assert result.exit_code == 1
        assert "The layer `stack` fails first. Cure: mend what failed and run `pulumi up` again" in result.stdout


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
        assert f"deploy it with {cure}" in result.output

    @pytest.mark.parametrize("command", ["list", "show", "doctor"])
    def test_in_a_checkout_of_this_package_make_up(self, agentcore: Agentcore, emptied: Path, command: str) -> None:
        (emptied / "Makefile").touch()
        (emptied / "engine").mkdir()
        (emptied / "engine/demo.py").touch()
        assert "deploy it with `make up`" in agentcore(command).output

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
    result = agentcore("list")
    assert (result.exit_code, f"nor in {kept_project}" in result.stderr) == (2, True)
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
        environment, chosen = engine_environment(with_local_stack, stack, {"PATH": "/bin"})
        assert environment["PULUMI_BACKEND_URL"] == f"file://{with_local_stack.backend_folder}"
        assert environment["PULUMI_HOME"] == str(with_local_stack.pulumi_home)
        assert chosen == "local"

    def test_the_users_own_backend_for_any_other_stack(self, with_local_stack: Project) -> None:
        environment, chosen = engine_environment(with_local_stack, "dev", {"PATH": "/bin"})
        assert "PULUMI_BACKEND_URL" not in environment
        assert chosen == "dev"

    def test_a_backend_the_user_chose_is_kept(self, with_local_stack: Project) -> None:
        inherited = {"PATH": "/bin", "PULUMI_BACKEND_URL": "s3://states"}
        environment, chosen = engine_environment(with_local_stack, None, inherited)
        assert (environment["PULUMI_BACKEND_URL"], chosen) == ("s3://states", None)

    def test_the_only_stack_of_local_aws_needs_no_selection(self, with_local_stack: Project) -> None:
        inherited = {"PATH": "/bin", "PULUMI_BACKEND_URL": f"file://{with_local_stack.backend_folder}"}
        assert engine_environment(with_local_stack, None, inherited)[1] == "local"
