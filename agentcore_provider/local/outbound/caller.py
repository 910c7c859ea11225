"""The client of a gateway, as far as its targets may know it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import jwt

from agentcore_provider.local import access_key
from agentcore_provider.local.json_document import JsonObject

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.store import Gateway

_ACCESS_KEY = re.compile(r"Credential=([^/,\s]+)/")


@dataclass(frozen=True)
class Caller:
    """What the client sent. Names of headers are in lower case.

    overrides: headers that a REQUEST interceptor put in; they win over the client's, and its Authorization goes on.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)
    signed_in_as: str | None = None
    """For whom the gateway itself acts, without a client."""

    @property
    def bearer_token(self) -> str | None:
        """The token the client signed in with, None if it came without one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    @property
    def user(self) -> str | None:
        """Issuer and subject of the token that the client signed in with; None if it came without one.

        The token was checked by the inbound authorizer.
        """
        if self.signed_in_as is not None:
            return self.signed_in_as
        try:
            return user_of_token(self.bearer_token) if self.bearer_token else None
        except jwt.InvalidTokenError:
            return None

    @property
    def access_key(self) -> str | None:
        """The access key id that signed the client's request, None if it is not signed."""
        found = _ACCESS_KEY.search(self.headers.get("authorization", ""))
        if found:
            return found[1]
        return next((value.partition("/")[0] for name, value in self.query if name == "X-Amz-Credential"), None)

    @property
    def claims(self) -> JsonObject:
        """The claims of the token that the client signed in with, which the inbound authorizer checks; {} without one."""
        try:
            found = jwt.decode(self.bearer_token, options={"verify_signature": False}) if self.bearer_token else {}
        except (jwt.InvalidTokenError, RecursionError, ValueError, TypeError):
            return {}
        return dict(found)

    def principal(self, gateway: Gateway) -> str | None:
        """The ARN of a client who signed the request; None for any other."""
        key_id = self.access_key
        if gateway.authorizer_type not in ("AWS_IAM", "AUTHENTICATE_ONLY") or key_id is None:
            return None
        known = access_key.find(key_id)
        return (known and known.principal_arn) or f"arn:aws:iam::{gateway.account_id}:user/{key_id}"

    def headers_for(self, metadata: type_defs.MetadataConfigurationOutputTypeDef) -> dict[str, str]:
        """The headers that a target's metadataConfiguration allows (devguide gateway-headers), in its spelling."""
        known = {**self.headers, **self.overrides}
        allowed = metadata.get("allowedRequestHeaders", ())
        found = {name: known[name.lower()] for name in allowed if name.lower() in known}
        if "authorization" in self.overrides and not any(name.lower() == "authorization" for name in found):
            found["authorization"] = self.overrides["authorization"]
        return found

    def query_for(self, metadata: type_defs.MetadataConfigurationOutputTypeDef) -> list[tuple[str, str]]:
        """The query parameters that a target's metadataConfiguration allows."""
        allowed = metadata.get("allowedQueryParameters", ())
        return [(name, value) for name, value in self.query if name in allowed]


def user_of_token(token: str) -> str:
    """Issuer and subject of a token, unchecked. Raises jwt.InvalidTokenError."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return f"{claims.get('iss')} {claims.get('sub')}"


NOBODY = Caller()
"""The gateway itself, which reads a target's tools."""
