package agents

import (
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// SearchParams is a question to a knowledge base.
type SearchParams struct {
	// Query is what to look for, in plain words. Required.
	Query string `json:"query"`
	// TopK is how many hits to return at most; 0 leaves it to the API.
	TopK int `json:"top_k,omitzero"`
}

// SearchHit is a passage that fits the question.
type SearchHit struct {
	api.Meta `json:"-"`

	// DocumentID is the document that the passage is from.
	DocumentID string `json:"document_id,omitzero"`
	// Score is how well it fits, higher for better. Its scale is not documented.
	Score float64 `json:"score,omitzero"`
	// Text is the passage.
	Text string `json:"text,omitzero"`
	// Raw is the hit as it came, since its shape is not documented.
	Raw json.RawMessage `json:"-"`
}

// Search looks for passages in the ready documents of a knowledge base, as agents
// do, and returns them on one page, in the API's order. Path and request are
// documented; the answer follows the API's conventions.
//
// POST /knowledge-bases/{id}/search
func (s *KnowledgeBases) Search(ctx context.Context, id string, params SearchParams, opts ...api.CallOption) (*api.Page[SearchHit], error) {
	route := call.Post("Agents.KnowledgeBases.Search", "/knowledge-bases/{id}/search", id).Check(
		check.Required("query", params.Query), check.NotNegative("top_k", params.TopK))
	return call.List[SearchHit, hitWire](ctx, s.core, route, params, opts)
}

// hitWire is a SearchHit with all that it came with.
type hitWire struct {
	SearchHit

	raw json.RawMessage
}

// UnmarshalJSON reads the hit and keeps it.
func (w *hitWire) UnmarshalJSON(data []byte) error {
	type plain hitWire
	return wire.Keep(data, (*plain)(w), &w.raw)
}

// Public returns the hit with its raw form.
func (w *hitWire) Public(info *api.ResponseInfo) *SearchHit {
	w.Info, w.Raw = info, w.raw
	return &w.SearchHit
}
