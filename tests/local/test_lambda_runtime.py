"""Functions of local AWS run: their own code, a clean environment, Lambda's errors, no process left behind."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import uuid
import zipfile

import boto3
import pytest
from botocore.config import Config
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.logs.models import logs_backends
from werkzeug.serving import make_server
from werkzeug.wrappers import Request

from agentcore_provider.local import lambda_runtime
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError

ACCOUNT = "123456789012"
REGION = "us-west-2"


@pytest.fixture(autouse=True, scope="module")
def _workers():
    yield
    lambda_runtime.stop()


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
    function.logs_backend = logs_backends[ACCOUNT][REGION]
    lambdas = lambda_backends[ACCOUNT][REGION]._lambdas
    lambdas._functions[name] = {"latest": function, "versions": []}
    lambdas._arns[function.function_arn] = function
    return function.function_arn


def run(arn: str, event=None, client_context=None, **more):
    return lambda_runtime.invoke(arn, {} if event is None else event, client_context, REGION, **more)


def test_a_handler_gets_the_event_and_a_context_as_on_lambda():
    arn = deploy(
        """
        def handler(event, context):
            return {
                "event": event, "custom": context.client_context.custom, "arn": context.invoked_function_arn,
                "name": context.function_name, "memory": context.memory_limit_in_mb,
                "left": context.get_remaining_time_in_millis(), "id": context.aws_request_id,
            }
        """,
        MemorySize=256,
        Timeout=7,
    )
    result = run(arn, {"café": [1, 2.5, None]}, {"custom": {"bedrockAgentCoreToolName": "t___x"}})
    assert result.error is None
    payload = result.payload
    assert payload["event"] == {"café": [1, 2.5, None]}
    assert payload["custom"] == {"bedrockAgentCoreToolName": "t___x"}
    assert payload["arn"] == arn
    assert payload["name"] == arn.rsplit(":", 1)[1]
    assert payload["memory"] == "256"
    assert 0 < payload["left"] <= 7000
    assert uuid.UUID(payload["id"])


def test_a_handler_sees_its_own_environment_and_nothing_of_the_server():
    os.environ["OF_THE_SERVER"] = "secret"
    arn = deploy(
        """
        import os
        def handler(event, context):
            return dict(os.environ)
        """,
        Environment={"Variables": {"STAGE": "dev"}},
    )
    seen = run(arn, endpoint_url="http://127.0.0.1:1234").payload
    assert seen["STAGE"] == "dev"
    assert seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1234"
    assert seen["AWS_REGION"] == REGION
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == arn.rsplit(":", 1)[1]
    assert "OF_THE_SERVER" not in seen
    assert not {name for name in seen if name.startswith(("PYTEST", "VIRTUAL_ENV", "PYTHON"))}


def test_a_warm_worker_keeps_its_globals_and_new_code_replaces_it():
    counting = """
        calls = 0
        def handler(event, context):
            global calls
            calls += 1
            return [STEP, calls]
    """
    arn = deploy("STEP = 1" + textwrap.dedent(counting), name="counter")
    assert [run(arn).payload, run(arn).payload] == [[1, 1], [1, 2]]
    deploy("STEP = 2" + textwrap.dedent(counting), name="counter")
    assert run(arn).payload == [2, 1]


def test_calls_side_by_side_run_in_workers_of_their_own():
    arn = deploy(
        """
        import os, time
        from pathlib import Path
        def handler(event, context):
            folder = Path(event)
            (folder / str(os.getpid())).touch()
            while len(list(folder.iterdir())) < 3:
                time.sleep(0.005)
            return os.getpid()
        """,
        Timeout=20,
    )
    folder = os.path.realpath(__import__("tempfile").mkdtemp())
    pids: list[int] = []
    threads = [threading.Thread(target=lambda: pids.append(run(arn, folder).payload)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shutil.rmtree(folder)
    assert len(set(pids)) == 3


@pytest.mark.parametrize(
    ("code", "handler", "error_type", "message"),
    [
        ("def handler(e, c): raise KeyError('nope')", "app.handler", "KeyError", "'nope'"),
        (
            "import nowhere_to_be_found",
            "app.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'app'",
        ),
        ("def handler(:", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
        ("x = 1", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("x = 1", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler'"),
        (
            "def handler(e, c): return object()",
            "app.handler",
            "Runtime.MarshalError",
            "Unable to marshal response",
        ),
        ("def handler(e, c): raise SystemExit(3)", "app.handler", "Runtime.ExitError", "exit status 3"),
        (
            "import os\ndef handler(e, c): os.kill(os.getpid(), 9)",
            "app.handler",
            "Runtime.ExitError",
            "signal: 9",
        ),
        ("1 / 0", "app.handler", "ZeroDivisionError", "division by zero"),
    ],
)
def test_failures_are_lambdas_error_documents(code, handler, error_type, message):
    result = run(deploy(code, handler=handler))
    assert result.error == "Unhandled"
    assert result.payload["errorType"] == error_type
    assert message in result.payload["errorMessage"]
    assert isinstance(result.payload["stackTrace"], list)


def test_a_stack_trace_shows_the_functions_own_lines_only():
    result = run(deploy("def handler(e, c):\n    return inner()\ndef inner():\n    raise ValueError('no')\n"))
    assert len(result.payload["stackTrace"]) == 2
    assert all("app.py" in line and "bootstrap" not in line for line in result.payload["stackTrace"])


def test_a_handler_over_its_time_is_killed_with_everything_it_started_and_the_next_call_works():
    arn = deploy(
        """
        import subprocess
        def handler(event, context):
            if event:
                child = subprocess.Popen(["sleep", "600"])
                print("child", child.pid, flush=True)
                child.wait()
            return "fine"
        """,
        Timeout=1,
    )
    result = run(arn, {"hang": True})
    assert result.payload["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in result.payload["errorMessage"]
    child = int(result.log.split("child ")[1].split()[0])
    assert gone(child)
    assert run(arn).payload == "fine"


def test_what_a_function_prints_is_in_its_log_group_and_never_on_our_output(capfd):
    arn = deploy(
        """
        import logging, sys
        def handler(event, context):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            logging.getLogger().warning("to the log")
            return "quiet"
        """
    )
    result = run(arn)
    assert result.payload == "quiet"
    assert "to stdout" in result.log
    assert "to stderr" in result.log
    assert "[WARNING]" in result.log
    group = logs_backends[ACCOUNT][REGION].groups[f"/aws/lambda/{arn.rsplit(':', 1)[1]}"]
    messages = [event.message for stream in group.streams.values() for event in stream.events]
    assert "to stdout" in messages
    assert messages[0].startswith("START RequestId:")
    assert capfd.readouterr() == ("", "")


def test_a_layer_is_on_the_path():
    layer = zipped(**{"python/colours.py": "RED = '#f00'"})
    version = boto3_like_layer(layer)
    arn = deploy("import colours\ndef handler(e, c): return colours.RED", Layers=[version])
    assert run(arn).payload == "#f00"


def boto3_like_layer(code: bytes) -> str:
    from moto.awslambda.models import LayerVersion

    spec = {"LayerName": f"l{uuid.uuid4().hex[:6]}", "Content": {"ZipFile": base64.b64encode(code).decode()}}
    version = LayerVersion(spec, ACCOUNT, REGION)
    lambda_backends[ACCOUNT][REGION]._layers.put_layer_version(version)
    return version.arn


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"runtime": "java21"}, "wants runtime java21"),
        ({"code": b"not a zip"}, "not a zip file"),
    ],
)
def test_what_cannot_run_here_says_why(spec, reason):
    result = run(deploy(spec.pop("code", "x = 1"), **spec))
    assert result.error == "Unhandled"
    assert reason in result.payload["errorMessage"]


def test_an_unknown_function_is_named():
    with pytest.raises(FunctionNotFoundError, match="function:missing"):
        run(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:missing")


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on PATH")
@pytest.mark.parametrize(
    ("file", "code"),
    [
        (
            "app.mjs",
            "export const handler = async (event, context) => ({n: event.n + 1, c: context.clientContext.custom});",
        ),
        (
            "app.js",
            "exports.handler = (event, context, done) => done(null, {n: event.n + 1, c: context.clientContext.custom});",
        ),
    ],
)
def test_node_handlers_run_too(file, code):
    arn = deploy(zipped(**{file: code}), runtime="nodejs22.x")
    assert run(arn, {"n": 1}, {"custom": {"k": "v"}}).payload == {"n": 2, "c": {"k": "v"}}


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on PATH")
def test_node_failures_are_errors():
    result = run(
        deploy(
            zipped(**{"app.mjs": "export const handler = async () => { throw new TypeError('no'); };"}),
            runtime="nodejs22.x",
        )
    )
    assert (result.error, result.payload["errorType"], result.payload["errorMessage"]) == (
        "Unhandled",
        "TypeError",
        "no",
    )


@pytest.mark.parametrize("busy", [True, False])
def test_workers_die_with_a_killed_server(busy, tmp_path):
    """SIGKILL leaves the server no chance to clean up; its workers notice and end themselves."""
    started = tmp_path / "pid"
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(started), "busy" if busy else "idle"],
        cwd=os.path.dirname(__file__),
    )
    try:
        wait_until(lambda: started.exists() and started.read_text().endswith("\n"))
        worker = int(started.read_text())
        assert not gone(worker, seconds=0)
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    assert gone(worker)


_SERVER = """
import sys, time
sys.path.insert(0, ".")
from test_lambda_runtime import deploy, run
arn = deploy('''
import os, time
def handler(event, context):
    with open(event["file"], "w") as f:
        f.write(f"{os.getpid()}\\\\n")
    if event["how"] == "busy":
        time.sleep(600)
''', Timeout=900)
run(arn, {"file": sys.argv[1], "how": sys.argv[2]})
time.sleep(600)
"""


def gone(pid: int, seconds: float = 10) -> bool:
    def dead() -> bool:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                return stat.read().rsplit(")", 1)[1].split()[0] in "ZX"
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


@pytest.fixture(scope="module")
def client():
    """boto3's Lambda client, against an HTTP server that knows Invoke only."""

    @Request.application
    def app(request):
        name = request.path.split("/")[3]
        return lambda_runtime.serve_invoke(request, name, request.args.get("Qualifier"), ACCOUNT, REGION)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield boto3.client(
        "lambda",
        endpoint_url=f"http://127.0.0.1:{server.port}",
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    server.shutdown()


def test_invoke_of_the_api_gives_payload_log_and_version(client):
    arn = deploy("def handler(e, c):\n    print('hello')\n    return {'got': e, 'custom': c.client_context.custom}")
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()
    answer = client.invoke(FunctionName=arn, Payload=b'{"x": 1}', LogType="Tail", ClientContext=context)
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert answer["ExecutedVersion"] == "$LATEST"
    assert json.loads(answer["Payload"].read()) == {"got": {"x": 1}, "custom": {"a": "b"}}
    assert "hello" in base64.b64decode(answer["LogResult"]).decode()


def test_invoke_of_the_api_marks_a_failed_function(client):
    answer = client.invoke(FunctionName=deploy("def handler(e, c): raise ValueError('bad')"))
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorMessage"] == "bad"


def test_a_dry_run_runs_nothing_and_an_event_is_not_waited_for(client, tmp_path):
    file = tmp_path / "ran"
    arn = deploy(f"def handler(e, c): open({str(file)!r}, 'w').write('yes')")
    assert client.invoke(FunctionName=arn, InvocationType="DryRun")["StatusCode"] == 204
    assert not file.exists()
    assert client.invoke(FunctionName=arn, InvocationType="Event")["StatusCode"] == 202
    assert wait_until(lambda: file.exists() and file.read_text() == "yes")


def test_the_api_refuses_unknown_functions_and_broken_json(client):
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="Function not found"):
        client.invoke(FunctionName="missing")
    with pytest.raises(client.exceptions.InvalidRequestContentException, match="Could not parse"):
        client.invoke(FunctionName=deploy("x = 1"), Payload=b"{")
