"""The sign-in of a gateway's owner, for which a target with an MCP server waits before its tools can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agentcore_provider.local.outbound.user_sign_in import address_of, sign_ins
from agentcore_provider.local.store import GatewayRecord, TargetRecord, oauth2_client

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs


def begin(record: GatewayRecord, target: TargetRecord, then: Callable[[], None]) -> None:
    """Let the owner sign in at authorizationUrl. then: what is done when that is over."""
    provider = target.document["credentialProviderConfigurations"][0]["credentialProvider"]["oauthCredentialProvider"]
    client = oauth2_client(provider["providerArn"])
    if client is not None:
        sign_ins.begin_for_target(client, provider, user_id(record, target), target.sign_in, then)


def authorization_data(record: GatewayRecord, target: TargetRecord) -> type_defs.AuthorizationDataTypeDef:
    """The member `authorizationData` of a target that waits."""
    base_url = record.url.rpartition("/gateways/")[0]
    return {
        "oauth2": {"authorizationUrl": address_of(base_url, target.sign_in), "userId": user_id(record, target)},
    }


def user_id(record: GatewayRecord, target: TargetRecord) -> str:
    """Whose token it will be."""
    return f"{record.gateway_id}_{target.target_id}_{target.sign_in}"
