"""The orders API in APIFlask."""

from apiflask import APIFlask, Schema
from apiflask.fields import DateTime, Decimal, Email, File, Integer, List, Nested, String
from apiflask.validators import OneOf, Range

STATUSES = ["open", "paid"]


class Customer(Schema):
    name = String(required=True)
    email = Email(allow_none=True)


class Item(Schema):
    sku = String(required=True)
    quantity = Integer(required=True, validate=Range(min=1))
    price = Decimal(required=True)


class Payment(Schema):
    kind = String(required=True, validate=OneOf(["card", "invoice"]))
    number = String()
    days = Integer()


class Order(Schema):
    id = Integer(dump_only=True)
    customer = Nested(Customer, required=True)
    items = List(Nested(Item), required=True)
    payment = Nested(Payment, required=True)
    previous = Nested(Payment, allow_none=True)
    note = String(allow_none=True)
    status = String(validate=OneOf(STATUSES))
    deliver = DateTime(required=True)


class Search(Schema):
    status = String(validate=OneOf(STATUSES))
    limit = Integer(load_default=20)
    search = String()
    tags = List(String())


class NewFile(Schema):
    file = File(required=True)
    title = String(required=True)


app = APIFlask(__name__)


@app.get("/orders")
@app.input(Search, location="query")
@app.output(Order(many=True))
def list_orders(query_data):
    """List orders"""


@app.get("/orders/<int:order>")
@app.output(Order)
def get_order(order):
    """Get one order"""


@app.post("/orders")
@app.input(Order)
@app.output(Order, status_code=201)
def create_order(json_data):
    """Create an order"""


@app.post("/orders/<int:order>/files")
@app.input(NewFile, location="form_and_files")
@app.output({}, status_code=204)
def add_file(order, form_and_files_data):
    """Add a file to an order"""
