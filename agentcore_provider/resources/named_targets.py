"""Targets of an McpGateway, which it takes by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import pulumi

from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.resources.aws_access import AwsAccess
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.gateway_target import GatewayTarget
from agentcore_provider.resources.lambda_function import made_of
from agentcore_provider.resources.schema_object import bucket_name
from agentcore_provider.resources.targets import LambdaCode, Target
from agentcore_provider.resources.tools_lock import is_lockable


class TargetArguments(TypedDict, total=False):
    """A target together with further arguments of GatewayTarget."""

    target: Target | LambdaCode | Mapping[str, Any]
    credentials: Any
    description: pulumi.Input[str]


AnyTarget = Target | LambdaCode | TargetArguments | Mapping[str, Any]
"""A record, AWS's targetConfiguration document, or {"target": either of these, "description": ..., ...}."""


class NamedTargets:
    """Declares the targets of one McpGateway, whose long schemas share a bucket."""

    def __init__(
        self,
        component: pulumi.ComponentResource,
        resource_name: str,
        access: AwsAccess,
        *,
        schema_in_s3: bool,
        tools_lock: bool,
        tags: Mapping[str, pulumi.Input[str]] | None,
    ) -> None:
        """
        Args:
            component: The McpGateway.
            resource_name: Its logical name.
            access: Its Region and sign-in.
            schema_in_s3: As its argument.
            tools_lock: As its argument.
            tags: As its argument.
        """
        self._component, self._resource_name, self._access = component, resource_name, access
        self._schema_in_s3, self._tools_lock, self._tags = schema_in_s3, tools_lock, tags
        self._bucket: aws.s3.Bucket | None = None

    def declare(self, name: str, wanted: AnyTarget, gateway: Gateway) -> GatewayTarget:
        """The target of this name. Raises InvalidInput."""
        child = pulumi.ResourceOptions(parent=self._component)
        arguments: dict[str, Any] = (
            dict(wanted) if isinstance(wanted, Mapping) and "target" in wanted else {"target": wanted}
        )
        target = arguments.pop("target")
        if isinstance(target, LambdaCode):
            target = made_of(target, f"{self._resource_name}-{name}", tags=self._tags, opts=child)
        return GatewayTarget(
            f"{self._resource_name}-{name}",
            gateway=gateway,
            target=target,
            name=name,
            opts=child,
            **{
                "schema_in_s3": self._schema_in_s3,
                "schema_bucket": self._schema_bucket,
                "schema_tags": self._tags,
                "tools_lock": self._tools_lock and is_lockable(target),
                **arguments,
            },
        )

    def _schema_bucket(self) -> pulumi.Output[str]:
        """The bucket that the schemas of all targets share, made when the first needs it."""
        if self._bucket is None:
            self._bucket = aws.s3.Bucket(
                bucket_name(f"{self._resource_name}-schemas"),
                force_destroy=True,
                tags=self._tags,
                opts=self._access.child(self._component),
                **self._access.arguments,
            )
        return self._bucket.bucket
