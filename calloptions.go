package orbit

import (
	"slices"
	"time"

	"github.com/devotel/orbit-go/api"
)

// WithIdempotencyKey makes the call carry your own key, such as the ID of the
// job that makes it, so that the same job run again after a crash does not send
// twice. It must be printable ASCII, and the same for the same request only.
// Orbit documents 8 to 255 characters, and that a key is remembered for at least
// 60 seconds. A call that changes nothing refuses it.
func WithIdempotencyKey(key string) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.IdempotencyKey, s.HasIdempotencyKey = key, true })
}

// WithRetry sets the retry policy: [RetryDefault], [RetrySafe] or [RetryNone].
func WithRetry(policy RetryPolicy) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.Retry = policy })
}

// WithMaxAttempts bounds the attempts, the first included; the default is
// [DefaultMaxAttempts]. Those refused with 429 do not count, except that 1 means
// exactly one request.
func WithMaxAttempts(n int) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.MaxAttempts = n })
}

// WithAttemptTimeout bounds each attempt, the reading of its response included; the
// default is [DefaultAttemptTimeout]. While a request body of 64 KiB or more goes
// out at 1 KiB a second or faster, the time begins anew, and so it does for the
// response after the last byte.
func WithAttemptTimeout(d time.Duration) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.AttemptTimeout = d })
}

// WithTimeout bounds the whole call, waits included. Given to an iterator or a
// Wait, it bounds all of their calls together; in [WithDefaults] it bounds each
// call. Without it the context alone does.
func WithTimeout(d time.Duration) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.Timeout = d })
}

// WithMaxWait bounds one wait for a route that lets nothing through, because the
// server asks for it or because it does not respond; the default is
// [DefaultMaxWait]. A longer one ends the call at once, and RetryAt of its error
// says when to come back. Four times as long bounds how long a call is refused with
// 429. With 0 a call fails at once where a limit leaves it no place, and does not
// wait for other calls.
func WithMaxWait(d time.Duration) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.MaxWait = d })
}

// WithHeader adds a header to every attempt. Accept and Content-Type replace the
// SDK's own. Headers that the client or net/http sets are refused, such as
// X-API-Key, Idempotency-Key, User-Agent, Host and Content-Length; so are names and
// values that HTTP does not allow.
func WithHeader(name, value string) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) {
		s.Header = append(slices.Clip(s.Header), api.Field{Name: name, Value: value})
	})
}

// WithQuery sets a query parameter, such as one that the SDK does not know yet.
func WithQuery(name, value string) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) {
		s.Query = append(slices.Clip(s.Query), api.Field{Name: name, Value: value})
	})
}

// WithBodyField sends a field that the SDK does not know yet. A plain name sets a
// field at the top of the JSON body, whatever was there.
//
// A name that begins with a slash is a JSON Pointer (RFC 6901), such as
// "/template/components/0/sub_type": the field is added beside what is there. In
// it, "~1" stands for "/" and "~0" for "~", and "-" appends to an array. Objects
// that are missing on the way are made. A text, number, boolean or null at the
// place is replaced; an object or array never is.
//
// The value is marshalled with encoding/json; a json.RawMessage goes in byte for
// byte. A field without a place in the body is a [ParamError], before anything is
// sent.
func WithBodyField(name string, value any) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) {
		s.BodyFields = append(slices.Clip(s.BodyFields), api.BodyField{Name: name, Value: value})
	})
}

// WithRawJSON keeps the JSON of the result, or of each item of a list, as it came:
// its RawJSON method returns it, for fields that the SDK does not know yet. Without
// the option nothing is kept.
func WithRawJSON() CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.RawJSON = true })
}

// PathValue fills the element {name} of the path given to [Client.Call]. The
// value is escaped; "", "." and ".." are refused.
func PathValue(name, value string) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) {
		s.PathValues = append(slices.Clip(s.PathValues), api.Field{Name: name, Value: value})
	})
}

// CaptureResponse fills out with the last answer of the call, whether the call
// succeeds or fails: request ID, rate limit, headers and body. Iterators and
// pollers, which make several calls, leave the last one's answer in it.
func CaptureResponse(out *Response) CallOption {
	return api.NewCallOption(func(s *api.CallSettings) { s.Capture = out })
}
