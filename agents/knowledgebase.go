package agents

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// KnowledgeBases keeps knowledge bases: sets of documents that agents
// answer from. It is safe for concurrent use.
type KnowledgeBases struct {
	// Documents keeps what is in the knowledge bases.
	Documents *Documents

	core
}

// KnowledgeBase is a set of documents. Give its ID to an agent.
type KnowledgeBase struct {
	api.Meta `json:"-"`

	// ID is the knowledge base's ID, opaque.
	ID string `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// Description says what it is about.
	Description string `json:"description,omitzero"`
	// DocumentCount is the number of documents in it.
	DocumentCount int `json:"document_count,omitzero"`
	// CreatedAt is when it was created.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// knowledgeBaseWire is a KnowledgeBase with the names that its ID might have.
type knowledgeBaseWire struct {
	KnowledgeBase

	KnowledgeBaseID string `json:"knowledge_base_id"`
}

// Public returns the knowledge base with its metadata.
func (w *knowledgeBaseWire) Public(info *api.ResponseInfo) *KnowledgeBase {
	w.Info = info
	w.ID = w.Identity()
	return &w.KnowledgeBase
}

// Identity is the knowledge base's ID under whichever name it came.
func (w *knowledgeBaseWire) Identity() string { return cmp.Or(w.ID, w.KnowledgeBaseID) }

// CreateKnowledgeBaseParams is a new knowledge base.
type CreateKnowledgeBaseParams struct {
	// Name is what people call it. Required.
	Name string `json:"name"`
	// Description says what it is about.
	Description string `json:"description,omitzero"`
}

// Create makes a knowledge base without documents. Path and request are
// documented; the answer follows the API's conventions.
//
// POST /knowledge-bases
func (s *KnowledgeBases) Create(ctx context.Context, params CreateKnowledgeBaseParams, opts ...api.CallOption) (*KnowledgeBase, error) {
	route := call.Post("Agents.KnowledgeBases.Create", "/knowledge-bases").Check(check.Required("name", params.Name))
	return call.Create[KnowledgeBase, knowledgeBaseWire](ctx, s.core, route, params, opts)
}

// ListKnowledgeBasesParams says which knowledge bases to list. Both fields follow
// the API's conventions: the server may ignore them.
type ListKnowledgeBasesParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the first. The server may ignore it.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of knowledge bases a page, not of the list. 0 leaves it
	// to the API. The server may ignore it.
	Limit int `url:"limit,omitempty"`
}

func (p ListKnowledgeBasesParams) route() *call.Route {
	return call.Get("Agents.KnowledgeBases.List", "/knowledge-bases").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of knowledge bases. The path is documented; the answer
// follows the API's conventions.
//
// GET /knowledge-bases
func (s *KnowledgeBases) List(ctx context.Context, params ListKnowledgeBasesParams, opts ...api.CallOption) (*api.Page[KnowledgeBase], error) {
	return call.List[KnowledgeBase, knowledgeBaseWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. The
// path is documented; the answer follows the API's conventions.
//
// GET /knowledge-bases
func (s *KnowledgeBases) Pages(ctx context.Context, params ListKnowledgeBasesParams, opts ...api.CallOption) iter.Seq2[*api.Page[KnowledgeBase], error] {
	return call.Pages[KnowledgeBase, knowledgeBaseWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the knowledge bases of the list, fetching each page when it is
// needed. An error ends it. The path is documented; the answer follows the API's
// conventions.
//
// GET /knowledge-bases
func (s *KnowledgeBases) All(ctx context.Context, params ListKnowledgeBasesParams, opts ...api.CallOption) iter.Seq2[KnowledgeBase, error] {
	return call.All[KnowledgeBase, knowledgeBaseWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one knowledge base. It fails with orbit.ErrNotFound if there is
// none of that ID. The path is documented; the answer follows the API's
// conventions.
//
// GET /knowledge-bases/{id}
func (s *KnowledgeBases) Get(ctx context.Context, id string, opts ...api.CallOption) (*KnowledgeBase, error) {
	route := call.Get("Agents.KnowledgeBases.Get", "/knowledge-bases/{id}", id)
	return call.Do[KnowledgeBase, knowledgeBaseWire](ctx, s.core, route, nil, opts)
}

// UpdateKnowledgeBaseParams describes the changes to a knowledge base.
type UpdateKnowledgeBaseParams struct {
	// Name is what people call it. Required.
	Name string `json:"name"`
	// Description says what it is about. Whether it is kept if it is not given is not
	// documented.
	Description api.Opt[string] `json:"description,omitzero"`
}

// Update changes the name and the description of a knowledge base; its documents
// stay.
// Path and request are documented; the answer follows the API's conventions, and
// one without a body gives a KnowledgeBase that holds nothing but its metadata.
//
// PUT /knowledge-bases/{id}
func (s *KnowledgeBases) Update(ctx context.Context, id string, params UpdateKnowledgeBaseParams, opts ...api.CallOption) (*KnowledgeBase, error) {
	route := call.Put("Agents.KnowledgeBases.Update", "/knowledge-bases/{id}", id).MayBeEmpty().Check(check.Required("name", params.Name))
	return call.Do[KnowledgeBase, knowledgeBaseWire](ctx, s.core, route, params, opts)
}

// Delete deletes a knowledge base with its documents. The path is documented; the
// answer follows the API's conventions.
//
// DELETE /knowledge-bases/{id}
func (s *KnowledgeBases) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	route := call.Delete("Agents.KnowledgeBases.Delete", "/knowledge-bases/{id}", id)
	return call.Act(ctx, s.core, route, nil, opts)
}
