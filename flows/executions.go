package flows

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// Executions reads and replays the executions of flows. It is safe for concurrent
// use.
type Executions struct {
	core
}

// ListExecutionsParams says which executions to list.
type ListExecutionsParams struct {
	// FlowID keeps the executions of one flow.
	FlowID string `url:"flow_id,omitempty"`
	// Status keeps those of one status.
	Status ExecutionStatus `url:"status,omitempty"`
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the newest.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of executions a page, not of the list. 0 leaves it to
	// the API.
	Limit int `url:"limit,omitempty"`
}

// ReplayExecutionParams says how to run an execution again.
type ReplayExecutionParams struct {
	// UseLatestVersion runs the flow as it is now where it is true, and as it was
	// in the execution where it is false. nil leaves it to the API, whose default
	// is inferred to be true.
	UseLatestVersion *bool `json:"use_latest_version,omitempty"`
	// OverrideInputs replaces inputs of the execution by name.
	OverrideInputs map[string]any `json:"override_inputs,omitempty"`
}

// WaitParams says how often [Executions.Wait] polls.
type WaitParams = api.WaitParams

// executionLimit bounds a Wait whose context has no deadline.
const executionLimit = time.Hour

// Execution is one run of a flow.
type Execution struct {
	api.Meta `json:"-"`

	// ID is the execution's ID, opaque.
	ID string `json:"id"`
	// FlowID is the flow that runs.
	FlowID string `json:"flow_id,omitzero"`
	// FlowVersion is the version of the flow that runs.
	FlowVersion int `json:"flow_version,omitzero"`
	// Status is how far it has come.
	Status ExecutionStatus `json:"status,omitzero"`
	// Trigger is what set it off.
	Trigger Trigger `json:"trigger,omitzero"`
	// StartedAt is when it started.
	StartedAt time.Time `json:"started_at,omitzero"`
	// EndedAt is when it ended, zero before.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// DurationMS is how long it took, in milliseconds.
	DurationMS int64 `json:"duration_ms,omitzero"`
	// NodeCount is the number of nodes.
	NodeCount int `json:"node_count,omitzero"`
	// Error says why it failed. It is zero where nothing did.
	Error Failure `json:"error,omitzero"`
	// NodeRuns are what its nodes did, in order. [Executions.Get] fills them;
	// lists leave them out.
	NodeRuns []NodeRun `json:"node_runs,omitzero"`
}

// Duration is DurationMS as a time.Duration.
func (e *Execution) Duration() time.Duration {
	return time.Duration(e.DurationMS) * time.Millisecond
}

// executionWire is an Execution with the name that its ID has elsewhere.
type executionWire struct {
	Execution

	ExecutionID string `json:"execution_id"`
}

// Public returns the execution under the newest names.
func (w *executionWire) Public(info *api.ResponseInfo) *Execution {
	w.Info = info
	w.ID = w.Identity()
	return &w.Execution
}

// Identity is the execution's ID under whichever name it came.
func (w *executionWire) Identity() string { return cmp.Or(w.ID, w.ExecutionID) }

// NodeRun is what one node of an execution did.
type NodeRun struct {
	// NodeID is the node, by its ID in the flow's definition.
	NodeID string `json:"node_id"`
	// Input is what the node was given, as JSON.
	Input json.RawMessage `json:"input,omitzero"`
	// Output is what the node made, as JSON.
	Output json.RawMessage `json:"output,omitzero"`
	// StartedAt is when it started.
	StartedAt time.Time `json:"started_at,omitzero"`
	// EndedAt is when it ended, zero before.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// Error says why it failed. It is zero where it did not.
	Error Failure `json:"error,omitzero"`
}

// ExecutionStatus reports how far an execution of a flow has come. The set is
// open: an unknown status decodes, compares and encodes like a known one.
type ExecutionStatus = api.ExecutionStatus

// The documented statuses of executions.
const (
	// ExecutionStatusPending means that the execution waits for its turn.
	ExecutionStatusPending ExecutionStatus = api.ExecutionStatusPending
	// ExecutionStatusRunning means that the execution goes through its nodes.
	ExecutionStatusRunning ExecutionStatus = api.ExecutionStatusRunning
	// ExecutionStatusCompleted means that the execution succeeded. It is final.
	ExecutionStatusCompleted ExecutionStatus = api.ExecutionStatusCompleted
	// ExecutionStatusFailed means that a node failed. It is final.
	ExecutionStatusFailed ExecutionStatus = api.ExecutionStatusFailed
	// ExecutionStatusCanceled means that the execution was stopped. It is
	// final.
	ExecutionStatusCanceled ExecutionStatus = api.ExecutionStatusCanceled
	// ExecutionStatusTimedOut means that the execution took too long. It is
	// final.
	ExecutionStatusTimedOut ExecutionStatus = api.ExecutionStatusTimedOut
)

func (p ListExecutionsParams) route() *call.Route {
	return call.Get("Flows.Executions.List", "/flows/executions").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of executions, newest first, without what their nodes
// did.
//
// GET /flows/executions
func (s *Executions) List(ctx context.Context, params ListExecutionsParams, opts ...api.CallOption) (*api.Page[Execution], error) {
	return call.List[Execution, executionWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /flows/executions
func (s *Executions) Pages(ctx context.Context, params ListExecutionsParams, opts ...api.CallOption) iter.Seq2[*api.Page[Execution], error] {
	return call.Pages[Execution, executionWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the executions of the list, newest first, fetching each page
// when it is needed. An error ends it.
//
// GET /flows/executions
func (s *Executions) All(ctx context.Context, params ListExecutionsParams, opts ...api.CallOption) iter.Seq2[Execution, error] {
	return call.All[Execution, executionWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one execution with what its nodes did. It fails with
// orbit.CodeExecutionNotFound, which is an orbit.ErrNotFound, if there is none of
// that ID, or if it is more than 90 days old.
//
// GET /flows/executions/{id}
func (s *Executions) Get(ctx context.Context, id string, opts ...api.CallOption) (*Execution, error) {
	return call.Do[Execution, executionWire](ctx, s.core, call.Get("Flows.Executions.Get", "/flows/executions/{id}", id), nil, opts)
}

// Replay runs an execution again, and returns the new execution that does so. All
// that its flow does is done again: messages are sent a second time. The request
// is documented; the answer follows the API's conventions.
//
// POST /flows/executions/{id}/replay
func (s *Executions) Replay(ctx context.Context, id string, params ReplayExecutionParams, opts ...api.CallOption) (*Execution, error) {
	route := call.Post("Flows.Executions.Replay", "/flows/executions/{id}/replay", id)
	return call.Create[Execution, executionWire](ctx, s.core, route, params, opts)
}

// Wait polls until an execution has ended, and returns it. A failed execution is a
// result, not an error: check its Status. Failures that orbit.Retryable reports do
// not end the wait, and a 404 within the first 10 seconds does not either. Without
// a deadline in the context and without orbit.WithTimeout, it polls for an hour:
// give flows that wait for people more. When the time is up, it returns the last
// state together with an orbit.WaitError.
//
// GET /flows/executions/{id}
func (s *Executions) Wait(ctx context.Context, id string, params WaitParams, opts ...api.CallOption) (*Execution, error) {
	return call.Wait(ctx, s.core, call.Poll[Execution]{
		Op: "Flows.Executions.Wait", Params: params, Limit: executionLimit,
		Get:   func(ctx context.Context, opts []api.CallOption) (*Execution, error) { return s.Get(ctx, id, opts...) },
		State: func(e *Execution) (call.Status, bool) { return e.Status, e.Status.IsTerminal() },
	}, opts)
}
