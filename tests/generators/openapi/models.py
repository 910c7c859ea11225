"""The orders API's models in pydantic, for the frameworks that read them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, Field


class Status(str, Enum):
    OPEN = "open"
    PAID = "paid"


class Customer(BaseModel):
    name: str
    email: str | None = None


class Item(BaseModel):
    sku: str
    quantity: Annotated[int, Field(ge=1)]
    price: Decimal


class Card(BaseModel):
    kind: Literal["card"]
    number: str


class Invoice(BaseModel):
    kind: Literal["invoice"]
    days: int


class NewOrder(BaseModel):
    customer: Customer
    items: list[Item]
    payment: Annotated[Card | Invoice, Field(discriminator="kind")]
    note: str | None = None
    status: Status = Status.OPEN
    deliver: datetime


class Order(NewOrder):
    id: int


class Search(BaseModel):
    status: Status | None = None
    limit: int = 20
    search: str | None = None
    tags: list[str] | None = None
