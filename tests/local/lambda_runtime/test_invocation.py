"""Functions of local AWS run: their own code, a clean environment, Lambda's errors, their output in the logs."""

from __future__ import annotations

import os
import shutil
import textwrap
import threading
import uuid

import pytest
from moto.logs.models import logs_backends

from agentcore_provider.local.lambda_runtime import worker_pool
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError, find
from agentcore_provider.local.lambda_runtime.invocation import _Pools
from agentcore_provider.local.lambda_runtime.worker_pool import WorkerPool


def test_a_handler_gets_the_event_and_a_context_as_on_lambda(functions):
    arn = functions.deploy(
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
    result = functions.run(arn, {"café": [1, 2.5, None]}, {"custom": {"bedrockAgentCoreToolName": "t___x"}})
    assert result.error is None
    payload = result.payload
    assert payload["event"] == {"café": [1, 2.5, None]}
    assert payload["custom"] == {"bedrockAgentCoreToolName": "t___x"}
    assert payload["arn"] == arn
    assert payload["name"] == arn.rsplit(":", 1)[1]
    assert payload["memory"] == "256"
    assert 0 < payload["left"] <= 7000
    assert uuid.UUID(payload["id"])


def test_a_handler_sees_its_own_environment_and_nothing_of_the_server(functions):
    os.environ["OF_THE_SERVER"] = "secret"
    arn = functions.deploy(
        """
        import os
        def handler(event, context):
            return dict(os.environ)
        """,
        Environment={"Variables": {"STAGE": "dev"}},
    )
    observed = functions.run(arn, endpoint_url="http://127.0.0.1:1234").payload
    assert observed["STAGE"] == "dev"
    assert observed["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1234"
    assert observed["AWS_REGION"] == functions.region
    assert observed["AWS_LAMBDA_FUNCTION_NAME"] == arn.rsplit(":", 1)[1]
    assert "OF_THE_SERVER" not in observed
    assert not {name for name in observed if name.startswith(("PYTEST", "VIRTUAL_ENV", "PYTHON"))}


def test_a_warm_worker_keeps_its_globals_and_new_code_replaces_it(functions):
    counting = """
        calls = 0
        def handler(event, context):
            global calls
            calls += 1
            return [STEP, calls]
    """
    arn = functions.deploy("STEP = 1" + textwrap.dedent(counting), name="counter")
    assert [functions.run(arn).payload, functions.run(arn).payload] == [[1, 1], [1, 2]]
    functions.deploy("STEP = 2" + textwrap.dedent(counting), name="counter")
    assert functions.run(arn).payload == [2, 1]


def test_calls_side_by_side_run_in_workers_of_their_own(functions, tmp_path):
    """However many: none of these ends before all of them run."""
    count = 12
    arn = functions.deploy(
        """
        import os, time
        from pathlib import Path
        def handler(event, context):
            folder = Path(event)
            (folder / str(os.getpid())).touch()
            while len(list(folder.iterdir())) < 12:
                time.sleep(0.005)
            return os.getpid()
        """,
        Timeout=60,
    )
    pids: list[int] = []
    threads = [
        threading.Thread(target=lambda: pids.append(functions.run(arn, str(tmp_path)).payload)) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == count


def test_idle_workers_beyond_a_few_make_room(functions):
    """After a burst a few workers stay for the next calls, and all of them are gone when nobody called for long."""
    started = []

    class Idle:
        alive, closed, idle_since = True, False, 0.0

        def close(self):
            self.closed = True

    def start():
        started.append(Idle())
        return started[-1]

    pool = WorkerPool("", start)
    for worker in [pool.take() for _ in range(10)]:
        pool.give_back(worker)
    pool.prune()
    assert not any(worker.closed for worker in started)
    for worker in started:
        worker.idle_since -= worker_pool.SURPLUS_SECONDS
    pool.prune()
    assert [worker.closed for worker in started] == [True] * 6 + [False] * worker_pool.WORKERS_KEPT
    for worker in started:
        worker.idle_since -= worker_pool.IDLE_SECONDS
    pool.prune()
    assert all(worker.closed for worker in started)


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
def test_failures_are_lambdas_error_documents(functions, code, handler, error_type, message):
    result = functions.run(functions.deploy(code, handler=handler))
    assert result.error == "Unhandled"
    assert result.payload["errorType"] == error_type
    assert message in result.payload["errorMessage"]
    assert isinstance(result.payload["stackTrace"], list)


def test_a_stack_trace_shows_the_functions_own_lines_only(functions):
    result = functions.run(
        functions.deploy("def handler(e, c):\n    return inner()\ndef inner():\n    raise ValueError('no')\n")
    )
    assert len(result.payload["stackTrace"]) == 2
    assert all("app.py" in line and "bootstrap" not in line for line in result.payload["stackTrace"])


def test_a_handler_over_its_time_is_killed_with_everything_it_started_and_the_next_call_works(functions):
    arn = functions.deploy(
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
    result = functions.run(arn, {"hang": True})
    assert result.payload["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in result.payload["errorMessage"]
    child = int(result.log.split("child ")[1].split()[0])
    assert functions.gone(child)
    assert functions.run(arn).payload == "fine"


def test_what_a_function_prints_is_in_its_log_group_and_never_on_our_output(functions, capfd):
    arn = functions.deploy(
        """
        import logging, sys
        def handler(event, context):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            logging.getLogger().warning("to the log")
            return "quiet"
        """
    )
    result = functions.run(arn)
    assert result.payload == "quiet"
    assert "to stdout" in result.log
    assert "to stderr" in result.log
    assert "[WARNING]" in result.log
    group = logs_backends[functions.account][functions.region].groups[f"/aws/lambda/{arn.rsplit(':', 1)[1]}"]
    messages = [event.message for stream in group.streams.values() for event in stream.events]
    assert "to stdout" in messages
    assert messages[0].startswith("START RequestId:")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("end", "error_type"),
    [("time.sleep(60)", "Sandbox.Timedout"), ("os._exit(3)", "Runtime.ExitError"), ("os.abort()", "Runtime.ExitError")],
)
def test_what_was_printed_before_a_sudden_end_is_in_the_log_in_its_order(functions, end, error_type):
    """Lambda writes each line as it is printed; a worker that is killed writes nothing later."""
    arn = functions.deploy(
        f"""
        import os, sys, time
        def handler(event, context):
            print("first")
            os.write(1, b"second\\n")
            print("third", file=sys.stderr)
            {end}
        """,
        Timeout=1,
    )
    result = functions.run(arn)
    assert result.payload["errorType"] == error_type
    assert result.log.splitlines()[1:4] == ["first", "second", "third"]


def test_a_layer_is_on_the_path(functions):
    layer = functions.zipped(**{"python/colours.py": "RED = '#f00'"})
    version = functions.layer(layer)
    arn = functions.deploy("import colours\ndef handler(e, c): return colours.RED", Layers=[version])
    assert functions.run(arn).payload == "#f00"


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"runtime": "java21"}, "has runtime java21"),
        ({"code": b"not a zip"}, "not a zip file"),
    ],
)
def test_what_cannot_run_here_says_why(functions, spec, reason):
    result = functions.run(functions.deploy(spec.pop("code", "x = 1"), **spec))
    assert result.error == "Unhandled"
    assert reason in result.payload["errorMessage"]


