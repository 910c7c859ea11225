from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from agentcore_provider.cli.local_aws.environment import local_environment, shell_lines
from agentcore_provider.cli.local_aws.process import LocalAws
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import InvalidInput

LOCAL_AWS = LocalAws(pid=1, port=4599, endpoint="http://127.0.0.1:4599", aws_plugin_port=50051)
PROGRAMS = str(Path(sys.executable).parent)


def test_the_region_is_the_one_of_the_local_stack_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.local.yaml").write_text("config:\n  aws:region: eu-central-1\n")
    assert local_environment(Project(tmp_path), LOCAL_AWS, "/bin")["AWS_REGION"] == "eu-central-1"


@pytest.mark.parametrize(
    ("endpoint", "port"),
    [("http://127.0.0.1:4700", 4700), ("http://[", 4599), ("https://example.com", 4599), (7, 4599)],
)
def test_the_port_is_the_one_the_local_stack_looks_at(tmp_path: Path, endpoint: object, port: int) -> None:
    (tmp_path / "Pulumi.local.yaml").write_text(f"config: {{'agentcore:endpointUrl': {endpoint!r}}}")
    assert Project(tmp_path).local_port() == port


def test_a_stack_file_that_is_not_a_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.local.yaml").write_text("config: [")
    with pytest.raises(InvalidInput, match=r"Pulumi.local.yaml is not YAML"):
        local_environment(Project(tmp_path), LOCAL_AWS, "/bin")


def test_path_has_the_programs_of_this_environment_first_and_once(tmp_path: Path) -> None:
    path = os.pathsep.join(["/bin", PROGRAMS, "/usr/bin"])
    assert local_environment(Project(tmp_path), LOCAL_AWS, path)["PATH"] == os.pathsep.join(
        [PROGRAMS, "/bin", "/usr/bin"]
    )


def test_values_are_quoted_for_the_shell(tmp_path: Path) -> None:
    lines = shell_lines({"PULUMI_HOME": "/a b/$(touch x)'"}, {})
    assert shlex.split(lines[0]) == ["export", "PULUMI_HOME=/a b/$(touch x)'"]


def test_settings_of_a_real_account_are_unset_only_where_there_are_some() -> None:
    assert shell_lines({}, {"AWS_PROFILE": "prod", "AWS_SESSION_TOKEN": "x"}) == ["unset AWS_PROFILE AWS_SESSION_TOKEN"]
    assert shell_lines({}, {"HOME": "/"}) == []
