package call_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// RET-6: when everything fails, a client does not multiply the load.
func TestRetryBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(problem(503, "SERVICE_UNAVAILABLE"))
		c := s.client()
		var wg sync.WaitGroup
		var mu sync.Mutex
		unrepeated := 0
		for range 1000 {
			wg.Go(func() {
				_, err := get(t.Context(), c)
				f := failure(t, err)
				mu.Lock()
				defer mu.Unlock()
				if f.Unrepeated != "" {
					unrepeated++
				}
			})
		}
		wg.Wait()
		assert.LessOrEqual(t, len(s.hits), 1200+100)
		assert.Greater(t, len(s.hits), 1000+90, "the budget is there to be used")
		assert.Greater(t, unrepeated, 900, "and the error says that it was spent")

		time.Sleep(3 * time.Minute) // it comes back with time
		before := len(s.hits)
		_, err := get(t.Context(), c)
		require.Error(t, err)
		assert.Len(t, s.hits, before+3)
	})
}

// RET-6: successes earn the budget back; holds after a 429 cost nothing.
func TestRetryBudgetIsEarned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := play(func(req *http.Request) (*http.Response, error) {
			if n++; n%6 == 0 { // one call in five needs a repeat
				return problem(503, "X")(req)
			}
			return answer(200, good)(req)
		})
		c := s.client()
		for range 2000 {
			_, err := get(t.Context(), c)
			require.NoError(t, err)
		}
		limited := play(problem(429, "RATE_LIMITED", "Retry-After", "1"), problem(429, "RATE_LIMITED", "Retry-After", "1"), answer(200, good))
		_, err := get(t.Context(), limited.client())
		require.NoError(t, err)
	})
}