def test_an_unknown_function_is_named(functions):
    with pytest.raises(FunctionNotFoundError, match="function:missing"):
        functions.run(f"arn:aws:lambda:{functions.region}:{functions.account}:function:missing")


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
def test_node_handlers_run_too(functions, file, code):
    arn = functions.deploy(functions.zipped(**{file: code}), runtime="nodejs22.x")
    assert functions.run(arn, {"n": 1}, {"custom": {"k": "v"}}).payload == {"n": 2, "c": {"k": "v"}}


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on PATH")
def test_node_failures_are_errors(functions):
    result = functions.run(
        functions.deploy(
            functions.zipped(**{"app.mjs": "export const handler = async () => { throw new TypeError('no'); };"}),
            runtime="nodejs22.x",
        )
    )
    assert (result.error, result.payload["errorType"], result.payload["errorMessage"]) == (
        "Unhandled",
        "TypeError",
        "no",
    )


def test_a_call_that_comes_while_all_workers_end_keeps_its_code(functions):
    """A state is loaded or reset while agents call: what runs next must not have its code removed."""
    function, pools = (
        find(functions.deploy("def handler(event, context): return 1"), None, "123456789012", "us-west-2"),
        _Pools(),
    )

    class Ending(WorkerPool):
        def close(self, *, busy_too: bool) -> None:
            self.next = pools.of(function, "http://127.0.0.1:1").take()

    ending = Ending("", lambda: pytest.fail("no worker is taken"))
    pools._pools[function.arn, "other"] = ending
    pools.stop()
    request = {"request_id": "1", "function_arn": function.arn, "event": "{}", "client_context": None, "trace_id": ""}
    try:
        assert ending.next.call(request, 30.0) == {"payload": "1"}
    finally:
        ending.next.close()
        pools.stop()
