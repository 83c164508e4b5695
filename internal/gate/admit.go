package gate

import "time"

// admits reports whether the first in the queue may go now.
func (r *Route) admits(c *Call, now time.Time) bool {
	switch {
	case now.Before(r.reopens()):
		return false
	case r.open:
		return !now.Before(r.pace.next) && (r.most == 0 || r.flying < r.most) && r.places(c, now) > 0
	case r.probes == 0:
		return !now.Before(r.next) || r.alone()
	case now.Before(r.until):
		return false
	case r.presumed && r.since.IsZero() && r.left > 0:
		r.presume(now)
		return r.places(c, now) > 0
	default:
		return true
	}
}

// exempt reports whether a call may go now whoever is before it: it has a place
// already, or it does not wait for what keeps the others.
func (r *Route) exempt(c *Call, now time.Time) bool {
	switch {
	case now.Before(r.reopens()) || r.refusals > 0 || r.known && r.left <= 0:
		return false
	case c.MaxWait <= 0:
		return true
	case r.open:
		return c.held == r.epoch && r.admits(c, now)
	case r.failures > 0:
		return c.Once
	default:
		return r.probes > 0 && c.MaxWait < r.until.Sub(now)
	}
}

// places is how many attempts the window still has for a call.
func (r *Route) places(c *Call, now time.Time) int {
	switch {
	case !r.known:
		return 1
	case c.held == r.epoch:
		return r.left
	case c.asked || r.ends.Sub(now) < r.rules.keyLife || r.roundTrip > r.rules.slow:
		return r.left - r.held
	default: // leaves a few for retries, which could not wait for the next window
		return r.left - r.held - r.rules.spare(r.losses.share(), r.flying+r.held)
	}
}

// alone reports whether the route has one call only.
func (r *Route) alone() bool { return r.flying == 0 && r.resting == 0 && r.queued() <= 1 }

// take lets a call in.
func (r *Route) take(c *Call, now time.Time) {
	r.unhold(c)
	c.asked, c.epoch, c.probe = true, r.epoch, 0
	if r.flying == 0 {
		r.least, r.blind = unknown, false
	}
	r.flying++
	r.setLeft(r.left - 1)
	r.pace.spend(now)
	if !r.open {
		c.probe = r.doubts
		r.probes++
		r.asked, r.until = now, now.Add(r.step)
		r.step = min(2*r.step, r.rules.maxStep)
	}
}

// land counts an attempt out.
func (r *Route) land(c *Call) {
	r.flying--
	if r.wasProbe(c) {
		r.probes--
	}
}

// wasProbe reports whether the call's attempt went first in the running doubt.
func (r *Route) wasProbe(c *Call) bool { return !r.open && c.probe == r.doubts }

// spent is the end of a window of which nothing is left.
func (r *Route) spent() time.Time {
	if r.known && r.left <= 0 {
		return r.ends
	}
	return time.Time{}
}

// closes is until when the server wants nothing.
func (r *Route) closes() time.Time { return later(r.from, r.spent()) }

// reopens is when the route is asked again: earlier than the server wants, if that
// is far away.
func (r *Route) reopens() time.Time {
	return later(earlier(r.from, r.asked.Add(r.rules.askAgain)), r.spent())
}

// vain reports why a call should not wait, with so many before it.
func (r *Route) vain(w *waiter, ahead int, now time.Time) *Closed {
	c, closes := w.call, r.closes()
	until := closes
	if r.limit > 0 {
		until = until.Add(time.Duration(ahead/r.limit) * r.length)
	}
	patience := min(c.MaxWait, time.Duration(1<<60)/r.rules.patience)
	if r.refusals > 0 {
		patience *= r.rules.patience
	}
	ends := later(now, later(closes, r.next))
	switch {
	case c.MaxWait <= 0, closes.Sub(now) > c.MaxWait:
	case closes.After(now) && !w.deadline.IsZero() && !until.Before(w.deadline):
	case closes.After(now) && !w.keyEnds.IsZero() && until.After(w.keyEnds):
	case !r.open && !r.since.IsZero() && !ends.Before(later(r.since, r.start.Add(c.entered)).Add(patience)):
	default:
		return nil
	}
	return &Closed{
		Until: later(until, r.due(now)), Outage: !r.open && r.refusals == 0 && r.failures > 0 && !r.from.After(now),
		Limit: r.limit, Remaining: max(r.left, 0),
	}
}
