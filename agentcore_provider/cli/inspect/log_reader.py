"""What a gateway and the handlers of its Lambda targets write: where it is, and which of it may be read."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from agentcore_provider.cli.gateway import Gateway, read_targets
from agentcore_provider.cli.inspect.log_line import GatewayLog, HandlerLog, LogLine, without_tokens
from agentcore_provider.errors import AgentCoreError, AwsRefused, InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.documents import Document, Properties
    from agentcore_provider.documents.json_types import JsonDict

T = TypeVar("T")
D = TypeVar("D", bound="Document")
Report = Callable[[str], None]
_GROUP = "logGroupName"
DELIVER = "Set observe=True on its McpGateway (in a stack file `observe: true`), and deploy"
"""The cure for a gateway whose log or traces are not delivered."""


class LogReader:
    """Reads the logs of one gateway. A log that may not be read is reported once, and the others are read."""

    def __init__(self, connection: Connection, gateway: Gateway, target: str | None, report: Report) -> None:
        """Find the logs. target: the name of the only target whose calls are wanted. report: takes notices.

        Raises InvalidInput for a target that the gateway does not have, AgentCoreError if it has no log at all, and what a
        call raises.
        """
        self._connection, self._report = connection, report
        self._refused: AwsRefused | None = None
        self._gateway_log = GatewayLog(target)
        self._handlers = [*self._find_handlers(gateway, target)]
        delivered = self._find_gateway_groups(gateway)
        self._gateway_groups = delivered or []
        if not self.groups:
            raise self._refused or _not_delivered(gateway)
        if delivered == []:
            report(f"Note: only handlers' lines are displayed. {_not_delivered(gateway)}")

    @property
    def groups(self) -> list[str]:
        """The log groups that are read, each once."""
        # Of one millisecond, what a handler printed comes before the gateway's line about its answer.
        return [*dict.fromkeys([*(it.group for it in self._handlers), *self._gateway_groups])]

    def read(self, since: int) -> Sequence[Document]:
        """The events of all logs since a time, in milliseconds since the epoch, oldest first. Raises what a call raises."""
        from agentcore_provider.aws import observability

        found: list[Properties] = []
        # What is written while this reads comes with the next read, else an answer could come before its call. On AWS lines
        # come late anyway, and its clock is another.
        until = time.time() * 1000 if self._connection.is_on_this_machine else math.inf
        for group in self.groups:
            read = partial(observability.events, self._connection, group, since=since)
            events = self._allowed(read, self._writers(group), f"logs:FilterLogEvents for the log group {group}")
            if events is None:
                self._leave(group)
            found += ({**it, _GROUP: group} for it in events or () if it.get("timestamp", 0) <= until)
        return sorted(found, key=lambda it: it.get("timestamp", 0))

    def line(self, event: Document) -> LogLine | None:
        """The line of an event that was read; None if it is not to be displayed."""
        event = {**event, "message": without_tokens(str(event.get("message", "")))}
        group = event[_GROUP]
        if group in self._gateway_groups:
            return self._gateway_log.line(event)
        handler = next((it for it in self._handlers if it.group == group and it.owns(event)), None)
        return handler.line(event) if handler is not None else None

    def _find_handlers(self, gateway: Gateway, target: str | None) -> Iterator[HandlerLog]:
        targets = self._allowed(
            partial(read_targets, self._connection, gateway.gateway_id),
            "the handlers",
            "bedrock-agentcore:ListGatewayTargets and bedrock-agentcore:GetGatewayTarget",
        )
        if target is not None and targets is not None:
            targets = [named_target(targets, target, gateway)]
        by_function: dict[str, list[str]] = {}
        for it in targets or ():
            if arn := _function_of(it):
                by_function.setdefault(arn, []).append(str(it["name"]))
        for arn, names in by_function.items():
            if (group := self._group_of(arn, gateway)) is not None:
                yield HandlerLog(arn.split(":")[6], names, group)

    def _group_of(self, arn: str, gateway: Gateway) -> str | None:
        """The log group of a function; None if it cannot be read from here. arn: arn:aws:lambda:REGION:ACCOUNT:function:NAME."""
        from agentcore_provider.aws import lambda_function

        region, account, name = *arn.split(":")[3:5], arn.split(":")[6]
        if gateway.gateway_arn and [region, account] != gateway.gateway_arn.split(":")[3:5]:
            command = f"aws logs tail /aws/lambda/{name} --follow --region {region}"
            self._report(
                f"Note: the lines of function {name} are not displayed, since it is in account {account} and Region {region}: "
                f"read them there with `{command}`"
            )
            return None
        assumed = {"FunctionName": name}
        found = self._allowed(
            lambda: lambda_function.find(self._connection, arn) or {},
            f"function {name}, unless they are in /aws/lambda/{name},",
            f"lambda:GetFunctionConfiguration for {arn}",
        )
        if found == {}:
            self._report(f"Note: function {name} does not exist: deploy it again with {gateway.refresh}")
            return None
        return lambda_function.log_group(found or assumed)

    def _find_gateway_groups(self, gateway: Gateway) -> list[str] | None:
        """Where the gateway's own log is; None if that may not be read."""
        from agentcore_provider.aws import observability

        return self._allowed(
            partial(observability.log_groups, self._connection, gateway.gateway_id),
            "the gateway",
            "logs:DescribeDeliverySources, logs:DescribeDeliveries and logs:DescribeDeliveryDestinations",
        )

    def _allowed(self, call: Callable[[], T], writer: str, actions: str) -> T | None:
        """What a call returns; None, and a notice, if a permission is missing for it."""
        from agentcore_provider.aws.service_errors import DENIED

        try:
            return call()
        except AwsRefused as error:
            if error.code not in DENIED:
                raise
            self._refused = error
        self._report(f"Note: the lines of {writer} are not displayed: allow {actions} to your AWS identity")
        return None

    def _writers(self, group: str) -> str:
        names = [it.function for it in self._handlers if it.group == group]
        return f"function {', '.join(names)}" if names else "the gateway"

    def _leave(self, group: str) -> None:
        """Read a group no more. Raises AwsRefused if none is left."""
        self._handlers = [it for it in self._handlers if it.group != group]
        self._gateway_groups = [it for it in self._gateway_groups if it != group]
        if not self.groups and self._refused is not None:
            raise self._refused


def _not_delivered(gateway: Gateway) -> AgentCoreError:
    return AgentCoreError(
        f"The log of gateway {gateway.name} is not delivered to CloudWatch",
        DELIVER,
    )


def named_target(targets: Collection[D], name: str, gateway: Gateway) -> D:
    """The target of this name. Raises InvalidInput if there is none."""
    found = next((it for it in targets if it["name"] == name), None)
    if found is None:
        names = ", ".join(str(it["name"]) for it in targets)
        cure = f"Choose one of {names}" if names else "Leave it out"
        raise InvalidInput(f"Gateway {gateway.name} does not have a target of this name", cure, path=f"--target {name}")
    return found


def _function_of(target: JsonDict) -> str:
    """The ARN of the function of a Lambda target; empty for other kinds."""
    configuration = (target.get("target_configuration") or {}).get("mcp") or {}
    arn = str((configuration.get("lambda") or {}).get("lambdaArn", ""))
    return arn if arn.count(":") >= 6 else ""
