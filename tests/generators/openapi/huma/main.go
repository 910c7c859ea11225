// The orders API in Go, described by huma.
package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

type Customer struct {
	Name  string  `json:"name"`
	Email *string `json:"email,omitempty" format:"email"`
}

type Item struct {
	Sku      string  `json:"sku"`
	Quantity int     `json:"quantity" minimum:"1"`
	Price    float64 `json:"price"`
}

type Payment struct {
	Kind   string  `json:"kind"`
	Number *string `json:"number,omitempty"`
	Days   *int    `json:"days,omitempty"`
}

// Schema is how huma lets a type describe alternatives.
func (Payment) Schema(huma.Registry) *huma.Schema {
	card := &huma.Schema{Type: "object", Required: []string{"kind", "number"}, Properties: map[string]*huma.Schema{
		"kind": {Type: "string", Enum: []any{"card"}}, "number": {Type: "string"}}}
	invoice := &huma.Schema{Type: "object", Required: []string{"kind", "days"}, Properties: map[string]*huma.Schema{
		"kind": {Type: "string", Enum: []any{"invoice"}}, "days": {Type: "integer"}}}
	return &huma.Schema{OneOf: []*huma.Schema{card, invoice}}
}

type Order struct {
	ID       int       `json:"id" readOnly:"true"`
	Customer Customer  `json:"customer"`
	Items    []Item    `json:"items"`
	Payment  Payment   `json:"payment"`
	Note     *string   `json:"note,omitempty" nullable:"true"`
	Status   string    `json:"status,omitempty" enum:"open,paid"`
	Deliver  time.Time `json:"deliver"`
}

type Search struct {
	Status string   `query:"status" enum:"open,paid"`
	Limit  int      `query:"limit" default:"20"`
	Search string   `query:"search"`
	Tags   []string `query:"tags"`
}

type Found struct{ Body []Order }
type One struct{ Body Order }
type ByPath struct {
	Order int `path:"order"`
}
type Upload struct {
	Order   int `path:"order"`
	RawBody huma.MultipartFormFiles[struct {
		File  huma.FormFile `form:"file" required:"true"`
		Title string        `form:"title" required:"true"`
	}]
}

func main() {
	api := humago.New(http.NewServeMux(), huma.DefaultConfig("Orders", "1"))
	huma.Get(api, "/orders", func(context.Context, *Search) (*Found, error) { return nil, nil })
	huma.Get(api, "/orders/{order}", func(context.Context, *ByPath) (*One, error) { return nil, nil })
	huma.Post(api, "/orders", func(context.Context, *One) (*One, error) { return nil, nil })
	huma.Post(api, "/orders/{order}/files", func(context.Context, *Upload) (*struct{}, error) { return nil, nil })
	written, err := api.OpenAPI().MarshalJSON()
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile("openapi.json", written, 0o644); err != nil {
		panic(err)
	}
}
