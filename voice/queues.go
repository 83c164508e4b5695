package voice

import (
	"context"
	"encoding/json"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// Queues serves the agents of a call queue.
type Queues struct {
	core
}

// QueueScript is a text that guides an agent through a call.
type QueueScript struct {
	api.Meta `json:"-"`

	// ID is the script's ID, opaque.
	ID string `json:"id"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
	// Raw is the script as it came: what else it holds is not documented.
	Raw json.RawMessage `json:"-"`
}

// queueScriptWire is a QueueScript as the API writes it.
type queueScriptWire struct {
	QueueScript
}

// UnmarshalJSON reads the script and keeps all of it.
func (w *queueScriptWire) UnmarshalJSON(data []byte) error {
	return wire.Keep(data, &w.QueueScript, &w.Raw)
}

// Public returns the script.
func (w *queueScriptWire) Public(info *api.ResponseInfo) *QueueScript {
	w.Info = info
	return &w.QueueScript
}

// ListScripts returns the active scripts of a queue by name, in one page. The
// path is documented; what a script holds besides its ID and name is not.
//
// GET /voice/queues/{id}/scripts
func (s *Queues) ListScripts(ctx context.Context, id string, opts ...api.CallOption) (*api.Page[QueueScript], error) {
	route := call.Get("Voice.Queues.ListScripts", "/voice/queues/{id}/scripts", id)
	return call.List[QueueScript, queueScriptWire](ctx, s.core, route, nil, opts)
}

// SetDispositionParams says how a call ended.
type SetDispositionParams struct {
	// Disposition is the result, in the account's own words, such as "resolved".
	// Required.
	Disposition string `json:"disposition"`
	// Note is a text for colleagues.
	Note string `json:"note,omitzero"`
}

// SetDisposition files how a call of a queue ended. It fails with
// orbit.CodeNotOwningAgent if the call is another agent's. The path is documented;
// the answer follows the API's conventions.
//
// POST /voice/queues/{queueId}/calls/{callId}/disposition
func (s *Queues) SetDisposition(ctx context.Context, queueID, callID string, params SetDispositionParams, opts ...api.CallOption) error {
	route := call.Post("Voice.Queues.SetDisposition", "/voice/queues/{queueId}/calls/{callId}/disposition", queueID, callID).
		Check(check.Required("disposition", params.Disposition))
	return call.Act(ctx, s.core, route, params, opts)
}
