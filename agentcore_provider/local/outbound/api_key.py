"""An API key in a header or a query parameter.

Defaults (the API names none): the header Authorization, without a prefix. A prefix that ends in a letter or digit
gets a space after it, so that "Bearer" and "Bearer " mean the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local import store
from agentcore_provider.local.outbound.errors import CredentialError
from agentcore_provider.local.outbound.http_call import HttpCall

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs


def authorize(call: HttpCall, provider: type_defs.ApiKeyCredentialProviderTypeDef) -> HttpCall:
    """The request with the provider's key in it."""
    arn = provider["providerArn"]
    key = store.api_key(arn)
    if key is None:
        raise CredentialError(f"API-key credential provider {arn} does not exist: create it, or update the target.")
    prefix = provider.get("credentialPrefix") or ""
    value = f"{prefix} {key}" if prefix[-1:].isalnum() else prefix + key
    name = provider.get("credentialParameterName")
    if provider.get("credentialLocation") == "QUERY_PARAMETER":
        return call.with_query(name or "api_key", value)
    return call.with_header(name or "Authorization", value)
