package strict

import (
	"testing"
	"time"
)

// The least times, reckoned by hand.
func TestLeast(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for name, test := range map[string]struct {
		policy Policy
		n      int
		want   time.Duration
	}{
		"fixed":       {&Fixed{Limit: 2, Window: s}, 5, 2 * s},
		"not aligned": {&Fixed{Limit: 2, Window: s, Phase: s / 4}, 5, s + s/4},
		"goes up":     {&Fixed{Limit: 1, After: 3, Window: 60 * s}, 4, 90 * s},
		"sliding":     {&Sliding{Limit: 2, Window: s}, 5, 2 * s},
		"tokens":      {&Bucket{Size: 3, Every: s}, 5, 2 * s},
		"leaky":       {&Bucket{Size: 1, Every: s}, 5, 4 * s},
		"burst":       {&Both{&Fixed{Limit: 4, Window: 60 * s}, PerSecond(2)}, 6, 60 * s},
	} {
		if got := Least(test.policy, test.n); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
