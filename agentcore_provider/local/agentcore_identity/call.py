"""One call: where it is from, and whether its caller may do what it does."""

from __future__ import annotations

from dataclasses import dataclass

from agentcore_provider.local import access_key, iam_role
from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.store import AccountRegionStore

_DIRECTORY = "workload-identity-directory/default"
_VAULT = "token-vault/default"


@dataclass(frozen=True)
class Call:
    """One call. access_key_id: the key that signed it. base_url: where this local AWS is reached."""

    store: AccountRegionStore
    access_key_id: str
    base_url: str

    def require_workload_permission(self, action: str, workload_arn: str) -> None:
        """Raises AccessDeniedException unless the caller's role allows the action on the directory and the identity."""
        self._require(action, self.store.arn(_DIRECTORY), workload_arn)

    def require_provider_permission(self, action: str, workload_arn: str, provider_arn: str, secret_arn: str) -> None:
        """The same for a credential, which is evaluated on directory, identity, vault and provider, and for its secret.

        Observed for the roles of gateways (public transcripts of 2026), one permission at a time.
        """
        self._require(action, self.store.arn(_DIRECTORY), workload_arn, self.store.arn(_VAULT), provider_arn)
        self._require("secretsmanager:GetSecretValue", secret_arn)

    def _require(self, action: str, *resources: str) -> None:
        # Roles of local IAM are known, those of its Lambda functions among them. Any other key is an administrator's.
        key = access_key.find(self.access_key_id)
        policies = iam_role.role_policies(key.role_arn) if key is not None and key.role_arn else None
        if key is None or policies is None:
            return
        full_action = action if ":" in action else f"bedrock-agentcore:{action}"
        for resource in resources:
            if not policies.allow(full_action, resource):
                raise ServiceError(
                    "AccessDeniedException",
                    f"User: {key.principal_arn} is not authorized to perform: {full_action} on resource: {resource} "
                    f"because no identity-based policy allows the {full_action} action",
                )
