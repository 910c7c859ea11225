"""The orders API in litestar."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated

import msgspec
from litestar import Litestar, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body


class Status(str, Enum):
    OPEN = "open"
    PAID = "paid"


class Customer(msgspec.Struct):
    name: str
    email: str | None = None


class Item(msgspec.Struct):
    sku: str
    quantity: Annotated[int, msgspec.Meta(ge=1)]
    price: Decimal


class Card(msgspec.Struct, tag="card", tag_field="kind"):
    number: str


class Invoice(msgspec.Struct, tag="invoice", tag_field="kind"):
    days: int


class NewOrder(msgspec.Struct, kw_only=True):
    customer: Customer
    items: list[Item]
    payment: Card | Invoice
    note: str | None = None
    status: Status = Status.OPEN
    deliver: datetime


class Order(NewOrder, kw_only=True):
    id: int


@dataclass
class NewFile:
    file: UploadFile
    title: str


@get("/orders")
async def list_orders(
    status: Status | None = None, limit: int = 20, search: str | None = None, tags: list[str] | None = None
) -> list[Order]:
    """List orders"""


@get("/orders/{order:int}")
async def get_order(order: int) -> Order:
    """Get one order"""


@post("/orders")
async def create_order(data: NewOrder) -> Order:
    """Create an order"""


@post("/orders/{order:int}/files")
async def add_file(order: int, data: Annotated[NewFile, Body(media_type=RequestEncodingType.MULTI_PART)]) -> None:
    """Add a file to an order"""


app = Litestar([list_orders, get_order, create_order, add_file])
