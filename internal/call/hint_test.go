package call_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// RET-4, RET-5: what the server asks for is never undercut; jitter is only
// added; nonsense neither sleeps nor spins.
func TestServerWaits(t *testing.T) {
	t.Parallel()
	const ownBackoff = -1 // the server's wish is no wish: back off as usual
	const atOnce = -2     // too long: the error comes back without a wait
	epoch := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return epoch.Add(d).Format(http.TimeFormat) }
	unix := func(d time.Duration) string { return strconv.FormatInt(epoch.Add(d).Unix(), 10) }
	for _, test := range []struct {
		name   string
		header []string
		body   string
		want   time.Duration
	}{
		{"seconds", []string{"Retry-After", "7"}, "", 7 * time.Second},
		{"fraction", []string{"Retry-After", "1.5"}, "", 1500 * time.Millisecond},
		{"spaces", []string{"Retry-After", " 3 "}, "", 3 * time.Second},
		{"date", []string{"Retry-After", date(9 * time.Second), "Date", date(0)}, "", 9 * time.Second},
		{"date by a clock that is an hour off", []string{"Retry-After", date(time.Hour + 9*time.Second), "Date", date(time.Hour)}, "", 9 * time.Second},
		{"date without Date", []string{"Retry-After", date(9 * time.Second)}, "", 9 * time.Second},
		{"date in RFC 850", []string{"Retry-After", epoch.Add(9 * time.Second).Format(time.RFC850)}, "", 9 * time.Second},
		{"details", nil, `{"error":{"code":"RATE_LIMITED","details":{"retry_after":12}}}`, 12 * time.Second},
		{"details as text", nil, `{"error":{"code":"RATE_LIMITED","details":{"retry_after":"12"}}}`, 12 * time.Second},
		{"the later of header and details", []string{"Retry-After", "3"}, `{"error":{"details":{"retry_after":12}}}`, 12 * time.Second},
		{"reset", []string{"X-RateLimit-Reset", unix(20 * time.Second), "Date", date(0)}, "", 20 * time.Second},
		{"reset by another clock", []string{"X-RateLimit-Reset", unix(20*time.Second - 3*time.Hour), "Date", date(-3 * time.Hour)}, "", 20 * time.Second},
		{"reset with nothing left", []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(20 * time.Second)}, "", 20 * time.Second},
		{"later reset beats Retry-After", []string{"Retry-After", "1", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(20 * time.Second)}, "", 20 * time.Second},
		{"earlier reset does not", []string{"Retry-After", "30", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(20 * time.Second)}, "", 30 * time.Second},
		{"burst: Retry-After alone while requests remain", []string{"Retry-After", "1", "X-RateLimit-Remaining", "5", "X-RateLimit-Reset", unix(20 * time.Second)}, "", time.Second},
		{"burst without Retry-After", []string{"X-RateLimit-Remaining", "5", "X-RateLimit-Reset", unix(20 * time.Second)}, "", ownBackoff},
		{"zero", []string{"Retry-After", "0"}, "", ownBackoff},
		{"negative", []string{"Retry-After", "-5"}, "", ownBackoff},
		{"not a number", []string{"Retry-After", "NaN"}, "", ownBackoff},
		{"words", []string{"Retry-After", "soon"}, "", ownBackoff},
		{"past date", []string{"Retry-After", date(-time.Hour)}, "", ownBackoff},
		{"past reset", []string{"X-RateLimit-Reset", unix(-time.Hour)}, "", ownBackoff},
		{"absurd reset", []string{"X-RateLimit-Reset", "99999999999999999999"}, "", ownBackoff},
		{"just the cap", []string{"Retry-After", "75"}, "", 75 * time.Second},
		{"above the cap", []string{"Retry-After", "76"}, "", atOnce},
		{"overflowing", []string{"Retry-After", "99999999999999999999"}, "", atOnce},
		{"infinite", []string{"Retry-After", "Inf"}, "", atOnce},
		{"reset above the cap", []string{"X-RateLimit-Reset", unix(2 * time.Hour)}, "", atOnce},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(answer(429, test.body, test.header...), answer(200, good))
				started := time.Now()
				_, err := create(t.Context(), s.client())
				took := time.Since(started)
				switch test.want {
				case atOnce:
					got := failure(t, err)
					assert.Equal(t, 429, got.StatusCode)
					assert.Zero(t, took)
					assert.Greater(t, got.RetryAfter, 75*time.Second)
					assert.Equal(t, started.Add(got.RetryAfter), got.RetryAt)
					assert.Len(t, s.hits, 1)
				case ownBackoff:
					require.NoError(t, err)
					assert.GreaterOrEqual(t, took, 100*time.Millisecond)
					assert.LessOrEqual(t, took, 600*time.Millisecond)
				default:
					require.NoError(t, err)
					assert.GreaterOrEqual(t, took, test.want)
					assert.LessOrEqual(t, took, test.want+min(test.want/4, time.Second)+time.Millisecond)
				}
			})
		})
	}
}

