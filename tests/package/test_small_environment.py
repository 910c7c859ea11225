"""What the scripts' client and the command need is importable without Pulumi and its aws package."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from agentcore_provider import installation

_WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name.partition(".")[0])
sys.meta_path.insert(0, Absent())
"""
_PULUMI = ("pulumi", "pulumi_aws", "grpc")


def _run(code: str, *absent: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(absent=absent) + code], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    "code",
    [
        "from agentcore_provider import GatewayClient, errors\nGatewayClient('us-west-2').region",
        "import agentcore_provider.cli.app as it\n"
        "from typer.testing import CliRunner\n"
        "for words in (['--help'], ['builtins'], ['tools', '--help'], ['validate', '--help'], ['local', '--help']):\n"
        "    answer = CliRunner().invoke(it.app, words)\n"
        "    assert answer.exit_code == 0, answer.output",
    ],
    ids=["client", "command"],
)
def test_scripts_and_the_command_need_no_pulumi(code: str) -> None:
    """Environments without the 271 MB of pulumi-aws work."""
    answer = _run(code, *_PULUMI)
    assert answer.returncode == 0, answer.stderr


def test_the_client_is_imported_without_boto3_and_mcp() -> None:
    """They are imported at the first call."""
    code = "from agentcore_provider import GatewayClient\nprint(sorted({'boto3', 'mcp', 'pulumi'} & set(sys.modules)))"
    assert _run(code).stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["Gateway", "GatewayRole", "targets"])
def test_what_needs_pulumi_says_what_to_install(name: str) -> None:
    """One line, with the versions that this package needs, and no package that is on no index."""
    answer = _run(f"from agentcore_provider import {name}", *_PULUMI)
    last = answer.stderr.strip().splitlines()[-1]
    assert re.search(rf"{name} needs pulumi\w*, which is not installed here: pip install ", last)
    assert re.search(r'"pulumi[<>=]', last)
    assert re.search(r'"pulumi-aws[<>=]', last)


def test_an_extra_is_installed_by_its_packages() -> None:
    """The extra's own name would ask an index for this package, which may have been installed from a file."""
    reported = installation.command(extra="local")
    assert re.search(r'^pip install .*"moto\[.*\][<>=]', reported)
    assert re.search(r'"flask[<>=]', reported)
    assert "agentcore" not in reported
    assert "pulumi" not in reported
