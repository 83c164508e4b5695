package call

import (
	"container/list"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/devotel/orbit-go/api"
)

// Bounds of a route's gate.
const (
	// sameWindow is how far two resets may differ and still mean one window.
	sameWindow = time.Second
	// resetMargin is how much later than it says a window may end: the header
	// is cut to whole seconds.
	resetMargin = time.Second
	// probeBound is how long others wait at most for the answer of the call that
	// goes first, and while nothing is known of how long answers take.
	probeBound = 500 * time.Millisecond
	// minProbeBound keeps a quick server from letting everybody go at once.
	minProbeBound = 50 * time.Millisecond
	// maxHold bounds how long one answer can close a route.
	maxHold = time.Hour
)

// routeGate shares one route's limit among the calls of a client. Whoever holds
// its lock moves it: a call that arrives, an answer that comes back, or the
// timer of the first call in the queue. No goroutine is ever started.
type routeGate struct {
	clock *serverClock

	mu    sync.Mutex
	queue list.List // of *waiter, in the order of arrival

	window
	probe probe

	answered  bool      // some attempt has been
	inFlight  int       // attempts that were let in and have not been answered
	closed    time.Time // before which nobody is let in
	ends      time.Time // when the window ends, by the local clock
	lenient   time.Time // until when windows are taken to end later than they say
	roundTrip time.Duration
	pace      pace
}

// waiter is a call in the queue.
type waiter struct {
	wake chan struct{} // has room for one
	in   bool          // it was let in
}

// window is what is known of the running window.
type window struct {
	known     bool // the server has sent limits
	limit     int
	remaining int
	reset     time.Time // by the server's clock
	length    time.Duration
	presumed  bool // it has ended by the clock, and no answer has said so yet
}

// probe is the call that goes first where nothing is certain.
type probe struct {
	out   bool
	until time.Time // when the others stop waiting for it
}

// enter waits until the call may make its attempt.
func (g *routeGate) enter(ctx context.Context, x *exchange) (time.Time, error) {
	g.mu.Lock()
	now := time.Now()
	if g.queue.Len() == 0 && g.admit(now) {
		g.mu.Unlock()
		return now, nil
	}
	if err := g.tooLong(ctx, x, now); err != nil {
		g.mu.Unlock()
		return now, err
	}
	w := &waiter{wake: make(chan struct{}, 1)}
	var place *list.Element
	if x.attempts > 0 {
		place = g.queue.PushFront(w) // it has waited its turn before
	} else {
		place = g.queue.PushBack(w)
	}
	g.mu.Unlock()
	err := g.await(ctx, w, place)
	return time.Now(), err
}

// await sleeps until the waiter is let in. Only the first in the queue has a
// timer; the others are woken by those before them.
func (g *routeGate) await(ctx context.Context, w *waiter, place *list.Element) error {
	for {
		timer := g.timer(place)
		select {
		case <-ctx.Done():
			stop(timer)
			return g.give(ctx, w, place)
		case <-w.wake:
			stop(timer)
		case <-channel(timer):
		}
		g.mu.Lock()
		g.release(time.Now(), w)
		in := w.in
		g.mu.Unlock()
		if in {
			return nil
		}
	}
}

// give takes a waiter whose context ended out of the queue. If it was let in at
// the same moment, its place goes back.
func (g *routeGate) give(ctx context.Context, w *waiter, place *list.Element) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.in {
		g.vacate()
	} else {
		g.queue.Remove(place)
		g.release(time.Now(), nil)
	}
	return ctx.Err()
}

// giveBack takes back an attempt that was let in and is not made.
func (g *routeGate) giveBack() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.vacate()
}

// vacate frees the place of an attempt of which nothing will be heard. If it was
// to go first, the next one does.
func (g *routeGate) vacate() {
	g.inFlight = max(g.inFlight-1, 0)
	g.probe = probe{}
	g.release(time.Now(), nil)
}

// timer returns a timer for the first in the queue, nil for the others.
func (g *routeGate) timer(place *list.Element) *time.Timer {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.queue.Front() != place {
		return nil
	}
	now := time.Now()
	next := g.opens(now)
	if next.IsZero() {
		return nil // an answer will wake it
	}
	return time.NewTimer(max(next.Sub(now), 0))
}

func channel(t *time.Timer) <-chan time.Time {
	if t == nil {
		return nil
	}
	return t.C
}

