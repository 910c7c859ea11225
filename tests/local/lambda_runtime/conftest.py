"""Functions put into local AWS's store, and what every test of running them needs."""

from __future__ import annotations

import base64
import io
import os
import textwrap
import time
import uuid
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from moto.awslambda.models import LambdaFunction, LayerVersion, lambda_backends

from agentcore_provider.local import lambda_runtime

ACCOUNT = "123456789012"
REGION = "us-west-2"


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, textwrap.dedent(text))
    return buffer.getvalue()


def deploy(code: str | bytes, *, name=None, handler="app.handler", runtime="python3.12", **spec) -> str:
    """Put a function into local AWS's store, past the checks of its role, and return its ARN."""
    name = name or f"f-{uuid.uuid4().hex[:10]}"
    package = code if isinstance(code, bytes) else zipped(**{"app.py": code})
    spec = {
        "FunctionName": name,
        "Role": f"arn:aws:iam::{ACCOUNT}:role/any",
        "Runtime": runtime,
        "Handler": handler,
        "Code": {"ZipFile": base64.b64encode(package).decode()},
        **spec,
    }
    function = LambdaFunction(ACCOUNT, spec, REGION)
    lambdas = lambda_backends[ACCOUNT][REGION]._lambdas
    lambdas._functions[name] = {"latest": function, "versions": []}
    lambdas._arns[function.function_arn] = function
    return function.function_arn


def run(arn: str, event=None, client_context=None, **more):
    return lambda_runtime.invoke(arn, {} if event is None else event, client_context, REGION, **more)


def layer(code: bytes) -> str:
    spec = {"LayerName": f"l{uuid.uuid4().hex[:6]}", "Content": {"ZipFile": base64.b64encode(code).decode()}}
    version = LayerVersion(spec, ACCOUNT, REGION)
    lambda_backends[ACCOUNT][REGION]._layers.put_layer_version(version)
    return version.arn


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process ends in time; one that nobody has reaped yet counts as ended."""

    def dead() -> bool:
        try:
            os.kill(pid, 0)
            stat = Path(f"/proc/{pid}/stat")
            return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return True

    return wait_until(dead, seconds)


def wait_until(condition, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture(autouse=True, scope="module")
def _workers():
    yield
    lambda_runtime.stop()


@pytest.fixture(scope="session")
def functions():
    """Deploy, run and watch functions."""
    return SimpleNamespace(
        account=ACCOUNT,
        region=REGION,
        deploy=deploy,
        gone=gone,
        layer=layer,
        run=run,
        wait_until=wait_until,
        zipped=zipped,
    )
