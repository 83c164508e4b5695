package messages

import (
	"testing"

	"github.com/devotel/orbit-go/internal/wiretest"
)

// Every form of a result on the wire is read alike, however scalars and names are
// written.
func TestWireTypes(t *testing.T) { // DEC-2, DEC-3, FWD-1
	t.Parallel()
	wiretest.Each[GroupResult, groupWire](t, `{"messages":[{"id":"70001","status":"70002","created_at":"2026-03-08T12:00:00Z","segments":7}]}`)
	wiretest.Each[Message, messageWire](t)
	wiretest.Each[RenderedEmail, renderedWire](t)
	wiretest.Each[WhatsAppWindow, windowWire](t)
}
