"""A function as local AWS holds it: what has to be known to run it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import lambda_backends

_ARN = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:(?P<region>[a-z0-9-]+):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9-_.]+)(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?"
)


class InvokeError(Exception):
    """An error of Lambda's Invoke. status, code: as AWS answers it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class FunctionNotFoundError(InvokeError):
    """No function of that name, version or alias in this account and Region."""

    def __init__(self, name: str) -> None:
        super().__init__(404, "ResourceNotFoundException", f"Function not found: {name}")


@dataclass(frozen=True)
class Layer:
    """One layer version: its ARN and its zip. An ARN's zip never changes."""

    arn: str
    code: bytes


@dataclass(frozen=True)
class Function:
    """One version of a function, ready to run. `timeout` is in seconds, `memory` in megabytes."""

    name: str
    arn: str
    version: str
    account_id: str
    region: str
    package_type: str
    runtime: str
    handler: str
    code: bytes
    code_digest: str
    layers: tuple[Layer, ...]
    environment: dict[str, str]
    timeout: int
    memory: int

    @property
    def log_group(self) -> str:
        """The function's log group."""
        return f"/aws/lambda/{self.name}"

    @property
    def fingerprint(self) -> str:
        """Changes with the code and with everything that a worker is started with."""
        layers = [layer.arn for layer in self.layers]
        settings = [self.runtime, self.handler, self.environment, self.timeout, self.memory, self.version]
        return json.dumps([self.code_digest, layers, *settings], sort_keys=True)


def find(name_or_arn: str, qualifier: str | None, account_id: str, region: str) -> Function:
    """Look a function up by name, partial ARN or ARN; a qualifier inside the ARN wins.

    Raises FunctionNotFoundError, whose text names the ARN that was looked for.
    """
    match = _ARN.fullmatch(name_or_arn)
    if match is None:
        raise FunctionNotFoundError(name_or_arn)
    account_id = match["account"] or account_id
    region = match["region"] or region
    name = match["name"]
    qualifier = match["qualifier"] or qualifier
    arn = f"arn:aws:lambda:{region}:{account_id}:function:{name}"
    invoked = f"{arn}:{qualifier}" if qualifier else arn
    try:
        backend = lambda_backends[account_id][region]
        found: Any = backend.get_function(name, qualifier or "$LATEST")
    except Exception as error:  # moto's own exception, or a KeyError for a Region that does not exist
        raise FunctionNotFoundError(invoked) from error
    is_latest = found is backend.get_function(name, "$LATEST")
    return Function(
        name=name,
        arn=invoked,
        version="$LATEST" if is_latest else str(found.version),
        account_id=account_id,
        region=region,
        package_type=found.package_type or "Zip",
        runtime=found.run_time or "",
        handler=found.handler or "",
        code=getattr(found, "code_bytes", b"") or b"",
        # Of the zip, as it was uploaded: to hash 50 MB again at every call would cost more than the call.
        code_digest=getattr(found, "code_sha_256", ""),
        layers=tuple(_layer(backend, layer["Arn"]) for layer in found.layers),
        environment={str(key): str(value) for key, value in (found.environment_vars or {}).items()},
        timeout=int(found.timeout or 3),
        memory=int(found.memory_size or 128),
    )


def _layer(backend: Any, arn: str) -> Layer:
    version = backend.layers_versions_by_arn(arn)
    return Layer(arn, getattr(version, "code_bytes", b"") or b"")
