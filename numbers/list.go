package numbers

import (
	"context"
	"iter"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ListParams says which numbers of the account to list. Cursor and Limit are
// documented. The filters follow the API's conventions: a server that does not
// know one ignores it and lists everything.
type ListParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the newest.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of numbers a page, not of the list. 0 leaves it to the
	// API (50); its maximum is 200.
	Limit int `url:"limit,omitempty"`
	// Status keeps those of one status. The server may ignore it.
	Status Status `url:"status,omitempty"`
	// Country keeps those of one country. The server may ignore it.
	Country string `url:"country_code,omitempty"`
	// Search keeps those whose number or name holds the text. The server may
	// ignore it.
	Search string `url:"search,omitempty"`
}

func (p ListParams) route() *call.Route {
	return call.Get("Numbers.List", "/numbers").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of the account's numbers.
//
// GET /numbers
func (s *Service) List(ctx context.Context, params ListParams, opts ...api.CallOption) (*api.Page[Number], error) {
	return call.List[Number, numberWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /numbers
func (s *Service) Pages(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[*api.Page[Number], error] {
	return call.Pages[Number, numberWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the account's numbers, fetching each page when it is needed. An
// error ends it. For tens of thousands of them see [Service.ExportRows].
//
// GET /numbers
func (s *Service) All(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[Number, error] {
	return call.All[Number, numberWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one number of the account. It fails with orbit.ErrNotFound if there
// is none of that ID.
//
// GET /numbers/{id}
func (s *Service) Get(ctx context.Context, id string, opts ...api.CallOption) (*Number, error) {
	return call.Do[Number, numberWire](ctx, s.core, call.Get("Numbers.Get", "/numbers/{id}", id), nil, opts)
}
