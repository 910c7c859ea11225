"""Deploys every gateway that the selected stack describes under `agentcore:gateways`."""

from agentcore_provider import stack_config

stack_config.run()
