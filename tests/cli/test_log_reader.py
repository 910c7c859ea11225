"""Which logs belong to a gateway, who wrote a line, and what happens where a log may not be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.cli.inspect.log_line import HandlerLog, LogLine
from agentcore_provider.cli.inspect.log_reader import LogReader
from agentcore_provider.errors import AgentCoreError, AwsRefused, InvalidInput

ARN = "arn:aws:lambda:us-west-2:123456789012:function:desk"
GATEWAY = Gateway(
    "shop", gateway_id="shop-1", gateway_arn="arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-1"
)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def lines(*messages: str, log: HandlerLog | None = None) -> list[LogLine]:
    """The lines of events of one stream."""
    log = log or HandlerLog("desk", ["orders"], "/aws/lambda/desk")
    found = (log.line({"message": it, "timestamp": 5, "logStreamName": "s"}) for it in messages)
    return [it for it in found if it is not None]


def test_a_line_has_the_request_that_it_was_printed_in() -> None:
    """By the line that Lambda writes when a call begins, until the call ends; its own lines are quiet."""
    first, second, report, after = lines(
        "START RequestId: r-1 Version: $LATEST\n",
        "looking\n",
        "[INFO]\t2026-01-01T00:00:00.000Z\tr-1\tfound it\n",
        "END RequestId: r-1\n",
        "REPORT RequestId: r-1\tDuration: 1.50 ms\tMemory Size: 128 MB\t\n",
        "INIT_START Runtime Version: python:3.13.v1",
        "between calls",
    )
    assert (first.text, first.request_id, first.source, first.at) == ("looking", "r-1", "orders", 5)
    assert (second.text, second.request_id) == ("[INFO] found it", "r-1")
    assert (report.text, report.is_quiet) == ("Duration: 1.50 ms  Memory Size: 128 MB", True)
    assert (after.text, after.request_id) == ("between calls", "")


def test_calls_of_two_environments_are_kept_apart() -> None:
    """Each has a stream, and the calls in it follow one another."""
    log = HandlerLog("desk", ["orders"], "/aws/lambda/desk")
    for stream in ("a", "b"):
        log.line({"message": f"START RequestId: r-{stream} Version: 1", "logStreamName": stream})
    found = [log.line({"message": "hello", "logStreamName": stream}) for stream in ("a", "b", "c")]
    assert [it.request_id for it in found if it is not None] == ["r-a", "r-b", ""]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("[ERROR] KeyError: 'id'\rTraceback (most recent call last):\r  File x", None),
        ("2026-01-01T00:00:00.000Z r-1 Task timed out after 3.00 seconds", "Task timed out after 3.00 seconds"),
        ("RequestId: r-1 Error: Runtime exited with error: signal: killed", "Error: Runtime exited with error: signal: killed"),
        ("2026-01-01T00:00:00.000Z\tr-1\tERROR\tno such order", "[ERROR] no such order"),
        ("[CRITICAL]\t2026-01-01T00:00:00.000Z\tr-1\tfull", "[CRITICAL] full"),
        ('{"timestamp": "t", "level": "ERROR", "message": "gone", "errorType": "KeyError", "requestId": "r-1"}', "[ERROR] KeyError: gone"),
        ('{"level": "error", "text": "of a library"}', None),
        ("REPORT RequestId: r-1\tDuration: 3000.00 ms\tStatus: timeout", "Duration: 3000.00 ms  Status: timeout"),
        ('{"type": "platform.report", "record": {"requestId": "r-1", "status": "error", "metrics": {"durationMs": 2}}}', "Duration: 2 ms  Status: error"),
    ],
)  # fmt: skip
def test_an_error_is_known_by_its_form(message: str, text: str | None) -> None:
    """Of Python, Node.js and Lambda itself, as text and as JSON."""
    [line] = lines(message)
    assert line.is_error
    assert line.text == (text or message.replace("\r", "\n"))


def test_each_line_of_a_traceback_belongs_to_the_error() -> None:
    """Printed, it is an event for each line; what follows is not part of it."""
    found = lines(
        "fine", "Traceback (most recent call last):", '  File "h.py"', "ZeroDivisionError: by zero", "on", "  it goes"
    )
    assert [it.is_error for it in found] == [False, True, True, True, False, False]


@pytest.mark.parametrize(
    "message", ["{", "{}", '{"message": 1}', '{"type": "platform.report"}', "", " ", '{"record": 7}']
)
def test_whatever_a_handler_prints_is_a_line(message: str) -> None:
    """Also what begins as Lambda's own lines do."""
    [line] = lines(message)
    assert line.text == message


def test_logs_in_json_are_lines_too() -> None:
    """With level, message and request; the service's lines about a call are left out."""
    start = {"time": "t", "type": "platform.start", "record": {"requestId": "r-1"}}
    printed = {"timestamp": "t", "level": "INFO", "message": {"a": 1}, "requestId": "r-1", "stackTrace": ["  File x\n"]}
    found = lines(json.dumps(start), json.dumps(printed), "plain")
    assert [(it.text, it.request_id) for it in found] == [('[INFO] {"a": 1}\n  File x', "r-1"), ("plain", "r-1")]


