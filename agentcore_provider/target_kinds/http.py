"""HTTP targets: agent runtimes, and endpoints that requests are passed on to.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_HttpTargetConfiguration.html
"""

from __future__ import annotations

from agentcore_provider.target_kinds.connector import IAM_PROVIDER
from agentcore_provider.target_kinds.endpoint_permissions import of_runtime
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs
from agentcore_provider.target_kinds.target_kind import OAUTH_METHODS, Call, Outbound, Schema, TargetKind


class AgentRuntime(TargetKind):
    path = ("http", "agentcoreRuntime")
    key = "agent_runtime"
    label = "AgentCore Runtime"
    keys = {"arn": "arn", "qualifier": "qualifier", "schema": "schema.source"}
    short_key = "arn"
    schema = Schema("schema", "OpenAPI description")
    defaults = {"qualifier": "DEFAULT"}
    outbound = Outbound(
        frozenset(["gateway role", "caller IAM credentials", "OAuth client credentials", "JWT passthrough"]),
        signing_service="rejected",
        source=IAM_PROVIDER,
        role_in_records=True,
    )

    def needs(self, call: Call) -> Needs:
        arn = call.content.get("arn")
        return of_runtime(str(arn), reads_card=True) if arn else NOTHING


class Passthrough(TargetKind):
    path = ("http", "passthrough")
    key = "passthrough"
    label = "HTTP passthrough"
    keys = {
        "endpoint": "endpoint",
        "protocol_type": "protocolType",
        "schema": "schema.source",
        "stickiness": "stickinessConfiguration",
        "static_query_parameters": "staticQueryParameters",
        "static_query_parameter_conflict_resolution": "staticQueryParameterConflictResolution",
    }
    short_key = "endpoint"
    parts = {"stickiness": {"identifier": "identifier", "timeout": "timeout", "composite": "compositeIdentifier"}}
    schema = Schema("schema", "OpenAPI description")
    defaults = {"staticQueryParameterConflictResolution": "CLIENT_OVERRIDE"}
    outbound = Outbound(
        frozenset(
            ["gateway role", "caller IAM credentials", *OAUTH_METHODS, "JWT passthrough", "API key"],
        ),
        # The guide lists these and no others, and AWS's own tool rejects a target without any; deployments of 2026 have
        # none and pass the callers' keys on as headers.
        doubtful=frozenset(["none"]),
        source="devguide gateway-target-http-passthrough; aws/agentcore-cli#1914",
    )

    def needs(self, call: Call) -> Needs:
        return call.endpoint(call.content.get("endpoint"), reads_card=call.content.get("protocolType") == "A2A")
