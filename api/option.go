package api

import "time"

// RetryPolicy says which failed attempts of a call may be repeated.
type RetryPolicy uint8

const (
	// RetryUnset leaves the choice to the operation: [RetryDefault] for almost
	// all of them, no repeat after an unclear failure where a repeat would cost
	// money.
	RetryUnset RetryPolicy = iota
	// RetryDefault repeats what was provably not sent, and repeats unclear
	// failures of reads and of writes that carry an idempotency key.
	RetryDefault
	// RetrySafe repeats a write only where it provably was not accepted: it
	// never relies on the server honouring idempotency keys.
	RetrySafe
	// RetryNone makes one attempt, whatever happens.
	RetryNone
)

// CallSettings is what the options of one call add up to. Programs set it
// through the With functions of package orbit; it is exported for wrappers that
// want to build options of their own with [NewCallOption].
type CallSettings struct {
	// IdempotencyKey is the caller's own key. It is used only if
	// HasIdempotencyKey is set; a call that changes something gets a generated
	// UUID otherwise.
	IdempotencyKey string
	// HasIdempotencyKey tells that the caller gave IdempotencyKey, so that an
	// empty one is refused rather than silently replaced.
	HasIdempotencyKey bool
	// Retry is the retry policy; zero leaves it to the operation.
	Retry RetryPolicy
	// MaxAttempts bounds the attempts of the call, the first included, those
	// refused with 429 not counted. At least 1; the default is 3, and 1 means exactly
	// one request.
	MaxAttempts int
	// AttemptTimeout bounds one attempt, its body included. The default is 30
	// seconds. While a request body of 64 KiB or more goes out at 1 KiB a second or
	// faster, it begins anew.
	AttemptTimeout time.Duration
	// Timeout bounds the whole call, waits included, or all calls of an iterator
	// or a Wait together. Zero leaves that to the context.
	Timeout time.Duration
	// MaxWait bounds one wait for a route that lets nothing through; four times as
	// long bounds how long a call is refused with 429. The default is 75 seconds, and
	// 0 never waits.
	MaxWait time.Duration
	// Header holds headers to add to each attempt.
	Header []Field
	// Query holds query parameters to set, replacing those of the same name.
	Query []Field
	// PathValues fills the {name} elements of a path template given to
	// Client.Call.
	PathValues []Field
	// BodyFields holds fields to set in the JSON body, in this order.
	BodyFields []BodyField
	// RawJSON keeps the JSON of each result and list item, for Meta.RawJSON.
	RawJSON bool
	// Capture, if set, receives the last answer of the call.
	Capture *Response
}

// Field is a name and its text.
type Field struct {
	// Name is the header, query parameter or path element.
	Name string
	// Value is its unescaped text.
	Value string
}

// BodyField is a JSON member and its value.
type BodyField struct {
	// Name is the member's name as it goes over the wire, or a JSON Pointer, which
	// begins with a slash.
	Name string
	// Value is marshalled with encoding/json.
	Value any
}

// CallOption changes one call, or every call of a client when given to
// WithDefaults. The zero value changes nothing.
type CallOption struct {
	apply func(*CallSettings)
}

// NewCallOption makes an option from a function that changes the settings of a
// call. The function must not keep the pointer; it may run many times and from
// several goroutines.
func NewCallOption(apply func(*CallSettings)) CallOption {
	return CallOption{apply: apply}
}

// Apply changes s as the option says.
func (o CallOption) Apply(s *CallSettings) {
	if o.apply != nil {
		o.apply(s)
	}
}
