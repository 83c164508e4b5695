package api

import "time"

// WaitParams says how often a Wait polls. How long it polls is up to its context
// or orbit.WithTimeout; each Wait documents the limit that it has without them.
type WaitParams struct {
	// Interval is the pause between two requests, varied by up to a fifth so that
	// many waits spread out. The default is half a second at first, growing to ten
	// seconds. All waits of one kind share the rate limit of the route they poll:
	// choose a longer interval for many of them.
	Interval time.Duration
}
