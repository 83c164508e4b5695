package call_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/call"
)

// limited is a server that counts: at most limit requests in each window of a
// fixed length, a 429 beyond. Its answers carry nothing but the X-RateLimit
// headers, in whole seconds, and Date.
type limited struct {
	limit   int
	window  time.Duration
	phase   time.Duration // of the windows against whole seconds
	skew    time.Duration // of the server's clock against the local one
	latency func() time.Duration
	burst   int // requests a second; 0 for no such limit
	jitter  func() time.Duration
	date    func(time.Time) time.Time

	mu       sync.Mutex
	begins   time.Time
	admitted int
	windows  []int
	tooMany  int
	second   time.Time
	inSecond int
}

func (l *limited) RoundTrip(req *http.Request) (*http.Response, error) {
	wait := func() {
		if l.latency != nil {
			time.Sleep(l.latency())
		}
	}
	wait()
	resp, err := l.count()
	wait()
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return resp, err
}

// count decides on a request at the moment of its arrival.
func (l *limited) count() (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now().Add(l.skew)
	begins := now.Add(-l.phase).Truncate(l.window).Add(l.phase)
	if !begins.Equal(l.begins) {
		l.begins, l.admitted = begins, 0
		l.windows = append(l.windows, 0)
	}
	if s := now.Truncate(time.Second); !s.Equal(l.second) {
		l.second, l.inSecond = s, 0
	}
	status, body, headers := 200, good, []string{}
	switch {
	case l.burst > 0 && l.inSecond >= l.burst:
		status, headers = 429, append(headers, "Retry-After", "1")
		l.tooMany++
	case l.admitted >= l.limit:
		status = 429
		l.tooMany++
	default:
		l.admitted++
		l.inSecond++
		l.windows[len(l.windows)-1]++
	}
	if status == 429 {
		body = `{"error":{"code":"RATE_LIMITED","message":"slow down"}}`
	}
	reset, date := begins.Add(l.window), now
	if l.jitter != nil {
		reset = reset.Add(l.jitter())
	}
	if l.date != nil {
		date = l.date(now)
	}
	headers = append(headers,
		"X-RateLimit-Limit", strconv.Itoa(l.limit), "X-RateLimit-Remaining", strconv.Itoa(l.limit-l.admitted),
		"X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10), "Date", date.UTC().Format(http.TimeFormat))
	return answer(status, body, headers...)(nil)
}

// sent is how many requests were admitted in all.
func (l *limited) sent() int {
	n := 0
	for _, w := range l.windows {
		n += w
	}
	return n
}

// run makes n calls from so many goroutines and returns how long they took.
func (l *limited) run(t *testing.T, n, goroutines int) time.Duration {
	t.Helper()
	c := play().client(func(c *call.Config) { c.HTTP = &http.Client{Transport: l} })
	started := time.Now()
	var wg sync.WaitGroup
	jobs := make(chan int)
	for range goroutines {
		wg.Go(func() {
			for range jobs {
				_, err := create(t.Context(), c)
				assert.NoError(t, err)
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return time.Since(started)
}

func ms(least, most int) func() time.Duration {
	return func() time.Duration { return time.Duration(least+rand.IntN(most-least+1)) * time.Millisecond }
}

// LIM-1, LIM-3: all of the limit is used, and a 429 is seen at most where no
// client can know better.
func TestGateUsesTheWholeLimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		server     *limited
		n          int
		goroutines int
		most       time.Duration
		tooMany    int
	}{
		"aligned windows":          {&limited{limit: 300, window: 2 * time.Second}, 1500, 32, 8100 * time.Millisecond, 0},
		"windows of ten seconds":   {&limited{limit: 300, window: 10 * time.Second}, 1500, 32, 40200 * time.Millisecond, 0},
		"with latency":             {&limited{limit: 300, window: 2 * time.Second, latency: ms(1, 5)}, 1500, 32, 8200 * time.Millisecond, 0},
		"answers in any order":     {&limited{limit: 300, window: 2 * time.Second, latency: ms(1, 150)}, 1500, 64, 9800 * time.Millisecond, 0},
		"clock three hours behind": {&limited{limit: 300, window: 2 * time.Second, skew: 3 * time.Hour, latency: ms(1, 5)}, 1500, 32, 8200 * time.Millisecond, 0},
		"clock three hours ahead":  {&limited{limit: 300, window: 2 * time.Second, skew: -3 * time.Hour, latency: ms(1, 5)}, 1500, 32, 8200 * time.Millisecond, 0},
		"clock a fraction off":     {&limited{limit: 300, window: 2 * time.Second, skew: 370 * time.Millisecond, latency: ms(1, 5)}, 1500, 32, 9000 * time.Millisecond, 0},
		"a minute, 200 goroutines": {&limited{limit: 100, window: time.Minute, latency: ms(20, 80)}, 450, 200, 241 * time.Second, 0},
		"floored resets":           {&limited{limit: 300, window: 2 * time.Second, phase: 700 * time.Millisecond, latency: ms(1, 5)}, 1500, 32, 13 * time.Second, 5},
		"resets that jitter":       {&limited{limit: 100, window: 10 * time.Second, latency: ms(1, 5), jitter: func() time.Duration { return time.Duration(rand.IntN(2)) * time.Second }}, 500, 32, 46 * time.Second, 5},
		"more waiters than limit":  {&limited{limit: 5, window: 2 * time.Second}, 40, 40, 15 * time.Second, 0},
		"a limit of one":           {&limited{limit: 1, window: 2 * time.Second}, 10, 10, 19 * time.Second, 0},
		"a burst limit":            {&limited{limit: 1000, window: time.Minute, burst: 20, latency: ms(1, 5)}, 200, 32, 25 * time.Second, 45},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				took := test.server.run(t, test.n, test.goroutines)
				t.Logf("%s, %d windows %v, %d too many", took, len(test.server.windows), test.server.windows[:min(12, len(test.server.windows))], test.server.tooMany)
				assert.Equal(t, test.n, test.server.sent(), "each call once")
				assert.LessOrEqual(t, test.server.tooMany, test.tooMany)
				assert.LessOrEqual(t, took, test.most)
			})
		})
	}
}

