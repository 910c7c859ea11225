"""Pulumi's aws package, imported when a resource of it is first declared: it takes as long as all that gateways need."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "Provider",
    "ProviderAssumeRoleArgs",
    "acm",
    "cloudfront",
    "cloudwatch",
    "get_caller_identity_output",
    "get_partition_output",
    "get_region_output",
    "iam",
    "lambda_",
    "route53",
    "s3",
    "wafv2",
]

if TYPE_CHECKING:
    from pulumi_aws import (
        Provider,
        ProviderAssumeRoleArgs,
        acm,
        cloudfront,
        cloudwatch,
        get_caller_identity_output,
        get_partition_output,
        get_region_output,
        iam,
        lambda_,
        route53,
        s3,
        wafv2,
    )
else:

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return getattr(import_module("pulumi_aws"), name)
        except ModuleNotFoundError as error:
            if error.name != "pulumi_aws":
                raise
            from agentcore_provider.installation import command

            raise ModuleNotFoundError(
                f"pulumi_aws is not installed here: {command('pulumi-aws')}", name=error.name
            ) from None
