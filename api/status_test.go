package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/api"
)

// status is what all statuses that move can be asked.
type status[S any] interface {
	~string
	Known() bool
	IsTerminal() bool
	Succeeded() bool
	Before(other S) bool
}

// testStatus compares a status with the contract: its words in the order in which
// a resource passes through them, those of one stage separated by spaces, the last
// stage final; and which of them are good.
func testStatus[S status[S]](t *testing.T, stages []([]S), good ...S) {
	t.Helper()
	unknown := S("unheard_of")
	assert.False(t, unknown.Known() || unknown.IsTerminal() || unknown.Succeeded())
	for i, stage := range stages {
		for _, s := range stage {
			assert.True(t, s.Known(), s)
			assert.Equal(t, i == len(stages)-1, s.IsTerminal(), s)
			assert.True(t, unknown.Before(s), "an unknown status never replaces %s", s)
			assert.False(t, s.Before(unknown), s)
			wantGood := false
			for _, g := range good {
				wantGood = wantGood || s == g
			}
			assert.Equal(t, wantGood, s.Succeeded(), s)
			for j, other := range stages {
				for _, o := range other {
					assert.Equal(t, i < j, s.Before(o), "%s before %s", s, o)
				}
			}
		}
	}
}

// EVT-4, FWD-2: what webhook data and results say of a late event.
func TestStatuses(t *testing.T) {
	t.Parallel()
	testStatus(t, [][]api.CallStatus{
		{"initiating"}, {"ringing"}, {"in_progress"}, {"completed", "failed", "busy", "no_answer", "canceled", "voicemail"},
	}, "completed")
	testStatus(t, [][]api.ExecutionStatus{
		{"pending"}, {"running"}, {"completed", "failed", "cancelled", "timed_out"},
	}, "completed")
	testStatus(t, [][]api.VerificationStatus{
		{"pending"}, {"rejected", "invalid", "failed"}, {"approved", "verified", "expired", "exhausted", "canceled", "cancelled"},
	}, "approved", "verified")
}

// One spelling in Go covers both on the wire.
func TestVerificationCanceled(t *testing.T) {
	t.Parallel()
	for _, s := range []api.VerificationStatus{"canceled", "cancelled"} {
		assert.True(t, s.Canceled(), s)
	}
	assert.False(t, api.VerificationStatusExpired.Canceled())
}
