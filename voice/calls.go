package voice

import (
	"context"
	"iter"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
)

// Calls makes calls, follows them and acts on them.
type Calls struct {
	core
}

// CreateCallParams is a call to make.
type CreateCallParams struct {
	// To is who to call, in E.164 form, such as +14155552671. Required.
	To string `json:"to"`
	// From is the number that the other side sees; the default is the account's.
	From string `json:"from,omitzero"`
	// AgentID is the agent that speaks once the call is answered.
	AgentID string `json:"agent_id,omitzero"`
	// IVRID is the IVR menu to play. The newer API ignores it.
	IVRID string `json:"ivr_id,omitzero"`
	// Record asks for a recording; the default is none. See [Recordings].
	Record bool `json:"record,omitzero"`
	// AMD finds out whether a person or a machine answers; the default is not to.
	AMD bool `json:"amd,omitzero"`
	// Direction is the direction that the call is filed under.
	Direction Direction `json:"direction,omitzero"`
	// MaxDurationSeconds is the timeout after which the call is ended, in seconds,
	// such as 600 for ten minutes. The default is 3600. The newer API ignores it.
	MaxDurationSeconds int `json:"max_duration,omitzero"`
	// WebhookURL receives the events of this call. The newer API ignores it.
	WebhookURL string `json:"webhook_url,omitzero"`
	// Metadata comes back with the call and in its events.
	Metadata api.Metadata `json:"metadata,omitempty"`
	// CampaignID is the campaign that the call belongs to.
	CampaignID string `json:"campaignId,omitzero"`
	// OrgTimezone is the caller's time zone by its IANA name, such as
	// "Europe/Paris".
	OrgTimezone string `json:"orgTimezone,omitzero"`
}

// Create makes a call. The answer tells that Orbit accepted it, not that anybody
// answered: see [Calls.Wait]. A call to an emergency number is refused with
// orbit.CodeEmergencyCallingNotSupported, before anything is sent.
//
// POST /voice/calls
func (s *Calls) Create(ctx context.Context, params CreateCallParams, opts ...api.CallOption) (*Call, error) {
	route := call.Post("Voice.Calls.Create", "/voice/calls").Check(
		check.Dialable("to", params.To), check.NotNegative("max_duration", params.MaxDurationSeconds))
	return call.Create[Call, callWire](ctx, s.core, route, params, opts)
}

// ListCallsParams says which calls to list.
type ListCallsParams struct {
	// Cursor is where to begin: the NextCursor of an earlier page. Empty begins
	// with the newest.
	Cursor string `url:"cursor,omitempty"`
	// Limit is the number of calls a page, not of the list. 0 leaves it to the
	// API.
	Limit int `url:"limit,omitempty"`
	// Status keeps the calls of one status.
	Status CallStatus `url:"status,omitempty"`
	// From keeps those of one caller.
	From string `url:"from,omitempty"`
	// To keeps those to one number.
	To string `url:"to,omitempty"`
}

func (p ListCallsParams) route() *call.Route {
	return call.Get("Voice.Calls.List", "/voice/calls").Check(check.NotNegative("limit", p.Limit))
}

// List returns one page of calls.
//
// GET /voice/calls
func (s *Calls) List(ctx context.Context, params ListCallsParams, opts ...api.CallOption) (*api.Page[Call], error) {
	return call.List[Call, callWire](ctx, s.core, params.route(), params, opts)
}

// Pages ranges over the pages of the list, fetching each when it is needed. Keep
// the NextCursor of a page that was dealt with to resume behind it.
//
// GET /voice/calls
func (s *Calls) Pages(ctx context.Context, params ListCallsParams, opts ...api.CallOption) iter.Seq2[*api.Page[Call], error] {
	return call.Pages[Call, callWire](ctx, s.core, params.route(), params, opts)
}

// All ranges over the calls of the list, fetching each page when it is needed. An
// error ends it.
//
// GET /voice/calls
func (s *Calls) All(ctx context.Context, params ListCallsParams, opts ...api.CallOption) iter.Seq2[Call, error] {
	return call.All[Call, callWire](ctx, s.core, params.route(), params, opts)
}

