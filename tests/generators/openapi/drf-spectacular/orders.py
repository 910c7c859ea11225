"""Views, serializers and addresses."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import parsers, serializers, viewsets

STATUSES = ["open", "paid"]


class CustomerSerializer(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.EmailField(required=False, allow_null=True)


class ItemSerializer(serializers.Serializer):
    sku = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)
    price = serializers.DecimalField(max_digits=10, decimal_places=2)


class CardSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(["card"])
    number = serializers.CharField()


class InvoiceSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(["invoice"])
    days = serializers.IntegerField()


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Payment",
        serializers={"card": CardSerializer, "invoice": InvoiceSerializer},
        resource_type_field_name="kind",
    )
)
class PaymentField(serializers.JSONField):
    pass


class OrderSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    customer = CustomerSerializer()
    items = ItemSerializer(many=True)
    payment = PaymentField()
    note = serializers.CharField(required=False, allow_null=True)
    status = serializers.ChoiceField(STATUSES, required=False, allow_blank=True, allow_null=True)
    deliver = serializers.DateTimeField()


class FileSerializer(serializers.Serializer):
    file = serializers.FileField()
    title = serializers.CharField()


class Orders(viewsets.ViewSet):
    serializer_class = OrderSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("status", enum=STATUSES),
            OpenApiParameter("limit", OpenApiTypes.INT, default=20),
            OpenApiParameter("search"),
            OpenApiParameter("tags", many=True),
        ]
    )
    def list(self, request):
        """List orders"""

    @extend_schema(parameters=[OpenApiParameter("order", OpenApiTypes.INT, OpenApiParameter.PATH)])
    def retrieve(self, request, order):
        """Get one order"""

    def create(self, request):
        """Create an order"""


class Files(viewsets.ViewSet):
    serializer_class = FileSerializer
    parser_classes = (parsers.MultiPartParser,)

    def create(self, request, order):
        """Add a file to an order"""


urlpatterns = [
    path("orders", Orders.as_view({"get": "list", "post": "create"})),
    path("orders/<int:order>", Orders.as_view({"get": "retrieve"})),
    path("orders/<int:order>/files", Files.as_view({"post": "create"})),
]
