package call_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
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

// FATE-8: why the program ended the context is in the error, beside the context's
// own error, wherever the call was.
func TestCauseOfContext(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]step{
		"network": {hangs}, "back-off": {problem(503, "X", "Retry-After", "20")}, "after a broken connection": {fails(brokenConnection()), hangs},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shutdown := errors.New("shutting down")
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(shutdown) })
				_, err := create(ctx, play(steps...).client())
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, shutdown)
				assert.Equal(t, "context canceled: shutting down", failure(t, err).Err.Error())
			})
		})
	}
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeoutCause(t.Context(), 0, errors.New("too late"))
		defer cancel()
		_, err := create(ctx, play(answer(200, good)).client())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, "context deadline exceeded: too late", failure(t, err).Err.Error())
	})
}

// FATE-8: a nil context is refused, whatever is to be done with it.
func TestNilContext(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	c := s.client(func(c *call.Config) { c.Observers = []api.Observer{{}}; c.Retryable = func(error) bool { return true } })
	route := call.Get("Things.List", "/things")
	timed := []api.CallOption{option(func(s *api.CallSettings) { s.Timeout = time.Second })}
	for name, f := range map[string]func() error{
		"call":   func() error { _, err := get(nil, c); return err },    //nolint:staticcheck // that is the point
		"create": func() error { _, err := create(nil, c); return err }, //nolint:staticcheck // that is the point
		"pages": func() (err error) {
			for _, err = range call.Pages[thing, thingWire](nil, c, route, nil, timed) { //nolint:staticcheck // that is the point
				break
			}
			return err
		},
		"stream": func() error { _, err := call.Stream(nil, c, route, nil, nil); return err }, //nolint:staticcheck // that is the point
		"wait": func() error {
			_, err := call.Wait(nil, c, call.Poll[thing]{Op: "Things.Wait"}, timed) //nolint:staticcheck // that is the point
			return err
		},
	} {
		err := f()
		require.Error(t, err, name)
		f := failure(t, err)
		assert.Equal(t, call.KindParam, f.Kind, name)
		assert.Equal(t, "ctx", f.Field, name)
	}
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
