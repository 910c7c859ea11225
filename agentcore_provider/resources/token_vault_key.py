"""TokenVaultKey: your KMS key that encrypts the credentials of all targets and agents."""

from __future__ import annotations

from types import MappingProxyType

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.token_vault_key import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.uniqueness import claim


class TokenVaultKey(DynamicResource, module="agentcore", name="TokenVaultKey"):
    """The KMS key of the token vault, where AgentCore keeps the credentials of all targets and agents.

    An account has one vault in each Region: declare its key in one stack alone. Until a key is set, and again once this
    resource is deleted, AWS encrypts the vault with a key of its own. A key that was set otherwise is not replaced without
    `adopt`, and one that was set since is left alone by a delete.

    Example:
        ```python
        TokenVaultKey("vault", kms_key_arn=aws.kms.Key("vault", enable_key_rotation=True).arn)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SetTokenVaultCMK.html
    """

    token_vault_arn: pulumi.Output[str]
    """ARN of the vault; also the resource's id. Known once the key is set."""
    token_vault_id: pulumi.Output[str | None]
    """Id of the vault. Known once the key is set."""
    kms_key_arn: pulumi.Output[str]
    """The argument, or what a refresh found in AWS. Known at preview unless it is an Output."""
    last_modified_date: pulumi.Output[str]
    """Time of the last change of the vault in ISO 8601. Known once the key is set."""

    aws_name = "TokenVaultKey"
    aws_operations = ("SetTokenVaultCMK", "SetTokenVaultCMK")
    _required = MappingProxyType({"kms_key_arn": ""})

    def __init__(
        self,
        resource_name: str,
        *,
        kms_key_arn: pulumi.Input[str],
        token_vault_id: pulumi.Input[str] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; the vault has no name.
            kms_key_arn: ARN of a symmetric KMS key in the vault's Region; an alias is not accepted. Updates in place.
            token_vault_id: Id of the vault. Default: AWS's default vault. Changing it replaces.
            adopt: Replace a key that something else set. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
        """
        access = aws_access.find(
            TokenVaultKey, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        inputs = {"kms_key_arn": kms_key_arn, "token_vault_id": token_vault_id}
        problems = Problems()
        vault = "default" if token_vault_id is None else token_vault_id
        scope = None if opts is not None and opts.id is not None else access.scope
        if other := claim(TokenVaultKey, resource_name, scope=scope, path="token_vault_id", value=vault):
            # The one that is made last would replace the other's key.
            message = f"{other} sets the key of this vault already"
            problems.add(InvalidInput(message, "Keep one of them: an account has one vault in each Region"))
        super().__init__(Provider(), resource_name, inputs, opts, access=access, adopt=adopt, problems=problems)
