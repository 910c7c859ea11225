"""What there is to know about one kind of target, as a protocol that each kind implements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Literal, Protocol
from urllib.parse import urlsplit

from agentcore_provider.credential_kinds import AuthMethod
from agentcore_provider.problem import Problem
from agentcore_provider.target_kinds.endpoint_permissions import of_endpoint
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, Place
from agentcore_provider.target_kinds.source import name_of

Document = Mapping[str, object]
"""A part of AWS's documents, by AWS's names. Values may not be known yet: an Output, or UNKNOWN."""

SchemaFormat = Literal["tool definitions", "OpenAPI", "Smithy", "MCP tools", "OpenAPI description"]
"""What a schema is written in. An OpenAPI description documents an HTTP target and makes no tools of it."""

OUTBOUND = "devguide gateway-outbound-auth"


@dataclass(frozen=True)
class Outbound:
    """What the gateway can authorize its calls to a kind of target with."""

    supported: frozenset[AuthMethod]
    doubtful: frozenset[AuthMethod] = frozenset()
    """Methods that AWS's sources disagree about, or do not mention."""
    signing_service: Literal["required", "rejected", "either"] = "either"
    """Whether the gateway's role needs iamCredentialProvider.service."""
    source: str = OUTBOUND
    """Where this is documented."""
    role_in_records: bool = False
    """Whether the records of `targets` use the gateway's role where a program sets no credentials."""
    role_in_documents: bool = False
    """Whether AWS's own document means the gateway's role where it has no credentials: AWS itself serves the target."""

    def verdict(self, method: AuthMethod) -> Literal["yes", "no", "doubtful"]:
        """Whether the gateway reaches the target with this method."""
        if method in self.supported:
            return "yes"
        return "doubtful" if method in self.doubtful else "no"


OAUTH_METHODS: tuple[AuthMethod, ...] = (
    "OAuth client credentials",
    "OAuth authorization code",
    "OAuth token exchange",
)
ALL_METHODS: frozenset[AuthMethod] = frozenset(
    ("none", "gateway role", "caller IAM credentials", *OAUTH_METHODS, "JWT passthrough", "API key")
)


@dataclass(frozen=True)
class Schema:
    """Where a kind has the document that describes its tools."""

    key: str
    """Key in the stack file and field of the record."""
    format: SchemaFormat

    @property
    def lists_operations(self) -> bool:
        """Whether some of its operations can be selected, and the others left out."""
        return self.format in ("OpenAPI", "Smithy", "MCP tools")


@dataclass(frozen=True)
class Call:
    """A target that the gateway's role calls, for the permissions which that needs."""

    content: Document
    """AWS's document below the kind's path."""
    place: Place
    gateways: Sequence[str] = ()
    """ARNs of the gateways themselves."""
    signing: Document = field(default_factory=dict)
    """The credential's iamCredentialProvider; empty if it sets none."""
    resources: Sequence[str] = ()
    """ARNs to allow instead of everything that a service has, where the target does not name what it accesses."""

    def endpoint(self, url: object, *, models: Sequence[str] = (), reads_card: bool = False) -> Needs:
        """What signed calls to an address need. The arguments are those of `of_endpoint`."""
        if not isinstance(url, str):
            return NOTHING
        service, region = self.signing.get("service"), self.signing.get("region")
        return of_endpoint(
            url,
            self.place,
            service=service if isinstance(service, str) else None,
            region=region if isinstance(region, str) else None,
            resources=self.resources,
            models=models,
            reads_card=reads_card,
        )


@dataclass(frozen=True)
class Surroundings:
    """What a target is part of, as far as it is known."""

    gateway: Document = field(default_factory=dict)
    """CreateGateway's input."""
    region: str | None = None
    """The gateway's Region."""
    credentials: Sequence[Document] = ()
    """The target's credentialProviderConfigurations."""