// LIM-1: one bad Date header costs a little, and is forgotten.
func TestPoisonedDate(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"ahead": time.Hour, "behind": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := 0
				server := &limited{limit: 100, window: 10 * time.Second, latency: ms(1, 5), date: func(now time.Time) time.Time {
					if n++; n == 150 {
						return now.Add(off)
					}
					return now
				}}
				took := server.run(t, 1000, 32)
				assert.Equal(t, 1000, server.sent())
				assert.LessOrEqual(t, server.tooMany, 3)
				assert.LessOrEqual(t, took, 95*time.Second)
			})
		})
	}
}

// LIM-5: what other processes take shows as a smaller remainder, and nothing is
// lost.
func TestTwoClientsShareALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &limited{limit: 300, window: 2 * time.Second, latency: ms(1, 5)}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { server.run(t, 750, 16) })
		}
		wg.Wait()
		t.Log(server.windows, server.tooMany)
		assert.Equal(t, 1500, server.sent())
		assert.LessOrEqual(t, server.tooMany, 5*32)
	})
}

// exhausted answers that nothing is left for so long.
func exhausted(d time.Duration) step {
	return func(*http.Request) (*http.Response, error) {
		return answer(200, good, "X-RateLimit-Limit", "1", "X-RateLimit-Remaining", "0",
			"X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(d).Unix(), 10))(nil)
	}
}

// LIM-2: routes and keys do not wait for each other.
func TestRoutesAndKeysAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(exhausted(time.Minute))
		c := s.client()
		_, err := create(t.Context(), c)
		require.NoError(t, err)
		started := time.Now()
		_, err = get(t.Context(), c)
		require.NoError(t, err)
		other := c.WithKey(func(context.Context) (string, error) { return "other", nil })
		_, err = create(t.Context(), other)
		require.NoError(t, err)
		assert.Zero(t, time.Since(started))
		_, err = create(t.Context(), c)
		require.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(started))
	})
}

