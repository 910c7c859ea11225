"""The orders API in FastAPI."""

from typing import Annotated

from fastapi import FastAPI, Form, Query, UploadFile
from models import NewOrder, Order, Status

app = FastAPI()


@app.get("/orders")
def list_orders(
    status: Status | None = None,
    limit: int = 20,
    search: str | None = None,
    tags: Annotated[list[str] | None, Query()] = None,
) -> list[Order]:
    """List orders"""


@app.get("/orders/{order}")
def get_order(order: int) -> Order:
    """Get one order"""


@app.post("/orders")
def create_order(new: NewOrder) -> Order:
    """Create an order"""


@app.post("/orders/{order}/files")
def add_file(order: int, file: UploadFile, title: Annotated[str, Form()]) -> None:
    """Add a file to an order"""
