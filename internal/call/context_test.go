package call_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/call"
)

// CTX-2: when the context ends while a call waits, the call returns at once,
// makes no further attempt, and tells both why and what the API said last.
func TestContextEndsDuringWaits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps     []step
		last      int // status of the last API error, 0 for none
		maybeSent bool
	}{
		"network":           {[]step{hangs}, 0, true},
		"back-off":          {[]step{problem(503, "X", "Retry-After", "20")}, 503, true},
		"hold after a 429":  {[]step{problem(429, "RATE_LIMITED", "Retry-After", "20")}, 429, false},
		"network after 503": {[]step{problem(503, "X"), hangs}, 503, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				s := play(test.steps...)
				var err error
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, err = create(ctx, s.client())
				}()
				time.Sleep(5 * time.Second)
				cancelled := time.Now()
				cancel()
				<-done
				assert.Zero(t, time.Since(cancelled))
				assert.Len(t, s.hits, len(test.steps))
				require.ErrorIs(t, err, context.Canceled)
				got := failure(t, err)
				assert.Equal(t, call.KindTransport, got.Kind)
				assert.Equal(t, test.maybeSent, got.MaybeSent)
				assert.False(t, got.NotSent)
				if test.last == 0 {
					require.NoError(t, got.Last)
					return
				}
				assert.Equal(t, test.last, failure(t, got.Last).StatusCode)
			})
		})
	}
}

// CTX-2: a context that has ended before the call sends nothing.
func TestContextEndedBefore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := play(answer(200, good))
	_, err := create(ctx, s.client())
	require.ErrorIs(t, err, context.Canceled)
	assert.True(t, failure(t, err).NotSent)
	assert.False(t, failure(t, err).MaybeSent)
	assert.Empty(t, s.hits)
}

// CTX-3: a wait that would end after the deadline is not begun.
func TestWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]step{
		"429": problem(429, "RATE_LIMITED", "Retry-After", "20"),
		"503": problem(503, "X", "Retry-After", "20"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				s := play(first, answer(200, good))
				started := time.Now()
				_, err := create(ctx, s.client())
				assert.Zero(t, time.Since(started))
				got := failure(t, err)
				assert.Equal(t, call.KindAPI, got.Kind)
				assert.Equal(t, 20*time.Second, got.RetryAfter)
				assert.Equal(t, started.Add(20*time.Second), got.RetryAt)
				assert.Len(t, s.hits, 1)
			})
		})
	}
}

// CTX-3: jitter gives way to a deadline that the server's wait itself meets.
func TestJitterGivesWayToTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second+time.Millisecond)
		defer cancel()
		s := play(problem(429, "RATE_LIMITED", "Retry-After", "20"), answer(200, good))
		_, err := create(ctx, s.client())
		require.NoError(t, err)
		assert.GreaterOrEqual(t, s.hits[1].at.Sub(s.hits[0].at), 20*time.Second)
	})
}

// HTTP-3: each attempt has its own time limit, and a context that lives longer
// lets the call use the rest.
func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(hangs, answer(200, good))
		started := time.Now()
		_, err := get(t.Context(), s.client())
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(started), 10*time.Second)
		assert.Less(t, time.Since(started), 11*time.Second)

		s = play(hangs)
		_, err = get(t.Context(), s.client())
		assert.True(t, failure(t, err).Timeout)
		require.ErrorIs(t, err, context.DeadlineExceeded, "as net/http's own timeouts are")
		var timeout interface{ Timeout() bool }
		require.True(t, errors.As(err, &timeout))
		assert.True(t, timeout.Timeout())
	})
}
