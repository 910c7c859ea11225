"""`python -m agentcore_provider.local`: run local AWS, and the stand-in for Pulumi's aws plugin beside it."""

from __future__ import annotations

from agentcore_provider import pulumi_aws_stand_in
from agentcore_provider.local.run import main

main(aws_plugin=pulumi_aws_stand_in)
