from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from copy import copy
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from agentcore_provider.cli.app import app
from agentcore_provider.cli.options import SOURCE

Agentcore = Callable[..., Result]
_API = Path(__file__).parents[1] / "rules" / "corpus" / "generators" / "nestjs.json"

# What takes long to import, and what help therefore must not touch.
_HEAVY = (
    *(
        "rich",
        "pydantic",
        "pulumi",
        "pulumi_aws",
        "boto3",
        "botocore",
        "moto",
        "mcp",
        "yaml",
        "asyncio",
        "urllib.request",
    ),
    *("agentcore_provider.cli.stack", "agentcore_provider.cli.gateway", "agentcore_provider.cli.engine"),
    *("agentcore_provider.stack_config", "agentcore_provider.resources", "agentcore_provider.aws"),
)


def _paths(group: typer.Typer, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    commands = [
        (*above, command.name or getattr(command.callback, "__name__", "")) for command in group.registered_commands
    ]
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        commands += _paths(inner.typer_instance, (*above, inner.name or ""))
    return commands


def test_version_is_the_one_of_the_package(agentcore: Agentcore) -> None:
    assert agentcore("--version").stdout == f"agentcore {version('agentcore-provider')}\n"


@pytest.mark.parametrize("path", _paths(app), ids=" ".join)
def test_every_command_has_help_with_an_example(agentcore: Agentcore, path: tuple[str, ...]) -> None:
    """The example stands with the command or with its group."""
    for shown in (path, path[:-1]):
        result = agentcore(*shown, "--help")
        assert result.exit_code == 0
        if "Example" in result.stdout:
            return
    pytest.fail(f"no example in the help of {' '.join(path)}")


@pytest.mark.parametrize("path", _paths(app), ids=" ".join)
def test_help_shows_flags_whole_on_a_terminal_of_80_columns(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the boxes that a terminal gets."""
    monkeypatch.setenv("COLUMNS", "80")
    on_terminal = copy(app)
    on_terminal.rich_markup_mode = "rich"
    assert "\u2026" not in CliRunner().invoke(on_terminal, [*path, "--help"]).stdout


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("lisst",), "Error: No such command 'lisst'. Did you mean 'list'? See `agentcore --help`.\n"),
        (("list", "--jsn"), "Error: No such option: --jsn (Possible options: --json). See `agentcore list --help`.\n"),
        (("--nonsense",), "--nonsense"),
        (("doctor", "--call", "order_status"), "Error: Option '--call' requires 2 arguments. See `agentcore"),
    ],
)
def test_wrong_flags_are_one_line(agentcore: Agentcore, arguments: tuple[str, ...], reported: str) -> None:
    result = agentcore(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reported in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("local", "start", "--port", "0"),
        ("create_mcp_gateway", "-n", "shop", "--stack", "dev", "--region", "us-west-2"),
    ],
)
def test_a_folder_that_cannot_be_written_is_one_line(
    agentcore: Agentcore, project: Path, arguments: tuple[str, ...]
) -> None:
    (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
    (project / ".agentcore").write_text("no folder")
    result = agentcore(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "Make it writable" in result.stderr


@pytest.mark.parametrize("arguments", [("nonsense",), ("tools", "call"), ("local", "start", "--port", "70000")])
def test_wrong_usage_is_exit_code_2(agentcore: Agentcore, arguments: tuple[str, ...]) -> None:
    assert agentcore(*arguments).exit_code == 2


def test_help_names_the_defaults_and_sources_of_the_command_itself(agentcore: Agentcore) -> None:
    """list takes all stacks where others take the selected one; a target of the file may be what a new one may be."""
    assert "Only this stack. Default: all of the project." in agentcore("list", "--help").stdout
    for command in (("create_mcp_gateway",), ("config", "add-target")):
        assert SOURCE in " ".join(agentcore(*command, "--help").stdout.split())


@pytest.mark.parametrize("group", ["", "tools", "local", "config", "policy", "validate"])
def test_without_a_command_help_lists_the_commands(agentcore: Agentcore, group: str) -> None:
    """It is the answer to the first thing that a new user types, and no error."""
    result = agentcore(*group.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == agentcore(*group.split(), "--help").stdout


def test_help_in_a_pipe_has_whole_sentences(agentcore: Agentcore) -> None:
    """Also in the list of commands, which a narrow text would cut off."""
    for group in ((), ("config",), ("local",), ("tools",), ("validate",)):
        assert "..." not in agentcore(*group, "--help").stdout.partition("Commands:")[2]


def _imported(arguments: tuple[str, ...], among: tuple[str, ...], folder: Path | None = None) -> str:
    """Which of these modules the command imports."""
    code = (
        "import sys\n"
        "from agentcore_provider.cli import main\n"
        f"sys.argv = ['agentcore', *{arguments!r}]\n"
        "try:\n    main()\nfinally:\n"
        f"    print('heavy:', sorted(set({among!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, cwd=folder
    )
    return done.stdout.splitlines()[-1] + done.stderr


def test_help_imports_nothing_heavy() -> None:
    """So `agentcore --help` and shell completion answer at once; into a pipe without rich."""
    assert _imported(("--help",), _HEAVY).startswith("heavy: []")


def test_list_imports_only_what_reads_and_displays_the_stack(deployed: Path, project: Path) -> None:
    """Pulumi does the rest."""
    among = ("mcp", "httpx", "boto3", "botocore", "urllib3", "pulumi", "grpc", "jsonschema", "ruamel.yaml", "asyncio")
    among += ("agentcore_provider.schemas", "agentcore_provider.resources", "agentcore_provider.stack_config")
    assert _imported(("list", "--stack", "dev"), among, project).startswith("heavy: []")


def test_validate_imports_only_rules() -> None:
    """Neither what signs in nor what deploys."""
    among = ("mcp", "httpx", "boto3", "botocore", "urllib3", "pulumi", "grpc", "jsonschema", "ruamel.yaml", "asyncio")
    among += ("yaml", "agentcore_provider.cli.stack", "agentcore_provider.resources", "agentcore_provider.stack_config")
    assert _imported(("validate", "openapi", str(_API)), among).startswith("heavy: []")
