package webhooks

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// Deliveries lists what was delivered to an address. It is safe for concurrent
// use.
type Deliveries struct {
	core
}

// Delivery is one attempt to deliver an event. The names of its fields follow the
// API's conventions.
type Delivery struct {
	api.Meta `json:"-"`

	// ID is the delivery's ID, that of the header X-Devotel-Delivery-Id.
	ID string `json:"id"`
	// EventID is the event.
	EventID string `json:"event_id,omitzero"`
	// EventType says what happened.
	EventType EventType `json:"event_type,omitzero"`
	// StatusCode is what the address answered; 0 if it did not.
	StatusCode int `json:"status_code,omitzero"`
	// ResponseTimeMS is how long it took, in milliseconds.
	ResponseTimeMS int64 `json:"response_time_ms,omitzero"`
	// Attempt counts the attempts for the event from 1.
	Attempt int `json:"attempt,omitzero"`
	// Success reports whether the answer was a 2xx.
	Success bool `json:"success"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// ResponseTime is ResponseTimeMS as a time.Duration.
func (d *Delivery) ResponseTime() time.Duration {
	return time.Duration(d.ResponseTimeMS) * time.Millisecond
}

// deliveryWire is a Delivery with the other name that its ID may come under.
type deliveryWire struct {
	Delivery

	DeliveryID string `json:"delivery_id"`
	Succeeded  *bool  `json:"success"`
}

// Public returns the delivery under the newest names.
func (w *deliveryWire) Public(info *api.ResponseInfo) *Delivery {
	w.Info = info
	w.ID = cmp.Or(w.ID, w.DeliveryID)
	if w.Success = w.StatusCode/100 == 2; w.Succeeded != nil {
		w.Success = *w.Succeeded
	}
	return &w.Delivery
}

// ListDeliveriesParams says which deliveries to list.
type ListDeliveriesParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the newest.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of deliveries a page, not of the list. 0 leaves it to
	// the API.
	Limit int `url:"limit,omitempty"`
}

func (p ListDeliveriesParams) route(webhookID string) *call.Route {
	return call.Get("Webhooks.Deliveries.List", "/webhooks/{id}/deliveries", webhookID).Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of the deliveries to a webhook. The path is documented;
// the fields of the answer follow the API's conventions.
//
// GET /webhooks/{id}/deliveries
func (s *Deliveries) List(ctx context.Context, webhookID string, params ListDeliveriesParams, opts ...api.CallOption) (*api.Page[Delivery], error) {
	return call.List[Delivery, deliveryWire](ctx, s.core, params.route(webhookID), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. The
// path is documented; the fields of the answer follow the API's conventions.
//
// GET /webhooks/{id}/deliveries
func (s *Deliveries) Pages(ctx context.Context, webhookID string, params ListDeliveriesParams, opts ...api.CallOption) iter.Seq2[*api.Page[Delivery], error] {
	return call.Pages[Delivery, deliveryWire](ctx, s.core, params.route(webhookID), params, opts)
}

// All ranges over the deliveries of the list, fetching each page when it is
// needed. An error ends it. The path is documented; the fields of the answer
// follow the API's conventions.
//
// GET /webhooks/{id}/deliveries
func (s *Deliveries) All(ctx context.Context, webhookID string, params ListDeliveriesParams, opts ...api.CallOption) iter.Seq2[Delivery, error] {
	return call.All[Delivery, deliveryWire](ctx, s.core, params.route(webhookID), params, opts)
}
