package agents

import (
	"context"
	"iter"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// ListParams says which agents to list.
type ListParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the first.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of agents a page, not of the list. 0 leaves it to the
	// API (25); its maximum is 200.
	Limit int `url:"limit,omitempty"`
	// Status keeps the agents of one status.
	Status Status `url:"status,omitempty"`
	// Sort is the order, such as "-created_at", newest first.
	Sort string `url:"sort,omitempty"`
	// Search keeps the agents whose name holds the text. It follows the API's
	// conventions: the server may ignore it, and list all.
	Search string `url:"search,omitempty"`
}

func (p ListParams) route() *call.Route {
	return call.Get("Agents.List", "/agents").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of agents.
//
// GET /agents
func (s *Service) List(ctx context.Context, params ListParams, opts ...api.CallOption) (*api.Page[Agent], error) {
	return call.List[Agent, agentWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /agents
func (s *Service) Pages(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[*api.Page[Agent], error] {
	return call.Pages[Agent, agentWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the agents of the list, fetching each page when it is needed.
// An error ends it.
//
// GET /agents
func (s *Service) All(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[Agent, error] {
	return call.All[Agent, agentWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one agent. It fails with orbit.ErrNotFound if there is none of that
// ID.
//
// GET /agents/{id}
func (s *Service) Get(ctx context.Context, id string, opts ...api.CallOption) (*Agent, error) {
	return call.Do[Agent, agentWire](ctx, s.core, call.Get("Agents.Get", "/agents/{id}", id), nil, opts)
}
