"""The order desk: its tools and the function behind them."""

from __future__ import annotations

import os
from typing import Any


def order_state(order_id: str) -> dict[str, str]:
    """Tell where an order stands.

    Args:
        order_id: Id of the order, such as A-1.
    """
    return {"order_id": order_id, "state": "shipped", "log_level": os.environ["LOG_LEVEL"]}


TOOLS = [order_state]


def handler(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Entry point for Lambda; the gateway passes the tool's name in the context."""
    name = context.client_context.custom["bedrockAgentCoreToolName"].rpartition("___")[2]
    return {tool.__name__: tool for tool in TOOLS}[name](**event)
