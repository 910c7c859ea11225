"""Change sets, where moto differs from AWS: it finds them by name alone, whichever stack they are of, and keeps them.

As documented, a name is one of a stack's, all that create a stack are of one stack, an executed change set takes all of
its stack with it, and one that does not exist can be deleted. Assumed: the texts of the errors about what exists already.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from moto.cloudformation.models import CloudFormationBackend, Stack, cloudformation_backends
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.service_error import answer

_CREATE = "CreateChangeSet"
_IN_REVIEW = "REVIEW_IN_PROGRESS"
_BY_NAME = ("DescribeChangeSet", "DeleteChangeSet", "ExecuteChangeSet")
_DELETED = (
    '<DeleteChangeSetResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DeleteChangeSetResult/>'
    "</DeleteChangeSetResponse>"
)


def find(request: Request, operation: str, account_id: str, region: str) -> str | Response | None:
    """The id of the change set that a request names, or the answer if that cannot be; None for other operations."""
    fields = dict(parse_qsl(request.get_data(as_text=True)))
    name, stack = fields.get("ChangeSetName", ""), fields.get("StackName")
    backend = cloudformation_backends[account_id][region]
    if operation == _CREATE:
        return _refuse(backend, name, stack or "", fields.get("ChangeSetType", "UPDATE"))
    if operation not in _BY_NAME:
        return None
    # Those of a deleted stack go with it.
    present = {key: it for key, it in backend.change_sets.items() if it.stack_id in backend.stacks}
    for change_set_id, it in present.items():
        if name == change_set_id or (name == it.change_set_name and stack in (None, it.stack_name, it.stack_id)):
            return str(change_set_id)
    if operation == "DeleteChangeSet":
        return Response(_DELETED, content_type="text/xml")
    return answer(404, "ChangeSetNotFound", f"ChangeSet [{name}] does not exist", as_xml=True)


def _refuse(backend: CloudFormationBackend, name: str, stack: str, kind: str) -> Response | None:
    """The answer to a CreateChangeSet that AWS refuses."""
    found = next((it for it in backend.stacks.values() if stack in (it.name, it.stack_id)), None)
    if found is None:
        return None
    if any(it.change_set_name == name and it.stack_id == found.stack_id for it in backend.change_sets.values()):
        return answer(409, "AlreadyExistsException", f"ChangeSet [{name}] already exists", as_xml=True)
    if kind == "CREATE" and found.status != _IN_REVIEW:
        text = f"Stack [{stack}] already exists and cannot be created again with the changeSet [{name}]."
        return answer(400, "ValidationError", text, as_xml=True)
    return None


def join(backend: CloudFormationBackend, response: Response) -> Response:
    """moto's answer to a CreateChangeSet, once the stack is the one that an earlier change set is to create."""
    created = next(reversed(backend.change_sets.values()))
    same = [it for it in backend.stacks.values() if it.name == created.stack_name and it.status == _IN_REVIEW]
    if created.change_set_type != "CREATE" or len(same) == 1:
        return response
    first, doubled = same[0], created.stack_id
    created.stack, created.stack_id = first, first.stack_id
    del backend.stacks[doubled]
    response.set_data(response.get_data(as_text=True).replace(doubled, first.stack_id))
    return response


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
