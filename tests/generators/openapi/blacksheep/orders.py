"""The orders API in BlackSheep."""

from typing import Literal

from blacksheep import Application, FromFiles, FromJSON, FromQuery
from blacksheep.server.openapi.v3 import OpenAPIHandler
from models import NewOrder, Order
from openapidocs.v3 import Info

app = Application()
docs = OpenAPIHandler(info=Info(title="Orders", version="1"))
docs.bind_app(app)


@app.router.get("/orders")
def list_orders(
    status: FromQuery[Literal["open", "paid"] | None],
    limit: FromQuery[int | None],
    search: FromQuery[str | None],
    tags: FromQuery[list[str] | None],
) -> list[Order]:
    """List orders"""


@app.router.get("/orders/{order}")
def get_order(order: int) -> Order:
    """Get one order"""


@app.router.post("/orders")
def create_order(new: FromJSON[NewOrder]) -> Order:
    """Create an order"""


@app.router.post("/orders/{order}/files")
def add_file(order: int, file: FromFiles) -> None:
    """Add a file to an order"""
