package api

import (
	"context"
	"time"
)

// RateLimiter is asked before every attempt of every call, retries included, and
// before the client's own gate. It lets several processes share a limit through a
// store of theirs. One that also implements [RateLearner] hears what the server
// said.
type RateLimiter interface {
	// Wait returns when an attempt on the route may start. An error ends the call;
	// it should be the context's if that ended, and come at once where the wait
	// would outlast the context.
	Wait(ctx context.Context, r RateRoute) error
}

// RateLearner is an optional second interface of a RateLimiter.
type RateLearner interface {
	// Learn is told of every response, before the call goes on. It runs on the
	// goroutine of the call, and must not block for long.
	Learn(ctx context.Context, r RateRoute, resp RateResponse)
}

// RateRoute names what Orbit counts requests against.
type RateRoute struct {
	// Route is the method and the path template, such as "GET /messages/{id}".
	Route string
	// Account tells API keys apart: 32 hexadecimal digits, a hash of the key. It is
	// the same for the same key in every process, and never the key.
	Account string
}

// RateResponse is what a response says of the limit.
type RateResponse struct {
	// Status is the HTTP status.
	Status int
	// Limit is the number of requests that a window allows; 0 if the response does
	// not say.
	Limit int
	// Remaining is the number of requests left in the window, of Limit.
	Remaining int
	// ResetIn is the time until the window ends, from the receipt of the response:
	// its X-RateLimit-Reset less its own Date, so that no two clocks are compared.
	// 0 if the response does not say.
	ResetIn time.Duration
	// RetryAfter is the wait that the response asks for, from its receipt; 0 if it
	// asks for none.
	RetryAfter time.Duration
}
