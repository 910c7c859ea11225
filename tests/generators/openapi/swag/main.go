// The orders API in Go, described by swag's comments.
package main

import "time"

// @title Orders
// @version 1
func main() {}

type Status string

const (
	Open Status = "open"
	Paid Status = "paid"
)

type Customer struct {
	Name  string  `json:"name" binding:"required"`
	Email *string `json:"email" format:"email" extensions:"x-nullable"`
}

type Item struct {
	Sku      string  `json:"sku" binding:"required"`
	Quantity int     `json:"quantity" binding:"required" minimum:"1"`
	Price    float64 `json:"price" binding:"required"`
}

type Payment struct {
	Kind   string `json:"kind" binding:"required" enums:"card,invoice"`
	Number string `json:"number"`
	Days   int    `json:"days"`
}

type NewOrder struct {
	Customer Customer  `json:"customer" binding:"required"`
	Items    []Item    `json:"items" binding:"required"`
	Payment  Payment   `json:"payment" binding:"required"`
	Note     *string   `json:"note"`
	Status   Status    `json:"status"`
	Deliver  time.Time `json:"deliver" binding:"required"`
}

type Order struct {
	NewOrder
	ID int `json:"id"`
}

// @Summary List orders
// @Param status query string false "status" Enums(open, paid)
// @Param limit query int false "limit" default(20)
// @Param search query string false "search"
// @Param tags query []string false "tags" collectionFormat(multi)
// @Success 200 {array} Order
// @Router /orders [get]
func list() {}

// @Summary Get one order
// @Param order path int true "order"
// @Success 200 {object} Order
// @Router /orders/{order} [get]
func get() {}

// @Summary Create an order
// @Accept json
// @Param body body NewOrder true "order"
// @Success 201 {object} Order
// @Router /orders [post]
func create() {}

// Uploads are left out: for 3.1, swag writes the fields of a form as alternatives without names.
