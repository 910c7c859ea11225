"""Stack files are edited key by key: comments, order and secrets stay."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from agentcore_provider.cli import completion
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.project.stack_file import KEPT_SECRET, StackFile, in_its_form
from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.stack_config import description
from agentcore_provider.stack_config.places import source_files

WRITTEN = """\
# What this stack is for.
encryptionsalt: v1:abc
config:
  aws:region: us-west-2  # near the users
  agentcore:gateways:
    # The shop.
    shop:
      description: "A shop"
      targets:
        orders:
          lambda:
            arn: arn:aws:lambda:us-west-2:123456789012:function:orders  # found elsewhere
        crm:
          openapi: crm.yaml
          credentials:
            api_key:
              location: HEADER
              key:
                secure: v1:encrypted
"""


@pytest.fixture
def file(tmp_path: Path) -> StackFile:
    (tmp_path / "Pulumi.dev.yaml").write_text(WRITTEN)
    return StackFile(tmp_path / "Pulumi.dev.yaml")


def test_a_new_target_leaves_every_other_line_as_it_is(file: StackFile) -> None:
    file.put("shop", {"targets": {"stock": {"lambda": {"arn": "arn:x"}}}})
    assert file.write()
    assert file.path.read_text() == WRITTEN + "        stock:\n          lambda:\n            arn: arn:x\n"


def test_what_is_there_already_writes_nothing(file: StackFile) -> None:
    file.put("shop", {"description": "A shop", "targets": {"crm": {"openapi": "crm.yaml"}}})
    file.put("shop", {"targets": {"crm": {"credentials": {"api_key": {"location": "HEADER"}}}}})
    before = file.path.stat()
    assert not file.write()
    assert file.path.stat() == before


def test_other_credentials_take_the_place_of_the_old_ones(file: StackFile) -> None:
    file.put("shop", {"targets": {"crm": {"credentials": {"oauth": {"client_id": "a"}}}}})
    assert file.gateways()["shop"]["targets"]["crm"]["credentials"] == {"oauth": {"client_id": "a"}}


def test_secrets_are_read_as_a_word_and_kept(file: StackFile) -> None:
    assert file.gateways()["shop"]["targets"]["crm"]["credentials"]["api_key"]["key"] == KEPT_SECRET
    file.put("shed", {"targets": {}})
    file.write()
    assert "secure: v1:encrypted" in file.path.read_text()


def test_what_is_removed_is_gone_and_nothing_else(file: StackFile) -> None:
    file.remove("shop", "crm")
    file.write()
    assert list(StackFile(file.path).gateways()["shop"]["targets"]) == ["orders"]
    assert "# found elsewhere" in file.path.read_text()
    file.remove("shop")
    file.write()
    assert StackFile(file.path).gateways() == {}
    assert "# near the users" in file.path.read_text()


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    file = StackFile(tmp_path / "Pulumi.new.yaml")
    assert file.gateways() == {}
    file.put("shop", {"name": "shop", "targets": {}})
    assert file.write()
    assert StackFile(file.path).gateways() == {"shop": {"name": "shop", "targets": {}}}


@pytest.mark.parametrize("text", ["config: [", "- a list\n"])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=r"Pulumi.dev.yaml is not"):
        StackFile(path)


def test_tab_offers_the_stacks_and_gateways_that_files_name(project: Path, file: StackFile) -> None:
    (project / "Pulumi.dev.yaml").write_text(file.path.read_text())
    (project / "Pulumi.prod.yaml").write_text("config: [")
    assert completion.stacks("") == ["dev", "prod"]
    assert completion.stacks("p") == ["prod"]
    assert completion.gateways(SimpleNamespace(params={}), "s") == ["shop"]
    assert completion.gateways(SimpleNamespace(params={"stack": "prod"}), "") == []


@pytest.mark.parametrize(
    ("written", "report"),
    [
        (b"config: [1]\n", "config is not a mapping"),
        (b"config:\n  agentcore:gateways: text\n", "agentcore:gateways is not a mapping"),
        (b"config:\n  agentcore:gateways:\n    secure: v1:x\n", "agentcore:gateways is not a mapping"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"config: [", "is not YAML"),
        (b"config:\n\tx:y: 1\n", r"cannot start any token \(line 2\). Write spaces instead of the tab"),
        (
            b"config: {}\n---\nconfig: {}\n",
            "line 2, column 1: is neither JSON nor YAML: found another document. Fix the file",
        ),
        (
            b"config:\n  a: hunter1\n  a: hunter2\n",
            r"line 3, column 3: 'a' is written twice in one object. Fix the file",
        ),
        (b"config: {x: 2024-13-45}\n", "is not YAML: month must be in 1..12. Fix the file"),
        (b"config: &a [*a]\n", r"is not YAML: line 1, column 13: \*a contains itself. Fix the file"),
        (b"config: \x00\n", "is not YAML: unacceptable character #x0000"),
        (b"config: !ours {}\n", "line 1, column 9: has the YAML tag '!ours'"),
    ],
)
def test_what_could_only_be_replaced_is_refused(tmp_path: Path, written: bytes, report: str) -> None:
    """Replacing it would remove every gateway that is deployed."""
    (tmp_path / "Pulumi.dev.yaml").write_bytes(written)
    with pytest.raises(InvalidInput, match=report):
        StackFile(tmp_path / "Pulumi.dev.yaml")


def test_aliases_that_multiply_are_refused_wherever_a_stack_is_read(tmp_path: Path) -> None:
    """A few hundred bytes that stand for a billion words, in the stack's file or in the defaults of all stacks."""
    levels = [f"  l{it}: &l{it} [{', '.join([f'*l{it - 1}'] * 10)}]" for it in range(1, 9)]
    text = "\n".join(["config:", "  l0: &l0 [a, a, a, a, a, a, a, a, a, a]", *levels, ""])
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    reported = "has more than 500,000 values, YAML aliases written out"
    with pytest.raises(InvalidInput, match=reported):
        StackFile(tmp_path / "Pulumi.dev.yaml")
    with pytest.raises(InvalidInput, match=reported):
        Project(tmp_path).stacks()
    with pytest.raises(InvalidInput, match=reported):
        description.shared("Pulumi.dev.yaml", tmp_path)
    assert source_files(tmp_path, "dev").places == {}


