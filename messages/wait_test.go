package messages_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
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
	// at tells the status, or the HTTP status of an error, or why there is no
	// response, at a time since the first request.
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
	code, body, header := http.StatusOK, "", http.Header{}
	switch v := j.at(since).(type) {
	case error:
		return nil, v
	case notBefore:
		code, body = v.status, `{"error":{"code":"SOME_CODE"}}`
		header.Set("Retry-After", strconv.Itoa(v.seconds))
	case messages.Status:
		body = fmt.Sprintf(`{"data":{"id":"msg_1","status":%q},"meta":{"request_id":"req_%d"}}`, v, len(j.looks))
	case int:
		code, body = v, fmt.Sprintf(`{"error":{"code":"SOME_CODE","status":%d}}`, v)
	}
	return &http.Response{StatusCode: code, Header: header, Request: r, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// notBefore is a refusal that names a wait.
type notBefore struct{ status, seconds int }

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

// within is a message that changes, and changes again.
func within(first any, from, until time.Duration, second, third any) func(time.Duration) any {
	return func(since time.Duration) any {
		if since < until {
			return then(first, from, second)(since)
		}
		return third
	}
}

// wait waits for the journey's message and tells how long that took.
func wait(t *testing.T, ctx context.Context, j *journey, params messages.WaitParams, opts ...orbit.CallOption) (*messages.Message, time.Duration, error) {
	t.Helper()
	began := time.Now()
	msg, err := newService(t, j).Wait(ctx, "msg_1", params, opts...)
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
		{"another replica lags", within(messages.StatusQueued, 2*time.Second, 8*time.Second, 404, messages.StatusDelivered), true, 8 * time.Second, 20 * time.Second},
		{"goes again", then(messages.StatusQueued, 20*time.Second, 404), false, 20 * time.Second, 40 * time.Second},
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
				assert.False(t, orbit.Retryable(err))
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

// TestWaitOutlivesFailures goes on through whatever a retry can cure, for as long
// as the caller waits.
func TestWaitOutlivesFailures(t *testing.T) { // FATE-7
	t.Parallel()
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for name, failure := range map[string]any{
		"503": 503, "502": 502, "no connection": refused, "broken connection": syscall.ECONNRESET, "429": notBefore{429, 1},
	} {
		for when, at := range map[string]func(time.Duration) any{
			"in between":   within(messages.StatusQueued, time.Second, 3*time.Minute, failure, messages.StatusDelivered),
			"at the start": then(failure, 3*time.Minute, messages.StatusDelivered),
		} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					j := &journey{at: at}
					msg, took, err := wait(t, t.Context(), j, messages.WaitParams{})
					require.NoError(t, err)
					assert.Equal(t, messages.StatusDelivered, msg.Status)
					assert.GreaterOrEqual(t, took, 3*time.Minute)
					assert.Less(t, took, 5*time.Minute)
					assert.Less(t, len(j.looks), 200, "an outage is not stormed")
				})
			})
		}
	}
}

// TestWaitKeepsRetryAfter does not ask before the server wants to be asked, even
// where that is later than a single call would wait.
func TestWaitKeepsRetryAfter(t *testing.T) { // FATE-7, LIM-1
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		synctest.Test(t, func(t *testing.T) {
			j := &journey{at: within(messages.StatusQueued, time.Millisecond, 10*time.Second, notBefore{status, 100}, messages.StatusDelivered)}
			msg, _, err := wait(t, t.Context(), j, messages.WaitParams{Interval: time.Second})
			require.NoError(t, err)
			assert.Equal(t, messages.StatusDelivered, msg.Status)
			require.Len(t, j.looks, 3, "%d", status)
			assert.GreaterOrEqual(t, j.looks[2]-j.looks[1], 100*time.Second)
		})
	}
}

// TestWaitGivenUpInAnOutage returns the last state, why the wait ended, and what
// the API said last.
func TestWaitGivenUpInAnOutage(t *testing.T) { // FATE-7, CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		msg, took, err := wait(t, ctx, &journey{at: then(messages.StatusSending, time.Second, 503)}, messages.WaitParams{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, orbit.ErrServer)
		var givenUp *orbit.WaitError
		require.ErrorAs(t, err, &givenUp)
		assert.Equal(t, "still sending after 40s", givenUp.State)
		assert.Contains(t, err.Error(), "503")
		assert.Equal(t, messages.StatusSending, msg.Status)
		assert.Equal(t, 40*time.Second, took)
		assert.True(t, orbit.Retryable(err))
		assert.False(t, orbit.MaybeSent(err))
	})
}

// TestWaitBoundByOptions proves that a time limit given to Wait bounds all of it,
// one of the client each of its calls, and that attempts are counted by call.
func TestWaitBoundByOptions(t *testing.T) { // FATE-7
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := &journey{at: always(messages.StatusQueued)}
		msg, took, err := wait(t, t.Context(), j, messages.WaitParams{Interval: time.Second}, orbit.WithTimeout(40*time.Second))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, messages.StatusQueued, msg.Status)
		assert.Equal(t, 40*time.Second, took)

		_, took, err = wait(t, t.Context(), &journey{at: then(messages.StatusQueued, 20*time.Minute, messages.StatusRead)}, messages.WaitParams{}, orbit.WithTimeout(time.Hour))
		require.NoError(t, err, "it may be longer than the limit of Wait")
		assert.GreaterOrEqual(t, took, 20*time.Minute)

		j = &journey{at: then(messages.StatusQueued, 2*time.Minute, messages.StatusRead)}
		_, err = newService(t, j, orbit.WithDefaults(orbit.WithTimeout(time.Second))).Wait(t.Context(), "msg_1", messages.WaitParams{})
		require.NoError(t, err)

		j = &journey{at: then(503, 30*time.Second, messages.StatusRead)}
		_, _, err = wait(t, t.Context(), j, messages.WaitParams{Interval: 4 * time.Second}, orbit.WithMaxAttempts(1))
		require.NoError(t, err)
		for i := 1; i < len(j.looks); i++ {
			assert.Greater(t, j.looks[i]-j.looks[i-1], 3*time.Second, "one attempt each")
		}
	})
}

func TestWaitRefusesParams(t *testing.T) {
	t.Parallel()
	j := &journey{}
	for _, c := range []struct {
		field  string
		params messages.WaitParams
		opt    orbit.CallOption
	}{
		{"interval", messages.WaitParams{Interval: -1}, orbit.CallOption{}},
		{"WithTimeout", messages.WaitParams{}, orbit.WithTimeout(-1)},
	} {
		_, _, err := wait(t, t.Context(), j, c.params, c.opt)
		var refused *orbit.ParamError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, c.field, refused.Field)
	}
	assert.Empty(t, j.looks)
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
