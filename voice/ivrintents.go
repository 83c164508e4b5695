package voice

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// IVRIntents keeps what callers may ask for, and where that leads.
type IVRIntents struct {
	core
}

// CreateIVRIntentParams is an intent to add.
type CreateIVRIntentParams struct {
	// Name is its name: up to 64 lower-case letters, digits, "-", "/" and "_",
	// unique. Required.
	Name string `json:"name"`
	// Description tells what callers mean by it, up to 500 characters.
	Description string `json:"description,omitzero"`
	// TargetQueueID is the queue that it leads to. It excludes TargetAgentID.
	TargetQueueID string `json:"target_queue_id,omitzero"`
	// TargetAgentID is the agent that it leads to. It excludes TargetQueueID.
	TargetAgentID string `json:"target_agent_id,omitzero"`
	// Active tells whether callers can choose it; nil means that they can.
	Active *bool `json:"active,omitzero"`
}

// UpdateIVRIntentParams is what to change of an intent. An intent that leads to a
// queue is sent to an agent instead by a null beside it:
//
//	params := voice.UpdateIVRIntentParams{
//		TargetQueueID: orbit.Null[string](),
//		TargetAgentID: orbit.Set("agt_1"),
//	}
type UpdateIVRIntentParams struct {
	// Name is its new name; empty leaves the old one.
	Name string `json:"name,omitzero"`
	// Description says what callers mean by it, up to 500 characters.
	Description api.Opt[string] `json:"description,omitzero"`
	// TargetQueueID is the queue that it leads to; null is none.
	TargetQueueID api.Opt[string] `json:"target_queue_id,omitzero"`
	// TargetAgentID is the agent that it leads to; null is none.
	TargetAgentID api.Opt[string] `json:"target_agent_id,omitzero"`
	// Active tells whether callers can choose it; nil leaves it as it is.
	Active *bool `json:"active,omitzero"`
}

// IVRIntent is something that callers may ask for.
type IVRIntent struct {
	api.Meta `json:"-"`

	// ID is the intent's ID, opaque.
	ID string `json:"id"`
	// Name is its name, unique in the account.
	Name string `json:"name,omitzero"`
	// Description tells what callers mean by it.
	Description string `json:"description,omitzero"`
	// TargetQueueID is the queue that it leads to; empty where it leads to an
	// agent.
	TargetQueueID string `json:"target_queue_id,omitzero"`
	// TargetAgentID is the agent that it leads to; empty where it leads to a
	// queue.
	TargetAgentID string `json:"target_agent_id,omitzero"`
	// Active reports whether callers can choose it; nil if the response does not say.
	Active *bool `json:"active,omitzero"`
	// CreatedAt is when it was added.
	CreatedAt time.Time `json:"createdAt,omitzero"`
	// UpdatedAt is when it was last changed.
	UpdatedAt time.Time `json:"updatedAt,omitzero"`
}

// ivrIntentWire is an IVRIntent as all generations of the API write it.
type ivrIntentWire struct {
	IVRIntent

	IntentID string `json:"intent_id"`
}

// Public returns the intent under the names of the newest generation.
func (w *ivrIntentWire) Public(info *api.ResponseInfo) *IVRIntent {
	w.Info = info
	w.ID = w.Identity()
	return &w.IVRIntent
}

// Identity is the intent's ID under whichever name it came.
func (w *ivrIntentWire) Identity() string { return cmp.Or(w.ID, w.IntentID) }

// oneTarget refuses an intent that leads to two places.
func oneTarget(queue, agent bool) *check.Problem {
	return check.That(!queue || !agent, "target_queue_id, target_agent_id", "only one of them may be given")
}

// Create adds an intent.
//
// POST /voice/ivr-intents
func (s *IVRIntents) Create(ctx context.Context, params CreateIVRIntentParams, opts ...api.CallOption) (*IVRIntent, error) {
	route := call.Post("Voice.IVRIntents.Create", "/voice/ivr-intents").Check(
		check.Required("name", params.Name), oneTarget(params.TargetQueueID != "", params.TargetAgentID != ""))
	return call.Create[IVRIntent, ivrIntentWire](ctx, s.core, route, params, opts)
}

