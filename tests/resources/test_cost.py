"""What a program costs beside the engine's own work: counted, since times differ on each machine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

from agentcore_provider import Gateway, GatewayTarget, targets

_TOOL = {
    "name": "get_order",
    "description": "Get an order",
    "inputSchema": {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]},
}
_ROLE = "arn:aws:iam::123456789012:role/shop"
_FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def _tasks(declare: Any, number: int) -> int:
    """How many tasks the loop runs for a gateway with this number of targets."""
    counted: list[object] = []

    def task(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
        counted.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **more)

    def program() -> Any:
        asyncio.get_event_loop().set_task_factory(task)
        gateway = Gateway("shop", role_arn=_ROLE, authorizer="NONE")
        for at in range(number):
            GatewayTarget(f"orders-{at}", gateway=gateway, target=targets.Lambda(_FUNCTION, tools=[_TOOL]))
        return gateway.id

    declare(program)
    return len(counted)


def test_a_target_makes_few_outputs(declare: Any) -> None:
    """Pulumi goes through all Outputs that are not known yet, again and again: twice as many cost four times the time."""
    each = (_tasks(declare, 12) - _tasks(declare, 2)) / 10
    # One for each property, and seven of Pulumi itself.
    assert each <= 36, each


def test_a_program_of_gateways_and_targets_imports_neither_botocore_nor_pulumi_aws() -> None:
    """Each takes as long as everything else that is imported."""
    code = (
        "import sys\n"
        "from agentcore_provider import EzAuth, Gateway, GatewayTarget, credentials, targets\n"
        "from agentcore_provider.rules import ez_auth, gateway\n"
        "gateway.validate({'name': 'shop'})\n"
        "ez_auth.validate({'scopes': ['read']})\n"
        "late = ('pulumi_aws.iam', 'pulumi_aws', 'boto3', 'botocore.loaders', 'urllib3', 'mcp', 'pydantic', 'jsonschema')\n"
        "print(sorted(set(late) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
