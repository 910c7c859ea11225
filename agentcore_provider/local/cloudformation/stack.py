"""Requests to CloudFormation: moto answers them.

On AWS a stack whose resource fails is rolled back some time after CreateStack or ExecuteChangeSet has answered. Here these
answer with the reason, after the stack was rolled back.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import nullcontext
from urllib.parse import parse_qsl, urlencode

from moto.cloudformation.models import Stack, cloudformation_backends
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.agentcore_control import ControlPlane
from agentcore_provider.local.cloudformation import change_set, rollback
from agentcore_provider.local.cloudformation.resource import serving

SERVICE = "cloudformation"
_UPDATES = ("ExecuteChangeSet", "UpdateStack")
_CHANGES = (*_UPDATES, "CreateStack", "CreateChangeSet", "DeleteStack")
_FAILED = 400


def serve(
    request: Request,
    operation: str,
    control_plane: ControlPlane,
    by_moto: Callable[[Request], Response],
    *,
    account_id: str,
    region: str,
    base_url: str,
) -> Response:
    """Answer a request. by_moto: moto's answer to it."""
    change_set_id = change_set.find(request, operation, account_id, region)
    if isinstance(change_set_id, Response):
        return change_set_id
    backend = cloudformation_backends[account_id][region]
    name = backend.change_sets[change_set_id].stack_id if change_set_id is not None else _stack_name(request)
    begun = rollback.begin(backend, name)
    is_done = False
    with serving(control_plane):
        try:
            with rollback.forgetting_deleted(begun) if operation in _UPDATES else nullcontext():
                response = by_moto(_as_moto_reads_it(request, account_id, region, base_url, change_set_id))
            is_done = response.status_code < _FAILED
        finally:
            if not is_done and operation in _CHANGES:
                rollback.undo(begun)
            if operation == "ExecuteChangeSet" and change_set_id is not None:
                change_set.finish(account_id, region, change_set_id)
    return change_set.join(backend, response) if is_done and operation == "CreateChangeSet" else response


def _stack_name(request: Request) -> str:
    return dict(parse_qsl(request.get_data(as_text=True))).get("StackName", "")


def _as_moto_reads_it(
    request: Request, account_id: str, region: str, base_url: str, change_set_id: str | None
) -> Request:
    """The request in the form of which moto understands what AWS does.

    A change set is named by its id. A template's address begins with localhost: of any other host moto takes the first part
    for a bucket. A parameter with its previous value has that value, since moto takes what a parameter of the type
    AWS::SSM::Parameter resolved to for the name of one.
    """
    fields = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
    changed = dict(fields)
    if change_set_id is not None:
        changed["ChangeSetName"] = change_set_id
    if "TemplateURL" in fields:
        local = base_url.replace("127.0.0.1", "localhost")
        changed["TemplateURL"] = fields["TemplateURL"].replace(f"{base_url}/", f"{local}/", 1)
    stacks = cloudformation_backends[account_id][region].stacks.values()
    stack = next((it for it in stacks if fields.get("StackName") in (it.name, it.stack_id)), None)
    for name in [it for it in fields if it.endswith(".UsePreviousValue") and fields[it].lower() == "true"]:
        member = name.removesuffix("UsePreviousValue")
        value = _previous_value(stack, fields.get(f"{member}ParameterKey", "")) if stack else None
        if value is not None:
            del changed[name]
            changed[f"{member}ParameterValue"] = value
    if changed == fields:
        return request
    body = urlencode(changed).encode()
    return Request({**request.environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})


def _previous_value(stack: Stack, key: str) -> str | None:
    default = stack.template_dict.get("Parameters", {}).get(key, {}).get("Default")
    value = stack.resource_map.input_parameters.get(key, default)
    return None if value is None else str(value)
