package call_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// kinds are the calls that differ in what may be repeated.
func kinds() map[string]func(context.Context, *call.Client) error {
	do := func(r *call.Route, opts ...api.CallOption) func(context.Context, *call.Client) error {
		return func(ctx context.Context, c *call.Client) error {
			_, err := call.Do[thing, thingWire](ctx, c, r, nil, opts)
			return err
		}
	}
	read := func() *call.Route { return call.Get("Things.Get", "/things/{id}", "1") }
	write := func() *call.Route { return call.Post("Things.Act", "/things/{id}", "1") }
	return map[string]func(context.Context, *call.Client) error{
		"read":         do(read()),
		"safe read":    do(read(), withRetry(api.RetrySafe)),
		"write":        do(write()),
		"safe write":   do(write(), withRetry(api.RetrySafe)),
		"billed read":  do(read().Billed()),
		"billed asked": do(read().Billed(), withRetry(api.RetryDefault)),
		"once":         do(write().Once()),
		"once asked":   do(write().Once(), withRetry(api.RetryDefault)),
		"none":         do(read(), withRetry(api.RetryNone)),
		"one attempt":  do(write(), option(func(s *api.CallSettings) { s.MaxAttempts = 1 })),
	}
}

// RET-3, ERR-6: what is repeated, by fault and kind of call, and whether it may
// have been accepted.
func TestRetryTable(t *testing.T) {
	t.Parallel()
	// How often each kind of call is sent.
	type counts map[string]int
	const many = -1
	never := counts{}
	unclear := counts{"read": 3, "safe read": 3, "write": 3, "billed asked": 1, "once asked": 3}
	refusedOnly := counts{"read": 3, "safe read": 3, "write": 3, "safe write": 3, "billed read": 3, "billed asked": 3, "once": 3, "once asked": 3}
	waited, backedOff := counts{}, counts{} // for as long as four times MaxWait
	for kind := range refusedOnly {
		waited[kind], backedOff[kind] = 5, many
	}

	faults := []struct {
		name      string
		fault     step
		sent      counts // kinds that are missing are sent once
		maybeSent bool
		kind      call.Kind
	}{
		{"connection refused", fails(refusedDial()), refusedOnly, false, call.KindTransport},
		{"connection broken", fails(brokenConnection()), unclear, true, call.KindTransport},
		{"unknown transport error", fails(errors.New("odd")), unclear, true, call.KindTransport},
		{"attempt timeout", hangs, unclear, true, call.KindTransport},
		{"408", problem(408, "TIMEOUT"), unclear, true, call.KindAPI},
		{"500", problem(500, "INTERNAL_ERROR"), unclear, true, call.KindAPI},
		{"502", answer(502, "<html>bad gateway</html>"), unclear, true, call.KindAPI},
		{"503", problem(503, "SERVICE_UNAVAILABLE"), unclear, true, call.KindAPI},
		{"504", answer(504, ""), unclear, true, call.KindAPI},
		{"500 of a provider", problem(500, "MESSAGE_SEND_FAILED"), never, true, call.KindAPI},
		{"501", problem(501, "X"), never, true, call.KindAPI},
		{"505", problem(505, "X"), never, true, call.KindAPI},
		{"broken answer", cut, unclear, true, call.KindDecode},
		{"HTML success", answer(200, "<html></html>"), never, true, call.KindDecode},
		{"null success", answer(200, "null"), never, true, call.KindDecode},
		{"empty success", answer(200, ""), never, true, call.KindDecode},
		{"error under 200", answer(200, `{"error":{"code":"INTERNAL_ERROR","message":"no","status":503}}`), unclear, true, call.KindAPI},
		{"400", problem(400, "VALIDATION_ERROR"), never, false, call.KindAPI},
		{"400 empty", answer(400, ""), never, false, call.KindAPI},
		{"400 HTML", answer(400, "<html></html>"), never, false, call.KindAPI},
		{"401", problem(401, "UNAUTHORIZED"), never, false, call.KindAPI},
		{"402", problem(402, "BALANCE_TOO_LOW"), never, false, call.KindAPI},
		{"403", problem(403, "FORBIDDEN"), never, false, call.KindAPI},
		{"404", problem(404, "NOT_FOUND"), never, false, call.KindAPI},
		{"409", problem(409, "CONFLICT"), never, false, call.KindAPI},
		{"410", problem(410, "GONE"), never, false, call.KindAPI},
		{"422", problem(422, "INVALID_PHONE_NUMBER"), never, false, call.KindAPI},
		{"425", problem(425, "X"), never, false, call.KindAPI},
		{"301", answer(301, "", "Location", "https://evil.test/"), never, false, call.KindAPI},
		{"307", answer(307, "", "Location", "https://evil.test/"), never, false, call.KindAPI},
		{"304", answer(304, ""), never, false, call.KindAPI},
		{"429 with a hint", problem(429, "RATE_LIMITED", "Retry-After", "60"), waited, false, call.KindAPI},
		{"429 without", problem(429, "RATE_LIMITED", "X-RateLimit-Remaining", "1"), backedOff, false, call.KindAPI},
	}
	for _, f := range faults {
		for name, do := range kinds() {
			t.Run(f.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := play(f.fault)
					got := failure(t, do(t.Context(), s.client()))
					if f.sent[name] == many {
						assert.Greater(t, len(s.hits), 30)
					} else {
						assert.Len(t, s.hits, max(f.sent[name], 1))
					}
					assert.Equal(t, len(s.hits), got.Attempts)
					assert.Equal(t, f.maybeSent, got.MaybeSent)
					assert.Equal(t, f.kind, got.Kind)
					for _, h := range s.hits[1:] { // RET-1, RET-2
						assert.Equal(t, s.hits[0].header["Idempotency-Key"], h.header["Idempotency-Key"])
						assert.Equal(t, s.hits[0].body, h.body)
					}
				})
			})
		}
	}
}

