package flows

import (
	"testing"

	"github.com/devotel/orbit-go/internal/wiretest"
)

// Every form of a result on the wire is read alike, however scalars and names are
// written.
func TestWireTypes(t *testing.T) { // DEC-2, DEC-3, FWD-1
	t.Parallel()
	wiretest.Each[Execution, executionWire](t)
	wiretest.Each[Flow, flowWire](t)
}
