package bulk

import (
	"context"
	"iter"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

// claimed opens a journal in which one row has an intent and no result.
func openWithIntent(t *testing.T, key string) (job *Job, c Claim) {
	t.Helper()
	job, err := Open(filepath.Join(t.TempDir(), "job"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = job.Close() })
	id, err := identify(job.prefix, key, key)
	require.NoError(t, err)
	c = Claim{Key: id.key, Fingerprint: id.fingerprint, Token: "1", Lease: lease}
	_, err = job.Claim(t.Context(), c)
	require.NoError(t, err)
	require.NoError(t, job.Settle(t.Context(), c, Settlement{Outcome: Unclear}))
	c.Token = "2"
	return job, c
}

// reopened is the job in a process whose clock is off.
func reopened(t *testing.T, job *Job, offset time.Duration) *Job {
	t.Helper()
	require.NoError(t, job.Close())
	job, err := Open(job.path, func(j *Job) { j.clock.wall = j.clock.wall.Add(offset) })
	require.NoError(t, err)
	t.Cleanup(func() { _ = job.Close() })
	return job
}

// While a machine sleeps, or when somebody sets its clock forward, the monotonic clock
// does not show it. Nobody knows how old an open row is then; it is neither sent under a
// key that may be forgotten, nor proved absent. What begins afterwards is as always.
func TestClockJumpsForward(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		job, c := openWithIntent(t, "a")
		before := job.clock.now()
		job.clock.machine = job.clock.machine.Add(-time.Hour) // as if an hour had passed since it was read
		entry, err := job.Claim(t.Context(), c)
		require.NoError(t, err)
		assert.True(t, entry.Earlier)
		assert.Negative(t, entry.Age)
		assert.Equal(t, time.Hour, job.clock.now().Sub(before))

		c = Claim{Key: job.keyOf("", rowID{1}), Fingerprint: "01", Token: "1", Lease: lease}
		_, err = job.Claim(t.Context(), c)
		require.NoError(t, err)
		require.NoError(t, job.Settle(t.Context(), c, Settlement{Outcome: Unclear}))
		time.Sleep(10 * time.Second)
		c.Token = "2"
		entry, err = job.Claim(t.Context(), c)
		require.NoError(t, err)
		assert.Equal(t, 10*time.Second, entry.Age)
	})
}

// A clock that is set right by a fraction of a second changes nothing.
func TestClockStepsALittle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		job, c := openWithIntent(t, "a")
		job.clock.machine = job.clock.machine.Add(-500 * time.Millisecond)
		job.now()
		job.clock.machine = job.clock.machine.Add(500 * time.Millisecond)
		job.now()
		job = reopened(t, job, -500*time.Millisecond)
		entry, err := job.Claim(t.Context(), c)
		require.NoError(t, err)
		assert.True(t, entry.Earlier)
		assert.GreaterOrEqual(t, entry.Age, time.Duration(0))
	})
}

// A clock that was set back while the job was down lets no row be sent again, and proves
// nothing.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	job, c := openWithIntent(t, "a")
	job = reopened(t, job, -time.Hour)
	entry, err := job.Claim(t.Context(), c)
	require.NoError(t, err)
	assert.True(t, entry.Earlier)
	assert.Negative(t, entry.Age)
}

// list is a list that lags behind: it shows what was there at the beginning.
type list []Row

func (l list) Rows(context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range l {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// What was sent before the clock was set back is no canary for what began afterwards,
// although its time seems to be later.
func TestClockSetBackMakesNoCanary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		job, err := Open(filepath.Join(t.TempDir(), "job"))
		require.NoError(t, err)
		s := &sender{map[string]int{}}
		_, err = Send(t.Context(), job, letters(2), s.send, oneByOne())
		require.NoError(t, err)
		job = reopened(t, job, -time.Hour)
		defer job.Close()
		shown := list{{MessageID: "msg_b1", Key: keyIn(t, job, "b")}, {MessageID: "msg_a1", Key: keyIn(t, job, "a")}}
		lost := func(ctx context.Context, key string, opts ...api.CallOption) (*struct{ ID string }, error) {
			s.accepted[key]++
			return nil, nil // the response says nothing
		}
		report, err := Send(t.Context(), job, letters(3), lost, SendOptions{Concurrency: 1, Find: shown})
		require.NoError(t, err)
		assert.Equal(t, 1, report.Unclear)
		assert.Equal(t, 1, s.accepted["c"])
	})
}

func keyIn(t *testing.T, job *Job, key string) string {
	t.Helper()
	id, err := identify(job.prefix, key, key)
	require.NoError(t, err)
	return id.key
}
