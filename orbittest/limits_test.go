package orbittest_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// A quota is what the headers say.
type quota struct {
	limit, remaining int
	reset            time.Time
}

func quotaOf(t *testing.T, a answer) quota {
	t.Helper()
	limit, err := strconv.Atoi(a.header.Get("X-RateLimit-Limit"))
	require.NoError(t, err)
	remaining, err := strconv.Atoi(a.header.Get("X-RateLimit-Remaining"))
	require.NoError(t, err)
	reset, err := strconv.ParseInt(a.header.Get("X-RateLimit-Reset"), 10, 64)
	require.NoError(t, err)
	return quota{limit, remaining, time.Unix(reset, 0).UTC()}
}

func bubbleStart() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }

// LIM-2
func TestPublishedLimits(t *testing.T) {
	s := orbittest.New(t)
	for path, limit := range map[string]int{
		"sms": 100, "whatsapp": 80, "email": 200, "rcs": 50, "viber": 50, "messenger": 80, "line": 80,
		"telegram": 80, "group": 60, "fax": 20,
	} {
		q := quotaOf(t, do(t, s, "POST", "/messages/"+path, `{}`)) // refused as invalid, but counted
		assert.Equal(t, limit, q.limit, path)
		assert.Equal(t, limit-1, q.remaining, path)
	}
	assert.Equal(t, 120, quotaOf(t, do(t, s, "GET", "/messages", "")).limit)
	for _, a := range []answer{
		do(t, s, "POST", "/messages/push", `{}`), do(t, s, "GET", "/messages/x", ""), do(t, s, "GET", "/nothing", ""),
	} {
		q := quotaOf(t, a)
		assert.Equal(t, []int{600, 600}, []int{q.limit, q.remaining}, "no limit of its own")
	}
}

// LIM-6
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithLimit("POST /messages/sms", 2, time.Minute))
		time.Sleep(10*time.Second + 300*time.Millisecond)

		q := quotaOf(t, sendSMS(t, s))
		assert.Equal(t, quota{2, 1, bubbleStart().Add(time.Minute)}, q)
		assert.Equal(t, 0, quotaOf(t, sendSMS(t, s)).remaining)

		a := sendSMS(t, s)
		assert.Equal(t, 429, a.status)
		assert.Equal(t, "RATE_LIMITED", a.code())
		assert.Equal(t, "50", a.header.Get("Retry-After"), "49.7 s, rounded up")
		assert.Equal(t, map[string]any{"retry_after": 50., "limit": 2., "window": "60s"}, a.at("error.details"))
		assert.Equal(t, quota{2, 0, bubbleStart().Add(time.Minute)}, quotaOf(t, a))

		assert.Equal(t, 202, sendSMS(t, s, "X-API-Key", "dv_test_sk_other").status, "each key has its own")
		assert.Equal(t, 200, do(t, s, "GET", "/messages", "").status, "each route has its own")

		time.Sleep(50*time.Second - 301*time.Millisecond + 600*time.Millisecond)
		assert.Equal(t, 202, sendSMS(t, s).status, "the next window")
		assert.Len(t, s.Messages(), 4)
	})
}

func TestOlderRateLimitAnswer(t *testing.T) {
	s := orbittest.New(t, orbittest.WithGeneration(orbittest.Older), orbittest.WithLimit("*", 1, time.Hour))
	sendSMS(t, s)
	a := sendSMS(t, s)
	assert.Equal(t, "RATE_LIMIT_EXCEEDED", a.code())
	assert.Empty(t, a.header.Get("Retry-After"))
	assert.IsType(t, 0., a.at("error.details.retry_after"), "a number in both generations")
	assert.Equal(t, "3600s", a.at("error.details.window"))
}

// LIM-1
func TestNeverMoreThanTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 100
		s := orbittest.New(t)
		var wg sync.WaitGroup
		for range 250 {
			wg.Go(func() {
				for {
					a, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS))
					if !assert.NoError(t, err) || a.status != http.StatusTooManyRequests {
						return
					}
					wait, err := strconv.Atoi(a.header.Get("Retry-After"))
					assert.NoError(t, err)
					time.Sleep(time.Duration(wait) * time.Second)
				}
			})
		}
		wg.Wait()
		admitted := map[time.Time]int{}
		for _, r := range s.Requests() {
			if r.Status == http.StatusAccepted {
				admitted[r.Time.UTC().Truncate(time.Minute)]++
			}
		}
		start := bubbleStart()
		assert.Equal(t, map[time.Time]int{start: limit, start.Add(time.Minute): limit, start.Add(2 * time.Minute): 50}, admitted)
	})
}