// Get returns one call. It fails with orbit.ErrNotFound if there is none of that
// ID.
//
// GET /voice/calls/{id}
func (s *Calls) Get(ctx context.Context, id string, opts ...api.CallOption) (*Call, error) {
	return call.Do[Call, callWire](ctx, s.core, call.Get("Voice.Calls.Get", "/voice/calls/{id}", id), nil, opts)
}

// WaitParams says how often a Wait polls.
type WaitParams = api.WaitParams

// callLimit bounds a Wait whose context has no deadline: a call lasts an hour at
// most, unless it was created with another limit.
const callLimit = 2 * time.Hour

// Wait polls until a call has ended, and returns it. A busy line or another bad
// end is a result, not an error: check its Status. Failures that orbit.Retryable
// reports do not end the wait, and a 404 within the first 10 seconds does not
// either. Without a deadline in the context and without orbit.WithTimeout, it
// polls for 2 hours. When the time is up, it returns the last state together with
// an orbit.WaitError; the call goes on, see [Calls.Hangup].
//
// GET /voice/calls/{id}
func (s *Calls) Wait(ctx context.Context, id string, params WaitParams, opts ...api.CallOption) (*Call, error) {
	return call.Wait(ctx, s.core, call.Poll[Call]{
		Op: "Voice.Calls.Wait", Params: params, Limit: callLimit,
		Get:   func(ctx context.Context, opts []api.CallOption) (*Call, error) { return s.Get(ctx, id, opts...) },
		State: func(c *Call) (call.Status, bool) { return c.Status, c.Status.IsTerminal() },
	}, opts)
}

// Hangup ends a call. An answer without a body gives a Call that holds nothing
// but its metadata.
//
// POST /voice/calls/{id}/hangup
func (s *Calls) Hangup(ctx context.Context, id string, opts ...api.CallOption) (*Call, error) {
	return s.act(ctx, call.Post("Voice.Calls.Hangup", "/voice/calls/{id}/hangup", id), opts)
}

// Accept answers an incoming call. The path is documented; that it takes no body
// follows the API's conventions. An answer without a body gives a Call that holds
// nothing but its metadata.
//
// POST /voice/calls/{id}/accept
func (s *Calls) Accept(ctx context.Context, id string, opts ...api.CallOption) (*Call, error) {
	return s.act(ctx, call.Post("Voice.Calls.Accept", "/voice/calls/{id}/accept", id), opts)
}

// Decline refuses an incoming call: the caller hears that the line is busy. The
// path is documented; that it takes no body follows the API's conventions. An
// answer without a body gives a Call that holds nothing but its metadata.
//
// POST /voice/calls/{id}/decline
func (s *Calls) Decline(ctx context.Context, id string, opts ...api.CallOption) (*Call, error) {
	return s.act(ctx, call.Post("Voice.Calls.Decline", "/voice/calls/{id}/decline", id), opts)
}

// Mute silences the operator's side of a call. The path is documented; that it
// takes no body follows the API's conventions. An answer without a body gives a
// Call that holds nothing but its metadata.
//
// POST /voice/calls/{id}/mute
func (s *Calls) Mute(ctx context.Context, id string, opts ...api.CallOption) (*Call, error) {
	return s.act(ctx, call.Post("Voice.Calls.Mute", "/voice/calls/{id}/mute", id), opts)
}

// Unmute lets the operator's side of a call be heard again. The path is
// documented; that it takes no body follows the API's conventions. An answer
// without a body gives a Call that holds nothing but its metadata.
//
// POST /voice/calls/{id}/unmute
func (s *Calls) Unmute(ctx context.Context, id string, opts ...api.CallOption) (*Call, error) {
	return s.act(ctx, call.Post("Voice.Calls.Unmute", "/voice/calls/{id}/unmute", id), opts)
}

// act makes a call whose answer may be empty.
func (s *Calls) act(ctx context.Context, route *call.Route, opts []api.CallOption) (*Call, error) {
	return call.Do[Call, callWire](ctx, s.core, route.MayBeEmpty(), nil, opts)
}
