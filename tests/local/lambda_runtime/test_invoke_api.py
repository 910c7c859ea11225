"""Lambda's Invoke over the AWS API, as boto3 sees it."""

from __future__ import annotations

import base64
import json
import threading

import boto3
import pytest
from botocore.config import Config
from werkzeug.serving import make_server
from werkzeug.wrappers import Request

from agentcore_provider.local import lambda_runtime


@pytest.fixture(scope="module")
def client(functions):
    """boto3's Lambda client, against an HTTP server that knows Invoke only."""

    @Request.application
    def app(request):
        name = request.path.split("/")[3]
        return lambda_runtime.serve_invoke(
            request, name, request.args.get("Qualifier"), functions.account, functions.region
        )

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield boto3.client(
        "lambda",
        endpoint_url=f"http://127.0.0.1:{server.port}",
        region_name=functions.region,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    server.shutdown()


def test_invoke_of_the_api_gives_payload_log_and_version(functions, client):
    arn = functions.deploy(
        "def handler(e, c):\n    print('hello')\n    return {'got': e, 'custom': c.client_context.custom}"
    )
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()
    answer = client.invoke(FunctionName=arn, Payload=b'{"x": 1}', LogType="Tail", ClientContext=context)
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert answer["ExecutedVersion"] == "$LATEST"
    assert json.loads(answer["Payload"].read()) == {"got": {"x": 1}, "custom": {"a": "b"}}
    assert "hello" in base64.b64decode(answer["LogResult"]).decode()


def test_invoke_of_the_api_marks_a_failed_function(functions, client):
    answer = client.invoke(FunctionName=functions.deploy("def handler(e, c): raise ValueError('bad')"))
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorMessage"] == "bad"


def test_a_dry_run_runs_nothing_and_an_event_is_not_waited_for(functions, client, tmp_path):
    file = tmp_path / "ran"
    arn = functions.deploy(f"def handler(e, c): open({str(file)!r}, 'w').write('yes')")
    assert client.invoke(FunctionName=arn, InvocationType="DryRun")["StatusCode"] == 204
    assert not file.exists()
    assert client.invoke(FunctionName=arn, InvocationType="Event")["StatusCode"] == 202
    assert functions.wait_until(lambda: file.exists() and file.read_text() == "yes")


def test_the_api_refuses_unknown_functions_and_broken_json(functions, client):
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="Function not found"):
        client.invoke(FunctionName="missing")
    with pytest.raises(client.exceptions.InvalidRequestContentException, match="Could not parse"):
        client.invoke(FunctionName=functions.deploy("x = 1"), Payload=b"{")


@pytest.mark.parametrize(("deep", "outcome"), [(15, 15), (100, "RecursiveInvocationException")])
def test_a_function_may_call_itself_as_deep_as_on_aws(functions, client, deep, outcome):
    """Each of the 16 calls that AWS lets one chain make waits for the next one; the one after is refused, as on AWS."""
    arn = functions.deploy(
        """
        import json, os, urllib.error, urllib.request
        def handler(event, context):
            if event == 0:
                return 0
            address = f"{os.environ['AWS_ENDPOINT_URL']}/2015-03-31/functions/{context.function_name}/invocations"
            headers = {"X-Amzn-Trace-Id": os.environ["_X_AMZN_TRACE_ID"]}
            request = urllib.request.Request(address, str(event - 1).encode(), headers)
            try:
                with urllib.request.urlopen(request) as answer:
                    below = json.load(answer)
            except urllib.error.HTTPError as error:
                return error.headers["x-amzn-ErrorType"]
            return below + 1 if isinstance(below, int) else below
        """,
        Timeout=120,
    )
    answer = client.invoke(FunctionName=arn, Payload=str(deep).encode())
    assert json.loads(answer["Payload"].read()) == outcome
