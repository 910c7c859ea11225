"""ApiKeyCredentialProvider: keeps an API key for the targets that need it."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from agentcore_provider.arguments.members import further
from agentcore_provider.providers.credential_provider import ApiKeyProvider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.credential_provider import CredentialProvider


class ApiKeyCredentialProvider(CredentialProvider, module="agentcore", name="ApiKeyCredentialProvider"):
    """An API key in AgentCore's token vault: gateways send it to a target without anybody seeing it.

    Pass it to `credentials.ApiKey`. Its id is its ARN.

    Example:
        ```python
        key = ApiKeyCredentialProvider("crm", api_key=pulumi.Config().require_secret("crmKey"))
        GatewayTarget("crm", gateway=gateway, target=targets.OpenApi("crm.yaml"), credentials=credentials.ApiKey(key))
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateApiKeyCredentialProvider.html
    """

    credential_provider_arn: pulumi.Output[str]
    """ARN of the credential provider. Known once it is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    api_key_secret_arn: pulumi.Output[str]
    """ARN of the secret in Secrets Manager that holds the key. Known once it is created."""
    api_key_secret_json_key: pulumi.Output[str | None]
    """Key in the JSON of a secret of your own; else None. Known once it is created."""
    api_key_secret_source: pulumi.Output[str | None]
    """MANAGED, or EXTERNAL for a secret of your own. Known once it is created."""
    created_time: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    last_updated_time: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    _secret_outputs = ("api_key",)
    aws_name = "ApiKeyCredentialProvider"

    def __init__(
        self,
        resource_name: str,
        *,
        api_key: pulumi.Input[str] | None = None,
        api_key_secret_config: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        api_key_secret_source: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        more: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            api_key: The key, up to 65536 characters; always a Pulumi secret, also if typed plain. A new key updates in
                place: targets send it from then on.
            api_key_secret_config: Instead of api_key, where it lies in Secrets Manager: AWS's document
                {"secretId": name or ARN, "jsonKey": key in the secret's JSON}. Updates in place.
            api_key_secret_source: MANAGED or EXTERNAL. Default: what follows from the two above. Updates in place.
            name: Name in AWS: letters, digits, hyphens and underscores, 128 at most, unique in account and Region.
                Default: the logical name and a short hash. Changing it replaces.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a provider of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
        """
        inputs = {
            "name": name,
            "api_key": api_key,
            "api_key_secret_config": api_key_secret_config,
            "api_key_secret_source": api_key_secret_source,
            "tags": tags,
            **further(more),
        }
        super().__init__(
            ApiKeyProvider(),
            resource_name,
            inputs,
            opts,
            access=aws_access.find(
                type(self), resource_name, opts, region=region, profile=profile, assume_role=assume_role
            ),
            adopt=adopt,
            secret_reference=api_key_secret_config,
        )
