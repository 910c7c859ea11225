"""Whatever README and docs tell a reader to type is typed here.

Python programs are deployed, together as one stack; those marked `<!-- own program -->` as stacks of their own, those
marked `<!-- script -->` are run, and `<!-- notebook -->` by tests/package. Stack files are previewed. Shell blocks run in a project, `make` only says what it
would do; those marked `<!-- not run: ... -->` are parsed, and their flags of `agentcore` looked up. Blocks with a
title become files of the project. A few pages promise to work from the beginning: on these, files, shell blocks and
scripts are typed in their order, on a local AWS that holds nothing but the demo.
"""

from __future__ import annotations

import ast
import itertools
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from agentcore_provider import stack_config
from agentcore_provider.cli.app import app
from agentcore_provider.stack_config.beside import DESCRIBED
from tests.docs.blocks import Block, blocks, typed

PROJECT = Path(__file__).parents[2]
PAGES = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md") if (PROJECT / name).exists()),
    *sorted((PROJECT / "docs").rglob("*.md")),
]
RUN = {"python", "sh", "yaml", "json"}
FROM_THE_BEGINNING = ("README.md", "docs/start.md", "docs/command.md", "docs/scripts.md")
# What a reader comes from.
SHOWN = {"cedar", "hcl", "typescript", "go"}

BLOCKS = [block for page in PAGES for block in blocks(page)]
PROGRAMS = [it for it in BLOCKS if it.language == "python" and it.title is None and it.mark is None]
STACK_FILES = [it for it in BLOCKS if it.language == "yaml" and it.title is None]
SHELL = [it for it in BLOCKS if it.language == "sh"]


def _of_workflows() -> Iterator[Block]:
    """What the workflows on the pages run."""
    for block in BLOCKS:
        if block.title and block.title.startswith(".github/workflows/"):
            for name, job in yaml.safe_load(block.text)["jobs"].items():
                text = "\n".join(step["run"] for step in job["steps"] if "run" in step)
                yield Block(f"{block.page} job {name}", block.line, "sh", None, "not run", text)


def _of(language: str, mark: str) -> list[Block]:
    return [it for it in BLOCKS if it.language == language and it.mark == mark]


@pytest.fixture
def prepared(reader: Any) -> Any:
    """The reader, with the files that the documents show."""
    for block in BLOCKS:
        if block.title:
            file = reader.folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
    # Of the project that the five minutes make with `pulumi new`.
    shutil.copytree(PROJECT / "examples" / "template" / "tools", reader.folder / "clock" / "tools", dirs_exist_ok=True)
    return reader


def test_every_block_is_run_or_known_to_be_shown_only() -> None:
    assert {it.language for it in BLOCKS} <= RUN | SHOWN
    assert {it.mark for it in BLOCKS} <= {None, "own program", "script", "notebook", "not run"}
    assert len(PROGRAMS) > 20
    assert len(STACK_FILES) > 10


def test_programs_deploy(prepared: Any) -> None:
    pages: dict[str, str] = {}
    for block in PROGRAMS:
        # Blank lines in front: a traceback then names the line of the page.
        so_far = pages.get(block.page, "")
        pages[block.page] = so_far + "\n" * max(block.line - so_far.count("\n"), 0) + prepared.own(block.text)
    joined = "".join(
        f"exec(compile({text!r}, {page!r}, 'exec'), {{'__name__': '__main__'}})\n" for page, text in pages.items()
    )
    prepared.deploy("docs", joined)


@pytest.mark.parametrize("block", _of("python", "own program"), ids=str)
def test_program_of_its_own_deploys(prepared: Any, block: Block) -> None:
    prepared.deploy(f"line-{block.line}", prepared.own(block.text))


@pytest.mark.parametrize("page", FROM_THE_BEGINNING)
def test_a_page_works_from_the_beginning(newcomer: Any, page: str) -> None:
    """Whoever has typed `make up` types the page from top to bottom, and each command does what the page says."""
    script = typed([it for it in BLOCKS if it.page == page], Path(sys.executable))
    stack_file = newcomer.folder / "Pulumi.local.yaml"
    before = stack_file.read_text()
    try:
        answer = newcomer.run("bash", "-s", fed=script)
        assert answer.returncode == 0, f"{page}:\n{answer.stdout}"
    finally:
        stack_file.write_text(before)


@pytest.mark.parametrize("block", [it for it in _of("python", "script") if it.page not in FROM_THE_BEGINNING], ids=str)
def test_script_runs(prepared: Any, block: Block) -> None:
    answer = prepared.run(sys.executable, "-", fed=prepared.own(block.text))
    assert answer.returncode == 0, answer.stdout


