"""Documents on their way to the service and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.arguments.gateway import with_mcp
from agentcore_provider.arguments.gateway_target import usual_credentials
from agentcore_provider.arguments.members import member_name
from agentcore_provider.credential_kinds import GATEWAY_ROLE
from agentcore_provider.errors import AwsRefused
from agentcore_provider.gateway_client.argument_check import warn
from agentcore_provider.rules import service_model

_ROLE_CREDENTIALS = [GATEWAY_ROLE.configuration()]


def searchable(members: Mapping[str, object]) -> dict[str, Any]:
    """The members with semantic search, unless they set it."""
    protocol = with_mcp(members.get("protocolConfiguration"), members.get("protocolType"), True)
    return {**members, **({} if protocol is None else {"protocolConfiguration": protocol})}


def with_credentials(document: Mapping[str, object]) -> dict[str, Any]:
    """The document with the credentials that its kind takes where AWS requires them to be stated."""
    configuration, given = document.get("targetConfiguration"), document.get("credentialProviderConfigurations")
    usual = usual_credentials(configuration)
    if given is None and usual:
        return {**document, "credentialProviderConfigurations": usual}
    kind = target_kinds.of(configuration)
    if kind and kind.outbound.signing_service == "required" and given == _ROLE_CREDENTIALS:
        # The preview took this and called without credentials; today the role needs a service to sign for.
        warn(
            f"{kind.name} {document.get('name')!r}: GATEWAY_IAM_ROLE without credentialProvider.iamCredentialProvider.service "
            "signs nothing, and AWS refuses it: left out, so the API is called without credentials; name the service, "
            "such as execute-api, to sign with the gateway's role"
        )
        return {name: value for name, value in document.items() if name != "credentialProviderConfigurations"}
    return dict(document)


def taken_by_update(current: Mapping[str, object]) -> dict[str, Any]:
    """Of what AWS answered, what an update takes."""
    operation = "CreateGatewayTarget" if "targetId" in current else "CreateGateway"
    known = service_model.members(operation)
    return {name: value for name, value in current.items() if name in known}


def as_boto3(properties: Mapping[str, object]) -> dict[str, Any]:
    """Properties by AWS's names, times as boto3 gives them."""
    return {
        member_name(name): datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in properties.items()
    }


def not_found(operation: str, message: str) -> AwsRefused:
    return AwsRefused(message, operation=operation, code="ResourceNotFoundException")
