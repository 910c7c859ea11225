"""Change sets, where moto differs from AWS: it finds them by name alone, whichever stack they are of, and keeps them.

As documented, a name is one of a stack's, an executed change set takes all of its stack with it, and one that does not
exist can be deleted.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from moto.cloudformation.models import Stack, cloudformation_backends
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.service_error import answer

_BY_NAME = ("DescribeChangeSet", "DeleteChangeSet", "ExecuteChangeSet")
_DELETED = (
    '<DeleteChangeSetResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DeleteChangeSetResult/>'
    "</DeleteChangeSetResponse>"
)


def find(request: Request, operation: str, account_id: str, region: str) -> str | Response | None:
    """The id of the change set that a request names, or the answer if there is none; None for other operations."""
    if operation not in _BY_NAME:
        return None
    fields = dict(parse_qsl(request.get_data(as_text=True)))
    name, stack = fields.get("ChangeSetName", ""), fields.get("StackName")
    backend = cloudformation_backends[account_id][region]
    # Those of a deleted stack go with it.
    present = {key: it for key, it in backend.change_sets.items() if it.stack_id in backend.stacks}
    for change_set_id, it in present.items():
        if name == change_set_id or (name == it.change_set_name and stack in (None, it.stack_name, it.stack_id)):
            return str(change_set_id)
    if operation == "DeleteChangeSet":
        return Response(_DELETED, content_type="text/xml")
    return answer(404, "ChangeSetNotFound", f"ChangeSet [{name}] does not exist", as_xml=True)


def finish(account_id: str, region: str, change_set_id: str) -> None:
    """What AWS does once a change set was executed, whether that failed or not."""
    backend = cloudformation_backends[account_id][region]
    executed = backend.change_sets[change_set_id]
    if executed.execution_status == "EXECUTE_COMPLETE":
        _read_outputs(backend.stacks[executed.stack_id])
    for key in [key for key, it in backend.change_sets.items() if it.stack_id == executed.stack_id]:
        del backend.change_sets[key]


def _read_outputs(stack: Stack) -> None:
    """moto keeps the template of an executed change set, and not its outputs."""
    stack._parse_template()
    stack.output_map = stack._create_output_map()
