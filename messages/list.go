package messages

import (
	"context"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ListParams says which messages to list. Cursor, Limit and Channel are
// documented. The other filters follow the API's conventions: a server that does
// not know one ignores it and lists everything.
type ListParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the newest.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of messages a page, not of the list. 0 leaves it to
	// the API (25); its maximum is 200.
	Limit int `url:"limit,omitempty"`
	// Channel keeps the messages of one channel.
	Channel Channel `url:"channel,omitempty"`
	// Status keeps those of one status. The server may ignore it.
	Status Status `url:"status,omitempty"`
	// To keeps those to one recipient. The server may ignore it.
	To string `url:"to,omitempty"`
	// From keeps those of one sender. The server may ignore it.
	From string `url:"from,omitempty"`
	// Direction keeps sent or received ones. The server may ignore it.
	Direction Direction `url:"direction,omitempty"`
	// CreatedAfter keeps those created at that time or later. The server may ignore
	// it.
	CreatedAfter time.Time `url:"date_from,omitempty" layout:"2006-01-02T15:04:05.999Z07:00"`
	// CreatedBefore keeps those created before that time. The server may ignore it.
	CreatedBefore time.Time `url:"date_to,omitempty" layout:"2006-01-02T15:04:05.999Z07:00"`
	// Sort is the order, such as "-created_at", newest first. The server may
	// ignore it.
	Sort string `url:"sort,omitempty"`
}

func (p ListParams) route() *call.Route {
	return call.Get("Messages.List", "/messages").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of messages.
//
// GET /messages
func (s *Service) List(ctx context.Context, params ListParams, opts ...api.CallOption) (*api.Page[Message], error) {
	return call.List[Message, messageWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /messages
func (s *Service) Pages(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[*api.Page[Message], error] {
	return call.Pages[Message, messageWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the messages of the list, fetching each page when it is needed.
// An error ends it.
//
// GET /messages
func (s *Service) All(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[Message, error] {
	return call.All[Message, messageWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one message. It fails with orbit.ErrNotFound if there is none of
// that ID.
//
// GET /messages/{id}
func (s *Service) Get(ctx context.Context, id string, opts ...api.CallOption) (*Message, error) {
	return call.Do[Message, messageWire](ctx, s.core, call.Get("Messages.Get", "/messages/{id}", id), nil, opts)
}
