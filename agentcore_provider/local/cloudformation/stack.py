"""Requests to CloudFormation: moto answers them.

On AWS a stack whose resource fails is rolled back some time after CreateStack or ExecuteChangeSet has answered. Here these
answer with the reason, and the stack is gone.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from moto.cloudformation.models import cloudformation_backends
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.agentcore_control import ControlPlane
from agentcore_provider.local.cloudformation.resource import StackRequest, serving

SERVICE = "cloudformation"


def serve(
    request: Request,
    control_plane: ControlPlane,
    by_moto: Callable[[Request], Response],
    *,
    account_id: str,
    region: str,
    base_url: str,
) -> Response:
    """Answer a request. by_moto: moto's answer to it."""
    stack_request = StackRequest(control_plane)
    with serving(stack_request):
        response = by_moto(_with_readable_template(request, base_url))
        if stack_request.failed_stack_id is not None:
            _roll_back(account_id, region, stack_request.failed_stack_id)
    _read_outputs_of_change_sets(account_id, region)
    return response


def _with_readable_template(request: Request, base_url: str) -> Request:
    """moto takes the first part of a host for a bucket, unless the host is localhost; here the path names the bucket."""
    fields = parse_qsl(request.get_data(as_text=True), keep_blank_values=True)
    if not any(name == "TemplateURL" and value.startswith(f"{base_url}/") for name, value in fields):
        return request
    address, local = f"{base_url}/", base_url.replace("127.0.0.1", "localhost") + "/"
    body = urlencode(
        [(name, value.replace(address, local, 1) if name == "TemplateURL" else value) for name, value in fields]
    ).encode()
    return Request({**request.environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})


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
