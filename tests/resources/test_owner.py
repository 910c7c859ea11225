"""What reports one stack from others of its name stands in the stack's file, wherever the project lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentcore_provider.resources.owner import _salt


@pytest.mark.parametrize(
    ("text", "salt"),
    [
        ("config: {}\nencryptionsalt: v1:abc=:v1:def:ghi==\n", "v1:abc=:v1:def:ghi=="),
        ('encryptionsalt: "v1:abc="\n', "v1:abc="),
        ("encryptionsalt: >-\n  v1:abc=\nconfig: {}\n", "v1:abc="),
        ("secretsprovider: awskms://alias/x\nencryptedkey: AQICAH==\n", "AQICAH=="),
        ("config:\n  app:encryptionsalt: no\n", None),
        ("", None),
    ],
)
def test_the_salt_or_key_is_found_in_every_form(tmp_path: Path, text: str, salt: str | None) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    assert _salt(str(tmp_path), "dev") == salt


def test_the_folder_of_stack_files_is_looked_up(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:abc=\n")
    assert _salt(str(tmp_path), "dev") == "v1:abc="


def test_without_the_stacks_file_nothing_is_claimed(tmp_path: Path) -> None:
    assert _salt(str(tmp_path), "dev") is None
