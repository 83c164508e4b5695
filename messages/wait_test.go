package messages_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// journey is a message whose status follows from the clock: an API in memory.
type journey struct {
	began time.Time
	// at tells the status, or the HTTP status of an error, at a time since the
	// first request.
	at    func(since time.Duration) any
	looks []time.Duration
}

func (j *journey) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if j.began.IsZero() {
		j.began = time.Now()
	}
	since := time.Since(j.began)
	j.looks = append(j.looks, since)
	code, body := http.StatusOK, ""
	switch v := j.at(since).(type) {
	case messages.Status:
		body = fmt.Sprintf(`{"data":{"id":"msg_1","status":%q},"meta":{"request_id":"req_%d"}}`, v, len(j.looks))
	case int:
		code, body = v, fmt.Sprintf(`{"error":{"code":"SOME_CODE","status":%d}}`, v)
	}
	return &http.Response{StatusCode: code, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// always is a message that stays as it is.
func always(v any) func(time.Duration) any { return func(time.Duration) any { return v } }

// then is a message that changes once.
func then(first any, after time.Duration, second any) func(time.Duration) any {
	return func(since time.Duration) any {
		if since < after {
			return first
		}
		return second
	}
}

// wait waits for the journey's message and tells how long that took.
func wait(t *testing.T, ctx context.Context, j *journey, params messages.WaitParams) (*messages.Message, time.Duration, error) {
	t.Helper()
	began := time.Now()
	msg, err := newService(t, j).Wait(ctx, "msg_1", params)
	return msg, time.Since(began), err
}

// TestWaitEnds waits until the message has come to an end, good or bad.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	for _, end := range []messages.Status{"delivered", "read", "submitted_no_receipt", "failed", "undelivered", "expired", "rejected", "blocked", "unknown"} {
		t.Run(string(end), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				j := &journey{at: then(messages.StatusSent, 3*time.Second, end)}
				msg, took, err := wait(t, t.Context(), j, messages.WaitParams{})
				require.NoError(t, err, "a bad end is a result")
				assert.Equal(t, end, msg.Status)
				assert.Equal(t, fmt.Sprintf("req_%d", len(j.looks)), msg.RequestID())
				assert.GreaterOrEqual(t, took, 3*time.Second)
				assert.Less(t, took, 6*time.Second)
			})
		})
	}
}

func TestWaitAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := &journey{at: always(messages.StatusDelivered)}
		msg, took, err := wait(t, t.Context(), j, messages.WaitParams{})
		require.NoError(t, err)
		assert.Equal(t, messages.StatusDelivered, msg.Status)
		assert.Zero(t, took, "what has ended is not waited for")
		assert.Len(t, j.looks, 1)
	})
}

// TestWaitUnknownStatus polls on at a status that this version does not know.
func TestWaitUnknownStatus(t *testing.T) { // FWD-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := &journey{at: then(messages.Status("teleported"), time.Minute, messages.StatusDelivered)}
		msg, took, err := wait(t, t.Context(), j, messages.WaitParams{})
		require.NoError(t, err)
		assert.Equal(t, messages.StatusDelivered, msg.Status)
		assert.GreaterOrEqual(t, took, time.Minute)
	})
}

// TestWaitPauses proves the pauses between two looks: they grow to ten seconds,
// and a set one does not.
func TestWaitPauses(t *testing.T) {
	t.Parallel()
	const jitter = 0.2
	for _, c := range []struct {
		name            string
		interval        time.Duration
		first, last     time.Duration
		fewest, highest int // looks in four minutes
	}{
		{"default", 0, 500 * time.Millisecond, 10 * time.Second, 25, 40},
		{"set", 20 * time.Second, 20 * time.Second, 20 * time.Second, 11, 15},
		{"short", time.Second, time.Second, time.Second, 220, 260},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				j := &journey{at: then(messages.StatusQueued, 4*time.Minute, messages.StatusDelivered)}
				_, _, err := wait(t, t.Context(), j, messages.WaitParams{Interval: c.interval})
				require.NoError(t, err)
				assert.GreaterOrEqual(t, len(j.looks), c.fewest)
				assert.LessOrEqual(t, len(j.looks), c.highest)
				assert.InEpsilon(t, c.first, j.looks[1]-j.looks[0], jitter+0.01)
				for i := 1; i < len(j.looks); i++ {
					pause := j.looks[i] - j.looks[i-1]
					assert.GreaterOrEqual(t, pause, time.Duration(float64(c.first)*(1-jitter)), "look %d", i)
					assert.LessOrEqual(t, pause, time.Duration(float64(c.last)*(1+jitter))+1, "look %d", i)
				}
			})
		})
	}
}

