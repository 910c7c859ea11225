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
