"""CreateManagedLoginBranding and its siblings, UpdateUserPoolDomain: whether a client has login pages. moto has neither.

A domain with ManagedLoginVersion 2 shows them to clients that have a branding style. What pages look like is not kept.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.cognitoidp.models import CognitoIdpUserPoolClient, CognitoIdpUserPoolDomain

from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_client, require_user_pool
from agentcore_provider.local.kept import keep
from agentcore_provider.local.service_error import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs


@dataclass
class _Branding:
    user_pool_id: str
    uses_defaults: bool
    branding_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    def describe(self) -> dict[str, object]:
        return {
            "ManagedLoginBrandingId": self.branding_id,
            "UserPoolId": self.user_pool_id,
            "UseCognitoProvidedValues": self.uses_defaults,
            "CreationDate": self.created.timestamp(),
            "LastModifiedDate": self.created.timestamp(),
        }


_brandings: WeakKeyDictionary[CognitoIdpUserPoolClient, _Branding] = keep(__name__, "brandings", WeakKeyDictionary())
"""That of each client that has one."""
_versions: WeakKeyDictionary[CognitoIdpUserPoolDomain, int] = keep(__name__, "versions", WeakKeyDictionary())
"""ManagedLoginVersion of each domain that has another than 1."""


def create(call: CognitoCall, request: type_defs.CreateManagedLoginBrandingRequestTypeDef) -> Answer:
    """A style for a client that has none."""
    client = require_client(call, request["UserPoolId"], request["ClientId"])
    uses_defaults = request.get("UseCognitoProvidedValues", False)
    if uses_defaults and (request.get("Settings") or request.get("Assets")):
        raise invalid("UseCognitoProvidedValues cannot be combined with Settings or Assets.")
    if client in _brandings:
        raise ServiceError("ManagedLoginBrandingExistsException", "The app client has a branding style already.")
    made = _brandings[client] = _Branding(request["UserPoolId"], uses_defaults)
    return {"ManagedLoginBranding": made.describe()}


def describe_by_client(
    call: CognitoCall, request: type_defs.DescribeManagedLoginBrandingByClientRequestTypeDef
) -> Answer:
    """The style of a client."""
    found = _brandings.get(require_client(call, request["UserPoolId"], request["ClientId"]))
    if found is None:
        raise _missing()
    return {"ManagedLoginBranding": found.describe()}


def delete(call: CognitoCall, request: type_defs.DeleteManagedLoginBrandingRequestTypeDef) -> Answer:
    """Deletes at once."""
    pool = require_user_pool(call, request["UserPoolId"])
    for client in pool.clients.values():
        found = _brandings.get(client)
        if found and found.branding_id == request["ManagedLoginBrandingId"]:
            del _brandings[client]
            return {}
    raise _missing()


def set_version(domain: CognitoIdpUserPoolDomain, version: int | None) -> None:
    """ManagedLoginVersion of a domain; Cognito's default is 1, the classic pages."""
    _versions[domain] = version or 1


def version_of(domain: CognitoIdpUserPoolDomain) -> int:
    """ManagedLoginVersion of a domain."""
    return _versions.get(domain, 1)


def has_pages(domain: CognitoIdpUserPoolDomain, client: CognitoIdpUserPoolClient) -> bool:
    """Whether the client has login pages at the domain."""
    return version_of(domain) == 1 or client in _brandings


def _missing() -> ServiceError:
    return ServiceError("ResourceNotFoundException", "The branding style does not exist.")
