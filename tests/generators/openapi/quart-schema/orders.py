"""The orders API in Quart, described by quart-schema."""

from models import NewOrder, Order, Search
from pydantic import BaseModel
from quart import Quart
from quart_schema import DataSource, QuartSchema, validate_querystring, validate_request, validate_response
from quart_schema.pydantic import File


class NewFile(BaseModel):
    file: File
    title: str


app = Quart(__name__)
QuartSchema(app)


@app.get("/orders")
@validate_querystring(Search)
@validate_response(Order)
async def list_orders(query_args: Search):
    """List orders"""


@app.get("/orders/<int:order>")
@validate_response(Order)
async def get_order(order: int):
    """Get one order"""


@app.post("/orders")
@validate_request(NewOrder)
@validate_response(Order)
async def create_order(data: NewOrder):
    """Create an order"""


@app.post("/orders/<int:order>/files")
@validate_request(NewFile, source=DataSource.FORM_MULTIPART)
async def add_file(order: int, data: NewFile):
    """Add a file to an order"""