// LIM-4: calls go in the order in which they came, each waits on its own
// goroutine, and one that is given up leaves the others their places.
func TestQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &limited{limit: 2, window: 10 * time.Second}
		var mu sync.Mutex
		var order []int
		c := play().client(func(c *call.Config) { c.HTTP = &http.Client{Transport: server} })
		_, err := create(t.Context(), c)
		require.NoError(t, err)
		given, giveUp := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 9 {
			ctx := t.Context()
			if i == 4 {
				ctx = given
			}
			wg.Go(func() {
				_, err := create(ctx, c)
				if i == 4 {
					assert.ErrorIs(t, err, context.Canceled)
					assert.True(t, failure(t, err).NotSent)
					return
				}
				assert.NoError(t, err)
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			synctest.Wait() // each comes after the one before
		}
		giveUp()
		wg.Wait()
		assert.Equal(t, []int{0, 1, 2, 3, 5, 6, 7, 8}, order)
	})
}

// CTX-3: a wait at the gate that is sure to end too late is not begun.
func TestGateRefusesAWaitThatIsTooLong(t *testing.T) {
	t.Parallel()
	refuses := problem(429, "RATE_LIMITED", "Retry-After", "76", "X-RateLimit-Limit", "1", "X-RateLimit-Remaining", "0")
	for name, test := range map[string]struct {
		first          step
		hold, deadline time.Duration
	}{
		"past the deadline": {exhausted(30 * time.Second), 30 * time.Second, 20 * time.Second},
		"past MaxWait":      {refuses, 76 * time.Second, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(test.first)
				c := s.client()
				_, _ = create(t.Context(), c)
				started := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				_, err := create(ctx, c)
				assert.Zero(t, time.Since(started))
				got := failure(t, err)
				assert.Equal(t, http.StatusTooManyRequests, got.StatusCode)
				assert.Equal(t, test.hold, got.RetryAfter)
				assert.True(t, got.RetryAt.Equal(started.Add(test.hold)))
				assert.Equal(t, 1, got.RateLimit.Limit)
				assert.True(t, got.NotSent)
				assert.Len(t, s.hits, 1)
			})
		})
	}
}

// The first call of a route goes alone, the others follow when it has failed,
// or when it takes too long.
func TestFirstCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first  step
		before int // requests after 400 ms
		after  int // after 600 ms
	}{
		"hangs": {hangs, 1, 20}, "fails": {fails(brokenConnection()), 20, 20}, "is refused": {problem(404, "NOT_FOUND"), 20, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(test.first, answer(200, good))
				c := s.client()
				var wg sync.WaitGroup
				for range 20 {
					wg.Go(func() { _, _ = get(t.Context(), c, withRetry(1)) })
				}
				time.Sleep(400 * time.Millisecond)
				assert.GreaterOrEqual(t, s.count(), test.before)
				if test.before == 1 {
					assert.Equal(t, 1, s.count())
				}
				time.Sleep(200 * time.Millisecond)
				assert.GreaterOrEqual(t, s.count(), test.after)
				wg.Wait()
			})
		})
	}
}

// LIM-3: after one 429 the whole route waits; nobody else spends a request.
func TestOneRefusalHoldsTheRoute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(problem(429, "RATE_LIMITED", "Retry-After", "30"), answer(200, good))
		c := s.client()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := create(t.Context(), c)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		assert.Len(t, s.hits, 21)
		assert.GreaterOrEqual(t, s.hits[1].at.Sub(s.hits[0].at), 30*time.Second)
	})
}

// A server without limits is not slowed down: all calls are under way at once.
func TestNoHeadersNoGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(answer(200, good), func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return answer(200, good)(r)
		})
		c := s.client()
		_, err := get(t.Context(), c)
		require.NoError(t, err)
		started := time.Now()
		var wg sync.WaitGroup
		for range 500 {
			wg.Go(func() {
				_, err := get(t.Context(), c)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		assert.Equal(t, time.Second, time.Since(started))
	})
}

// The number of gates is bounded, whatever templates a program calls.
func TestGatesAreBounded(t *testing.T) {
	t.Parallel()
	s := play(answer(200, good))
	c := s.client()
	for i := range 5000 {
		require.NoError(t, call.Raw(t.Context(), c, "GET", fmt.Sprintf("/t%d", i), nil, nil, nil))
	}
	assert.LessOrEqual(t, c.Gates(), 1024)
}