class TargetKind(Protocol):
    """One kind of target: a member of the unions in AWS's targetConfiguration."""

    path: ClassVar[tuple[str, str]]
    """The members of targetConfiguration that lead to it, such as ("mcp", "lambda")."""
    key: ClassVar[str]
    """Key of a target in stack files."""
    label: ClassVar[str]
    """In words."""
    keys: ClassVar[Mapping[str, str]]
    """Key in the stack file and field of the record -> path of AWS's member below `path`."""
    outbound: ClassVar[Outbound]
    short_key: ClassVar[str | None] = None
    """The one of `keys` that a plain text in the stack file stands for."""
    source_key: ClassVar[str | None] = None
    """The one of `keys` that a target can be created from alone, by a text: an ARN, a file, an address."""
    parts: ClassVar[Mapping[str, Mapping[str, str]]] = MappingProxyType({})
    """Those of `keys` that hold parts, one or a list -> keys of a part -> AWS's names."""
    schema: ClassVar[Schema | None] = None
    defaults: ClassVar[Document] = MappingProxyType({})
    """What AWS fills in where nothing is set, by its top-level members."""

    @property
    def name(self) -> str:
        """By AWS's member, such as "lambda"; connectors outside MCP with their family: "http.connector"."""
        family, member = self.path
        return f"{family}.{member}" if member == "connector" and family != "mcp" else member

    @property
    def location(self) -> str:
        """Path from the top of CreateGatewayTarget's input."""
        return ".".join(("targetConfiguration", *self.path))

    @property
    def schema_path(self) -> tuple[str, ...]:
        """Members of targetConfiguration that lead to {"s3": ...} or {"inlinePayload": ...}; empty without a schema."""
        return (*self.path, *_parts(self.keys[self.schema.key])) if self.schema else ()

    def content(self, configuration: object) -> object:
        """What a targetConfiguration has at `path`; None if it is of another kind or not known."""
        return at(configuration, *self.path)

    def document(self, values: Mapping[str, object]) -> dict[str, object]:
        """AWS's targetConfiguration. values: by `keys`; None for what is not set."""
        content: object = {}
        for key, path in self.keys.items():
            if values.get(key) is not None:
                content = _with(content, _parts(path), values[key])
        return self.configuration(content)

    def configuration(self, content: object) -> dict[str, object]:
        """The targetConfiguration that has this content at `path`."""
        family, member = self.path
        return {family: {member: content}}

    def values(self, content: Document) -> dict[str, object]:
        """The reverse of `document`, with schemas and parts as AWS has them."""
        found = {key: at(content, *_parts(path)) for key, path in self.keys.items()}
        return {key: value for key, value in found.items() if value is not None}

    def part(self, key: str, values: Mapping[str, object]) -> dict[str, object]:
        """AWS's document of one part. values: by the part's keys; None for what is not set."""
        names = self.parts[key]
        return {names[name]: value for name, value in values.items() if value is not None}

    def described(self, content: Document) -> dict[str, object]:
        """What a stack file has below `key` for this document; its schema stays as AWS has it."""
        values = self.values(content)
        for key, names in self.parts.items():
            parts = values.pop(key, None)
            if isinstance(parts, Mapping):
                values[key] = _described(names, parts)
            elif isinstance(parts, (list, tuple)) and parts:
                values[key] = [_described(names, part) for part in parts]
        return values

    def destination(self, content: Document) -> str:
        """What the target calls, short: a host, the end of an ARN, an S3 URI."""
        if "endpoint" in content:
            return urlsplit(str(content["endpoint"])).hostname or str(content["endpoint"])
        if "arn" in content:
            return str(content["arn"]).rpartition("/")[2]
        return str(at(content, "s3", "uri") or "")

    def problems(self, content: Document, surroundings: Surroundings) -> Iterator[Problem]:
        """What AWS would reject or serve badly of this kind, beside its service model, its schema and its credentials."""
        yield from ()

    def accepts(self, source: str) -> bool:
        """Whether a text has the form of `source_key`. Raises InvalidInput for a text that almost has it."""
        return False

    def require(self, source: str) -> None:
        """Raises InvalidInput if a text cannot be the `source_key` of this kind."""
        return

    def default_name(self, source: str) -> str:
        """The name of a target that is created from this text."""
        return name_of(source)

    def needs(self, call: Call) -> Needs:
        """What the gateway's role needs to reach the target."""
        ...


def at(document: object, *members: str) -> object:
    """What a document has at a path; None if that is nothing, or not known."""
    for member in members:
        document = document.get(member) if isinstance(document, Mapping) else None
    return document


def _described(names: Mapping[str, str], part: Document) -> dict[str, object]:
    return {key: part[name] for key, name in names.items() if part.get(name)}


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def _with(document: object, path: Sequence[str], value: object) -> object:
    if not path:
        return value
    members: dict[str, object] = dict(document) if isinstance(document, Mapping) else {}
    return {**members, path[0]: _with(members.get(path[0]), path[1:], value)}
