"""`GatewayClient`: gateways from scripts and notebooks, with the waits, the identity and the errors of the resources."""

from __future__ import annotations

from agentcore_provider.gateway_client.client import GatewayClient
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.gateway_target import GatewayTarget

__all__ = ["Gateway", "GatewayClient", "GatewayTarget"]
