"""What somebody made before Pulumi came."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any


def make(client: Callable[[str], Any], *, role: str, function: str) -> None:
    """A role for gateways, and a function that answers its event.

    client: gives a boto3 client of a service. role, function: their names.
    """
    iam = client("iam")
    for name, service in ((role, "bedrock-agentcore"), ("function", "lambda")):
        trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document, policy = (json.dumps({"Version": "2012-10-17", "Statement": [it]}) for it in (trust, allowed))
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", "def handler(event, context): return event")
    client("lambda").create_function(
        FunctionName=function,
        Runtime="python3.11",
        Role="arn:aws:iam::123456789012:role/function",
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )
