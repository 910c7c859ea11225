"""The whole program of a project whose gateways are declared in stack files."""

from __future__ import annotations

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.dynamic_resource import REPORTED
from agentcore_provider.stack_config.deployment import deploy, outputs


def run() -> None:
    """Deploy every gateway that the selected stack describes under `agentcore:gateways`, and export their settings.

    A stack file with problems ends the program, with one line for each problem in Pulumi's output. Use `deploy` and
    `outputs` instead in a program that declares more.
    """
    try:
        gateways = deploy()
    except InvalidInput as problem:
        pulumi.log.error(str(problem))
        raise SystemExit(REPORTED) from None
    for key, value in outputs(gateways).items():
        pulumi.export(key, value)
