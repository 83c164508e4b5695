package gate

import (
	"math"
	"time"
)

// unknown is the least that remains while no response has said.
const unknown = math.MaxInt

// losses is the share of attempts whose response got lost, among the last thousand
// or so.
type losses struct{ lost, sent float64 }

// count adds attempts.
func (l *losses) count(sent, lost float64) {
	const memory = 1024
	l.sent += sent - l.sent*sent/memory
	l.lost += lost - l.lost*sent/memory
}

// share presumes two in a hundred before anything is known.
func (l *losses) share() float64 { return (1.28 + l.lost) / (64 + l.sent) }

// window is what is known of the running window.
type window struct {
	known   bool // the server counts
	counted bool // left is of the running epoch
	limit   int
	left    int           // what remains, by our own count
	least   int           // the least that responses said remains, since nothing was under way
	blind   bool          // of an attempt since then no response came
	ends    time.Time     // zero if unknown
	guessed bool          // ends is a guess
	length  time.Duration // the longest time to an end that was seen
	late    time.Time     // until when windows are taken to end later than they say
}

// Leave learns from the end of an attempt, and lets the next ones in.
func (r *Route) Leave(c *Call, rep *Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.losses.count(1, 0)
	if rep.Verdict == Answered {
		r.pace.succeed(rep.Received)
	}
	if r.rules.current(c.epoch, r.epoch) {
		r.land(c)
		r.left += r.rules.back(rep.Verdict)
		switch rep.Verdict {
		case Answered:
			r.answered(rep)
		case Refused:
			r.refused(c, rep)
		case Failed, Unsent:
			r.failed(c, rep)
		case Unheard:
			r.blind = true
		}
	} else if rep.Verdict == Refused && !r.open && r.until.IsZero() {
		r.close(rep.Received, rep.Wait) // another one of those that brought the doubt
	}
	r.run()
}

// answered learns from a response that is no refusal.
func (r *Route) answered(rep *Report) {
	trip := rep.Received.Sub(rep.Started)
	r.roundTrip = max(trip, r.roundTrip*7/8)
	over := trip > max(rep.Ends, r.rules.slow) // it speaks of a window that is
	if !r.open {
		r.opens(rep, over)
	} else if r.grown++; r.most > 0 && (r.slow || r.grown >= r.most) {
		r.most++
		r.grown = 0
	}
	r.since, r.failures, r.refusals = time.Time{}, 0, 0
	if !rep.Known || !r.known || over {
		return
	}
	r.limit = rep.Limit
	r.setLeft(min(r.left, rep.Remaining))
	r.least = min(r.least, rep.Remaining)
	r.learnEnd(rep)
	if r.flying == 0 && !r.blind {
		r.left = r.least
	}
}

// setLeft changes the count of what remains. When nothing does, some wait in vain.
func (r *Route) setLeft(n int) {
	r.changed = r.changed || r.left > 0 && n <= 0
	r.left = n
}

// opens ends a doubt.
func (r *Route) opens(rep *Report, over bool) {
	switch { // an outage leaves the count of the epoch as it is
	case r.counted:
	case !over:
		r.known, r.limit, r.left = rep.Known, rep.Limit, r.rules.credit(rep.Remaining, r.flying)
	default:
		r.known, r.limit = rep.Known, rep.Limit
		r.left = r.rules.credit(rep.Limit, r.flying)
		r.guessEnd(rep.Received)
	}
	switch {
	case r.crowd > 0:
		r.most, r.slow = r.crowd, false
		r.pace.release, r.pace.eased = r.release, rep.Received
	case !rep.Known && (!r.opened || r.refusals > 0):
		r.most, r.slow = 2, true
	}
	r.open, r.opened, r.counted, r.changed = true, true, true, true
	r.from, r.next, r.crowd, r.tries, r.presumed, r.probes = time.Time{}, time.Time{}, 0, 0, false, 0
}