// RET-4: a 503 that names its wait gets it, too.
func TestServerWaitOfOtherErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(problem(503, "X", "Retry-After", "20"), answer(200, good))
		_, err := create(t.Context(), s.client())
		require.NoError(t, err)
		assert.GreaterOrEqual(t, s.hits[1].at.Sub(s.hits[0].at), 20*time.Second)
	})
}

// GATE-7: refusals do not use up attempts. They end a call after four times MaxWait,
// and a MaxWait of 0 does not wait for the first.
func TestRefusalsAreBoundedByTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header  []string
		maxWait time.Duration
		least   int // attempts
		most    int
		took    time.Duration
	}{
		"asks for 1 s":     {[]string{"Retry-After", "1"}, 75 * time.Second, 290, 300, 300 * time.Second},
		"asks for nothing": {nil, 75 * time.Second, 35, 50, 300 * time.Second},
		"impatient":        {[]string{"Retry-After", "1"}, 10 * time.Second, 35, 40, 40 * time.Second},
		"does not wait":    {[]string{"Retry-After", "1"}, 0, 1, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(problem(429, "RATE_LIMITED", test.header...))
				started := time.Now()
				_, err := get(t.Context(), s.client(), option(func(s *api.CallSettings) { s.MaxWait = test.maxWait }))
				f := failure(t, err)
				assert.Equal(t, 429, f.StatusCode)
				assert.GreaterOrEqual(t, f.Attempts, test.least)
				assert.LessOrEqual(t, f.Attempts, test.most)
				assert.LessOrEqual(t, time.Since(started), test.took)
			})
		})
	}
}

// LIM-6, ERR-5: limit and request ID are readable after every call.
func TestRateLimitAndRequestIDAreReadable(t *testing.T) {
	t.Parallel()
	headers := []string{"X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "42", "X-RateLimit-Reset", "946684860", "X-Request-Id", "req_header"}
	want := api.RateLimit{Limit: 100, Remaining: 42, Reset: time.Date(2000, 1, 1, 0, 1, 0, 0, time.UTC)}

	s := play(answer(200, good, headers...))
	var response api.Response
	v, err := get(t.Context(), s.client(), option(func(s *api.CallSettings) { s.Capture = &response }))
	require.NoError(t, err)
	assert.Equal(t, want, v.RateLimit())
	assert.Equal(t, "req_ok", v.RequestID(), "the body's ID comes first")
	assert.Equal(t, *v.Info, response.ResponseInfo)
	assert.Equal(t, good, string(response.Body()))
	assert.Equal(t, "42", response.Header().Get("X-RateLimit-Remaining"))

	s = play(answer(404, "", headers...))
	_, err = get(t.Context(), s.client(), option(func(s *api.CallSettings) { s.Capture = &response }))
	got := failure(t, err)
	assert.Equal(t, call.KindAPI, got.Kind)
	assert.Equal(t, want, got.RateLimit)
	assert.Equal(t, "req_header", got.RequestID)
	assert.Equal(t, 404, response.StatusCode)
	assert.Equal(t, "req_header", response.RequestID)
	assert.Equal(t, want, response.RateLimit)
}
