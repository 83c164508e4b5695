package gate

import (
	"math"
	"time"
)

// rules are the numbers and formulas that a route goes by. They are a value so
// that tests can show what each of them is good for.
type rules struct {
	// The wait for a probe, about two round trips; it doubles with each further one.
	minStep, firstStep, maxStep time.Duration
	// askAgain is how long a server's wait keeps everybody away.
	askAgain time.Duration
	// longestWait bounds what a refusal can ask for.
	longestWait time.Duration
	// longestWindow bounds what a response says of the window's end.
	longestWindow time.Duration
	// slow is how long a response takes that may speak of a window that is over.
	slow time.Duration
	// keyLife is about how long a write can wait for its retry.
	keyLife time.Duration
	// lateness is added to the ends of windows for lateFor, once one was refused at
	// its end: resets are cut to whole seconds.
	lateness, lateFor time.Duration

	// failures in a row are an outage. Its probes are outageStep apart, each further
	// one twice as far, up to maxOutageStep.
	failures                  int
	outageStep, maxOutageStep time.Duration
	// patience is how many times MaxWait a call waits while the server refuses.
	patience time.Duration
	// refusalStep is the wait after a refusal that asks for none; it doubles up to
	// maxStep.
	refusalStep time.Duration

	// current reports whether an attempt of that epoch counts in the running one.
	current func(attempt, running uint64) bool
	// credit is how many more may go if so many remain while others are under way.
	credit func(remaining, flying int) int
	// spare is how many places newcomers leave for the retries of what is under way.
	spare func(loss float64, flying int) int
	// crowd is how many may be under way after an outage that began with so many, and
	// release how far apart they go if so many succeeded a second before it; 0 for at
	// once.
	crowd   func(flying int) int
	release func(usual int) time.Duration
	// back is how many places an attempt gives back.
	back func(Verdict) int
}

func standard() *rules {
	return &rules{
		minStep: 50 * time.Millisecond, firstStep: 500 * time.Millisecond, maxStep: 8 * time.Second,
		askAgain: 75 * time.Second, longestWait: time.Hour, longestWindow: 61 * time.Second, slow: 30 * time.Second, keyLife: 45 * time.Second,
		lateness: time.Second, lateFor: 5 * time.Minute,
		failures: 5, outageStep: 250 * time.Millisecond, maxOutageStep: 1500 * time.Millisecond,
		patience: 4, refusalStep: 500 * time.Millisecond,
		current: func(attempt, running uint64) bool { return attempt == running },
		credit:  func(remaining, flying int) int { return remaining - flying },
		spare: func(loss float64, flying int) int {
			if loss < 1.0/512 || flying == 0 {
				return 0
			}
			return 1 + int(math.Ceil(3*loss*float64(flying)))
		},
		crowd: func(flying int) int { return max(16, flying*7/5) },
		release: func(usual int) time.Duration {
			if usual < 20 {
				return 0 // that was no steady traffic
			}
			return time.Second * 5 / 7 / time.Duration(usual)
		},
		back: func(v Verdict) int {
			if v == Unsent {
				return 1
			}
			return 0
		},
	}
}

// doubled is step, twice as long for each of n times, at most limit.
func doubled(step, limit time.Duration, n int) time.Duration {
	for ; n > 0 && step < limit; n-- {
		step *= 2
	}
	return min(step, limit)
}