// List returns all intents, in one page.
//
// GET /voice/ivr-intents
func (s *IVRIntents) List(ctx context.Context, opts ...api.CallOption) (*api.Page[IVRIntent], error) {
	return call.List[IVRIntent, ivrIntentWire](ctx, s.core, call.Get("Voice.IVRIntents.List", "/voice/ivr-intents"), nil, opts)
}

// Update changes the given fields of an intent.
//
// PATCH /voice/ivr-intents/{id}
func (s *IVRIntents) Update(ctx context.Context, id string, params UpdateIVRIntentParams, opts ...api.CallOption) (*IVRIntent, error) {
	_, queue := params.TargetQueueID.Get()
	_, agent := params.TargetAgentID.Get()
	route := call.Patch("Voice.IVRIntents.Update", "/voice/ivr-intents/{id}", id).Check(oneTarget(queue, agent))
	return call.Do[IVRIntent, ivrIntentWire](ctx, s.core, route, params, opts)
}

// Delete removes an intent.
//
// DELETE /voice/ivr-intents/{id}
func (s *IVRIntents) Delete(ctx context.Context, id string, opts ...api.CallOption) error {
	return call.Act(ctx, s.core, call.Delete("Voice.IVRIntents.Delete", "/voice/ivr-intents/{id}", id), nil, opts)
}

// TestIVRIntentParams is something that a caller might say.
type TestIVRIntentParams struct {
	// Utterance is what the caller says. Required.
	Utterance string `json:"utterance"`
}

// IVRIntentMatch is the intent that an utterance was understood as.
type IVRIntentMatch struct {
	api.Meta `json:"-"`

	// Intent is the intent as the API writes it, its name or an object; empty
	// where the utterance matches none.
	Intent json.RawMessage `json:"intent,omitempty"`
	// Confidence is how certain the match is, as the API writes it.
	Confidence json.RawMessage `json:"confidence,omitempty"`
	// Raw is the answer as it came, since its shape is not documented.
	Raw json.RawMessage `json:"-"`
}

// Test finds the intent that something a caller says is understood as. The path
// is documented; the fields of the answer follow the API's conventions.
//
// POST /voice/ivr-intents/test
func (s *IVRIntents) Test(ctx context.Context, params TestIVRIntentParams, opts ...api.CallOption) (*IVRIntentMatch, error) {
	route := call.Post("Voice.IVRIntents.Test", "/voice/ivr-intents/test").Check(check.Required("utterance", params.Utterance)).MayBeEmpty()
	return call.Do[IVRIntentMatch, ivrIntentMatchWire](ctx, s.core, route, params, opts)
}

// ivrIntentMatchWire is an IVRIntentMatch with the names that its fields might
// have.
type ivrIntentMatchWire struct {
	IVRIntentMatch

	Matched json.RawMessage `json:"matched_intent"`
}

// UnmarshalJSON reads the answer and keeps it. One that is no object is the
// intent itself.
func (w *ivrIntentMatchWire) UnmarshalJSON(data []byte) error {
	type plain ivrIntentMatchWire
	if len(data) > 0 && data[0] == '{' {
		if err := wire.Unmarshal(data, (*plain)(w)); err != nil {
			return err
		}
	} else {
		w.Intent = bytes.Clone(data)
	}
	w.Raw = bytes.Clone(data)
	return nil
}

// Public returns the match, with a null intent as none.
func (w *ivrIntentMatchWire) Public(info *api.ResponseInfo) *IVRIntentMatch {
	w.Info = info
	for _, intent := range []json.RawMessage{w.Intent, w.Matched} {
		if w.Intent = nil; len(intent) > 0 && string(intent) != "null" {
			w.Intent = intent
			break
		}
	}
	return &w.IVRIntentMatch
}
