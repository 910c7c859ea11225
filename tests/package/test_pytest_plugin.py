"""The pytest plugin, in runs of pytest of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

FIRST = "from agentcore_provider.pytest_plugin import AgentCoreLocal\n"


def run(folder: Path, code: str, *flags: str, **variables: str) -> str:
    """What pytest prints for a file of tests."""
    (folder / "test_it.py").write_text(FIRST + code)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "--rootdir=.", *flags, "test_it.py"],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=240,
    )
    return done.stdout + done.stderr


def test_each_test_begins_with_nothing(tmp_path: Path) -> None:
    """Resources, faults and requests of a test are gone in the next, however the test ended."""
    code = """
import boto3, pytest

@pytest.mark.parametrize("number", range(3))
def test_it(agentcore_local: AgentCoreLocal, number: int) -> None:
    assert agentcore_local.requests() == []
    iam = boto3.client("iam")
    assert iam.list_users()["Users"] == []
    assert len(agentcore_local.requests("iam")) == 1
    iam.create_user(UserName="nobody")
    iam.attach_user_policy(UserName="nobody", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    policy = iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")["Policy"]
    assert policy["AttachmentCount"] == 1
    agentcore_local.fault("ListUsers", times=100)
    assert number != 1
"""
    output = run(tmp_path, code)
    assert "1 failed, 2 passed" in output, output


def test_programs_use_it_whatever_the_environment_says(tmp_path: Path) -> None:
    """boto3 and started programs leave the real account alone during a test, and have it back afterwards."""
    code = """
import os, subprocess, sys, boto3
ASK = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"

def test_it(agentcore_local: AgentCoreLocal) -> None:
    assert boto3.client("sts").meta.endpoint_url == agentcore_local.url
    assert subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True).stdout == "123456789012\\n"
    assert "AWS_PROFILE" not in os.environ

def test_after_it() -> None:
    assert (os.environ["AWS_PROFILE"], os.environ["AWS_ENDPOINT_URL"]) == ("work", "http://127.0.0.1:9")
"""
    output = run(tmp_path, code, AWS_PROFILE="work", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert "2 passed" in output, output


def test_no_session_of_boto3_passes_from_one_test_to_the_next(tmp_path: Path) -> None:
    """Credentials that boto3 has read before are not used on local AWS, nor those of local AWS on the real one."""
    code = """
import boto3

def key() -> str:
    boto3.client("sts")
    return boto3.DEFAULT_SESSION.get_credentials().access_key

def test_before() -> None:
    assert key() == "real"

def test_it(agentcore_local: AgentCoreLocal) -> None:
    assert key() == "local"

def test_after() -> None:
    assert key() == "real"
"""
    variables = {"AWS_ACCESS_KEY_ID": "real", "AWS_SECRET_ACCESS_KEY": "real", "AWS_REGION": "us-west-2"}
    output = run(tmp_path, code, **variables, AWS_DEFAULT_REGION="us-west-2")
    assert "3 passed" in output, output


def test_a_program_can_be_started_after_a_reset(tmp_path: Path) -> None:
    """Where Pulumi keeps its state is empty then, and still there."""
    code = """
from pathlib import Path

def test_it(agentcore_local: AgentCoreLocal) -> None:
    state = Path(agentcore_local.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
    (state / "a-stack").write_text("")
    agentcore_local.reset()
    assert list(state.iterdir()) == []
"""
    output = run(tmp_path, code)
    assert "1 passed" in output, output


def test_both_fixtures_have_an_aws_of_their_own(tmp_path: Path) -> None:
    """What a deployment for all tests creates outlives the reset after a test with an empty AWS."""
    code = """
import boto3, pytest

@pytest.fixture(scope="session")
def bucket(agentcore_local_session: AgentCoreLocal) -> str:
    boto3.resource("s3").create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return "kept"

def test_one(bucket: str, agentcore_local: AgentCoreLocal, agentcore_local_session: AgentCoreLocal) -> None:
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    assert [it.name for it in agentcore_local_session.session.resource("s3").buckets.all()] == [bucket]

def test_other(bucket: str) -> None:
    assert boto3.client("s3").list_buckets()["Buckets"][0]["Name"] == bucket
"""
    output = run(tmp_path, code)
    assert "2 passed" in output, output


def test_settings_are_those_of_a_fixture(tmp_path: Path) -> None:
    """Delays and quotas of local AWS come from agentcore_local_settings; a delay that is not one is reported."""
    code = """
import pytest

@pytest.fixture(scope="session")
def agentcore_local_settings(): return {"ready_after": {KIND: 60.0}, "enforce_limits": True}

def test_it(agentcore_local: AgentCoreLocal) -> None:
    role = agentcore_local.session.client("iam")
    made = agentcore_local.session.client("bedrock-agentcore-control").create_workload_identity(name="clerk")
    assert made["name"] == "clerk"
"""
    assert "1 passed" in run(tmp_path, code.replace("KIND", "'gateway'"))
    output = run(tmp_path, code.replace("KIND", "'gatway'"))
    assert "Local AWS does not start" in output
    assert "KIND one of gateway, target, domain" in output


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_local_aws_outlives_pytest(tmp_path: Path, number: signal.Signals) -> None:
    """Also a pytest that is killed leaves no process behind."""
    code = """
import os

def test_it(agentcore_local: AgentCoreLocal) -> None:
    print("served at", agentcore_local.url, "by", flush=True)
    os.kill(os.getpid(), NUMBER)
"""
    output = run(tmp_path, code.replace("NUMBER", str(int(number))))
    found = re.search(r"served at (\S+) by", output)
    assert found, output
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{found[1]}/_local/health", timeout=1).close()
        except (urllib.error.URLError, ConnectionError):
            break
    else:
        raise AssertionError("it still answers")
