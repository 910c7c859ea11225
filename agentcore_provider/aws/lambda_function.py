"""Lambda functions of scripts: find, create from a folder's files, update, delete; a program declares LambdaFunction.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from agentcore_provider.aws import role
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry, wait_until
from agentcore_provider.errors import AgentCoreError, AwsRefused, NameTaken, ResourceFailed
from agentcore_provider.problem import Problem

LAMBDA = "lambda"
# A role made a moment ago cannot be assumed at once.
ROLE_SECONDS = 60.0


def find(connection: Connection, function: str) -> Properties | None:
    """The configuration of the function of this name or ARN, or None when there is none. Raises what a call raises."""
    return connection.call_or_none("GetFunctionConfiguration", service=LAMBDA, FunctionName=function)


def log_group(configuration: Document) -> str:
    """Where the function writes its log. configuration: GetFunctionConfiguration's answer, or FunctionName alone.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
    """
    logging = configuration.get("LoggingConfig", {})
    return str(logging.get("LogGroup") or f"/aws/lambda/{configuration['FunctionName']}")


def code_digest(archive: bytes) -> str:
    """What Lambda states as the CodeSha256 of code that was uploaded."""
    return base64.b64encode(hashlib.sha256(archive).digest()).decode()


def missing(connection: Connection, arn: str) -> Problem | None:
    """The problem that no function has this ARN; None if there is one, or it may not be read."""
    try:
        if find(connection, arn) is not None:
            return None
    except AwsRefused:
        return None
    return Problem("", f"there is no Lambda function {arn}", connection.cures.make_function)


def create(
    operation: Operation,
    name: str,
    files: Mapping[str, Path],
    *,
    settings: Document,
    trust: Document,
    log: Document,
) -> str:
    """Create the function with a role of its own, or update the one of this name and owner.

    files: its code, by the names in the archive. settings: members of CreateFunction, such as Handler and Runtime.
    trust, log: the documents of its role. Returns the ARN when the function is Active.
    Raises NameTaken, ResourceFailed, WaitTimeout and what a call raises.
    """
    connection, archive = operation.connection, _archive(files)
    own_role = role.create(operation, name, trust, description=f"Assumed by the Lambda function {name}")
    role.put_policy(connection, name, "log", log["Statement"])
    found = find(connection, name)
    if found is None:
        operation.report(f"creating the function {name}")
        arn = _create(operation, name, archive, {**settings, "Role": own_role.arn})
    else:
        arn = str(found["FunctionArn"])
        if not operation.adopt and _owner(connection, arn) != operation.owner:
            raise NameTaken(
                f"{operation.label}: function {name} exists and was made by another owner",
                f"Pass its ARN, or {connection.cures.adopt}",
            )
        _update(operation, name, archive, settings, found)
    _wait(operation, name)
    return arn


def delete(operation: Operation, name: str) -> None:
    """Delete the function of this name and owner with its role; gone already, or another owner's, is left alone."""
    connection = operation.connection
    found = find(connection, name)
    if found is not None and _owner(connection, str(found["FunctionArn"])) == operation.owner:
        operation.report(f"deleting the function {name}")
        connection.call("DeleteFunction", service=LAMBDA, FunctionName=name)
    role.delete(operation, name)


def _create(operation: Operation, name: str, archive: bytes, settings: Document) -> str:
    connection = operation.connection

    def role_propagates(error: AgentCoreError, spent: float) -> bool:
        if code_of(error) != "InvalidParameterValueException" or "role" not in error.message.lower():
            return False
        operation.report(f"waiting until the function's role reaches Lambda ({spent:.0f} s)")
        return True

    created = retry(
        lambda: connection.call(
            "CreateFunction",
            service=LAMBDA,
            FunctionName=name,
            Code={"ZipFile": archive},
            Tags={OWNER_TAG: operation.owner},
            **settings,
        ),
        role_propagates,
        clock=connection.clock,
        timeout=min(operation.timeout, ROLE_SECONDS),
    )
    return str(created["FunctionArn"])


def _update(operation: Operation, name: str, archive: bytes, settings: Document, found: Properties) -> None:
    connection = operation.connection
    if found.get("CodeSha256") != code_digest(archive):
        operation.report(f"updating the code of function {name}")
        connection.call("UpdateFunctionCode", service=LAMBDA, FunctionName=name, ZipFile=archive)
        _wait(operation, name)
    if any(found.get(member) != value for member, value in settings.items()):
        operation.report(f"updating function {name}")
        connection.call("UpdateFunctionConfiguration", service=LAMBDA, FunctionName=name, **settings)


def _wait(operation: Operation, name: str) -> None:
    found = wait_until(
        lambda: find(operation.connection, name) or {},
        lambda it: it.get("State") in ("Active", "Failed") and it.get("LastUpdateStatus") != "InProgress",
        clock=operation.connection.clock,
        timeout=operation.timeout,
        report=operation.report,
        cure=operation.connection.cures.resume,
        waiting_for=f"function {name} to be Active",
    )
    if found["State"] == "Failed" or found.get("LastUpdateStatus") == "Failed":
        why = found.get("LastUpdateStatusReason") or found.get("StateReason") or "Lambda gave no reason"
        raise ResourceFailed(f"{operation.label}: function {name} failed: {why}")


def _owner(connection: Connection, arn: str) -> str | None:
    tags = connection.call("ListTags", service=LAMBDA, Resource=arn).get("Tags") or {}
    owner: str | None = tags.get(OWNER_TAG)
    return owner


def _archive(files: Mapping[str, Path]) -> bytes:
    """A zip file of the same bytes for the same files, so that its hash shows whether the code has changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (path.stat().st_mode & 0o755 | 0o644) << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()
