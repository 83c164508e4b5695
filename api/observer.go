package api

import (
	"context"
	"net/http"
	"time"
)

// Observer sees every call and every attempt of a client. All fields are
// optional. The functions run on the goroutine of the call and must not block.
// Events never hold keys, bodies, queries, recipients or raw IDs.
type Observer struct {
	// CallStart runs once before a call. The context it returns is the call's:
	// a tracer puts its span there.
	CallStart func(ctx context.Context, e CallEvent) context.Context
	// AttemptStart runs before each HTTP request. The context it returns is the
	// attempt's.
	AttemptStart func(ctx context.Context, e AttemptEvent) context.Context
	// AttemptDone runs after each HTTP request, with the context that AttemptStart
	// returned.
	AttemptDone func(ctx context.Context, e AttemptEvent)
	// RetryWait runs before the call waits for its next attempt.
	RetryWait func(ctx context.Context, e AttemptEvent)
	// CallDone runs once after a call, with the context that CallStart returned.
	CallDone func(ctx context.Context, e CallEvent)
}

// CallEvent describes a call. The fields from StatusCode on are known at the
// end only.
type CallEvent struct {
	// Op names the operation, such as "Messages.SendSMS".
	Op string
	// Method is the HTTP method.
	Method string
	// Route is the path template, such as "/messages/{id}".
	Route string
	// Address is the host and port of the base URL, such as
	// "api.orbit.devotel.io:443".
	Address string
	// IdempotencyKey is the key of all attempts; empty for reads.
	IdempotencyKey string
	// StatusCode is the status of the last answer; 0 if none came.
	StatusCode int
	// Code is the API's error code, if it rejected the request.
	Code Code
	// RequestID names the last answered request in Orbit's logs.
	RequestID string
	// RateLimit is the state of the route's limit; zero if the server sent none.
	RateLimit RateLimit
	// Attempts is the number of HTTP requests made.
	Attempts int
	// Duration is the time since CallStart.
	Duration time.Duration
	// Err is the error that the caller gets; nil on success.
	Err error
}

// AttemptEvent describes one HTTP request of a call. The fields from StatusCode
// on are known after it only.
type AttemptEvent struct {
	// Op names the operation, such as "Messages.SendSMS".
	Op string
	// Method is the HTTP method.
	Method string
	// Route is the path template, such as "/messages/{id}".
	Route string
	// Address is the host and port of the base URL, such as
	// "api.orbit.devotel.io:443".
	Address string
	// IdempotencyKey is the key of all attempts; empty for reads.
	IdempotencyKey string
	// Attempt counts the requests of the call from 1.
	Attempt int
	// Queued is how long the call waited before this attempt: for the retry, for
	// the rate limiter and at the client's gate. It is at least the Wait of the
	// RetryWait before it.
	Queued time.Duration
	// Header takes headers to add to this attempt, such as traceparent. It is
	// set in AttemptStart only. X-API-Key and Idempotency-Key are ignored; others
	// that WithHeader refuses fail the call.
	Header http.Header
	// StatusCode is the status of the answer; 0 if none came.
	StatusCode int
	// Code is the API's error code, if it rejected the request.
	Code Code
	// RequestID names the request in Orbit's logs.
	RequestID string
	// RateLimit is the state of the route's limit; zero if the server sent none.
	RateLimit RateLimit
	// Duration is the time that the attempt took.
	Duration time.Duration
	// Wait is the time until the next attempt at the least; its Queued is the time
	// that was waited. It is set in RetryWait only.
	Wait time.Duration
	// Reason says in a few words, free of personal data, why the attempt
	// failed, such as "503 Service Unavailable"; empty on success.
	Reason string
}