// learnEnd learns when the window ends. Dates and resets are whole seconds: the
// earliest that any response says is nearest to the truth, and never too early.
func (r *Route) learnEnd(rep *Report) {
	if rep.Ends <= 0 {
		if r.guessed {
			r.ends, r.guessed = time.Time{}, false
		}
		return
	}
	in := min(rep.Ends, r.rules.longestWindow)
	r.length = max(r.length, in)
	if rep.Received.Before(r.late) {
		in += r.rules.lateness
	}
	if at := rep.Received.Add(in); r.ends.IsZero() || r.guessed || at.Before(r.ends) {
		r.ends, r.guessed = at, false
	}
}

// refused closes the route after the first refusal of its epoch.
func (r *Route) refused(c *Call, rep *Report) {
	if r.since.IsZero() {
		r.since = rep.Received
	}
	burst := rep.Known && rep.Remaining > 0
	if rep.Known {
		r.limit, r.left = rep.Limit, min(r.left, rep.Remaining)
	}
	if burst && (r.queued() > 0 || r.flying > 0) {
		r.pace.slowed = true
	}
	if !burst && r.wasProbe(c) && r.presumed && rep.Wait <= r.rules.lateness {
		r.late = rep.Received.Add(r.rules.lateFor)
	}
	wait := rep.Wait
	if wait <= 0 {
		wait = doubled(r.rules.refusalStep, r.rules.maxStep, r.refusals)
	}
	r.refusals++
	r.enterDoubt()
	r.next, r.from = time.Time{}, time.Time{}
	r.close(rep.Received, wait)
}

// close keeps everybody away for as long as the server asks.
func (r *Route) close(at time.Time, wait time.Duration) {
	r.asked = at
	r.from = later(r.from, at.Add(min(wait, r.rules.longestWait)))
	r.changed = true
}

// failed counts a failure. Some in a row are an outage.
func (r *Route) failed(c *Call, rep *Report) {
	r.blind = true
	if r.since.IsZero() {
		r.since = rep.Received
	}
	r.failures++
	if r.failures == 1 {
		r.changed = true
	}
	if r.failures < r.rules.failures {
		return
	}
	if r.open || r.wasProbe(c) {
		r.next = rep.Received.Add(doubled(r.rules.outageStep, r.rules.maxOutageStep, r.tries))
		r.tries++
		r.changed = true
	}
	if r.open {
		r.enterOutage()
		r.crowd = r.rules.crowd(r.flying + 1)
		r.release = r.rules.release(r.pace.usual)
	}
	if rep.Wait > 0 {
		r.close(rep.Received, rep.Wait)
	}
}

// advance begins a doubt where the window has ended, or where nothing is left and
// nobody will tell when it does.
func (r *Route) advance(now time.Time) {
	switch {
	case !r.known:
	case !r.ends.IsZero() && !now.Before(r.ends):
		r.enterDoubt()
		r.presumed, r.left = true, r.limit
	case r.open && r.left <= 0 && r.flying == 0 && r.ends.IsZero():
		r.enterDoubt()
	}
}

// enterDoubt begins an epoch: what is under way counts no more.
func (r *Route) enterDoubt() {
	r.epoch++
	r.presumed, r.counted = false, false
	r.flying, r.held = 0, 0
	r.ends, r.least = time.Time{}, unknown
	r.enterOutage()
}

// enterOutage begins a doubt in which the window and its count stay.
func (r *Route) enterOutage() {
	r.doubts++
	r.open, r.changed = false, true
	r.probes, r.until, r.step = 0, time.Time{}, r.firstStep()
}

// firstStep is how long others wait for the probe.
func (r *Route) firstStep() time.Duration {
	if r.roundTrip == 0 {
		return r.rules.firstStep
	}
	return min(max(2*r.roundTrip, r.rules.minStep), r.rules.firstStep)
}

// presume opens the window that should have begun, where its probe takes too long.
func (r *Route) presume(now time.Time) {
	r.open, r.presumed, r.probes, r.counted, r.changed = true, false, 0, true, true
	r.guessEnd(now)
}

// guessEnd is for a window of which no response has spoken yet.
func (r *Route) guessEnd(began time.Time) {
	r.ends, r.guessed = began.Add(r.rules.longestWindow), true
}
