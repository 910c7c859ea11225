"""The orders API in flask-smorest."""

from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

STATUSES = ["open", "paid"]


class Customer(Schema):
    name = fields.String(required=True)
    email = fields.Email(allow_none=True)


class Item(Schema):
    sku = fields.String(required=True)
    quantity = fields.Integer(required=True, validate=validate.Range(min=1))
    price = fields.Decimal(required=True)


class Payment(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["card", "invoice"]))
    number = fields.String()
    days = fields.Integer()


class Order(Schema):
    id = fields.Integer(dump_only=True)
    customer = fields.Nested(Customer, required=True)
    items = fields.List(fields.Nested(Item), required=True)
    payment = fields.Nested(Payment, required=True)
    previous = fields.Nested(Payment, allow_none=True)
    note = fields.String(allow_none=True)
    status = fields.String(validate=validate.OneOf(STATUSES))
    deliver = fields.DateTime(required=True)


class Search(Schema):
    status = fields.String(validate=validate.OneOf(STATUSES))
    limit = fields.Integer(load_default=20)
    search = fields.String()
    tags = fields.List(fields.String())


class File(Schema):
    file = Upload(required=True)


app = Flask(__name__)
app.config.update(API_TITLE="Orders", API_VERSION="1", OPENAPI_VERSION="3.0.3")
blueprint = Blueprint("orders", __name__, url_prefix="/orders")


@blueprint.route("")
class Orders(MethodView):
    @blueprint.arguments(Search, location="query")
    @blueprint.response(200, Order(many=True))
    def get(self, search):
        """List orders"""

    @blueprint.arguments(Order)
    @blueprint.response(201, Order)
    def post(self, new):
        """Create an order"""


@blueprint.route("/<int:order>")
class OneOrder(MethodView):
    @blueprint.response(200, Order)
    def get(self, order):
        """Get one order"""


@blueprint.route("/<int:order>/files")
class Files(MethodView):
    @blueprint.arguments(File, location="files")
    @blueprint.response(204)
    def post(self, file, order):
        """Add a file to an order"""


Api(app).register_blueprint(blueprint)