def test_a_folder_where_the_file_belongs_is_reported(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").mkdir()
    with pytest.raises(InvalidInput, match="cannot be read"):
        StackFile(tmp_path / "Pulumi.dev.yaml")


def test_what_an_anchor_says_of_two_gateways_is_left_to_people(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(
        "config:\n  agentcore:gateways:\n    shop: &shop\n      targets: {a: {openapi: a.yaml}}\n    desk: *shop\n"
    )
    before = path.read_bytes()
    file = StackFile(path)
    file.put("shop", {"targets": {"crm": {"openapi": "crm.yaml"}}})
    with pytest.raises(AgentCoreError, match=r"Pulumi\.dev\.yaml cannot be edited without harm"):
        file.write()
    assert path.read_bytes() == before


@pytest.mark.parametrize("breaks", [False, True])
def test_what_the_engine_writes_in_its_own_form_is_taken_over_into_the_files(tmp_path: Path, breaks: bool) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(b"# of ours\r\nconfig:\r\n    x:y: [ a ]   # b\r\n")
    with contextlib.suppress(KeyError), in_its_form(path):
        path.write_text("# of ours\n\nconfig:\n  x:y:\n    - a # b\n  x:z: 1\nencryptionsalt: v1:a\n")
        if breaks:
            raise KeyError
    assert path.read_bytes() == (
        b"# of ours\r\nconfig:\r\n    x:y: [ a ]   # b\r\n    x:z: 1\r\nencryptionsalt: v1:a\r\n"
    )


def test_a_file_that_the_engine_makes_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    with in_its_form(path):
        path.write_text("config: {}\n")
    assert path.read_text() == "config: {}\n"


def test_what_is_beside_gateways_is_read_without_secrets(tmp_path: Path) -> None:
    """What `agentcore delete` of the last gateway leaves, and other commands validate with the gateways."""
    path = tmp_path / "Pulumi.dev.yaml"
    text = "config:\n  agentcore:gateways: {}\n  agentcore:owner: me\n"
    path.write_text(text)
    assert StackFile(path).beside() == {}
    secret = "{prompt: {secure: v1:encrypted}}"
    path.write_text(
        f"{text}  agentcore:configurationBundles: {{a: {{components: {{b: {{configuration: {secret}}}}}}}}}\n"
    )
    kept = {"prompt": KEPT_SECRET}
    found = {"configurationBundles": {"a": {"components": {"b": {"configuration": kept}}}}}
    assert StackFile(path).beside() == found