class Scripted(Connection):
    """An AWS that answers from a table: by operation, or by operation and log group."""

    def __init__(self, answers: Mapping[str, Any], endpoint: str | None = None) -> None:
        super().__init__(Settings(region="us-west-2", endpoint_url=endpoint or "https://logs.example.com"))
        self.answers = answers
        self.asked: list[str] = []

    def _answer(self, operation: str, parameters: Mapping[str, Any]) -> Any:
        name = f"{operation} {parameters['logGroupName']}" if "logGroupName" in parameters else operation
        self.asked.append(name)
        found = self.answers.get(name, {})
        if isinstance(found, Exception):
            raise found
        return found

    def call(self, operation: str, **parameters: Any) -> Any:
        return self._answer(operation, parameters)

    def pages(self, operation: str, items: str, **parameters: Any) -> Iterator[Any]:
        return iter(self._answer(operation, parameters) or ())


def denied(operation: str) -> AwsRefused:
    return AwsRefused(f"AWS refused {operation}", operation=operation, code="AccessDeniedException")


def target(name: str, arn: str = ARN) -> dict[str, Any]:
    """ListGatewayTargets and GetGatewayTarget answer it."""
    return {"targetId": name, "name": name, "targetConfiguration": {"mcp": {"lambda": {"lambdaArn": arn}}}}


