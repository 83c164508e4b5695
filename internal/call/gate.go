package call

import (
	"net/http"

	"github.com/devotel/orbit-go/internal/gate"
)

// admit waits until the next attempt may be made: for the user's limiter, then at
// the gate of the route.
func (x *exchange) admit(*http.Request) error {
	if l := x.client.cfg.Limiter; l != nil {
		if err := l.Wait(x.ctx, x.rateRoute()); err != nil {
			return err
		}
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if x.gate == nil {
		x.gate = x.client.gate.Route(x.apiKey, x.route.method, x.route.template)
		x.visit.MaxWait, x.visit.Once = x.set.MaxWait, x.repeats == repeatNothing
	}
	now, err := x.gate.Enter(x.ctx, &x.visit, x.keyEnds())
	if err != nil {
		return err
	}
	if !x.keyHolds(now) {
		x.gate.Drop(&x.visit)
		return errKeyExpired
	}
	x.admitted, x.waiting = true, false
	x.last = attempt{started: now, queued: now.Sub(x.last.started) - x.last.took}
	return nil
}

// rest tells the gate that there will be another attempt. A place in the window is
// kept for a write that may have been accepted: its key does not protect it until
// the next window.
func (x *exchange) rest() {
	x.gate.Rest(&x.visit, x.last.outcome.fate == unclear && !x.route.isRead())
}

// leave tells the gate how an attempt ended that it let in, once. The headers of a
// success are all that it wants to know.
func (x *exchange) leave() {
	if !x.admitted {
		return
	}
	x.admitted = false
	a := &x.last
	rep := gate.Report{Verdict: x.verdict(), Started: a.started, Received: a.received, Wait: a.outcome.wait}
	if a.header != nil {
		rep.Known, rep.Limit, rep.Remaining = a.limits.known, a.limits.Limit, a.limits.Remaining
		rep.Ends = untilReset(a.header, a.limits.Reset, a.received)
	}
	x.gate.Leave(&x.visit, &rep)
}

// verdict is what the gate makes of an attempt.
func (x *exchange) verdict() gate.Verdict {
	a := &x.last
	switch {
	case a.status >= 200 && a.status <= 299:
		return gate.Answered
	case a.status == 0 && (x.ctx.Err() != nil || a.outcome.failure == nil):
		return gate.Unheard
	}
	switch a.outcome.fate {
	case limited:
		return gate.Refused
	case unclear:
		return gate.Failed
	case unsent:
		return gate.Unsent
	default:
		return gate.Answered
	}
}
