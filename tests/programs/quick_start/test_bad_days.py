"""The command on bad days: nothing goes that nobody asked to remove, and nothing stays behind or locked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.shell import Shell

NONE = "--authorizer-type NONE"
NOWHERE = "s3://mybucket/Nowhere.json"


@pytest.fixture
def file(shell: Shell) -> Path:
    """The stack's file, in a project with two gateways, `kept` and `lost`, as the test before has left them or again."""
    file = Path(shell.project / "Pulumi.local.yaml")
    if not file.is_file():
        shell.succeeds(f"agentcore create_mcp_gateway -n kept {NONE}")
    if missing := {"kept", "lost"} - set(shell.gateways()):
        text = file.read_text()
        if entry := [name for name in sorted(missing) if f"\n    {name}:\n" not in text]:
            head, key, entries = text.partition("  agentcore:gateways:\n")
            file.write_text(
                head
                + key
                + "".join(f"    {it}:\n      name: {it}\n      authorizer: none\n      targets: {{}}\n" for it in entry)
                + entries
            )
        shell.succeeds("agentcore up --yes")
    return file


def _without(file: Path, gateway: str) -> str:
    """The text of the file without a gateway."""
    lines = file.read_text().splitlines(keepends=True)
    at = lines.index(f"    {gateway}:\n")
    end = next((i for i in range(at + 1, len(lines)) if not lines[i].startswith("      ")), len(lines))
    return "".join(lines[:at] + lines[end:])


def _started(shell: Shell, line: str, until: str) -> subprocess.Popen[str]:
    """A command that runs, from when it has printed something on."""
    process = subprocess.Popen(
        f"exec {line}",
        shell=True,
        cwd=shell.folder,
        env=shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for printed in process.stderr:
        if until in printed:
            return process
    raise AssertionError(f"{line} never printed {until}")


def _locks(shell: Shell) -> list[Path]:
    return list((shell.project / ".agentcore/state/.pulumi/locks").rglob("*.json"))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"create_mcp_gateway -n new {NONE}", marks=pytest.mark.long),
        pytest.param("delete kept", marks=pytest.mark.long),
        "up",
    ],
)
def test_what_vanished_from_the_file_goes_by_consent_only(shell: Shell, file: Path, line: str) -> None:
    """It is named, nothing is changed, and --yes agrees."""
    file.write_text(_without(file, "lost"))
    before = file.read_text()
    refused = shell.run(f"agentcore {line}")
    assert refused.returncode == 2, refused.stderr
    assert "removes Gateway lost" in refused.stderr
    assert "removes Gateway kept" not in refused.stderr
    assert "--yes" in refused.stderr
    assert file.read_text() == before
    assert {"kept", "lost"} <= set(shell.gateways())
    shell.succeeds(f"agentcore {line} --yes")
    assert "lost" not in shell.gateways()


def test_a_sign_in_is_replaced_by_consent_only(shell: Shell) -> None:
    """Agents would lose their client."""
    shell.succeeds("agentcore create_mcp_gateway -n door")
    refused = shell.run(f"agentcore create_mcp_gateway -n door {NONE}")
    assert (refused.returncode, "removes EzAuth door" in refused.stderr) == (2, True), refused.stderr
    assert shell.changes("agentcore create_mcp_gateway -n door") == {}


@pytest.mark.parametrize("text", ["", "\n", "config:\n  agentcore:gateways:\n    kept", "\x00\xff"])
def test_a_cut_off_file_is_reported_and_left(shell: Shell, file: Path, text: str) -> None:
    whole = file.read_text()
    file.write_bytes(text.encode("latin-1"))
    try:
        for line in (f"create_mcp_gateway -n new {NONE}", "delete kept", "up"):
            done = shell.run(f"agentcore {line}")
            assert (done.returncode, done.stderr.count("Error: ")) == (2, 1), done.stderr
            assert file.read_bytes() == text.encode("latin-1")
        assert {"kept", "lost"} <= set(shell.gateways())
    finally:
        file.write_text(whole)


def test_two_commands_at_once_in_a_new_home(new_shell: Shell) -> None:
    """Local AWS is started once; the entry of neither is lost."""
    try:
        starts = [_running(new_shell, "agentcore local start --port 0") for _ in range(2)]
        assert [it.wait(120) for it in starts] == [0, 0]
        new_shell.aws.endpoint = json.loads(new_shell.succeeds("agentcore local status --json"))["endpoint"]
        both = [_running(new_shell, f"agentcore create_mcp_gateway -n {name} {NONE}") for name in ("one", "two")]
        assert [it.wait(200) for it in both] == [0, 0]
        assert sorted(new_shell.gateways()) == ["one", "two"]
        assert {it["name"] for it in json.loads(new_shell.succeeds("agentcore list --json"))} == {"one", "two"}
    finally:
        new_shell.run("agentcore local stop")


