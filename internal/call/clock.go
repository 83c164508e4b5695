package call

import (
	"net/http"
	"sync"
	"time"
)

// bucketLife is how long the two halves of the clock's memory each last: a bad
// Date header is forgotten after twice that.
const bucketLife = 5 * time.Minute

// serverClock tells the server's time. A Date header is the server's time cut to
// whole seconds and aged by the way back, so the largest difference between
// Dates and their receipts is nearest to the truth, and never beyond it: a wait
// reckoned from it is met within milliseconds after some hundred answers, and
// not too early. Receipts are measured on the monotonic clock, so that a change
// of the local one does no harm.
type serverClock struct {
	mu      sync.Mutex
	origin  time.Time
	offset  [2]time.Duration // of the running and of the last bucket
	known   [2]bool
	started time.Time // of the running bucket
	header  string    // the last Date header, and what it says: many answers share one
	date    time.Time
}

func newServerClock() *serverClock {
	now := time.Now()
	return &serverClock{origin: now, started: now}
}

// observe learns from an answer.
func (c *serverClock) observe(h http.Header, received time.Time) {
	header := get(h, "Date")
	c.mu.Lock()
	defer c.mu.Unlock()
	if header != c.header {
		c.header = header
		c.date, _ = http.ParseTime(header)
	}
	if c.date.IsZero() {
		return
	}
	offset := c.date.Sub(c.local(received))
	c.rotate(received)
	if !c.known[0] || offset > c.offset[0] {
		c.offset[0], c.known[0] = offset, true
	}
}

// distrust forgets all but the given answer: the server has shown that its time
// is not what was presumed.
func (c *serverClock) distrust(h http.Header, received time.Time) {
	c.mu.Lock()
	c.known = [2]bool{}
	c.mu.Unlock()
	c.observe(h, received)
}

// rotate ages the memory.
func (c *serverClock) rotate(now time.Time) {
	switch age := now.Sub(c.started); {
	case age < bucketLife:
		return
	case age < 2*bucketLife:
		c.offset[1], c.known[1] = c.offset[0], c.known[0]
	default:
		c.known[1] = false
	}
	c.known[0], c.started = false, now
}

// at translates a server time to the local clock, on which timers run.
func (c *serverClock) at(server time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	var offset time.Duration
	switch {
	case c.known[0] && c.known[1]:
		offset = max(c.offset[0], c.offset[1])
	case c.known[0]:
		offset = c.offset[0]
	case c.known[1]:
		offset = c.offset[1]
	}
	return c.origin.Add(server.Sub(c.origin.Round(0)) - offset)
}

// local is the wall time that a monotonic reading stands for, by the wall clock
// as it was at the start.
func (c *serverClock) local(t time.Time) time.Time {
	return c.origin.Round(0).Add(t.Sub(c.origin))
}
