package call

import (
	"net/http"
	"sync"
	"sync/atomic"
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
	origin time.Time    // a moment of the monotonic clock
	wall   time.Time    // what the wall clock said then
	ahead  atomic.Int64 // how far the server's clock is, in nanoseconds
	last   atomic.Pointer[dated]

	mu      sync.Mutex
	offset  [2]time.Duration // of the running and of the last bucket
	known   [2]bool
	started time.Time // of the running bucket
}

// dated is a Date header that was taken into account.
type dated struct {
	header string
	at     time.Time
}

func newServerClock() *serverClock {
	now := time.Now()
	return &serverClock{origin: now, wall: now.Round(0), started: now}
}

// observe learns from an answer.
func (c *serverClock) observe(h http.Header, received time.Time) {
	header := get(h, "Date")
	if d := c.last.Load(); d != nil && d.header == header && received.Sub(d.at) < time.Second {
		return // of the answers of one second, the first tells the most
	}
	c.last.Store(&dated{header, received})
	date, err := http.ParseTime(header)
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	offset := date.Sub(c.local(received))
	c.rotate(received)
	if !c.known[0] || offset > c.offset[0] {
		c.offset[0], c.known[0] = offset, true
	}
	offset = c.offset[0]
	if c.known[1] {
		offset = max(offset, c.offset[1])
	}
	c.ahead.Store(int64(offset))
}

// distrust forgets all but the given answer: the server has shown that its time
// is not what was presumed.
func (c *serverClock) distrust(h http.Header, received time.Time) {
	c.mu.Lock()
	c.known = [2]bool{}
	c.ahead.Store(0)
	c.mu.Unlock()
	c.last.Store(nil)
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
	return c.origin.Add(server.Sub(c.wall) - time.Duration(c.ahead.Load()))
}

// local is the wall time that a monotonic reading stands for, by the wall clock
// as it was at the start.
func (c *serverClock) local(t time.Time) time.Time {
	return c.wall.Add(t.Sub(c.origin))
}
