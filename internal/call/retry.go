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
	// patience is how many times MaxWait a call is refused for.
	patience = 4
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
	wait, again := x.plan(o)
	x.waiting, x.last.wait = again, wait
	if again {
		x.rest()
	}
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
	now := time.Now()
	if o.fate != limited {
		if x.counted++; int(x.counted) >= x.set.MaxAttempts {
			return 0, false
		}
	} else if x.firstRefused.IsZero() {
		x.firstRefused = now
	}
	asked := max(x.last.received.Add(o.wait).Sub(now), 0) // of which reading the body took a part
	wait := x.spread(o, asked)
	if !x.fits(now, wait) && o.wait > 0 { // the jitter gives way
		wait = asked
	}
	return wait, o.wait <= x.set.MaxWait && x.fits(now, wait)
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

// spread is the wait before the next attempt. A 429 is waited out exactly: with
// jitter, those who were refused would come last in the next window. What another
// response asks for gets a little on top; where it asks for nothing the wait has
// full jitter.
func (x *exchange) spread(o *outcome, asked time.Duration) time.Duration {
	switch {
	case o.wait <= 0:
		if x.backoff == nil {
			x.backoff = fullJitter(baseBackoff, maxBackoff)
		}
		return minBackoff + min(x.backoff.NextBackOff(), maxBackoff-minBackoff)
	case o.fate == limited:
		return asked
	default:
		return asked + rand.N(min(o.wait/4, maxSpread)+1)
	}
}

// fits reports whether an attempt after wait still makes sense: before the
// context's deadline, before the call has been refused for too long, and, for a
// write that may have been accepted, while its idempotency key is still known to
// protect it.
func (x *exchange) fits(now time.Time, wait time.Duration) bool {
	then := now.Add(wait)
	if deadline, ok := x.ctx.Deadline(); ok && !then.Before(deadline) {
		return false
	}
	if !x.firstRefused.IsZero() && then.Sub(x.firstRefused)/patience >= x.set.MaxWait {
		return false
	}
	return x.keyHolds(then)
}

// keyEnds is when the idempotency key no longer protects an attempt; zero for a
// read, and while no attempt may have been accepted.
func (x *exchange) keyEnds() time.Time {
	if x.route.isRead() || !x.maybeSent {
		return time.Time{}
	}
	return x.firstUnclear.Add(replayWindow)
}

// keyHolds reports whether an attempt at that time is safe.
func (x *exchange) keyHolds(at time.Time) bool {
	ends := x.keyEnds()
	return ends.IsZero() || !at.After(ends)
}

// pause is how long the retry layer sleeps: all that the server asked of this call.
// The gate's waits come after it.
func (x *exchange) pause(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	return x.last.wait
}