func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithBurst("POST *", 2))
		sendSMS(t, s)
		sendSMS(t, s)
		a := sendSMS(t, s)
		assert.Equal(t, 429, a.status)
		assert.Equal(t, "1", a.header.Get("Retry-After"))
		assert.Equal(t, map[string]any{"retry_after": 1., "limit": 2., "window": "1s"}, a.at("error.details"))
		assert.Equal(t, 98, quotaOf(t, a).remaining, "requests are left")

		time.Sleep(time.Second)
		assert.Equal(t, 97, quotaOf(t, sendSMS(t, s)).remaining)
	})
}

func TestBurstWithoutWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, orbittest.WithoutLimits(), orbittest.WithBurst("*", 1))
		assert.Equal(t, 202, sendSMS(t, s).status)
		a := sendSMS(t, s)
		assert.Equal(t, 429, a.status)
		assert.Equal(t, 600, quotaOf(t, a).remaining)
	})
}

func TestLimitOptions(t *testing.T) {
	const route = "POST /messages/sms"
	for name, test := range map[string]struct {
		opts     []orbittest.Option
		admitted int // of 5 by two keys each
	}{
		"none":           {[]orbittest.Option{orbittest.WithoutLimits()}, 10},
		"lifted":         {[]orbittest.Option{orbittest.WithLimit(route, 0, 0)}, 10},
		"a limit":        {[]orbittest.Option{orbittest.WithLimit(route, 2, time.Hour)}, 4},
		"the last":       {[]orbittest.Option{orbittest.WithLimit("*", 1, time.Hour), orbittest.WithLimit("POST *", 3, time.Hour)}, 6},
		"another":        {[]orbittest.Option{orbittest.WithLimit("GET *", 1, time.Hour)}, 10},
		"survives":       {[]orbittest.Option{orbittest.WithLimit(route, 2, time.Hour), orbittest.WithoutLimits()}, 4},
		"shared by keys": {[]orbittest.Option{orbittest.WithLimit(route, 2, time.Hour), orbittest.WithSharedLimits()}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := orbittest.New(t, test.opts...)
			for range 5 {
				sendSMS(t, s)
				sendSMS(t, s, "X-API-Key", "dv_live_sk_other")
			}
			assert.Len(t, s.Messages(), test.admitted)
		})
	}
}

func TestWithoutLimitHeaders(t *testing.T) {
	s := orbittest.New(t, orbittest.WithoutLimitHeaders())
	assert.NotContains(t, sendSMS(t, s).header, "X-Ratelimit-Limit")
}

func TestWindowPhase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t,
			orbittest.WithLimit("*", 1, time.Minute), orbittest.WithWindowPhase(700*time.Millisecond))
		time.Sleep(time.Second)
		a := sendSMS(t, s)
		assert.Equal(t, bubbleStart().Add(time.Minute), quotaOf(t, a).reset, "60.7 s, rounded down")

		time.Sleep(59 * time.Second)
		assert.Equal(t, 429, sendSMS(t, s).status, "the old window is still open")
		time.Sleep(time.Second)
		assert.Equal(t, 202, sendSMS(t, s).status)
	})
}

func TestWhatCounts(t *testing.T) {
	s := orbittest.New(t)
	remaining := func(a answer) int { return quotaOf(t, a).remaining }

	assert.Equal(t, 99, remaining(sendSMS(t, s, "Idempotency-Key", "key-of-a")))
	assert.Equal(t, 98, remaining(sendSMS(t, s, "Idempotency-Key", "key-of-a")), "a repetition counts")
	assert.Equal(t, 97, remaining(do(t, s, "POST", "/messages/sms", `{}`)), "an invalid request counts")

	s.FailNext("POST /messages/sms", orbittest.Unavailable(), orbittest.ResetBefore(), orbittest.ResetAfter())
	assert.Equal(t, 96, remaining(sendSMS(t, s)), "a scripted answer counts")
	_, err := try(t, s, newRequest(t, "POST", "/messages/sms", anSMS))
	require.Error(t, err)
	assert.Equal(t, 100, remaining(sendSMS(t, s, "X-API-Key", "nobody")), "a bad key has no count")
	_, err = try(t, s, newRequest(t, "POST", "/messages/sms", anSMS))
	require.Error(t, err)
	assert.Equal(t, 94, remaining(sendSMS(t, s)), "a break after arrival counts, one before does not")
}

func TestClockOffset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ahead = 90 * time.Second
		s := full(t, orbittest.WithClockOffset(ahead))
		a := sendSMS(t, s)
		assert.Equal(t, bubbleStart().Add(ahead).Format(http.TimeFormat), a.header.Get("Date"))
		assert.Equal(t, bubbleStart().Add(2*time.Minute), quotaOf(t, a).reset)
		assert.Equal(t, "2000-01-01T00:01:30.000Z", a.at("data.created_at"))
		assert.Equal(t, bubbleStart(), s.Requests()[0].Time.UTC(), "by the local clock")
		assert.Equal(t, bubbleStart().Add(ahead), s.Messages()[0].CreatedAt.UTC())
	})
}
