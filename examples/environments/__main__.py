"""Deploys every gateway that the selected stack describes under `agentcore:gateways`."""

import sys

import pulumi

from agentcore_provider import errors, stack_config

# What Pulumi's language host takes as "the user has been told why": any other code adds a line of its own.
TOLD = 32

try:
    gateways = stack_config.deploy()
except errors.InvalidInput as problem:
    pulumi.log.error(str(problem))
    sys.exit(TOLD)

for key, value in stack_config.outputs(gateways).items():
    pulumi.export(key, value)
