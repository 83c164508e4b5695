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

// accountOfKey is the first half of the SHA-256 of "orbit-go account", a line
// break and the key, by coreutils: another process must find the same.
const accountOfKey = "10046cc03f07d81a6b91536132f58f42"

// limiter is a rate limiter of a user.
type limiter struct {
	routes []api.RateRoute
	learnt []api.RateResponse
	err    error
	wait   time.Duration
}

func (l *limiter) Wait(ctx context.Context, r api.RateRoute) error {
	l.routes = append(l.routes, r)
	select {
	case <-time.After(l.wait):
		return l.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *limiter) Learn(_ context.Context, r api.RateRoute, resp api.RateResponse) {
	l.routes = append(l.routes, r)
	l.learnt = append(l.learnt, resp)
}

// LIM-5: a limiter is asked before every attempt, by the route's template.
func TestRateLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &limiter{wait: time.Second}
		s := play(problem(503, "X"), answer(200, good))
		c := s.client(func(c *call.Config) { c.Limiter = l })
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		require.Len(t, l.routes, 4, "asked before each attempt, told after it")
		for _, r := range l.routes {
			assert.Equal(t, api.RateRoute{Route: "GET /things/{id}", Account: accountOfKey}, r)
		}

		l.err = errors.New("the store is closed")
		_, err = get(t.Context(), c)
		require.ErrorIs(t, err, l.err)
		assert.True(t, failure(t, err).NotSent)
		assert.Len(t, s.hits, 2)

		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err = get(ctx, c)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Len(t, s.hits, 2)
	})
}

// RET-2: an attempt that is let in when the key no longer protects it is not made,
// and the error says why.
func TestKeyExpiresInTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(answer(503, ""))
		c := s.client(func(c *call.Config) { c.Limiter = &limiter{wait: time.Minute} })
		_, err := create(t.Context(), c)
		f := failure(t, err)
		assert.Equal(t, 1, s.count())
		assert.Equal(t, 503, f.StatusCode)
		assert.True(t, f.MaybeSent)
		assert.Equal(t, "the idempotency key no longer protects a repeat", f.Unrepeated)
	})
}

// LIM-5: a limiter tells the keys of two tenants apart, and never sees one.
func TestRateLimiterTellsTenantsApart(t *testing.T) {
	t.Parallel()
	l := &limiter{}
	c := play(answer(200, good)).client(func(c *call.Config) { c.Limiter = l })
	const tenant = "dv_test_sk_tenant"
	other := c.WithKey(func(context.Context) (string, error) { return tenant, nil })
	for _, c := range []*call.Client{c, other, c, other} {
		_, err := get(t.Context(), c)
		require.NoError(t, err)
	}
	require.Len(t, l.routes, 8)
	assert.Equal(t, l.routes[0], l.routes[4])
	assert.Equal(t, l.routes[2], l.routes[6])
	assert.NotEqual(t, l.routes[0].Account, l.routes[2].Account)
	for _, r := range l.routes {
		assert.Len(t, r.Account, 32)
		assert.NotContains(t, key+tenant, r.Account)
	}
}

// LIM-5: a limiter that wants to know hears what each response said, with times
// that need no clock but its own: the reset less the response's own Date.
func TestRateLearner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const date, reset = "Sat, 01 Jan 2005 00:00:00 GMT", "1104537630" // 30 s later; the local clock says 2000
		l := &limiter{}
		s := play(
			problem(429, "RATE_LIMITED", "Date", date, "X-Ratelimit-Limit", "20", "X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", reset, "Retry-After", "7"),
			answer(503, `{"error":{"code":"X","message":"x","details":{"retry_after":3}}}`),
			fails(brokenConnection()),
			answer(200, good, "Date", date, "X-Ratelimit-Limit", "20", "X-Ratelimit-Remaining", "19", "X-Ratelimit-Reset", reset),
		)
		_, err := get(t.Context(), s.client(func(c *call.Config) { c.Limiter = l; c.Defaults.MaxAttempts = 4 }))
		require.NoError(t, err)
		assert.Equal(t, []api.RateResponse{
			{Status: 429, Limit: 20, ResetIn: 30 * time.Second, RetryAfter: 7 * time.Second},
			{Status: 503, RetryAfter: 3 * time.Second},
			{Status: 200, Limit: 20, Remaining: 19, ResetIn: 30 * time.Second},
		}, l.learnt)
	})
}
