package call

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/devotel/orbit-go/api"
)

// Bounds of the retry layer.
const (
	// minBackoff and maxBackoff bound a wait that the server did not ask for.
	minBackoff = 100 * time.Millisecond
	maxBackoff = 8 * time.Second
	// baseBackoff bounds the first such wait; each further one may be twice as
	// long.
	baseBackoff = 500 * time.Millisecond
	// replayWindow is how long after a request of unknown fate the same
	// idempotency key is still trusted. The API documents 60 seconds.
	replayWindow = 55 * time.Second
	// maxSpread bounds the jitter that is added to what a server asks for.
	maxSpread = time.Second
	// maxHolds bounds the 429 answers that one call waits out.
	maxHolds = 10
)

// repeats is which failed attempts a call may repeat.
type repeats uint8

const (
	// repeatNothing makes one attempt.
	repeatNothing repeats = iota
	// repeatRefused repeats what provably was not accepted: not sent, or 429.
	repeatRefused
	// repeatUnclear also repeats what may have been accepted, where the call
	// reads or carries an idempotency key.
	repeatUnclear
)

// repeatsOf combines the operation's caution with the caller's policy.
func repeatsOf(r *Route, s *api.CallSettings) repeats {
	switch {
	case s.Retry == api.RetryNone || s.MaxAttempts == 1:
		return repeatNothing
	case r.caution == billedRead,
		r.caution == onceUnlessAsked && s.Retry != api.RetryDefault,
		s.Retry == api.RetrySafe && !r.isRead():
		return repeatRefused
	default:
		return repeatUnclear
	}
}

// fate is what an attempt tells of whether the API accepted the request.
type fate uint8

const (
	accepted fate = iota // a success that could be read
	unsent               // it provably did not reach the API
	refused              // the API said no
	limited              // the API said not yet
	conflict             // 409: after an unclear attempt, its own echo perhaps
	unclear              // it may have been accepted
	settled              // it may have been accepted, and a repeat cannot help
)

// fullJitter makes the n-th wait uniform between nothing and base<<n, at most
// limit.
func fullJitter(base, limit time.Duration) *backoff.ExponentialBackOff {
	b := &backoff.ExponentialBackOff{
		InitialInterval: base / 2, MaxInterval: limit / 2, Multiplier: 2, RandomizationFactor: 1,
		Stop: backoff.Stop, Clock: backoff.SystemClock,
	}
	b.Reset()
	return b
}

// checkRetry is asked by the retry layer after each attempt. It decides
// everything: whether to go on, and for how long to wait first.
func (x *exchange) checkRetry(_ context.Context, resp *http.Response, err error) (bool, error) {
	o := &x.last.outcome
	*o = x.judge(resp, err)
	x.keep()
	x.teach()
	x.observeAttempt()
	if o.fate == accepted {
		x.client.budget.earn()
	}
	wait, again := x.plan(o)
	x.waiting, x.last.wait = again, wait
	x.leave()
	if again {
		x.observeWait(wait)
	}
	return again, nil
}

// keep notes what the call must remember of the attempt that just ended.
func (x *exchange) keep() {
	o := &x.last.outcome
	x.reached = x.reached || o.fate != unsent
	if o.failure != nil && o.failure.Kind == KindAPI {
		x.lastRefusal = o.failure
	}
	if (o.fate == unclear || o.fate == settled) && !x.maybeSent {
		x.maybeSent, x.firstUnclear = true, x.last.started
	}
}

// plan returns how long to wait before the next attempt, and whether there is to
// be one.
func (x *exchange) plan(o *outcome) (time.Duration, bool) {
	if x.ctx.Err() != nil || o.final || !x.mayRepeat(o.fate) {
		return 0, false
	}
	held := o.fate == limited && o.wait > 0
	if held {
		x.holds++
	} else {
		x.counted++
	}
	if int(x.counted) >= x.set.MaxAttempts || x.holds > maxHolds {
		return 0, false
	}
	if o.wait > x.set.MaxWait {
		return 0, false
	}
	wait := x.spread(o.wait)
	now := time.Now()
	if !x.fits(now, wait) {
		wait = o.wait
		if wait == 0 || !x.fits(now, wait) {
			return 0, false
		}
	}
	if held {
		x.last.held = true
		return wait, true
	}
	if !x.client.budget.take() {
		o.failure.Unrepeated = "the client's retry budget is spent"
		return 0, false
	}
	return wait, true
}

// mayRepeat is the retry table.
func (x *exchange) mayRepeat(f fate) bool {
	switch f {
	case unsent, limited:
		return x.repeats >= repeatRefused
	case unclear:
		return x.repeats >= repeatUnclear
	case conflict:
		return x.repeats >= repeatUnclear && x.maybeSent
	default:
		return false
	}
}

// spread adds jitter: full jitter where the server asked for nothing, a little
// on top of what it asked for otherwise.
func (x *exchange) spread(asked time.Duration) time.Duration {
	if asked <= 0 {
		if x.backoff == nil {
			x.backoff = fullJitter(baseBackoff, maxBackoff)
		}
		return minBackoff + min(x.backoff.NextBackOff(), maxBackoff-minBackoff)
	}
	return asked + rand.N(min(asked/4, maxSpread)+1)
}

// fits reports whether an attempt after wait still makes sense: before the
// context's deadline and, for a write that may have been accepted, while its
// idempotency key is still known to protect it.
func (x *exchange) fits(now time.Time, wait time.Duration) bool {
	then := now.Add(wait)
	if deadline, ok := x.ctx.Deadline(); ok && !then.Before(deadline) {
		return false
	}
	return x.keyHolds(then)
}

// keyHolds reports whether the idempotency key still protects an attempt at
// that time.
func (x *exchange) keyHolds(at time.Time) bool {
	return x.route.isRead() || !x.maybeSent || at.Sub(x.firstUnclear) <= replayWindow
}

// pause is how long the retry layer sleeps: nothing where the gate holds the
// call.
func (x *exchange) pause(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	if x.last.held {
		return 0
	}
	return x.last.wait
}
