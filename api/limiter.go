package api

import "context"

// RateLimiter is asked before every attempt of every call, repeats included, and
// before the client's own gate. It lets several processes share a limit through
// a store of theirs.
type RateLimiter interface {
	// Wait returns when an attempt on the route, such as "POST /messages/sms",
	// may start. An error ends the call; it should be the context's if that
	// ended, and come at once where the wait would outlast the context.
	Wait(ctx context.Context, route string) error
}
