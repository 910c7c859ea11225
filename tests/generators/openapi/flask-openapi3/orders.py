"""The orders API in flask-openapi3."""

from flask_openapi3 import FileStorage, OpenAPI
from models import NewOrder, Order, Search
from pydantic import BaseModel


class OrderPath(BaseModel):
    order: int


class NewFile(BaseModel):
    file: FileStorage
    title: str


app = OpenAPI(__name__)


@app.get("/orders")
def list_orders(query: Search):
    """List orders"""


@app.get("/orders/<int:order>", responses={200: Order})
def get_order(path: OrderPath):
    """Get one order"""


@app.post("/orders", responses={201: Order})
def create_order(body: NewOrder):
    """Create an order"""


@app.post("/orders/<int:order>/files")
def add_file(path: OrderPath, form: NewFile):
    """Add a file to an order"""
