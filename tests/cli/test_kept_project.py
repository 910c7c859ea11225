"""Which folder becomes a project: none by a slip of the fingers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from agentcore_provider.cli.deploy import gateway_entry
from agentcore_provider.cli.project import kept_project
from agentcore_provider.cli.stack import choose_stack
from agentcore_provider.errors import InvalidInput

Agentcore = Callable[..., Result]

_COMMANDS = [
    ("create_mcp_gateway", "-n", "shop"),
    ("create_mcp_gateway_target", "-g", "shop", "--target-type", "smithyModel"),
    ("config", "add-target", "shop", "db", "dynamodb"),
    ("delete", "shop"),
]


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_a_folder_that_is_not_there_is_wrong_input(
    agentcore: Agentcore, tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "a typo"
    result = agentcore(*command, "--project", str(folder), "--region", "us-west-2")
    assert (result.exit_code, result.stderr.count("\n"), folder.exists()) == (2, 1, False)
    assert f"there is no such folder. Fix the path, or for a new project `mkdir -p '{folder}'` first" in result.stderr


@pytest.mark.parametrize("name", ["app.py", ".gitignore", "__main__.py"])
def test_a_folder_with_something_else_in_it_does_not_become_a_project(
    agentcore: Agentcore, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / name).write_text("mine")
    result = agentcore("create_mcp_gateway", "-n", "shop", "--region", "us-west-2", "--project", str(folder))
    assert (result.exit_code, f"has no Pulumi.yaml, but {name}. Pass the folder" in result.stderr) == (2, True)
    assert [(it.name, it.read_text()) for it in folder.iterdir()] == [(name, "mine")]


def test_an_empty_folder_becomes_one_and_a_project_stays_what_it_is(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    project = kept_project.project_at(tmp_path)
    assert kept_project.write(project)
    assert project.is_pulumi
    assert not kept_project.write(kept_project.project_at(tmp_path))


def test_the_projects_kept_for_the_user_needs_no_folder(kept_project: Path) -> None:
    from agentcore_provider.cli.project.kept_project import project_at

    assert project_at(kept_project).folder == kept_project


class TestAGatewayThatPulumiNamed:
    """An entry without a name has one of the engine's making: to give it another would replace the gateway."""

    @pytest.fixture
    def named(self, project: Path) -> Callable[[str, str], bool]:
        (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")

        def ask(entry: str, name: str) -> bool:
            (project / "Pulumi.dev.yaml").write_text(
                f"config:\n  aws:region: us-west-2\n  agentcore:gateways:\n    shop: {entry}\n"
            )
            return gateway_entry.is_named_by_pulumi(choose_stack(None, "dev", None), "shop", name)

        return ask

    def test_keeps_its_name(self, named: Callable[[str, str], bool]) -> None:
        assert named("{targets: {}}", "shop")
        assert not named("{name: shop, targets: {}}", "shop")
        assert not named("{gateway_id: shop-0123456789}", "shop")

    def test_is_not_taken_for_one_of_another_name(self, named: Callable[[str, str], bool]) -> None:
        with pytest.raises(InvalidInput, match=r"named other. Choose another --name"):
            named("{name: other}", "shop")