// TestWaitForMissing waits for a message that cannot be seen yet, for ten seconds
// and no longer.
func TestWaitForMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		at      func(time.Duration) any
		found   bool
		soonest time.Duration
		latest  time.Duration
	}{
		{"comes in time", then(404, 5*time.Second, messages.StatusDelivered), true, 5 * time.Second, 10 * time.Second},
		{"never comes", always(404), false, 10 * time.Second, 20 * time.Second},
		{"goes again", then(messages.StatusQueued, time.Second, 404), false, time.Second, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				msg, took, err := wait(t, t.Context(), &journey{at: c.at}, messages.WaitParams{})
				assert.GreaterOrEqual(t, took, c.soonest)
				assert.Less(t, took, c.latest)
				if c.found {
					require.NoError(t, err)
					assert.Equal(t, messages.StatusDelivered, msg.Status)
					return
				}
				require.ErrorIs(t, err, orbit.ErrNotFound)
				var apiErr *orbit.Error
				require.ErrorAs(t, err, &apiErr)
				assert.Equal(t, "Messages.Get", apiErr.Op)
				assert.Equal(t, c.name == "goes again", msg != nil, "the last state, if there was one")
			})
		})
	}
}

// TestWaitRefused ends at once at an error that waiting does not cure.
func TestWaitRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := &journey{at: then(messages.StatusQueued, time.Second, 403)}
		msg, took, err := wait(t, t.Context(), j, messages.WaitParams{})
		require.ErrorIs(t, err, orbit.ErrForbidden)
		assert.Equal(t, messages.StatusQueued, msg.Status)
		assert.Less(t, took, 3*time.Second)
	})
}

// TestWaitGivenUp returns the last state and the error when the context ends.
func TestWaitGivenUp(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		msg, took, err := wait(t, ctx, &journey{at: always(messages.StatusSubmitted)}, messages.WaitParams{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var givenUp *orbit.WaitError
		require.ErrorAs(t, err, &givenUp)
		assert.Equal(t, "Messages.Wait", givenUp.Op)
		assert.Contains(t, givenUp.State, "submitted")
		assert.Contains(t, err.Error(), "submitted")
		require.NotNil(t, msg)
		assert.Equal(t, messages.StatusSubmitted, msg.Status)
		assert.Equal(t, 30*time.Second, took)
		assert.True(t, orbit.Retryable(err))
	})
}

func TestWaitCancelled(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(7*time.Second, cancel)
		msg, took, err := wait(t, ctx, &journey{at: always(messages.StatusQueued)}, messages.WaitParams{Interval: time.Minute})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, messages.StatusQueued, msg.Status)
		assert.Equal(t, 7*time.Second, took, "in the middle of a pause")

		j := &journey{at: always(messages.StatusQueued)}
		msg, took, err = wait(t, ctx, j, messages.WaitParams{})
		require.ErrorIs(t, err, context.Canceled)
		assert.Nil(t, msg, "nothing was seen")
		assert.Zero(t, took)
		assert.Empty(t, j.looks, "a context that has ended asks for nothing")
	})
}

// TestWaitBound ends after five minutes where the context has no end: some
// messages never do.
func TestWaitBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		msg, took, err := wait(t, context.Background(), &journey{at: always(messages.StatusSubmitted)}, messages.WaitParams{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var givenUp *orbit.WaitError
		require.ErrorAs(t, err, &givenUp)
		assert.Equal(t, messages.StatusSubmitted, msg.Status)
		assert.Equal(t, 5*time.Minute, took)
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, took, err := wait(t, ctx, &journey{at: then(messages.StatusSubmitted, 20*time.Minute, messages.StatusDelivered)}, messages.WaitParams{})
		require.NoError(t, err, "a deadline of one's own may be later")
		assert.GreaterOrEqual(t, took, 20*time.Minute)
	})
}

// TestWaitOptions passes options to each look.
func TestWaitOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := &journey{at: then(messages.StatusQueued, time.Second, messages.StatusRead)}
		var raw orbit.Response
		_, err := newService(t, j).Wait(t.Context(), "msg_1", messages.WaitParams{}, orbit.CaptureResponse(&raw))
		require.NoError(t, err)
		assert.Contains(t, string(raw.Body()), "read")
	})
}