def _running(shell: Shell, line: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        line,
        shell=True,
        cwd=shell.folder,
        env=shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        signal.SIGTERM,
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
    ids=lambda it: it.name,
)
def test_a_signal_leaves_no_lock_and_the_next_try_carries_on(shell: Shell, number: signal.Signals) -> None:
    """The engine ends what it is at, and saves what it has made."""
    line = "agentcore create_mcp_gateway -n cut"
    with _started(shell, line, "created Role cut") as process:
        os.kill(process.pid, number)
        _, reported = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "the engine finishes its current operations" in reported
    assert _locks(shell) == []
    shell.succeeds(line)
    assert shell.gateways().count("cut") == 1
    shell.succeeds("agentcore delete cut")


def test_a_killed_delete_is_carried_on(shell: Shell, file: Path) -> None:
    """The file keeps the entry until everything is removed, and the engine survives the command."""
    with _started(shell, "agentcore delete lost", "deleted Gateway lost") as process:
        process.kill()
    shell.succeeds("agentcore delete lost")
    assert "lost" not in shell.gateways()
    assert "lost" not in file.read_text()
    assert "lost" not in {it["name"] for it in json.loads(shell.succeeds("agentcore list --json"))}


def test_what_is_deployed_without_an_entry_can_be_deleted(shell: Shell, file: Path) -> None:
    """`delete` denies nothing that `list` shows."""
    file.write_text(_without(file, "lost"))
    shell.succeeds("agentcore delete lost")
    assert "lost" not in shell.gateways()
    assert "kept" in shell.gateways()


def test_a_flag_that_failed_once_is_gone_when_it_is_left_out(shell: Shell) -> None:
    """A role that does not let the service in, and a schema that is not there."""
    failed = shell.run(f"agentcore create_mcp_gateway -n again -r function -t {NOWHERE} {NONE}")
    assert (failed.returncode, "agentcore delete again" in failed.stderr) == (1, True), failed.stderr
    shell.succeeds(f"agentcore create_mcp_gateway -n again {NONE}")
    assert "role/function" not in (shell.project / "Pulumi.local.yaml").read_text()


def test_the_cure_removes_the_target_that_failed_and_no_gateway(shell: Shell, file: Path) -> None:
    failed = shell.run(f"agentcore create_mcp_gateway -n kept -t {NOWHERE}")
    assert "remove what failed with `agentcore delete kept --target Nowhere" in failed.stderr
    assert "`agentcore delete kept`" not in failed.stderr
    shell.succeeds("agentcore delete kept --target Nowhere")
    assert "kept" in shell.gateways()
    # Its sign-in stayed as it was: the same flags change nothing.
    assert shell.changes(f"agentcore create_mcp_gateway -n kept {NONE}") == {}


@pytest.mark.parametrize("blocks", [0, 1])
def test_a_full_disk_is_one_line(shell: Shell, file: Path, blocks: int) -> None:
    """Here a limit on the size of files, with and without room for temporary ones; the stack's file stays whole."""
    whole = file.read_text()
    before = whole + "# " + "x" * 2000 + "\n"
    file.write_text(before)
    done = shell.run(f"ulimit -f {blocks}; agentcore create_mcp_gateway -n new {NONE}")
    assert done.returncode == 1
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "Free some space" in error
    assert "Traceback" not in done.stderr
    assert file.read_text() == before
    file.write_text(whole)


def test_list_shows_all_stacks_and_up_deploys_one(shell: Shell, file: Path) -> None:
    """What `config add-target` ends with works where it was typed; a gateway elsewhere is found."""
    added = shell.run("agentcore config add-target far api dynamodb --region eu-west-1")
    assert "`agentcore up --stack local-eu-west-1` deploys it" in added.stderr
    shell.succeeds("agentcore up --stack local-eu-west-1")
    shell.succeeds(f"agentcore create_mcp_gateway -n near {NONE} --region eu-west-1")
    listed = {(it["stack"], it["name"]) for it in json.loads(shell.succeeds("agentcore list --json"))}
    assert {("local", "kept"), ("local-eu-west-1", "near")} <= listed
    elsewhere = shell.run(
        "agentcore create_mcp_gateway_target --gateway near --region us-west-2 --target-type smithyModel"
    )
    assert "Pass --stack local-eu-west-1, which has it, in eu-west-1" in elsewhere.stderr
