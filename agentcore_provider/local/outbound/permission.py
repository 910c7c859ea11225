"""What the execution role must be allowed so that the gateway gets at a credential provider's key or token.

The service needs each of these, as observed, one at a time (public transcripts of 2026): the workload's access token
and the provider's action, which is evaluated on directory, workload identity, token vault and provider alike, and the secret.
"""

from __future__ import annotations

from agentcore_provider.local import iam_role, store
from agentcore_provider.local.outbound.errors import CredentialError
from agentcore_provider.local.store import Gateway

_ON_BEHALF = ("AUTHORIZATION_CODE", "TOKEN_EXCHANGE")
"""Grants for which the workload's token is issued for the caller's own."""


def require(gateway: Gateway, provider_arn: str, action: str, grant: str | None = None) -> None:
    """Raises CredentialError, with the text of the service's log where it is known.

    action: the token vault's operation, `GetResourceApiKey` or `GetResourceOauth2Token`.
    grant: the OAuth grant, if it is not for the gateway itself.
    """
    secret_arn = store.credential_secret_arn(provider_arn)
    if secret_arn is None:
        # The reader of the key reports that the provider does not exist.
        return
    role, home = gateway.role_arn, gateway.gateway_arn.rpartition(":gateway/")[0]
    directory = f"{home}:workload-identity-directory/default"
    identity = f"{directory}/workload-identity/{gateway.gateway_id}"
    kind = "api key" if action == "GetResourceApiKey" else "OAuth2 token"
    token = f"bedrock-agentcore:GetWorkloadAccessToken{'ForJWT' if grant in _ON_BEHALF else ''}"
    if not iam_role.role_allows(role, token, directory, identity):
        raise _denied(kind, f"{role} lacks {token} on {directory} and {identity}")
    resources = (directory, identity, f"{home}:token-vault/default", provider_arn)
    if not iam_role.role_allows(role, f"bedrock-agentcore:{action}", *resources):
        raise _denied(kind, f"{role} lacks bedrock-agentcore:{action} on {', '.join(resources)}")
    if not iam_role.role_allows(role, "secretsmanager:GetSecretValue", secret_arn):
        raise _denied(
            kind,
            f"Access denied when retrieving secret {secret_arn}: {role} lacks secretsmanager:GetSecretValue on it",
        )


def _denied(kind: str, why: str) -> CredentialError:
    return CredentialError(f"Failed to fetch outbound {kind}. {why}.")
