"""What is known about a built-in schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agentcore_provider.documents.json_types import JsonObject


@dataclass(frozen=True)
class Setting:
    """What a built-in schema needs to know, such as the host of an instance."""

    name: str
    """Name of the argument."""
    description: str
    """Meaning, with an example."""
    required: bool
    """Whether the document cannot be made without it."""
    default: str | None = None
    """Value if none is given."""
    pattern: str | None = None
    """Regular expression that a value matches as a whole."""


@dataclass(frozen=True)
class Operation:
    """What becomes a tool."""

    name: str
    """Name of the tool, behind the target's name."""
    method: str
    """HTTP method; POST for AWS services that name the operation in a header."""
    path: str
    """Path below the server; / for AWS services."""
    description: str
    """What it does; empty for AWS services, whose service model has it."""


@dataclass(frozen=True)
class Credential:
    """How the vendor wants calls to be authorized: the ways that the entry's `outbound_auth` names."""

    location: Literal["HEADER", "QUERY_PARAMETER"] | None = None
    """Where an API key goes. None: the vendor takes none."""
    parameter_name: str | None = None
    """Name of the header or query parameter of an API key."""
    prefix: str | None = None
    """What stands before an API key, blank included."""
    key: str | None = None
    """What the API key is, and where it comes from."""
    oauth_vendor: str | None = None
    """`credentialProviderVendor` of an OAuth 2 credential provider. None: the vendor is not asked for tokens."""
    scopes: tuple[str, ...] = ()
    """OAuth 2 scopes that cover the operations."""
    iam_service: str | None = None
    """IAM prefix of the actions that the gateway's role needs. None: not an AWS service."""


@dataclass(frozen=True)
class Entry:
    """A built-in schema."""

    name: str
    """Name in the quick start."""
    title: str
    """Name of the API."""
    kind: Literal["openapi", "smithy"]
    """Kind of the document."""
    outbound_auth: tuple[str, ...]
    """Ways to authorize calls, the usual one first: api_key, oauth2, iam_role, none."""
    settings: tuple[Setting, ...]
    """What the document needs to know."""
    operations: tuple[Operation, ...]
    """The tools."""
    source: tuple[str, ...]
    """Public references behind the data."""
    hosted_s3: Mapping[str, str]
    """S3 URI of the service's own document by Region, where one is public."""
    credential: Credential
    """How calls are authorized."""
    note: str = ""
    """What to know before using it; empty if nothing."""
    data: JsonObject = field(default_factory=dict, repr=False, compare=False)
    """The data file, which documents are made from."""
