"""Building from Go modules: what is built, and what is reported if it cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.go_build import (
    ENGINE,
    GO_HOST,
    LANGUAGE_HOST,
    NODEJS_HOST,
    SDK_GENERATOR,
    YAML_HOST,
    GoProgram,
    build_key,
    explain,
    key,
)
from engine.on_path import OLDEST
from engine.setup_error import SetupError


def test_the_built_engine_is_new_enough_for_the_project() -> None:
    assert tuple(map(int, ENGINE.version.lstrip("v").split("."))) >= OLDEST


@pytest.mark.parametrize(
    "program", [ENGINE, LANGUAGE_HOST, YAML_HOST, NODEJS_HOST, GO_HOST], ids=lambda program: program.name
)
def test_a_program_carries_the_version_of_its_module(program: GoProgram) -> None:
    command = program.build_command(Path("/target"))
    assert f"version.Version={program.version}" in command[command.index("-ldflags") + 1]
    assert command[-1].startswith(program.module)


def test_the_engine_and_the_scripts_beside_it_are_of_one_release() -> None:
    modules = (ENGINE.folder / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/sdk/v3 {ENGINE.version}" in modules


def test_pins_name_modules_and_no_place_to_fetch_them_from() -> None:
    for folder in (it.folder for it in (ENGINE, LANGUAGE_HOST, YAML_HOST, NODEJS_HOST, SDK_GENERATOR)):
        for file in ("go.mod", "go.sum"):
            assert not re.search(r"https?:|replace |proxy\.", (folder / file).read_text())


def test_packages_are_generated_as_by_the_engines_release() -> None:
    assert SDK_GENERATOR.version == ENGINE.version


def test_the_key_changes_with_a_program_of_our_own(tmp_path: Path) -> None:
    pins = "require github.com/x v1.0.0\n"
    (tmp_path / "go.mod").write_text(pins)
    (tmp_path / "go.sum").write_text("")
    program = GoProgram("x", ".", "github.com/x", tmp_path)
    before = key(program)
    (tmp_path / "main.go").write_text("package main\n")
    assert key(program) != before


def test_the_key_names_release_and_platform() -> None:
    assert re.fullmatch(rf"{re.escape(ENGINE.version)}-[a-z]+-\w+-[0-9a-f]{{8}}", build_key())


@pytest.mark.parametrize(
    ("reported", "cure"),
    [
        ('go: x@v1: Get "x": dial tcp: lookup x: no such host\ngo: more', "check the network"),
        ("open /x: no space left on device", "make room on the disk"),
        ("compile: signal: killed", "memory"),
        ("go: go.mod requires go >= 1.25 (running go 1.22; GOTOOLCHAIN=local)", "newer Go"),
        ("", "printed nothing"),
    ],
)
def test_every_failure_is_one_line_with_its_cure(reported: str, cure: str) -> None:
    line = explain("Building pulumi", reported)
    assert line.startswith("Building pulumi failed: ")
    assert cure in line
    assert "\n" not in line


def test_a_missing_pin_is_reported(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module x\n")
    with pytest.raises(SetupError, match=r"does not name github\.com/x"):
        _ = GoProgram("x", "github.com/x/cmd", "github.com/x", tmp_path).version
