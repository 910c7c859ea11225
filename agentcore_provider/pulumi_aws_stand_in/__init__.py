"""A stand-in for Pulumi's official `aws` plugin, which creates real resources in local AWS.

Pulumi's engine attaches to it by `PULUMI_DEBUG_PROVIDERS=aws:PORT`, so that programs which use `pulumi_aws` need no
plugin of 700 MB on a laptop. One process serves many stacks; it remembers nothing but the configuration of each engine
that is connected. What it supports is in `registry`; everything else is rejected by name.
"""

from __future__ import annotations

from .server import start, stop

__all__ = ["start", "stop"]
