"""What the two kinds of credential provider have in common as resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi

from agentcore_provider.resources import sensitive
from agentcore_provider.resources.aws_access import AwsAccess
from agentcore_provider.resources.dynamic_resource import DynamicResource

if TYPE_CHECKING:
    from agentcore_provider.providers.credential_provider import Provider


class CredentialProvider(DynamicResource):
    """A resource whose secrets are Pulumi secrets, however they were typed."""

    def __init__(
        self,
        provider: Provider,
        resource_name: str,
        inputs: Mapping[str, object],
        opts: pulumi.ResourceOptions | None,
        *,
        access: AwsAccess,
        adopt: bool | None,
        secret_reference: object,
    ) -> None:
        self.secret_reference = secret_reference
        """Where a secret of one's own lies: what a GatewayRole must be allowed to read."""
        inputs = sensitive.inputs(inputs, f"Create{self.aws_name}")
        super().__init__(provider, resource_name, inputs, opts, access=access, adopt=adopt)
