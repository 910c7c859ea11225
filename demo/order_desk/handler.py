"""The order desk of a small shop: four tools that an agent reaches through a gateway.

AgentCore calls `handler` with a tool's arguments as the event; the tool's name comes in the client context.
The gateway's tool schema is made of the type hints and docstrings of the functions in TOOLS.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ORDERS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("orders.json").read_text(encoding="utf-8"))

# Country: (base price, price per kilogram, working days) of standard shipping. Express costs double, in half the time.
RATES = {
    "DE": (3.90, 0.60, 2),
    "FR": (5.90, 0.90, 3),
    "GB": (7.50, 1.20, 4),
    "US": (14.00, 3.80, 8),
}


def find_orders(customer: str, status: str = "any") -> list[dict[str, Any]]:
    """Find the orders of a customer, newest first.

    Args:
        customer: Name of the customer or a part of it, in any case; an empty text finds everyone's.
        status: Only orders in this state: packing, shipped, delivered or cancelled. Any state by default.
    """
    found = [
        order
        for order in ORDERS
        if customer.casefold() in order["customer"].casefold() and status in ("any", order["status"])
    ]
    return [
        {
            "order_id": order["order_id"],
            "customer": order["customer"],
            "placed": order["placed"],
            "status": order["status"],
            "total_eur": _total(order),
        }
        for order in sorted(found, key=lambda order: (order["placed"], order["order_id"]), reverse=True)
    ]


def order_status(order_id: str) -> dict[str, Any]:
    """Tell where an order stands: its items, its total, and the day on which it should arrive.

    Args:
        order_id: Number of the order, such as A-1002.
    """
    order = _order(order_id)
    return {
        **{key: order[key] for key in ("order_id", "customer", "placed", "status", "country", "service", "items")},
        "total_eur": _total(order),
        "arrives": _arrival(order),
    }


def quote_shipping(country: str, weight_kg: float, express: bool = False) -> dict[str, Any]:
    """Quote price and duration of a parcel.

    Args:
        country: Two-letter code of the country the parcel goes to: DE, FR, GB or US.
        weight_kg: Weight of the parcel in kilograms, up to 30.
        express: Whether to send it by express: twice the price, half the time.
    """
    if not 0 < weight_kg <= 30:
        raise ValueError(f"a parcel weighs more than 0 and at most 30 kg, not {weight_kg}")
    base, per_kg, days = _rate(country)
    price = (base + per_kg * weight_kg) * (2 if express else 1)
    return {
        "country": country.upper(),
        "price_eur": round(price, 2),
        "working_days": _express_days(days) if express else days,
    }


def estimate_delivery(country: str, sent_on: str, express: bool = False) -> dict[str, str]:
    """Estimate the day on which a parcel arrives; weekends do not count.

    Args:
        country: Two-letter code of the country the parcel goes to: DE, FR, GB or US.
        sent_on: Day on which the parcel is sent, as YYYY-MM-DD.
        express: Whether it goes by express.
    """
    days = _rate(country)[2]
    arrival = _working_days_after(date.fromisoformat(sent_on), _express_days(days) if express else days)
    return {"country": country.upper(), "sent_on": sent_on, "arrives": arrival.isoformat()}


TOOLS = [find_orders, order_status, quote_shipping, estimate_delivery]


def handler(event: dict[str, Any], context: Any) -> Any:
    """Call the tool that the gateway names; what it cannot do is told to the agent as {"error": ...}."""
    called = context.client_context.custom["bedrockAgentCoreToolName"].rpartition("___")[2]
    tool = {function.__name__: function for function in TOOLS}.get(called)
    if tool is None:
        return {"error": f"the order desk has no tool {called!r}"}
    try:
        return tool(**event)
    except ValueError as problem:
        return {"error": str(problem)}


def _order(order_id: str) -> dict[str, Any]:
    for order in ORDERS:
        if order["order_id"] == order_id.strip().upper():
            return order
    raise ValueError(f"there is no order {order_id!r}; find_orders lists the orders of a customer")


def _total(order: dict[str, Any]) -> float:
    return round(sum(item["quantity"] * item["price_eur"] for item in order["items"]), 2)


def _arrival(order: dict[str, Any]) -> str | None:
    if order["shipped"] is None:
        return None
    return estimate_delivery(order["country"], order["shipped"], order["service"] == "express")["arrives"]


def _rate(country: str) -> tuple[float, float, int]:
    rate = RATES.get(country.upper())
    if rate is None:
        raise ValueError(f"the shop does not ship to {country!r}; it ships to {', '.join(sorted(RATES))}")
    return rate


def _express_days(days: int) -> int:
    return (days + 1) // 2


def _working_days_after(start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
