// Package orbit is the Go SDK for Orbit, a communications platform: messages
// over SMS, WhatsApp, RCS, Viber, e-mail and more, behind one REST API.
//
// A program makes one [Client] with [NewClient] and shares it between all of
// its goroutines:
//
//	client, err := orbit.NewClient(os.Getenv("ORBIT_API_KEY"))
//	if err != nil {
//		log.Fatal(err)
//	}
//	msg, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
//
// # What every call does
//
// Every method takes a context first and options last. A call makes up to three
// attempts, each with its own time limit, and waits as long as the server asks.
// A call that changes something carries an idempotency key, the same on every
// attempt, so that a repeat is not a second message. What Orbit refused comes
// back as an [*Error] with the API's code and the request ID; [MaybeSent] and
// [Retryable] tell what may be done next. Nothing is printed anywhere unless
// asked for with [WithLogger], [WithObserver] or [WithDump], and no key, body or
// whole phone number appears there.
//
// # Tests
//
// Package orbittest is an Orbit in memory, for tests and for trying things out
// without an account.
package orbit

import (
	"github.com/devotel/orbit-go/api"
)

// Version is the version of this SDK, sent in the User-Agent header.
const Version = "0.1.0"

// DefaultBaseURL is where Orbit's API is. An older address of the same API is
// https://orbit-api.devotel.io/api/v1, for WithBaseURL.
const DefaultBaseURL = "https://api.orbit.devotel.io/api/v1"

// The words that stand in the signatures of all services. They are defined in
// package api.
type (
	// CallOption changes one call.
	CallOption = api.CallOption
	// RetryPolicy says which failed attempts may be repeated.
	RetryPolicy = api.RetryPolicy
	// RateLimiter lets several processes share a limit.
	RateLimiter = api.RateLimiter
	// RateLearner is a RateLimiter that hears what the server said.
	RateLearner = api.RateLearner
	// RateRoute names what Orbit counts requests against.
	RateRoute = api.RateRoute
	// RateResponse is what a response says of the limit.
	RateResponse = api.RateResponse
	// Meta is what every result knows of the answer it came from.
	Meta = api.Meta
	// ResponseInfo describes an answer.
	ResponseInfo = api.ResponseInfo
	// Response is an answer with headers and body, for CaptureResponse.
	Response = api.Response
	// RateLimit is the state of a route's limit.
	RateLimit = api.RateLimit
	// Metadata is free-form JSON that Orbit stores and gives back.
	Metadata = api.Metadata
	// Decimal is an exact decimal number, such as a price.
	Decimal = api.Decimal
	// Secret is text that is sent but never printed.
	Secret = api.Secret
)

// Retry policies, for WithRetry.
const (
	// RetryDefault repeats what was provably not sent, and repeats unclear
	// failures of reads and of writes that carry an idempotency key.
	RetryDefault = api.RetryDefault
	// RetrySafe repeats a write only where it provably was not accepted.
	RetrySafe = api.RetrySafe
	// RetryNone makes one attempt, whatever happens.
	RetryNone = api.RetryNone
)

// Ptr returns a pointer to v, for the optional fields whose zero value means
// something to the API.
func Ptr[T any](v T) *T { return &v }

// Opt is a field with three states: not given (the zero value), null, or a value.
// It is used only where null and absent mean different things to the API.
type Opt[T any] = api.Opt[T]

// Set returns an Opt that holds v.
func Set[T any](v T) Opt[T] { return api.Set(v) }

// Null returns an Opt that is sent as null, which clears the field.
func Null[T any]() Opt[T] { return api.Null[T]() }
