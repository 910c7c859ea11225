//! The orders API in Rust, described by utoipa.
#![allow(dead_code)]
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
}

#[derive(ToSchema)]
struct Customer {
    name: String,
    email: Option<String>,
}

#[derive(ToSchema)]
struct Item {
    sku: String,
    #[schema(minimum = 1)]
    quantity: i32,
    price: Decimal,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Payment {
    Card { number: String },
    Invoice { days: i32 },
}

#[derive(ToSchema)]
struct Order {
    #[schema(read_only)]
    id: i64,
    customer: Customer,
    items: Vec<Item>,
    payment: Payment,
    note: Option<String>,
    status: Option<Status>,
    deliver: DateTime<Utc>,
}

#[derive(ToSchema)]
struct Upload {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    title: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    status: Option<Status>,
    limit: Option<i32>,
    search: Option<String>,
    tags: Option<Vec<String>>,
}

/// List orders
#[utoipa::path(get, path = "/orders", params(Search), responses((status = 200, body = [Order])))]
fn list_orders() {}

/// Get one order
#[utoipa::path(get, path = "/orders/{order}", params(("order" = i64, Path)), responses((status = 200, body = Order)))]
fn get_order() {}

/// Create an order
#[utoipa::path(post, path = "/orders", request_body = Order, responses((status = 201, body = Order)))]
fn create_order() {}

/// Add a file to an order
#[utoipa::path(
    post, path = "/orders/{order}/files", params(("order" = i64, Path)),
    request_body(content = Upload, content_type = "multipart/form-data"), responses((status = 204))
)]
fn add_file() {}

#[derive(OpenApi)]
#[openapi(paths(list_orders, get_order, create_order, add_file))]
struct Api;

fn main() {
    std::fs::write("openapi.json", Api::openapi().to_json().unwrap()).unwrap();
}
