package webhooks

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/redact"
)

// core is what every service here embeds.
type core = call.Service

// Service keeps the addresses that Orbit delivers events to. It is safe for
// concurrent use. Programs that only receive deliveries need none.
type Service struct {
	// Deliveries lists what was delivered to an address.
	Deliveries *Deliveries

	core
}

// Webhook is an address that Orbit delivers events to.
type Webhook struct {
	api.Meta `json:"-"`

	// ID is the webhook's ID, opaque.
	ID string `json:"id"`
	// URL is where deliveries go.
	URL string `json:"url,omitzero"`
	// Events are the types that are delivered; "*" is all of them.
	Events []EventType `json:"events,omitzero"`
	// Description is what people call it.
	Description string `json:"description,omitzero"`
	// Active is false while deliveries are paused, and nil if the response does not
	// say.
	Active *bool `json:"active,omitzero"`
	// SigningSecret is what deliveries are signed with, for [NewVerifier]. Orbit
	// tells it when the webhook is created, and never again.
	SigningSecret api.Secret `json:"signing_secret,omitzero"`
	// CreatedAt is when it was created.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// LogValue keeps the signing secret out of slog, also out of a handler that writes JSON.
func (w Webhook) LogValue() slog.Value { return redact.LogValue(w) }

// webhookWire is a Webhook with the other names that its fields may come under.
type webhookWire struct {
	Webhook

	WebhookID string     `json:"webhook_id"`
	Secret    api.Secret `json:"secret"`
}

// Public returns the webhook under the newest names.
func (w *webhookWire) Public(info *api.ResponseInfo) *Webhook {
	w.Info = info
	w.ID = w.Identity()
	w.SigningSecret = cmp.Or(w.SigningSecret, w.Secret)
	return &w.Webhook
}

// Identity is the webhook's ID under whichever name it came.
func (w *webhookWire) Identity() string { return cmp.Or(w.ID, w.WebhookID) }

// AllEvents stands for every event type in CreateParams and UpdateParams.
const AllEvents EventType = "*"

// CreateParams is a new webhook.
type CreateParams struct {
	// URL is a public https address. Required.
	URL string `json:"url"`
	// Events are the types to deliver, such as Types(MessageDelivered, MessageFailed),
	// or AllEvents. Required. A name that is not in Orbit's own catalogue is rejected.
	Events []EventType `json:"events"`
	// Description is what people call it.
	Description string `json:"description,omitzero"`
	// Secret is a signing secret of your own. The default is one that Orbit makes.
	Secret api.Secret `json:"secret,omitzero"`
}

// LogValue keeps the signing secret out of slog, also out of a handler that writes JSON.
func (p CreateParams) LogValue() slog.Value { return redact.LogValue(p) }

// Create registers an address. The answer holds the signing secret: store it,
// since Orbit does not tell it again.
//
// POST /webhooks
func (s *Service) Create(ctx context.Context, params CreateParams, opts ...api.CallOption) (*Webhook, error) {
	route := call.Post("Webhooks.Create", "/webhooks").Check(
		check.Required("url", params.URL), check.That(len(params.Events) > 0, "events", "must name at least one event"))
	return call.Create[Webhook, webhookWire](ctx, s.core, route, params, opts)
}

// ListParams says which webhooks to list.
type ListParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// at the start.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of webhooks a page, not of the list. 0 leaves it to the
	// API.
	Limit int `url:"limit,omitempty"`
}

func (p ListParams) route() *call.Route {
	return call.Get("Webhooks.List", "/webhooks").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of webhooks.
//
// GET /webhooks
func (s *Service) List(ctx context.Context, params ListParams, opts ...api.CallOption) (*api.Page[Webhook], error) {
	return call.List[Webhook, webhookWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /webhooks
func (s *Service) Pages(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[*api.Page[Webhook], error] {
	return call.Pages[Webhook, webhookWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the webhooks of the list, fetching each page when it is needed.
// An error ends it.
//
// GET /webhooks
func (s *Service) All(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[Webhook, error] {
	return call.All[Webhook, webhookWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one webhook. It fails with orbit.ErrNotFound if there is none of
// that ID.
//
// GET /webhooks/{id}
func (s *Service) Get(ctx context.Context, id string, opts ...api.CallOption) (*Webhook, error) {
	return call.Do[Webhook, webhookWire](ctx, s.core, call.Get("Webhooks.Get", "/webhooks/{id}", id), nil, opts)
}

// UpdateParams is what is to change of a webhook. What is not given stays.
type UpdateParams struct {
	// URL is the new address.
	URL string `json:"url,omitzero"`
	// Events replaces the whole list of types.
	Events []EventType `json:"events,omitempty"`
	// Active pauses deliveries with false and resumes them with true; nil leaves
	// that as it is.
	Active *bool `json:"active,omitempty"`
	// Description is what people call it from now on.
	Description api.Opt[string] `json:"description,omitzero"`
}

// Update changes what is given of a webhook.
//
// PUT /webhooks/{id}
func (s *Service) Update(ctx context.Context, id string, params UpdateParams, opts ...api.CallOption) (*Webhook, error) {
	return call.Do[Webhook, webhookWire](ctx, s.core, call.Put("Webhooks.Update", "/webhooks/{id}", id), params, opts)
}

// Delete deletes a webhook. Deliveries that are still to be repeated are dropped.
//
// DELETE /webhooks/{id}
func (s *Service) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Webhooks.Delete", "/webhooks/{id}", id), nil, opts)
}

// Test makes Orbit deliver an event of type webhook.test.
//
// POST /webhooks/{id}/test
func (s *Service) Test(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Post("Webhooks.Test", "/webhooks/{id}/test", id), nil, opts)
}
