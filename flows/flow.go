package flows

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// CreateParams is a new flow.
type CreateParams struct {
	// Name is what people call it. Required.
	Name string `json:"name"`
	// TriggerType is what sets it off. Required.
	TriggerType TriggerType `json:"trigger_type"`
	// Definition is its graph of nodes and edges. Required: see [NewDefinition] and
	// [ParseDefinition].
	Definition Definition `json:"definition,omitzero"`
}

// UpdateParams is what is to change of a flow. What is not given stays.
type UpdateParams struct {
	// Name is the new name.
	Name string `json:"name,omitzero"`
	// TriggerType is what sets the flow off from now on.
	TriggerType TriggerType `json:"trigger_type,omitzero"`
	// Version is the version that you read. Orbit refuses the update with
	// orbit.ErrConflict where the flow has a newer one, so that nobody's change is
	// lost. The name of this field is inferred: a server that does not know it
	// ignores it, and overwrites the newer version. 0 is not sent.
	Version int `json:"version,omitzero"`
	// Definition is the new graph, all nodes and edges: change the one that Get
	// returned, with its SetNode method.
	Definition Definition `json:"definition,omitzero"`
}

// ListParams says which flows to list.
type ListParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// at the start.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of flows a page, not of the list. 0 leaves it to the
	// API.
	Limit int `url:"limit,omitempty"`
}

// Flow is a graph of nodes and what sets it off.
type Flow struct {
	api.Meta `json:"-"`

	// ID is the flow's ID, opaque.
	ID string `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// TriggerType is what sets it off.
	TriggerType TriggerType `json:"trigger_type,omitzero"`
	// Status is whether it runs.
	Status Status `json:"status,omitzero"`
	// Version grows by one with each update.
	Version int `json:"version,omitzero"`
	// Definition is the graph: its Nodes method lists the nodes. Get fills it; lists
	// leave it out.
	Definition Definition `json:"definition,omitzero"`
	// CreatedAt is when it was created.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// flowWire is a Flow with the name that its ID has elsewhere.
type flowWire struct {
	Flow

	FlowID string `json:"flow_id"`
}

// Public returns the flow under the newest names.
func (w *flowWire) Public(info *api.ResponseInfo) *Flow {
	w.Info = info
	w.ID = w.Identity()
	return &w.Flow
}

// Identity is the flow's ID under whichever name it came.
func (w *flowWire) Identity() string { return cmp.Or(w.ID, w.FlowID) }

// TriggerType is what starts a flow. The set is open.
type TriggerType = api.TriggerType

// The documented trigger types.
const (
	// TriggerTypeInboundMessage is a message that the account received.
	TriggerTypeInboundMessage TriggerType = api.TriggerTypeInboundMessage
	// TriggerTypeWebhook is a request to the flow's own address.
	TriggerTypeWebhook TriggerType = api.TriggerTypeWebhook
	// TriggerTypeSchedule is a time.
	TriggerTypeSchedule TriggerType = api.TriggerTypeSchedule
	// TriggerTypeAPI is a request of a program.
	TriggerTypeAPI TriggerType = api.TriggerTypeAPI
	// TriggerTypeEvent is an event in the account.
	TriggerTypeEvent TriggerType = api.TriggerTypeEvent
)

// Status is whether a flow runs. The set is open; all but draft follow the API's
// conventions.
type Status string

// The statuses of flows.
const (
	// StatusDraft is a flow that was never published, and does not run.
	StatusDraft Status = "draft"
	// StatusPublished is a flow that runs whenever it is triggered.
	StatusPublished Status = "published"
	// StatusPaused is a flow that does not run for now.
	StatusPaused Status = "paused"
	// StatusArchived is a flow that was put away.
	StatusArchived Status = "archived"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s Status) Known() bool {
	switch s {
	case StatusDraft, StatusPublished, StatusPaused, StatusArchived:
		return true
	}
	return false
}

// Create makes a flow, as a draft. The response holds no Definition: Get returns it.
//
// POST /flows
func (s *Service) Create(ctx context.Context, params CreateParams, opts ...api.CallOption) (*Flow, error) {
	route := call.Post("Flows.Create", "/flows").Check(
		check.Required("name", params.Name), check.Required("trigger_type", string(params.TriggerType)),
		check.That(!params.Definition.IsZero(), "definition", "must be given"))
	body := verbatim(&params.Definition)
	body.Params = params
	return call.Create[Flow, flowWire](ctx, s.core, route, body, opts)
}

// verbatim takes a definition out of params, to go out byte for byte beside them.
func verbatim(d *Definition) wire.Verbatim {
	body := wire.Verbatim{Name: "definition", JSON: d.raw}
	*d = Definition{}
	return body
}

func (p ListParams) route() *call.Route {
	return call.Get("Flows.List", "/flows").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of flows, without their definitions.
//
// GET /flows
func (s *Service) List(ctx context.Context, params ListParams, opts ...api.CallOption) (*api.Page[Flow], error) {
	return call.List[Flow, flowWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /flows
func (s *Service) Pages(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[*api.Page[Flow], error] {
	return call.Pages[Flow, flowWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the flows of the list, without their definitions, fetching each
// page when it is needed. An error ends it.
//
// GET /flows
func (s *Service) All(ctx context.Context, params ListParams, opts ...api.CallOption) iter.Seq2[Flow, error] {
	return call.All[Flow, flowWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one flow with its definition. It fails with orbit.ErrNotFound if
// there is none of that ID.
//
// GET /flows/{id}
func (s *Service) Get(ctx context.Context, id string, opts ...api.CallOption) (*Flow, error) {
	return call.Do[Flow, flowWire](ctx, s.core, call.Get("Flows.Get", "/flows/{id}", id), nil, opts)
}

// Update changes what is given and makes a new version of the flow. Give the
// Version that you read to be refused with orbit.ErrConflict where somebody else
// was faster; a server that does not know that field ignores it.
//
// PUT /flows/{id}
func (s *Service) Update(ctx context.Context, id string, params UpdateParams, opts ...api.CallOption) (*Flow, error) {
	body := verbatim(&params.Definition)
	body.Params = params
	return call.Do[Flow, flowWire](ctx, s.core, call.Put("Flows.Update", "/flows/{id}", id), body, opts)
}

// Delete deletes a flow. Its executions that are running finish.
//
// DELETE /flows/{id}
func (s *Service) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Flows.Delete", "/flows/{id}", id), nil, opts)
}
