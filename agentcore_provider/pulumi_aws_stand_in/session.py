"""Clients for local AWS: which address, which region, which tags every resource gets."""

from __future__ import annotations

import functools
import os
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .model import Members, as_texts, fitted
from .wire import Properties

if TYPE_CHECKING:
    import boto3
    from botocore.model import OperationModel

PARTITION: Final = "aws"
DNS_SUFFIX: Final = "amazonaws.com"

_GONE: Final = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchDistribution",
        "NoSuchEntity",
        "NoSuchHostedZone",
        "NoSuchKey",
        "NoSuchPublicAccessBlockConfiguration",
        "NotFound",
        "OwnershipControlsNotFoundError",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
        "WAFNonexistentItemException",
    }
)

Client: TypeAlias = Any
"""A boto3 client, whose methods botocore makes when it runs."""

_ANY_KEY: Final = "local"  # local AWS accepts any; boto3 requires one
_clients: dict[tuple[str, str, str, tuple[str, ...]], Client] = {}
_making_clients = threading.Lock()  # making a client is not thread-safe; using one is


@dataclass(frozen=True)
class Session:
    """What a provider of the program was configured with."""

    endpoint: str
    region: str
    default_tags: dict[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    """ARNs of the roles that it assumes, one by the other; the last one's account is where everything goes."""

    def client(self, service: str) -> Client:
        """The boto3 client of a service in this region of local AWS, shared by all threads."""
        key = (self.endpoint, self.region, service, self.roles)
        with _making_clients:
            if key not in _clients:
                _clients[key] = _make_client(*key)
            return _clients[key]

    def in_region(self, region: str | None) -> Session:
        """The same session in the region that a resource names for itself, if it does."""
        return replace(self, region=region) if region else self

    def tags(self, inputs: Properties) -> dict[str, str]:
        """All tags of a resource: those of the provider, then its own."""
        return as_texts({**self.default_tags, **inputs.get("tags", {})})


def error_code(error: Exception) -> str:
    """The AWS code of a botocore error; empty for any other."""
    answer = getattr(error, "response", None)
    return str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""


def is_gone(error: Exception) -> bool:
    """Whether AWS reports that the resource does not exist."""
    return error_code(error) in _GONE


def _make_client(endpoint: str, region: str, service: str, roles: tuple[str, ...]) -> Client:
    from botocore.config import Config

    config = Config(
        max_pool_connections=64,
        proxies={},
        retries={"mode": "standard"},
        s3={"addressing_style": "path"},
    )
    credentials: dict[str, str] = {}
    for role in roles:
        sts = _session().client("sts", region_name=region, endpoint_url=endpoint, config=config, **credentials)
        answer = sts.assume_role(RoleArn=role, RoleSessionName="pulumi")["Credentials"]
        credentials = {
            "aws_access_key_id": answer["AccessKeyId"],
            "aws_secret_access_key": answer["SecretAccessKey"],
            "aws_session_token": answer["SessionToken"],
        }
    client = _session().client(service, region_name=region, endpoint_url=endpoint, config=config, **credentials)
    client.meta.events.register("provide-client-params", _fit)
    return client


@functools.cache
def _session() -> boto3.Session:
    """One for all clients, so that each service's model is read once.

    It knows nothing of the user's own AWS set-up: a profile or region meant for real AWS must not reach here.
    """
    import boto3
    import botocore.session

    nothing = (None, None, None, None)
    here = botocore.session.Session(
        session_vars={
            "profile": nothing,
            "region": nothing,
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    return boto3.Session(aws_access_key_id=_ANY_KEY, aws_secret_access_key=_ANY_KEY, botocore_session=here)


def _fit(params: Members, model: OperationModel, **_: object) -> None:
    if model.input_shape is not None:
        params.update(fitted(params, model.input_shape))
