package voice

import (
	"testing"

	"github.com/devotel/orbit-go/internal/wiretest"
)

// Every form of a result on the wire is read alike, however scalars and names are
// written.
func TestWireTypes(t *testing.T) { // DEC-2, DEC-3, FWD-1
	t.Parallel()
	wiretest.Each[Call, callWire](t)
	wiretest.Each[IVRIntentMatch, ivrIntentMatchWire](t)
	wiretest.Each[IVRIntent, ivrIntentWire](t)
	wiretest.Each[QueueScript, queueScriptWire](t)
	wiretest.Each[SIPCredential, sipCredentialWire](t)
	wiretest.Each[SIPTrunk, sipTrunkWire](t)
}