func stop(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// release lets in as many as it can, in order, and wakes the one that is first
// then, so that it sets its timer anew; self is awake already.
func (g *routeGate) release(now time.Time, self *waiter) {
	for e := g.queue.Front(); e != nil; e = g.queue.Front() {
		w := e.Value.(*waiter) //nolint:forcetypeassert // the queue holds nothing else
		if !g.admit(now) {
			if w != self {
				w.poke()
			}
			return
		}
		g.queue.Remove(e)
		w.in = true
		w.poke()
	}
}

func (w *waiter) poke() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// admit lets one attempt in, if one may go now.
func (g *routeGate) admit(now time.Time) bool {
	if now.Before(g.closed) || !g.pace.allows(now) {
		return false
	}
	if g.known && !g.presumed && !now.Before(g.ends) {
		g.presumed, g.remaining, g.probe = true, g.limit, probe{}
	}
	if g.uncertain() {
		if g.probe.out && now.Before(g.probe.until) {
			return false
		}
		if !g.probe.out {
			g.probe = probe{out: true, until: now.Add(g.probeTime())}
		}
	}
	if g.spent() {
		return false
	}
	g.inFlight++
	g.pace.spend(now)
	return true
}

// spent reports whether what remains is taken by the attempts that are under way.
// In a window that is only presumed, one may always ask.
func (g *routeGate) spent() bool {
	return g.known && g.remaining <= g.inFlight && !(g.presumed && g.inFlight == 0)
}

// uncertain reports whether one call should go first: on a route without an
// answer yet, and in a window that is only presumed to have begun.
func (g *routeGate) uncertain() bool { return !g.answered || g.presumed }

// probeTime is about two round trips.
func (g *routeGate) probeTime() time.Duration {
	if g.roundTrip == 0 {
		return probeBound
	}
	return min(max(2*g.roundTrip, minProbeBound), probeBound)
}

// opens is when the first in the queue may be let in, as far as the clock
// decides it; zero where only an answer can.
func (g *routeGate) opens(now time.Time) time.Time {
	at := later(later(now, g.closed), g.pace.next)
	switch {
	case g.spent():
		if g.presumed {
			return time.Time{}
		}
		return later(at, g.ends)
	case g.uncertain() && g.probe.out:
		return later(at, g.probe.until)
	}
	return at
}

// tooLong refuses a wait that is sure to end after the context or after what the
// call wants to wait for a server.
func (g *routeGate) tooLong(ctx context.Context, x *exchange, now time.Time) error {
	until := g.closed
	if g.known && !g.presumed && g.remaining <= 0 {
		until = later(until, g.ends)
	}
	if !until.After(now) {
		return nil
	}
	queued := until
	if g.limit > 0 {
		queued = until.Add(time.Duration(g.queue.Len()/g.limit) * g.length)
	}
	deadline, ok := ctx.Deadline()
	longest := x.set.MaxWait
	if x.attempts > 0 {
		longest += maxSpread // of a wait that was found to be short enough
	}
	if until.Sub(now) > longest || ok && !queued.Before(deadline) || !x.keyHolds(queued) {
		return &tooLong{until: queued, limit: g.rateLimit()}
	}
	return nil
}

func (g *routeGate) rateLimit() api.RateLimit {
	return api.RateLimit{Limit: g.limit, Remaining: max(g.remaining, 0), Reset: g.reset}
}

// leave learns from the end of an attempt, and lets the next ones in.
func (g *routeGate) leave(x *exchange) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight = max(g.inFlight-1, 0)
	if x.last.header == nil {
		g.probe = probe{} // the next one goes first
		g.remaining--     // it may have been counted
	} else {
		g.answered = true
		g.roundTrip = x.last.received.Sub(x.last.started)
		g.learn(x)
	}
	if g.queue.Len() > 0 {
		g.release(time.Now(), nil)
	}
}

// learn takes in the headers of an answer, a success or an error.
func (g *routeGate) learn(x *exchange) {
	said, received := &x.last.limits, x.last.received
	limited := x.last.status == http.StatusTooManyRequests
	ends := g.clock.at(said.Reset)
	if said.known && !said.Reset.IsZero() && ends.Sub(received) < maxHold {
		early := g.window.learn(said.RateLimit)
		if early && (limited || said.Remaining > 0) {
			g.clock.distrust(x.last.header, received)
			g.lenient = received.Add(bucketLife)
		}
	} else {
		g.remaining--
	}
	if limited {
		g.limited(x, said.known && said.Remaining > 0)
	} else {
		g.pace.succeed(received)
	}
	if g.reset != said.Reset {
		ends = g.clock.at(g.reset)
	}
	g.ends = ends
	if received.Before(g.lenient) {
		g.ends = g.ends.Add(resetMargin)
	}
}

// learn updates the window from the headers of an answer. Answers may overtake
// each other: in one window the smallest remainder counts, and those of a window
// that is over count no more. It reports whether the window was presumed to be
// over and is not.
func (w *window) learn(said api.RateLimit) (early bool) {
	remaining, reset := said.Remaining, said.Reset
	moved := reset.Sub(w.reset)
	switch {
	case !w.known:
		w.known, w.remaining, w.reset = true, remaining, reset
	case moved > sameWindow:
		if w.presumed {
			remaining = min(remaining, w.remaining)
		}
		if w.length == 0 || moved < w.length {
			w.length = moved
		}
		w.remaining, w.reset, w.presumed = remaining, reset, false
	case moved < -sameWindow:
		return false
	case w.presumed:
		w.remaining, w.presumed = remaining, false
		early = true
	default:
		w.remaining, w.reset = min(w.remaining, remaining), later(w.reset, reset)
	}
	w.limit = max(said.Limit, 1)
	return early
}

// limited closes the route after a 429: the burst limit for as long as the
// server asks, and paced from then on; the window's limit until its end.
func (g *routeGate) limited(x *exchange, burst bool) {
	wait := max(x.last.outcome.wait, x.last.wait)
	if burst {
		g.pace.slow(x.last.received)
	} else if wait == 0 && g.known {
		wait = g.clock.at(g.reset).Add(resetMargin).Sub(x.last.received)
	}
	g.closed = later(g.closed, x.last.received.Add(min(wait, maxHold)))
}

// idle reports whether nobody is at the gate.
func (g *routeGate) idle() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inFlight == 0 && g.queue.Len() == 0
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
