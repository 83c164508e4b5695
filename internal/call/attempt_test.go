package call_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// FATE-3: what one attempt was told says nothing about the waits of later ones.
func TestAttemptsAreApart(t *testing.T) {
	t.Parallel()
	limited := problem(429, "RATE_LIMITED", "Retry-After", "1", "X-Ratelimit-Remaining", "5")
	for name, test := range map[string]struct {
		steps []step
		least []time.Duration // between the attempts
	}{
		"429, then 503 with a wait": {
			[]step{limited, problem(503, "SERVICE_UNAVAILABLE", "Retry-After", "20"), answer(200, good)},
			[]time.Duration{time.Second, 20 * time.Second},
		},
		"429, then 503": {
			[]step{limited, problem(503, "SERVICE_UNAVAILABLE"), answer(200, good)},
			[]time.Duration{time.Second, 100 * time.Millisecond},
		},
		"503 with a wait, then 503": {
			[]step{problem(503, "SERVICE_UNAVAILABLE", "Retry-After", "20"), problem(503, "SERVICE_UNAVAILABLE"), answer(200, good)},
			[]time.Duration{20 * time.Second, 100 * time.Millisecond},
		},
		"429, then a broken connection": {
			[]step{limited, fails(brokenConnection()), answer(200, good)},
			[]time.Duration{time.Second, 100 * time.Millisecond},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(test.steps...)
				_, err := create(t.Context(), s.client())
				require.NoError(t, err)
				require.Len(t, s.hits, len(test.steps))
				for i, least := range test.least {
					gap := s.hits[i+1].at.Sub(s.hits[i].at)
					assert.GreaterOrEqual(t, gap, least)
					assert.LessOrEqual(t, gap, least+8*time.Second)
				}
			})
		})
	}
}

// FATE-3: what is told of a call's last response is of that response alone.
func TestLastResponseIsToldAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out api.Response
		s := play(problem(503, "SERVICE_UNAVAILABLE"), answer(200, `{"data":{}}`))
		_, err := create(t.Context(), s.client(), option(func(s *api.CallSettings) { s.Capture = &out }))
		f := failure(t, err)
		assert.Equal(t, call.KindDecode, f.Kind)
		assert.Equal(t, 200, out.StatusCode)
		assert.Empty(t, out.RequestID, "that of the 503")
	})
}
