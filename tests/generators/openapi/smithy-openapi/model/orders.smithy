$version: "2"

namespace orders

use aws.protocols#restJson1

/// The orders API in Smithy, without uploads: RestJson has no forms.
@restJson1
@title("Orders")
service Orders {
    version: "1"
    operations: [ListOrders, ReadOrder, CreateOrder]
}

/// List orders
@readonly
@http(method: "GET", uri: "/orders")
operation ListOrders {
    input := {
        @httpQuery("status")
        status: Status

        @httpQuery("limit")
        limit: Integer

        @httpQuery("search")
        search: String

        @httpQuery("tags")
        tags: Tags
    }
    output := {
        orders: OrderList
    }
}

/// Get one order
@readonly
@http(method: "GET", uri: "/orders/{order}")
operation ReadOrder {
    input := {
        @required
        @httpLabel
        order: Long
    }
    output: Order
}

/// Create an order
@http(method: "POST", uri: "/orders")
operation CreateOrder {
    input := with [NewOrder] {}
    output: Order
}

@mixin
structure NewOrder {
    @required
    customer: Customer

    @required
    items: ItemList

    @required
    payment: Payment

    note: String

    status: Status

    @required
    @timestampFormat("date-time")
    deliver: Timestamp
}

structure Order with [NewOrder] {
    @required
    id: Long
}

structure Customer {
    @required
    name: String

    email: String
}

structure Item {
    @required
    sku: String

    @required
    @range(min: 1)
    quantity: Integer

    @required
    price: Double
}

union Payment {
    card: Card
    invoice: Invoice
}

structure Card {
    @required
    number: String
}

structure Invoice {
    @required
    days: Integer
}

enum Status {
    OPEN = "open"
    PAID = "paid"
}

list Tags {
    member: String
}

list ItemList {
    member: Item
}

list OrderList {
    member: Order
}