def test_stack_files_are_accepted_at_preview(prepared: Any) -> None:
    whole: dict[str, dict[str, Any]] = {"agentcore:gateways": {}, "agentcore:defaults": {}}
    # Gateways refer to these by name, and are referred to.
    others: dict[str, Any] = {}
    for number, block in enumerate(STACK_FILES):
        config = yaml.safe_load(prepared.own(block.text))["config"]
        # The pages use the same names over and over; each block is a stack file of its own.
        for key in whole:
            whole[key] |= {f"s{number}-{name}": gateway for name, gateway in config.get(key, {}).items()}
        beside = {key: it for key in DESCRIBED if (it := config.get(f"agentcore:{key}")) and key != "gateways"}
        stack_config.checked(
            config["agentcore:gateways"],
            others=beside,
            folder=prepared.folder,
            stack=str(block),
            defaults=config.get("agentcore:defaults"),
        )
        for registry in beside.get("registries", {}).values():
            for record in registry["records"].values():
                record["gateway"] = f"s{number}-{record['gateway']}"
        for key, it in beside.items():
            others[f"agentcore:{key}"] = {**others.get(f"agentcore:{key}", {}), **it}
    settings = {"agentcore:endpointUrl": prepared.endpoint, "aws:region": "us-west-2"}
    (prepared.folder / "Pulumi.files.yaml").write_text(yaml.safe_dump({"config": {**whole, **others, **settings}}))
    prepared.pulumi("stack", "init", "files")
    prepared.pulumi("preview", "--stack", "files")


def _first_of_each() -> list[Block]:
    """What several pages tell is typed once."""
    return list({it.text: it for it in reversed(SHELL)}.values())


def _other_pages() -> list[str]:
    pages = dict.fromkeys(it.page for it in _first_of_each()[::-1] if it.mark is None)
    return [it for it in pages if it not in FROM_THE_BEGINNING]


@pytest.mark.parametrize("page", _other_pages())
def test_commands_run(prepared: Any, page: str) -> None:
    shutil.rmtree(prepared.folder / "clock")
    stack_file = prepared.folder / "Pulumi.local.yaml"
    before = stack_file.read_text()
    prepared.deploy_demo()
    prepared.pulumi("stack", "select", "local")
    blocks = [it for it in SHELL if it.page == page and it.mark is None and it in _first_of_each()]
    script = "\n".join(re.sub(r"(?m)^make ", "make --dry-run ", prepared.own(it.text)) for it in blocks)
    try:
        answer = prepared.run("bash", "-x", "-euo", "pipefail", fed=script)
        assert answer.returncode == 0, f"{page}:\n{answer.stdout}"
    finally:
        stack_file.write_text(before)


@pytest.mark.parametrize("block", [*SHELL, *_of_workflows()], ids=str)
def test_commands_are_spelt_right(block: Block) -> None:
    parsed = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
    assert parsed.returncode == 0, parsed.stderr
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["agentcore"]:
            _check_flags(words[1:])


def _check_flags(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        if words[0].startswith("-"):
            break
        assert words[0] in command.commands, f"there is no `{words[0]}`"
        command = command.commands[words.pop(0)]
    known = {flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    for word in itertools.takewhile(lambda it: it != "--", words):
        if re.fullmatch(r"--?[a-z][a-z-]*", word):
            assert word in known | {"--help"}, f"`{command.name}` has no {word}"


@pytest.mark.parametrize("block", [it for it in BLOCKS if it.language == "json"], ids=str)
def test_json_is_json(block: Block) -> None:
    json.loads(block.text)


def _reported_by_the_package() -> str:
    """Every text in the package's code, with … where values go."""
    reported: list[str] = []
    for file in (PROJECT / "agentcore_provider").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                reported.append("".join(str(it.value) if isinstance(it, ast.Constant) else "…" for it in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                reported.append(node.value)
    return "\n".join(reported)


def test_every_message_that_the_documents_explain_is_one_of_the_package() -> None:
    reported = _reported_by_the_package()
    page = (PROJECT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    messages: list[str] = []
    for table in page.split("<!-- messages -->")[1:]:
        rows = [line for line in table.split("\n## ")[0].splitlines() if line.startswith("| `")]
        messages += [row.removeprefix("| ").rpartition(" |")[0].split(" | ")[0].strip("`") for row in rows]
    assert len(messages) > 40
    unknown = [it for it in messages if not all(part.strip() in reported for part in it.split("…"))]
    assert not unknown


def test_code_in_tables_is_closed_where_it_seems() -> None:
    """Code that has backticks in it stands between two of them: between single ones it would end at the first."""
    page = (PROJECT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    cells = [row.removeprefix("| ").split(" | ")[0] for row in page.splitlines() if row.startswith("| `")]
    assert [it for it in cells if not re.fullmatch(r"`[^`]+`|``.+``", it)] == []
