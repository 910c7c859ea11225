"""Deploys every gateway that the selected stack describes under `agentcore:gateways`."""

import pulumi

from agentcore_provider import errors, stack_config

try:
    gateways = stack_config.deploy()
except errors.InvalidInput as problem:
    # The engine shows a RunError without the traceback that would hide the lines worth reading.
    raise pulumi.RunError(str(problem)) from None

for key, value in stack_config.outputs(gateways).items():
    pulumi.export(key, value)
