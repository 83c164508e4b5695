package call

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/api"
)

// RET-3 to RET-5, GATE-7: the decision on a retry, without the library that carries
// it out.
func TestPlan(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for name, test := range map[string]struct {
		fate        fate
		asked       time.Duration
		deadline    time.Duration // of the context; 0 for none
		unclear     time.Duration // ago, the first attempt of unknown fate
		refused     time.Duration // ago, the first 429
		counted     int32
		least, most time.Duration // of the wait; 0 for no retry
	}{
		"a 429 is waited out exactly":      {fate: limited, asked: 5 * s, least: 5 * s, most: 5 * s},
		"a 429 that asks for nothing":      {fate: limited, least: s / 10, most: 6 * s / 10},
		"a 503 gets a little on top":       {fate: unclear, asked: 8 * s, least: 8 * s, most: 9 * s},
		"a 503 that asks for nothing":      {fate: unclear, least: s / 10, most: 6 * s / 10},
		"longer than MaxWait":              {fate: limited, asked: 76 * s},
		"as long as MaxWait":               {fate: limited, asked: 75 * s, least: 75 * s, most: 75 * s},
		"the third failure":                {fate: unclear, counted: 2},
		"a 429 after two failures":         {fate: limited, asked: s, counted: 2, least: s, most: s},
		"past the deadline":                {fate: limited, asked: 5 * s, deadline: 5 * s},
		"jitter gives way to the deadline": {fate: unclear, asked: 8 * s, deadline: 8*s + 1, least: 8 * s, most: 8 * s},
		"the key protects it no longer":    {fate: limited, asked: 30 * s, unclear: 26 * s},
		"the key still protects it":        {fate: limited, asked: 30 * s, unclear: 25 * s, least: 30 * s, most: 30 * s},
		"refused for too long":             {fate: limited, asked: 30 * s, refused: 270 * s},
		"refused for almost too long":      {fate: limited, asked: 30 * s, refused: 269 * s, least: 30 * s, most: 30 * s},
		"refused by the API":               {fate: refused},
		"a provider's refusal":             {fate: settled},
		"a conflict":                       {fate: conflict},
		"a conflict with itself":           {fate: conflict, unclear: s, least: s / 10, most: 6 * s / 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				now := time.Now()
				x := &exchange{route: Post("Things.Create", "/things"), ctx: t.Context(), repeats: repeatUnclear}
				x.set = api.CallSettings{MaxAttempts: 3, MaxWait: 75 * s}
				x.counted, x.last.received = test.counted, now
				if test.deadline > 0 {
					ctx, cancel := context.WithTimeout(x.ctx, test.deadline)
					defer cancel()
					x.ctx = ctx
				}
				if test.unclear > 0 {
					x.maybeSent, x.firstUnclear = true, now.Add(-test.unclear)
				}
				if test.refused > 0 {
					x.firstRefused = now.Add(-test.refused)
				}
				wait, again := x.plan(&outcome{fate: test.fate, wait: test.asked})
				if assert.Equal(t, test.least > 0, again) && again {
					assert.GreaterOrEqual(t, wait, test.least)
					assert.LessOrEqual(t, wait, test.most)
				}
			})
		})
	}
}
