"""Requests to CloudFormation: moto answers them.

On AWS a stack whose resource fails is rolled back some time after CreateStack or ExecuteChangeSet has answered. Here these
answer with the reason, and the stack is gone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from moto.cloudformation.models import cloudformation_backends
from werkzeug.wrappers import Response

from agentcore_provider.local.agentcore_control import ControlPlane
from agentcore_provider.local.cloudformation.resource import StackRequest, serving

SERVICE = "cloudformation"


def serve(control_plane: ControlPlane, account_id: str, region: str, by_moto: Callable[[], Response]) -> Response:
    """Answer a request. by_moto: moto's answer to it."""
    request = StackRequest(control_plane)
    with serving(request):
        response = by_moto()
        if request.failed_stack_id is not None:
            _roll_back(account_id, region, request.failed_stack_id)
    _read_outputs_of_change_sets(account_id, region)
    return response


def _roll_back(account_id: str, region: str, stack_id: str) -> None:
    stacks = cloudformation_backends[account_id][region].stacks
    stack = stacks.get(stack_id)
    if stack is None or stack.status not in ("CREATE_PENDING", "CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"):
        return
    del stacks[stack.stack_id]
    # What cannot be deleted stays, as on AWS; the reason that the request failed for counts.
    with contextlib.suppress(Exception):
        stack.delete()


def _read_outputs_of_change_sets(account_id: str, region: str) -> None:
    """moto keeps the template of an executed change set, and not its outputs."""
    for stack in list(cloudformation_backends[account_id][region].stacks.values()):
        if stack.status.endswith("_COMPLETE") and stack.template_dict != stack.resource_map._template:
            stack._parse_template()
            stack.output_map = stack._create_output_map()
