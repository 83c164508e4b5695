package voice

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Call is a phone call, made or received. Every field except for the ID may be
// missing in a response, and is zero then. The response to a create holds neither
// Direction nor Metadata, and an item of a list neither AgentID nor Record: Get
// returns the rest.
type Call struct {
	api.Meta `json:"-"`

	// ID is the call's ID, opaque.
	ID string `json:"id"`
	// To is who is called.
	To string `json:"to,omitzero"`
	// From is who calls.
	From string `json:"from,omitzero"`
	// Direction tells calls made from calls received. Its name follows the API's
	// conventions.
	Direction Direction `json:"direction,omitzero"`
	// AgentID is the agent that speaks.
	AgentID string `json:"agent_id,omitzero"`
	// Status is how far it has come.
	Status CallStatus `json:"status,omitzero"`
	// Record reports whether a recording was asked for; nil if the response does not
	// say, as those of lists do not. With announcements that ask for consent there may
	// be none all the same.
	Record *bool `json:"record,omitzero"`
	// DurationSeconds is how long it lasted; 0 while it goes on.
	DurationSeconds int `json:"duration_seconds,omitzero"`
	// RecordingURL is where the recording is, empty until there is one. Whoever
	// has a signed address can listen: do not log it. [Recordings.Download] needs
	// no more than the call's ID.
	RecordingURL string `json:"recording_url,omitzero"`
	// Metadata is what its creator attached.
	Metadata api.Metadata `json:"metadata,omitzero"`
	// CreatedAt is when Orbit accepted it.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// AnsweredAt is when it was answered. Its name follows the API's conventions.
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	// EndedAt is when it ended.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// Summary is what the agent did, as the API writes it: its shape is not
	// documented.
	Summary json.RawMessage `json:"summary,omitempty"`
}

// Duration is DurationSeconds as a time.Duration.
func (c *Call) Duration() time.Duration { return time.Duration(c.DurationSeconds) * time.Second }

// callWire is a Call as all generations of the API write it.
type callWire struct {
	Call

	CallID string `json:"call_id"`
}

// Public returns the call under the names of the newest generation.
func (w *callWire) Public(info *api.ResponseInfo) *Call {
	w.Info = info
	w.ID = w.Identity()
	return &w.Call
}

// Identity is the call's ID under whichever name it came.
func (w *callWire) Identity() string { return cmp.Or(w.ID, w.CallID) }
