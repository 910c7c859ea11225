"""API-key and OAuth2 credential providers: find, create, update, delete, wait.

Their operations differ in name only, and take no clientToken: a name is unique in an account and Region, so after a
lost answer the second try finds what the first one made.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/identity-outbound-credential-provider.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import NOT_FOUND, Connection
from agentcore_provider.aws.documents import Document, Properties, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import API_KEY_CREDENTIAL_PROVIDER, OAUTH2_CREDENTIAL_PROVIDER, ResourceKind
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.errors import AgentCoreError, AwsRefused

if TYPE_CHECKING:
    from botocore.model import Shape

_SECRETS = "secretsmanager"
_CONFIG = "oauth2_provider_config_input"
# Flat in what an OAuth2 provider is made of, below oauthDiscovery in what AWS returns of it.
_ENDPOINTS = ("issuer", "authorizationEndpoint", "tokenEndpoint")


@dataclass(frozen=True)
class Kind:
    """One of the two kinds of credential provider.

    resource: its table. secret: property with the ARN of the secret that AWS keeps. complete: adds to a request what the
    service demands. as_inputs: of what `find` returned, what AWS returns in another form than the program's, in that
    form; takes the inputs too, since AWS never returns a secret.
    """

    resource: ResourceKind
    secret: str
    complete: Callable[[Properties], Properties]
    as_inputs: Callable[[Properties, Document], Properties]


def name_of(arn: str) -> str:
    """The name in the provider's ARN."""
    return arn.rpartition("/")[2]


def find(connection: Connection, kind: Kind, name: str) -> Properties | None:
    """The provider of this name, or None when there is none."""
    found = lifecycle.find(connection, kind.resource, name=name)
    return None if found is None else {**found, kind.secret: (found.get(kind.secret) or {}).get("secretArn")}


def create(operation: Operation, kind: Kind, properties: Document) -> Properties:
    """Create the provider, or resume what an interrupted create left, and wait until it is READY.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    return _CredentialProvider(operation, kind).create(
        {**properties, "tags": operation.with_owner(properties.get("tags"))}
    )


def update(operation: Operation, kind: Kind, name: str, old: Document, new: Document) -> Properties:
    """Make the provider what the program declares, its secret included: AWS never returns the one it has.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    return _CredentialProvider(operation, kind).update(name, old, new)


