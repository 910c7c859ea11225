"""Operations, schemas and addresses."""

from django.urls import path
from models import NewOrder, Order, Status
from ninja import File, Form, NinjaAPI, Query, UploadedFile

api = NinjaAPI()


@api.get("/orders", response=list[Order])
def list_orders(
    request,
    tags: Query[list[str] | None] = None,
    status: Status | None = None,
    limit: int = 20,
    search: str | None = None,
):
    """List orders"""


@api.get("/orders/{order}", response=Order)
def get_order(request, order: int):
    """Get one order"""


@api.post("/orders", response=Order)
def create_order(request, new: NewOrder):
    """Create an order"""


@api.post("/orders/{order}/files")
def add_file(request, order: int, file: File[UploadedFile], title: Form[str]):
    """Add a file to an order"""


urlpatterns = [path("api/", api.urls)]
