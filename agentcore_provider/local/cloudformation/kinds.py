"""The resource types of AWS::BedrockAgentCore. Source: the resource specification as aws-cdk-lib 2.276.0 has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """A resource type.

    name: its last part. noun: in the names of its operations. key: the members by which Get, Update and Delete find it, and
    where each comes from: a property or a member of Create's answer. ref: what Ref returns, joined by "|".
    attributes: those of Fn::GetAtt that have another name than the member of Get's answer.
    arn: the member of Get's answer by which it is tagged; empty for what has no tags.
    immutable: members whose change would replace it.
    """

    name: str
    noun: str
    key: Mapping[str, str]
    ref: tuple[str, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    arn: str = ""
    immutable: tuple[str, ...] = ("name",)


PREFIX = "AWS::BedrockAgentCore::"

_ALL = (
    Kind(
        "Gateway",
        "Gateway",
        key={"gatewayIdentifier": "gatewayId"},
        ref=("gatewayId",),
        attributes={"GatewayIdentifier": "gatewayId"},
        arn="gatewayArn",
    ),
    Kind(
        "GatewayTarget",
        "GatewayTarget",
        key={"gatewayIdentifier": "gatewayIdentifier", "targetId": "targetId"},
        ref=("gatewayIdentifier", "targetId"),
        immutable=("gatewayIdentifier",),
    ),
    Kind(
        "GatewayRule",
        "GatewayRule",
        key={"gatewayIdentifier": "gatewayIdentifier", "ruleId": "ruleId"},
        ref=("gatewayIdentifier", "ruleId"),
        immutable=("gatewayIdentifier",),
    ),
    Kind("WorkloadIdentity", "WorkloadIdentity", key={"name": "name"}, ref=("name",), arn="workloadIdentityArn"),
    Kind(
        "ApiKeyCredentialProvider",
        "ApiKeyCredentialProvider",
        key={"name": "name"},
        ref=("credentialProviderArn",),
        arn="credentialProviderArn",
    ),
    Kind(
        "OAuth2CredentialProvider",
        "Oauth2CredentialProvider",
        key={"name": "name"},
        ref=("credentialProviderArn",),
        arn="credentialProviderArn",
    ),
)
KINDS = {kind.name: kind for kind in _ALL}
"""By name."""

# fmt: off
UNAVAILABLE = (
    "BrowserCustom", "BrowserProfile", "CapacityProvider", "CodeInterpreterCustom", "ConfigurationBundle",
    "ConsentPortal", "Dataset", "Evaluator", "GatewayRateLimit", "Harness", "HarnessEndpoint", "Memory",
    "OnlineEvaluationConfig", "PaymentConnector", "PaymentCredentialProvider", "PaymentManager", "Policy",
    "PolicyEngine", "ResourcePolicy", "Runtime", "RuntimeEndpoint",
)
# fmt: on
"""The other types, which would be left out in silence."""
