package call

import (
	"fmt"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/redact"
)

// Kind is what went wrong with a call.
type Kind uint8

const (
	// KindParam is a call refused before anything was sent.
	KindParam Kind = iota + 1
	// KindAPI is a call that Orbit, or a proxy in front of it, refused.
	KindAPI
	// KindTransport is a call without an answer.
	KindTransport
	// KindDecode is a success that could not be read.
	KindDecode
	// KindCursor is a list whose next page cannot be named.
	KindCursor
	// KindWait is a poll that ended before its resource did.
	KindWait
)

// Failure is a failed call in plain form. The root package turns it into the
// error that users see. All text in it is free of keys and personal data.
type Failure struct {
	Kind           Kind
	Op             string
	Method         string
	Route          string
	Attempts       int
	IdempotencyKey string
	MaybeSent      bool // some attempt may have been accepted
	NotSent        bool // no attempt can have reached the API

	// Of refused parameters.
	Field      string
	Rule       string
	Suggestion string

	// Of answers. Of a refused parameter, Code is what the answer would have had.
	StatusCode int
	Code       string
	Message    string
	Details    Details
	RequestID  string
	DocsURL    string
	RateLimit  api.RateLimit
	RetryAfter time.Duration
	RetryAt    time.Time
	RawBody    func() []byte // a function, so that no dump prints the body

	// Of responses that could not be read: the Go type, the JSON path, and the ID of
	// what was created all the same.
	Type string
	Path string
	ID   string

	// Unrepeated says why a repeat that would have helped was not made.
	Unrepeated string

	Cursor  string // of lists
	Timeout bool   // of transport failures: the attempt ran out of time
	Reason  string // what happened, in words
	Err     error  // the cause, its text redacted
	Last    error  // the error of the last answer before this failure, if any
}

// Details is what the API says of a refused field or limit.
type Details struct {
	Field      string
	Value      string
	Expected   string
	Limit      int
	Window     string
	RetryAfter time.Duration
}

// Error says what happened, for the rare place that sees a failure before the
// root package has turned it into its own error.
func (f *Failure) Error() string {
	return fmt.Sprintf("%s: %s %s: status %d: %s", f.Op, f.Method, f.Route, f.StatusCode, f.Reason)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// redact hides what was written in everything that the server said.
func (f *Failure) redact(w *redact.Written) {
	word := func(s *string) redact.Text { return redact.Text{At: s, Limit: maxWord} }
	text := func(s *string) redact.Text { return redact.Text{At: s, Limit: maxMessage} }
	d := &f.Details
	said := []redact.Text{
		text(&f.Message), text(&f.Reason), text(&f.DocsURL), text(&d.Expected), word(&d.Window),
		{At: &f.RequestID, Limit: longestID, ID: true},
	}
	if !api.Code(f.Code).Known() { // programs depend on those
		said = append(said, word(&f.Code))
	}
	if !w.Names(nil)[d.Field] { // a field of the request, whatever else somebody wrote
		said = append(said, word(&d.Field))
	}
	w.Hide(said...)
}

// cause is a foreign error with a text that can be shown. The error itself hides behind
// a function: it can hold the URL, or what the server wrote.
type cause struct {
	text string
	err  func() error
}

// newCause wraps err so that errors.Is and errors.As see it and dumps do not.
func newCause(text string, err error) error {
	return &cause{text: text, err: func() error { return err }}
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.err() }