def answers(*targets: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A gateway with these targets; the log of the gateway is delivered to `log`."""
    found = targets or (target("orders"),)
    return {
        "ListGatewayTargets": found,
        "GetGatewayTarget": found[0],
        "GetFunctionConfiguration": {"FunctionName": "desk"},
        "DescribeDeliverySources": [
            {"name": "s", "logType": "APPLICATION_LOGS", "resourceArns": [GATEWAY.gateway_arn]}
        ],
        "DescribeDeliveries": [{"deliverySourceName": "s", "deliveryDestinationArn": "d"}],
        "DescribeDeliveryDestinations": [
            {"arn": "d", "deliveryDestinationConfiguration": {"destinationResourceArn": "arn:x:log-group:log:*"}}
        ],
        **others,
    }


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def opened(notices: list[str]) -> Callable[..., LogReader]:
    def opened(script: dict[str, Any], only: str | None = None) -> LogReader:
        return LogReader(Scripted(script), GATEWAY, only, notices.append)

    return opened


def test_lines_of_gateway_and_handlers_are_in_the_order_of_time(opened: Callable[..., LogReader]) -> None:
    """Of one millisecond, what a handler printed comes before the gateway's line about its answer."""
    log = json.dumps({"body": {"log": "answered"}, "request_id": "g-1"})
    script = answers() | {
        "FilterLogEvents log": [{"eventId": "1", "timestamp": 2, "message": log}, {"eventId": "2", "timestamp": 1, "message": log}],
        "FilterLogEvents /aws/lambda/desk": [{"eventId": "1", "timestamp": 2, "message": f"Bearer {TOKEN}"}],
    }  # fmt: skip
    reader = opened(script)
    found = [reader.line(event) for event in reader.read(0)]
    assert [(it.source, it.text) for it in found if it is not None] == [
        ("gateway", "answered"),
        ("orders", "Bearer (hidden)"),
        ("gateway", "answered"),
    ]
    assert TOKEN not in "".join(it.document() for it in found if it is not None)


def test_an_answer_does_not_come_before_its_call(notices: list[str]) -> None:
    """Local AWS may write while its logs are read one after the other: those lines wait for the next read."""
    times = (0, 4_000_000_000_000)
    script = answers() | {
        "FilterLogEvents log": [{"eventId": str(at), "timestamp": at, "message": "m"} for at in times]
    }
    for endpoint, expected in (("http://127.0.0.1:1", 1), ("https://logs.example.com", 2)):
        reader = LogReader(Scripted(script, endpoint), GATEWAY, None, notices.append)
        assert len(reader.read(0)) == expected


def test_a_function_may_log_elsewhere_and_share_its_log_group(opened: Callable[..., LogReader]) -> None:
    """Its streams have its name there, and those of others are another's."""
    script = answers() | {
        "GetFunctionConfiguration": {"FunctionName": "desk", "LoggingConfig": {"LogGroup": "all"}},
        "FilterLogEvents all": [
            {"eventId": "1", "message": "mine", "logStreamName": "2026/01/01/desk[$LATEST]0a"},
            {"eventId": "2", "message": "other", "logStreamName": "2026/01/01/front-desk[$LATEST]0a"},
        ],
    }
    reader = opened(script)
    found = [reader.line(event) for event in reader.read(0)]
    assert [it.text if it is not None else None for it in found] == ["mine", None]


def test_two_targets_of_one_function_are_one_log(opened: Callable[..., LogReader]) -> None:
    """Lambda does not report which of them a call came through."""
    script = answers(target("orders"))
    script["ListGatewayTargets"] = [target("orders"), {**target("orders"), "targetId": "again"}]
    assert opened(script).groups == ["/aws/lambda/desk", "log"]


def test_a_log_that_may_not_be_read_does_not_end_the_others(
    opened: Callable[..., LogReader], notices: list[str]
) -> None:
    """One notice names the action that is missing, and the log is not asked for again."""
    reader = opened(answers() | {"FilterLogEvents /aws/lambda/desk": denied("FilterLogEvents")})
    for _ in range(2):
        assert [*reader.read(0)] == []
    assert notices == [
        "Note: the lines of function desk are not displayed: "
        "allow logs:FilterLogEvents for the log group /aws/lambda/desk to your AWS identity"
    ]
    assert reader.groups == ["log"]


def test_nothing_to_read_at_all_is_an_error(opened: Callable[..., LogReader], notices: list[str]) -> None:
    """With the reason of AWS, or that nothing is delivered."""
    nothing = answers() | {"ListGatewayTargets": [], "DescribeDeliveries": []}
    with pytest.raises(AgentCoreError, match="is not delivered to CloudWatch"):
        opened(nothing)
    with pytest.raises(AwsRefused):
        opened(answers() | {"ListGatewayTargets": [], "DescribeDeliverySources": denied("DescribeDeliverySources")})
    reader = opened(
        answers() | {f"FilterLogEvents {it}": denied("FilterLogEvents") for it in ("log", "/aws/lambda/desk")}
    )
    with pytest.raises(AwsRefused):
        reader.read(0)


@pytest.mark.parametrize(
    ("operation", "notice", "groups"),
    [
        ("ListGatewayTargets", "allow bedrock-agentcore:ListGatewayTargets and", ["log"]),
        ("GetFunctionConfiguration", "allow lambda:GetFunctionConfiguration for arn:", ["/aws/lambda/desk", "log"]),
        ("DescribeDeliverySources", "allow logs:DescribeDeliverySources,", ["/aws/lambda/desk"]),
    ],
)
def test_a_missing_permission_is_named(
    opened: Callable[..., LogReader], notices: list[str], operation: str, notice: str, groups: list[str]
) -> None:
    """And what can be read without it is read."""
    assert opened(answers() | {operation: denied(operation)}).groups == groups
    [found] = notices
    assert notice in found


def test_any_other_error_ends_the_command(opened: Callable[..., LogReader]) -> None:
    """Such as expired credentials."""
    expired = AwsRefused("AWS refused it", operation="ListGatewayTargets", code="ExpiredTokenException")
    with pytest.raises(AwsRefused):
        opened(answers() | {"ListGatewayTargets": expired})


@pytest.mark.parametrize("place", ["us-west-2:999999999999", "eu-west-1:123456789012"])
def test_a_function_elsewhere_is_read_elsewhere(
    opened: Callable[..., LogReader], notices: list[str], place: str
) -> None:
    """Credentials are of one account, and a client of one Region."""
    reader = opened(answers(target("orders", f"arn:aws:lambda:{place}:function:desk")))
    assert reader.groups == ["log"]
    region, account = place.split(":")
    [notice] = notices
    assert f"in account {account} and Region {region}" in notice
    assert f"`aws logs tail /aws/lambda/desk --follow --region {region}`" in notice


def test_a_gateway_without_its_own_log_has_its_handlers(opened: Callable[..., LogReader], notices: list[str]) -> None:
    """With a notice that names the cure."""
    assert opened(answers() | {"DescribeDeliveries": []}).groups == ["/aws/lambda/desk"]
    [notice] = notices
    assert "Set observe=True on its McpGateway" in notice
    opened(answers() | {"DescribeDeliveries": [], "GetFunctionConfiguration": denied("GetFunctionConfiguration")})
    assert notice in notices[1:], "whatever else is missing"


def test_a_target_is_chosen_by_its_name(opened: Callable[..., LogReader]) -> None:
    """Of the gateway the lines of requests that call its tools, from the first to the last; another name is an error."""

    def entry(request: str, log: str, **body: str) -> dict[str, Any]:
        return {
            "eventId": f"{request}{log}",
            "message": json.dumps({"request_id": request, "body": {"log": log, **body}}),
        }

    entries = [
        entry("1", "Started", requestBody="{id=1, params={name=orders___find, arguments={}}}"),
        entry("2", "Started", requestBody="{id=2, params={name=stock___find, arguments={}}}"),
        entry("1", "Executing tool orders___find from target ABC"),
        entry("2", "Successfully processed"),
        entry("1", "Successfully processed"),
    ]
    reader = opened(answers() | {"FilterLogEvents log": entries}, "orders")
    found = [reader.line(event) for event in reader.read(0)]
    assert [it.request_id for it in found if it is not None] == ["1", "1", "1"]
    with pytest.raises(InvalidInput, match="Choose one of orders"):
        opened(answers(), "order")


def test_a_deleted_function_is_reported(opened: Callable[..., LogReader], notices: list[str]) -> None:
    """Its target is still there."""
    gone = AwsRefused("AWS refused it", operation="GetFunctionConfiguration", code="ResourceNotFoundException")
    assert opened(answers() | {"GetFunctionConfiguration": gone}).groups == ["log"]
    assert "function desk does not exist" in notices[0]
