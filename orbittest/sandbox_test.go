package orbittest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/orbittest"
)

// A step is what a message's status is from an age on.
type step struct {
	age    time.Duration
	status string
}

const ms = time.Millisecond

// TST-2
func TestSandboxDigits(t *testing.T) {
	sent := step{50 * ms, "sent"}
	for to, steps := range map[string][]step{
		"+15005550001": {{50 * ms, "submitted"}, {time.Hour, "submitted"}},
		"+15005550002": {sent, {100 * ms, "delivered"}},
		"+15005550003": {sent, {time.Second, "undelivered"}},
		"+15005550004": {{100 * ms, "failed"}},
		"+15005550005": {sent, {3 * time.Second, "expired"}},
		"+15005550006": {sent, {5 * time.Second, "unknown"}},
		"+15005550007": {{100 * ms, "rejected"}},
		"+15005550008": {{100 * ms, "blocked"}},
		"+15005550009": {sent, {time.Second, "undelivered"}},
		"+15005550000": {sent, {10 * time.Second, "submitted_no_receipt"}},
	} {
		t.Run(to, func(t *testing.T) {
			follow(t, orbittest.DefaultAPIKey, nil, to, steps)
		})
	}
}

func TestLiveMessages(t *testing.T) {
	follow(t, "dv_live_sk_x", nil, "+15005550004", []step{{200 * ms, "sent"}, {time.Second, "delivered"}})
}

func TestSandboxByHeaderOrOrganization(t *testing.T) {
	failed := []step{{100 * ms, "failed"}}
	follow(t, "dv_live_sk_x", []string{"X-Test-Mode", "true"}, "+15005550004", failed)
	follow(t, "dv_live_sk_x", nil, "+15005550004", failed, orbittest.WithSandbox())
}

// follow sends a message and looks at it just before and at each step.
func follow(t *testing.T, key string, header []string, to string, steps []step, opts ...orbittest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, append(opts, bothKeys())...)
		a := do(t, s, "POST", "/messages/sms", `{"to":"`+to+`","body":"x"}`, append(header, "X-API-Key", key)...)
		assert.Equal(t, "queued", a.at("data.status"))
		status := func() any { return do(t, s, "GET", "/messages/"+a.id(), "").at("data.status") }
		start, before := time.Now(), "queued"
		for _, next := range steps {
			time.Sleep(next.age - 1*ms - time.Since(start))
			assert.Equal(t, before, status(), "before %v", next.age)
			time.Sleep(1 * ms)
			assert.Equal(t, next.status, status(), "at %v", next.age)
			assert.EqualValues(t, next.status, s.Messages()[0].Status)
			before = next.status
		}
	})
}
