// Package gate decides when an attempt may be made. It shares a route's limit
// among the calls of a client, keeps calls away from a route that refuses or does
// not respond, and lets them go on when it does again.
//
// It knows neither HTTP nor the pipeline: calls enter, leave with a Report, and
// everything that the gate knows comes from these reports.
package gate

import "time"

// Verdict is what became of an attempt.
type Verdict uint8

// The verdicts.
const (
	// Answered is a response that settles the attempt: a success, or a final error.
	Answered Verdict = iota
	// Refused is a rate limit's no.
	Refused
	// Failed is an attempt of unknown fate: no response, or one such as 503.
	Failed
	// Unsent is an attempt that did not reach the server.
	Unsent
	// Unheard is an attempt that its caller gave up.
	Unheard
)

// Report is what an attempt tells of its route.
type Report struct {
	Verdict  Verdict
	Started  time.Time
	Received time.Time

	Known     bool // the response says how many requests remain
	Limit     int
	Remaining int
	Ends      time.Duration // from the response to the window's end; 0 if unknown

	Wait time.Duration // that the server asked for; 0 for none
}

// Call is what a gate knows of one call, over all of its attempts. The zero value
// with a MaxWait is ready. It is small: a program may have many that wait.
type Call struct {
	// MaxWait bounds what the call waits for a route that lets nobody in.
	MaxWait time.Duration
	// Once tells that the call does not retry failures.
	Once bool

	asked   bool          // it has made an attempt
	resting bool          // between two attempts
	entered time.Duration // first, since the route's start
	probe   uint64        // the doubt in which its attempt went first; 0 for none
	epoch   uint64        // of its attempt
	held    uint64        // the epoch in which a place is kept for it; 0 for none
}

// Closed is why a call does not wait: it would in vain.
type Closed struct {
	// Until is when to come back.
	Until time.Time
	// Outage tells that the route does not respond, rather than refuse.
	Outage bool
	// Limit and Remaining are the last that is known of the window.
	Limit, Remaining int
}

func (c *Closed) Error() string {
	if c.Outage {
		return "the route does not respond"
	}
	return "the rate limit of the route allows no request in time"
}