def delete(operation: Operation, kind: Kind, name: str) -> None:
    """Delete the provider and wait until it is gone; gone already is fine.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    _CredentialProvider(operation, kind).delete(name)


def has_lost_secret(connection: Connection, kind: Kind, found: Document) -> bool:
    """Whether the secret that AWS keeps for the provider was removed, as far as whoever deploys may look."""
    arn, source = found.get(kind.secret), found.get(f"{kind.secret.removesuffix('_arn')}_source")
    if not arn or source == "EXTERNAL":
        return False
    try:
        return "DeletedDate" in connection.call("DescribeSecret", service=_SECRETS, SecretId=arn)
    except AwsRefused as error:
        return error.code in NOT_FOUND


def secret_values(document: object, shape: Shape) -> Iterator[str]:
    """The secrets in a request: the texts whose shape the service model calls sensitive."""
    model: Any = shape
    if isinstance(document, str):
        if model.metadata.get("sensitive") and document:
            yield document
    elif model.type_name == "structure" and isinstance(document, Mapping):
        for name, value in document.items():
            if name in model.members:
                yield from secret_values(value, model.members[name])
    elif model.type_name == "map" and isinstance(document, Mapping):
        for value in document.values():
            yield from secret_values(value, model.value)
    elif model.type_name == "list" and isinstance(document, list):
        for value in document:
            yield from secret_values(value, model.member)


class _CredentialProvider(Lifecycle):
    """What is done to one credential provider."""

    delete_seconds: ClassVar[float] = 30.0

    def __init__(self, operation: Operation, kind: Kind) -> None:
        super().__init__(operation, kind.resource)
        self._kind = kind

    def key(self, identifier: str) -> Properties:
        return {"name": identifier}

    def find(self, identifier: str) -> Properties | None:
        return find(self.connection, self._kind, identifier)

    def find_by_name(self, name: str) -> Properties | None:
        return self.find(name)

    def complete(self, request: Properties) -> Properties:
        return self._kind.complete(request)

    def send(self, operation: str, request: Document) -> Properties:
        try:
            return super().send(operation, request)
        except AwsRefused as error:
            text = str(error)
            secrets = set(secret_values(request, self.connection.operation_model(operation).input_shape))
            for secret in sorted(secrets, key=len, reverse=True):
                # An error may repeat what it rejects.
                text = text.replace(secret, "[secret]")
            raise type(error)(text, operation=error.operation, code=error.code, request_id=error.request_id) from None

    def name_in_use(self, error: AgentCoreError) -> bool:
        # The service answers ValidationException where others answer ConflictException.
        by_message = code_of(error) == "ValidationException" and "already exists" in error.message.lower()
        return by_message or super().name_in_use(error)

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found["name"], {}, wanted)

    def update(self, name: str, old: Document, new: Document) -> Properties:
        current = self.wait(name)
        lost = has_lost_secret(self.connection, self._kind, current)
        if lost:
            # A deletion that is scheduled would keep the secret's name; where it is done there is none to restore.
            self.connection.call_or_none("RestoreSecret", service=_SECRETS, SecretId=current[self._kind.secret])
        model = self.connection.operation_model(f"Update{self.kind.operation}")
        wire_old, wire_new = (to_wire(it, model) for it in (old, new))
        if lost or current.get("status") in self.kind.failed or not same(wire_old, wire_new):
            self.operation.report("updating the credential provider")
            current = self.change(name, self.complete(wire_new | {"name": name}), current.get("status"))
        self.set_tags(current, old, new)
        return self.arrived(current)


# A secret of one's own in Secrets Manager is a reference, {"secretId", "jsonKey"}, beside its origin.


def _with_origin(document: Document, reference: str, origin: str) -> Properties:
    """The document with EXTERNAL beside a reference: the service wants the two together."""
    return {origin: "EXTERNAL", **document} if document.get(reference) else dict(document)


def _reference_as_input(reference: object, arn: str | None, json_key: str | None) -> object:
    """A reference as AWS has it, in the program's form where both mean the same secret. arn, json_key: AWS's."""
    if not isinstance(reference, Mapping) or not arn:
        return reference
    # A secret's ARN is its name and six random characters.
    secret = reference.get("secretId")
    alike = secret == arn or arn.rpartition(":secret:")[2].rpartition("-")[0] == secret
    return {**reference, "secretId": secret if alike else arn, "jsonKey": json_key or reference.get("jsonKey")}


def _api_key_as_input(found: Properties, inputs: Document) -> Properties:
    aws = found["api_key_secret_arn"], found.get("api_key_secret_json_key")
    return {"api_key_secret_config": _reference_as_input(inputs.get("api_key_secret_config"), *aws)}


def _oauth2_as_inputs(found: Properties, inputs: Document) -> Properties:
    """The configuration as AWS has it, in the form of the program's; what AWS never returns of it stays."""
    declared, output = inputs.get(_CONFIG), found.get("oauth2_provider_config_output")
    if not isinstance(declared, Mapping) or not isinstance(output, Mapping) or not output:
        return {_CONFIG: declared}
    ((member, returned),) = output.items()
    content = declared.get(member)
    if not isinstance(content, Mapping):
        return {_CONFIG: output}
    endpoints = (returned.get("oauthDiscovery") or {}).get("authorizationServerMetadata") or {}
    flat = {name: endpoints[name] for name in _ENDPOINTS if name in content and name in endpoints}
    current = {name: returned.get(name, flat.get(name, value)) for name, value in content.items()}
    if "clientSecretConfig" in content:
        aws = found.get("client_secret_arn"), found.get("client_secret_json_key")
        current["clientSecretConfig"] = _reference_as_input(content["clientSecretConfig"], *aws)
    return {_CONFIG: {member: current}}


def _oauth2_complete(request: Properties) -> Properties:
    config = {
        member: _with_origin(content, "clientSecretConfig", "clientSecretSource")
        for member, content in request["oauth2ProviderConfigInput"].items()
    }
    return {**request, "oauth2ProviderConfigInput": config}


# https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateApiKeyCredentialProvider.html
API_KEY = Kind(
    API_KEY_CREDENTIAL_PROVIDER,
    secret="api_key_secret_arn",  # noqa: S106 (the name of a property)
    complete=lambda request: _with_origin(request, "apiKeySecretConfig", "apiKeySecretSource"),
    as_inputs=_api_key_as_input,
)
# https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateOauth2CredentialProvider.html
OAUTH2 = Kind(
    OAUTH2_CREDENTIAL_PROVIDER,
    secret="client_secret_arn",  # noqa: S106 (the name of a property)
    complete=_oauth2_complete,
    as_inputs=_oauth2_as_inputs,
)
