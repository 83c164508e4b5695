package orbittest

import (
	"net/http"
	"strconv"
	"time"
)

// A rate is the limit of one route. Windows are fixed: each starts at a multiple
// of its length by the server's clock, shifted by the phase.
type rate struct {
	requests int // admitted in a window; 0: no limit
	window   time.Duration
	burst    int // admitted in a second; 0: no limit
}

// unlimitedQuota is what the headers of a route without a limit say, always: a count
// that went down would make clients wait for a limit that does not exist.
const unlimitedQuota = 600

// rateOf is the limit in force on a route: the published one, unless an option
// says otherwise.
func (cfg *config) rateOf(r *route) rate {
	limit := rate{requests: r.perMinute, window: time.Minute}
	if cfg.unlimited {
		limit.requests = 0
	}
	for _, rule := range cfg.limits {
		if rule.routes.covers(r.method, r.path) {
			rule.set(&limit)
		}
	}
	if limit.window <= 0 {
		limit.window = time.Minute
	}
	return limit
}

// A limiter counts what each key has been admitted to on each route.
type limiter struct {
	shared   bool
	phase    time.Duration
	counters map[counterKey]*counter
}

type counterKey struct {
	apiKey string
	route  *route
}

type counter struct {
	window, second     time.Time // when the current ones started
	inWindow, inSecond int
}

// A quota is what the X-RateLimit headers say.
type quota struct {
	limit, remaining int
	reset            time.Time
}

// admit counts a request, or refuses it. What is refused is not counted, so that
// the number of requests admitted in a window never exceeds the limit.
func (l *limiter) admit(c *call) *failure {
	limit := c.route.limit
	if limit.requests == 0 && limit.burst == 0 {
		return nil
	}
	n := l.counter(c, true)
	if limit.requests > 0 && n.inWindow >= limit.requests {
		return limited(c, limit.requests, limit.window, n.window.Add(limit.window))
	}
	if limit.burst > 0 && n.inSecond >= limit.burst {
		return limited(c, limit.burst, time.Second, n.second.Add(time.Second))
	}
	n.inWindow++
	n.inSecond++
	return nil
}

// counter returns the count of the call's key and route, turned to the current
// window. Refused keys are looked at without being kept.
func (l *limiter) counter(c *call, keep bool) *counter {
	key := counterKey{c.apiKey, c.route}
	if l.shared {
		key.apiKey = ""
	}
	n := l.counters[key]
	if n == nil {
		n = new(counter)
		if keep {
			l.counters[key] = n
		}
	}
	if start := l.start(c.now, c.route.limit.window); !start.Equal(n.window) {
		n.window, n.inWindow = start, 0
	}
	if start := c.now.Truncate(time.Second); !start.Equal(n.second) {
		n.second, n.inSecond = start, 0
	}
	return n
}

// start is when the window around now began.
func (l *limiter) start(now time.Time, window time.Duration) time.Time {
	return now.Add(-l.phase).Truncate(window).Add(l.phase)
}

// quota is the state of the call's route after the call.
func (l *limiter) quota(c *call) quota {
	if c.route == nil || c.route.limit.requests == 0 {
		return quota{unlimitedQuota, unlimitedQuota, l.start(c.now, time.Minute).Add(time.Minute)}
	}
	limit, n := c.route.limit, l.counter(c, false)
	return quota{limit.requests, limit.requests - n.inWindow, n.window.Add(limit.window)}
}

// set writes the headers. The reset is rounded down to the second.
func (q quota) set(h http.Header) {
	h["X-Ratelimit-Limit"] = []string{strconv.Itoa(q.limit)}
	h["X-Ratelimit-Remaining"] = []string{strconv.Itoa(q.remaining)}
	h["X-Ratelimit-Reset"] = []string{strconv.FormatInt(q.reset.Unix(), 10)}
}

// limited is the 429 of a limit that opens again at the given time.
func limited(c *call, limit int, window time.Duration, opens time.Time) *failure {
	wait := int((opens.Sub(c.now) + time.Second - 1) / time.Second)
	return &failure{
		status:     http.StatusTooManyRequests,
		code:       rateLimitCode(c.server.cfg.generation),
		message:    "Rate limit exceeded. Retry after " + strconv.Itoa(wait) + " seconds.",
		details:    object{{"retry_after", wait}, {"limit", limit}, {"window", windowText(window)}},
		retryAfter: wait,
	}
}

// windowText writes a window as the API does: "60s".
func windowText(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}
