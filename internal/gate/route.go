package gate

import (
	"context"
	"sync"
	"time"
)

// Route is the gate of one route. Whoever holds its lock moves it: a call that
// arrives, an attempt that ends, or the timer. No goroutine waits in it but those
// of the calls.
//
// It is open, or in doubt: at the start, at the end of a window, after a refusal
// and in an outage. In doubt one call goes first, and its response opens the route.
type Route struct {
	rules *rules
	start time.Time

	mu    sync.Mutex
	again queue // calls that have made an attempt
	fresh queue // the others
	timer *time.Timer

	open    bool
	changed bool   // so that everybody in the queue is to be looked at
	opened  bool   // at least once
	epoch   uint64 // begins with each doubt but an outage
	flying  int    // attempts of the epoch that are under way
	resting int    // calls between two attempts
	held    int    // places that are kept for retries, in the epoch
	most    int    // attempts under way until the queue is empty; 0 for no bound
	slow    bool   // most grows with each success, not with most of them
	grown   int    // successes since most grew
	losses  losses

	window
	doubt
	pace pace
}

// doubt is how a route that is not open goes on.
type doubt struct {
	from     time.Time     // before which the server wants nothing
	asked    time.Time     // when it was last asked
	next     time.Time     // before which no probe goes, by our own schedule
	until    time.Time     // when others stop waiting for the probe that is out
	step     time.Duration // from probe to probe
	doubts   uint64        // their number
	probes   int           // that are out
	presumed bool          // a window began, as far as the clock tells

	since     time.Time // the first refusal or failure after the last response that was neither
	refusals  int       // since then
	failures  int
	tries     int           // probes of the outage
	crowd     int           // most, once the outage is over
	release   time.Duration // the pace then
	roundTrip time.Duration
}

// Enter waits until the call may make its attempt, and returns the time. The error
// is the context's, or a *Closed. After keyEnds an attempt is no longer safe; zero
// for never.
func (r *Route) Enter(ctx context.Context, c *Call, keyEnds time.Time) (time.Time, error) {
	r.mu.Lock()
	r.wake(c)
	now := time.Now()
	if c.entered == 0 {
		c.entered = now.Sub(r.start) + 1
	}
	r.advance(now)
	if r.exempt(c, now) || r.queued() == 0 && r.admits(c, now) {
		r.take(c, now)
		r.run()
		r.mu.Unlock()
		return now, nil
	}
	ahead := r.again.n
	if !c.asked {
		ahead += r.fresh.n
	}
	w := &waiter{call: c, turn: make(chan error, 1), keyEnds: keyEnds}
	w.deadline, _ = ctx.Deadline()
	if closed := r.vain(w, ahead, now); closed != nil {
		r.mu.Unlock()
		return now, closed
	}
	r.queue(w)
	r.turn(now)
	r.mu.Unlock()
	err := r.await(ctx, w)
	return time.Now(), err
}

// Rest tells that the call will make another attempt after a wait of its own.
// With hold, a place of the window is kept for it.
func (r *Route) Rest(c *Call, hold bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !c.resting {
		c.resting = true
		r.resting++
	}
	if !hold {
		return
	}
	r.losses.count(0, 1)
	if c.held != r.epoch && r.known && (!r.counted || r.left > r.held) {
		c.held = r.epoch
		r.held++
	}
}

// End tells that a call that has rested is over.
func (r *Route) End(c *Call) {
	if !c.resting && c.held == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wake(c)
	r.unhold(c)
	r.run()
}

// Drop takes back an attempt that was let in and is not made.
func (r *Route) Drop(c *Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(c)
	r.run()
}

func (r *Route) drop(c *Call) {
	if r.rules.current(c.epoch, r.epoch) {
		r.land(c)
		r.left++
	}
}

// wake ends the rest of a call.
func (r *Route) wake(c *Call) {
	if c.resting {
		c.resting = false
		r.resting--
	}
}

// unhold gives up the place that is kept for a call.
func (r *Route) unhold(c *Call) {
	if c.held == r.epoch {
		r.held--
	}
	c.held = 0
}

// run is turn, if there is anybody to let in.
func (r *Route) run() {
	if r.queued() > 0 {
		r.turn(time.Now())
	} else {
		r.most, r.slow, r.pace.release = 0, false, 0
	}
}

// turn lets in whoever may go, in order, and sends away who waits in vain.
func (r *Route) turn(now time.Time) {
	r.advance(now)
	for w := r.first(); w != nil && r.admits(w.call, now); w = r.first() {
		r.letIn(w, now)
	}
	if r.changed {
		r.changed = false
		r.review(now)
	}
	r.alarm(now)
}

func (r *Route) letIn(w *waiter, now time.Time) {
	w.remove()
	r.take(w.call, now)
	w.turn <- nil
}

// review looks at everybody in the queue after a change.
func (r *Route) review(now time.Time) {
	ahead := 0
	for _, q := range []*queue{&r.again, &r.fresh} {
		for w := q.first; w != nil; {
			following := w.next
			if r.exempt(w.call, now) {
				r.letIn(w, now)
			} else if closed := r.vain(w, ahead, now); closed != nil {
				w.remove()
				w.turn <- closed
			} else {
				ahead++
			}
			w = following
		}
	}
}

// alarm sets the timer for the next thing that the clock decides.
func (r *Route) alarm(now time.Time) {
	at := r.due(now)
	switch {
	case at.IsZero():
		if r.timer != nil {
			r.timer.Stop()
		}
	case r.timer == nil:
		r.timer = time.AfterFunc(at.Sub(now), func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.run()
		})
	default:
		r.timer.Reset(at.Sub(now))
	}
}

// due is when the first in the queue may be let in; zero if nobody waits, or if
// only an attempt under way can change anything.
func (r *Route) due(now time.Time) time.Time {
	switch at := r.reopens(); {
	case r.queued() == 0:
		return time.Time{}
	case at.After(now):
		return at
	case r.open && r.pace.next.After(now):
		return r.pace.next
	case r.open:
		return r.ends
	case r.probes == 0:
		return r.next
	default:
		return r.until
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
