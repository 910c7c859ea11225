"""Cures are in the words of whoever reads them."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from agentcore_provider.aws.cures import COMMAND, PROGRAM, STACK_FILE, Cures, of_stack
from agentcore_provider.gateway_client.cures import SCRIPT

ARGUMENT = re.compile(r"\b[a-z_]+=\S|\b(?:targets|credentials)\.[A-Z]|GatewayRole|ResourceOptions")
FLAG = re.compile(r"(?<![\w-])--?[a-z][a-z-]+")
CONFIG = re.compile(r"pulumi|agentcore:\w+|aws:\w+")


def _reported(cures: Cures, *, outside_commands: bool = False) -> list[tuple[str, str]]:
    """The words by name, without the commands that stand between backticks if so wanted."""
    return [(name, re.sub(r"`[^`]*`", "", text) if outside_commands else text) for name, text in asdict(cures).items()]


@pytest.mark.parametrize("cures", [STACK_FILE, COMMAND], ids=["stack file", "command"])
def test_stack_files_and_the_command_have_no_arguments(cures: Cures) -> None:
    """What only a program can write is not a cure for somebody without one."""
    assert [(name, text) for name, text in _reported(cures) if ARGUMENT.search(text)] == []


@pytest.mark.parametrize("cures", [PROGRAM, STACK_FILE], ids=["program", "stack file"])
def test_programs_and_stack_files_have_no_flags(cures: Cures) -> None:
    """Flags belong to commands, which are written out."""
    assert [(name, text) for name, text in _reported(cures, outside_commands=True) if FLAG.search(text)] == []


def test_scripts_have_arguments_and_no_stack() -> None:
    """Neither flags nor configuration."""
    wrong = [it for it in _reported(SCRIPT) if CONFIG.search(it[1])]
    assert [*wrong, *(it for it in _reported(SCRIPT, outside_commands=True) if FLAG.search(it[1]))] == []


@pytest.mark.parametrize("cures", [PROGRAM, STACK_FILE, COMMAND, SCRIPT])
def test_cures_work_without_a_checkout(cures: Cures) -> None:
    """Whoever installed the wheel has no Makefile, and no index has the package."""
    assert [it for it in _reported(cures) if re.search(r"\bmake (?:setup|up)\b|pip install agentcore", it[1])] == []


@pytest.mark.parametrize(
    ("config", "environment", "reader"),
    [
        ({}, {}, PROGRAM),
        ({"agentcore:gateways": "{}"}, {}, STACK_FILE),
        ({"agentcore:gateways": "{}"}, {"AGENTCORE_READER": "command"}, COMMAND),
    ],
    ids=["program", "stack file", "command"],
)
def test_who_reads_is_known_from_the_stack_and_the_environment(
    config: dict[str, str], environment: dict[str, str], reader: Cures
) -> None:
    """The engine's plugin serves all three."""
    assert of_stack(config.get, environment) is reader
