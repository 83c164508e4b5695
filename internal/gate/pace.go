package gate

import (
	"math"
	"time"
)

// How a route is paced that met a burst limit, whose size no header tells.
const (
	// paceSlack is how much slower than what last went through it goes.
	paceSlack = 1.05
	// paceEase is how much faster it tries again for each paceCalm.
	paceEase = 0.9
	paceCalm = 10 * time.Second
	// paceOff is the distance of attempts at which pacing ends.
	paceOff = time.Millisecond
	// paceLate is how much of the pace is made up for, when timers are late.
	paceLate = 20 * time.Millisecond
)

// pace keeps attempts apart once a route has met its burst limit: as far as the
// successes of the second in which it did were.
type pace struct {
	every   time.Duration // 0 while there is no pace
	release time.Duration // the pace after an outage, until nobody waits; 0 for none
	eased   time.Time     // when they were last changed
	next    time.Time     // when the next attempt may go

	second time.Time // that is being counted
	counts [2]int    // successes in it, and in the one before
	usual  int       // the most in a second, forgotten by and by
	slowed bool      // a pace is to be found out once the successes are in
}

// spend takes the place of one attempt.
func (p *pace) spend(now time.Time) {
	if p.slowed {
		p.find(now)
	}
	if p.every == 0 && p.release == 0 {
		return
	}
	if calm := now.Sub(p.eased); calm >= paceCalm {
		p.every = time.Duration(float64(p.every) * math.Pow(paceEase, calm.Seconds()/paceCalm.Seconds()))
		p.release = p.release * 49 / 50
		p.eased = now
	}
	if p.every < paceOff {
		p.every = 0
	}
	p.next = later(p.next, now.Add(-paceLate)).Add(max(p.every, p.release))
}

// succeed counts an attempt that was not refused.
func (p *pace) succeed(at time.Time) {
	if since := at.Sub(p.second); since >= time.Second {
		p.usual = max(p.counts[0], p.usual*9/10)
		if since >= 2*time.Second {
			p.counts[0] = 0
		}
		p.second, p.counts = at, [2]int{0, p.counts[0]}
	}
	p.counts[0]++
}

// find sets the pace when the route is asked again.
func (p *pace) find(now time.Time) {
	p.slowed, p.eased = false, now
	every := float64(time.Second) / float64(max(p.counts[0], p.counts[1], 1))
	p.every = time.Duration(paceSlack * max(every, float64(p.every)))
}
