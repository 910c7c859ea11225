"""The orders API as a Lambda function with the event handler of Powertools."""

from typing import Annotated

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.params import File, Form, Query
from models import NewOrder, Order, Status

app = APIGatewayRestResolver(enable_validation=True)


@app.get("/orders")
def list_orders(
    status: Status | None = None,
    limit: int = 20,
    search: str | None = None,
    tags: Annotated[list[str] | None, Query()] = None,
) -> list[Order]:
    """List orders"""


@app.get("/orders/<order>")
def get_order(order: int) -> Order:
    """Get one order"""


@app.post("/orders")
def create_order(new: NewOrder) -> Order:
    """Create an order"""


@app.post("/orders/<order>/files")
def add_file(order: int, file: Annotated[bytes, File()], title: Annotated[str, Form()]) -> None:
    """Add a file to an order"""
