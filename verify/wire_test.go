package verify

import (
	"testing"

	"github.com/devotel/orbit-go/internal/wiretest"
)

// Every form of a result on the wire is read alike, however scalars and names are
// written.
func TestWireTypes(t *testing.T) { // DEC-2, DEC-3, FWD-1
	t.Parallel()
	wiretest.Each[BulkResult, bulkWire](t, `{"results":[{"to":"70001","status":"70002","id":"70003"},{"to":"70004","verification_id":"70005"}],"freeForm":"free"}`)
	wiretest.Each[Detail, detailWire](t)
	wiretest.Each[Profile, profileWire](t)
	wiretest.Each[Verification, verificationWire](t)
}