// RET-3: what one attempt says changes what the next may do.
func TestRetrySequences(t *testing.T) {
	t.Parallel()
	busy, conflict, limited := problem(503, "SERVICE_UNAVAILABLE"), problem(409, "CONFLICT"), problem(429, "RATE_LIMITED", "Retry-After", "30")
	ok := answer(200, good)
	for _, test := range []struct {
		name      string
		steps     []step
		sent      int
		status    int // 0 for success
		maybeSent bool
	}{
		{"a conflict after an unclear attempt is asked again", []step{busy, conflict, ok}, 3, 0, false},
		{"and reported if it stays", []step{busy, conflict, conflict, ok}, 3, 409, true},
		{"an early refusal does not hide a later unclear one", []step{problem(401, "UNAUTHORIZED")}, 1, 401, false},
		{"a refusal after an unclear attempt keeps it in mind", []step{busy, problem(401, "UNAUTHORIZED")}, 2, 401, true},
		{"so does a connection that was refused", []step{busy, fails(refusedDial())}, 3, 0, true},
		{"holds do not use up attempts", []step{limited, limited, busy, busy, ok}, 5, 0, false},
		{"a hold may not outlast the idempotency key", []step{busy, problem(429, "RATE_LIMITED", "Retry-After", "56"), ok}, 2, 429, true},
		{"a hold within it may", []step{busy, problem(429, "RATE_LIMITED", "Retry-After", "50"), ok}, 3, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(test.steps...)
				_, err := create(t.Context(), s.client())
				assert.Len(t, s.hits, test.sent)
				if test.status == 0 && !test.maybeSent {
					require.NoError(t, err)
					return
				}
				got := failure(t, err)
				assert.Equal(t, test.status, got.StatusCode)
				assert.Equal(t, test.maybeSent, got.MaybeSent)
				assert.False(t, got.NotSent)
			})
		})
	}
}

// RET-3: 55 s after an attempt of unknown fate, the key is no longer trusted.
func TestNoRepeatAfterTheReplayWindow(t *testing.T) {
	t.Parallel()
	slow := func(d time.Duration) step {
		return func(*http.Request) (*http.Response, error) {
			time.Sleep(d)
			return nil, brokenConnection()
		}
	}
	for _, test := range []struct {
		took        time.Duration
		write, read int
	}{{10 * time.Second, 3, 3}, {30 * time.Second, 2, 3}, {56 * time.Second, 1, 3}} {
		t.Run(test.took.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				patient := option(func(s *api.CallSettings) { s.AttemptTimeout = time.Hour })
				s := play(slow(test.took))
				_, err := create(t.Context(), s.client(), patient)
				assert.True(t, failure(t, err).MaybeSent)
				assert.Len(t, s.hits, test.write)

				s = play(slow(test.took))
				_, err = get(t.Context(), s.client(), patient)
				require.Error(t, err)
				assert.Len(t, s.hits, test.read)
			})
		})
	}
}

// RET-5: waits that the server did not ask for are spread over an interval that
// doubles.
func TestBackoffIsExponentialWithFullJitter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls, attempts = 200, 8
		longest := make([]time.Duration, attempts)
		shortest := make([]time.Duration, attempts)
		for range calls {
			s := play(problem(503, "X"))
			_, err := get(t.Context(), s.client(), option(func(s *api.CallSettings) { s.MaxAttempts = attempts }))
			require.Error(t, err)
			for i := 1; i < attempts; i++ {
				wait := s.hits[i].at.Sub(s.hits[i-1].at)
				longest[i] = max(longest[i], wait)
				if shortest[i] == 0 || wait < shortest[i] {
					shortest[i] = wait
				}
			}
		}
		for i := 1; i < attempts; i++ {
			bound := min(500*time.Millisecond<<(i-1), 8*time.Second)
			assert.GreaterOrEqual(t, shortest[i], 100*time.Millisecond, "wait %d", i)
			assert.LessOrEqual(t, longest[i], bound+100*time.Millisecond, "wait %d", i)
			assert.Greater(t, longest[i], bound*3/4, "wait %d: jitter must reach up", i)
			assert.Less(t, shortest[i], 100*time.Millisecond+bound/4, "wait %d: jitter must reach down", i)
		}
	})
}

// RET-7: attempts and time bounds are set per call and independent.
func TestSettings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(hangs)
		started := time.Now()
		_, err := get(t.Context(), s.client(), option(func(s *api.CallSettings) {
			s.AttemptTimeout, s.MaxAttempts, s.Timeout = 10*time.Second, 100, 25*time.Second
		}))
		assert.Equal(t, 25*time.Second, time.Since(started))
		assert.Len(t, s.hits, 3)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		for field, change := range map[string]func(*api.CallSettings){
			"WithMaxAttempts":    func(s *api.CallSettings) { s.MaxAttempts = 0 },
			"WithAttemptTimeout": func(s *api.CallSettings) { s.AttemptTimeout = -1 },
			"WithTimeout":        func(s *api.CallSettings) { s.Timeout = -1 },
			"WithMaxWait":        func(s *api.CallSettings) { s.MaxWait = -1 },
			"WithRetry":          func(s *api.CallSettings) { s.Retry = 99 },
		} {
			s := play(answer(200, good))
			_, err := get(t.Context(), s.client(), option(change))
			got := failure(t, err)
			assert.Equal(t, call.KindParam, got.Kind)
			assert.Equal(t, field, got.Field)
			assert.True(t, got.NotSent)
			assert.Empty(t, s.hits)
		}
	})
}
