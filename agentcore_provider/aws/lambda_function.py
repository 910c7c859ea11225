"""Lambda functions: find, create from a folder's files, update, delete; for scripts, as a program declares LambdaFunction.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentcore_provider.aws import role
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.waiting import steps, wait_until
from agentcore_provider.errors import AwsRefused, NameTaken, ResourceFailed

LAMBDA = "lambda"
# A role made a moment ago cannot be assumed at once.
ROLE_SECONDS = 60.0

Properties = dict[str, Any]


def find(connection: Connection, function: str) -> Properties | None:
    """The configuration of the function of this name or ARN, or None when there is none. Raises what a call raises."""
    try:
        return connection.call("GetFunctionConfiguration", service=LAMBDA, FunctionName=function)
    except AwsRefused as refusal:
        if refusal.code == "ResourceNotFoundException":
            return None
        raise


def missing(connection: Connection, arn: str) -> str | None:
    """That there is no function of this ARN, with the cure; None if there is one, or whoever asks may not look."""
    try:
        if find(connection, arn) is not None:
            return None
    except AwsRefused:
        return None
    return f"there is no Lambda function {arn}: {connection.cures.make_function}"


def create(
    job: Job,
    name: str,
    files: Mapping[str, Path],
    *,
    settings: Mapping[str, Any],
    trust: Mapping[str, Any],
    log: Mapping[str, Any],
) -> str:
    """Create the function with a role of its own, or make the one of this name and owner what is said now.

    files: its code, by the names in the archive. settings: members of CreateFunction, such as Handler and Runtime.
    trust, log: the documents of its role. Returns the ARN when the function is Active.
    Raises NameTaken, ResourceFailed, WaitTimeout and what a call raises.
    """
    connection, archive = job.connection, _archive(files)
    own_role = role.create(job, name, trust, description=f"Assumed by the Lambda function {name}")
    role.put_policy(connection, name, "log", log["Statement"])
    found = find(connection, name)
    if found is None:
        job.tell(f"creating the function {name}")
        arn = _create(job, name, archive, {**settings, "Role": own_role.arn})
    else:
        arn = str(found["FunctionArn"])
        if not job.adopt and _owner(connection, arn) != job.owner:
            raise NameTaken(
                f"{job.label}: function {name} exists and was made by somebody else; give its ARN, or {connection.cures.adopt}"
            )
        _update(job, name, archive, settings, found)
    _wait(job, name)
    return arn


def delete(job: Job, name: str) -> None:
    """Delete the function of this name and owner with its role; gone already, or somebody else's, is left alone."""
    connection = job.connection
    found = find(connection, name)
    if found is not None and _owner(connection, str(found["FunctionArn"])) == job.owner:
        job.tell(f"deleting the function {name}")
        connection.call("DeleteFunction", service=LAMBDA, FunctionName=name)
    role.delete(job, name)


def _create(job: Job, name: str, archive: bytes, settings: Mapping[str, Any]) -> str:
    for spent in steps(job.connection.clock, min(job.timeout, ROLE_SECONDS)):
        try:
            made = job.connection.call(
                "CreateFunction",
                service=LAMBDA,
                FunctionName=name,
                Code={"ZipFile": archive},
                Tags={OWNER_TAG: job.owner},
                **settings,
            )
            return str(made["FunctionArn"])
        except AwsRefused as refusal:
            if refusal.code != "InvalidParameterValueException" or "role" not in str(refusal).lower():
                raise
            last = refusal
        job.tell(f"waiting until Lambda sees the function's role ({spent:.0f} s)")
    raise last


def _update(job: Job, name: str, archive: bytes, settings: Mapping[str, Any], found: Properties) -> None:
    connection = job.connection
    if found.get("CodeSha256") != base64.b64encode(hashlib.sha256(archive).digest()).decode():
        job.tell(f"updating the code of function {name}")
        connection.call("UpdateFunctionCode", service=LAMBDA, FunctionName=name, ZipFile=archive)
        _wait(job, name)
    if any(found.get(member) != value for member, value in settings.items()):
        job.tell(f"updating function {name}")
        connection.call("UpdateFunctionConfiguration", service=LAMBDA, FunctionName=name, **settings)


def _wait(job: Job, name: str) -> None:
    seen = wait_until(
        lambda: find(job.connection, name) or {},
        lambda it: it.get("State") in ("Active", "Failed") and it.get("LastUpdateStatus") != "InProgress",
        clock=job.connection.clock,
        timeout=job.timeout,
        tell=job.tell,
        cure=job.connection.cures.carry_on,
        waiting_for=f"function {name} to be Active",
    )
    if seen["State"] == "Failed" or seen.get("LastUpdateStatus") == "Failed":
        why = seen.get("LastUpdateStatusReason") or seen.get("StateReason") or "Lambda gave no reason"
        raise ResourceFailed(f"{job.label}: function {name} failed: {why}")


def _owner(connection: Connection, arn: str) -> str | None:
    tags = connection.call("ListTags", service=LAMBDA, Resource=arn).get("Tags") or {}
    owner: str | None = tags.get(OWNER_TAG)
    return owner


def _archive(files: Mapping[str, Path]) -> bytes:
    """A zip file of the same bytes for the same files, so that its hash says whether the code has changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (path.stat().st_mode & 0o755 | 0o644) << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()
