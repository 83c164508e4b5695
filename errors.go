package orbit

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/devotel/orbit-go/internal/call"
)

// Error is what Orbit, or a proxy in front of it, refused: every answer that is
// no success. Test for it with errors.As, for a code with errors.Is(err,
// CodeInvalidPhoneNumber), for a class of them with errors.Is(err, ErrNotFound).
//
// All text in it is safe to log: what was written into the request is hidden,
// however the server quotes it, and so are keys, phone numbers and email addresses.
type Error struct {
	// Op names the operation, such as "Messages.SendSMS".
	Op string
	// StatusCode is the HTTP status; the one in the error's body where the two
	// differ.
	StatusCode int
	// Code is Orbit's code, such as INVALID_PHONE_NUMBER. The set is open; it is
	// empty where the answer was not Orbit's.
	Code Code
	// Message is Orbit's text for people.
	Message string
	// Details says which field or limit it is about, where Orbit told.
	Details Details
	// RequestID names the request in Orbit's logs: quote it to support.
	RequestID string
	// DocsURL is Orbit's page on the code, where it named one.
	DocsURL string
	// Method is the HTTP method.
	Method string
	// Route is the path template, such as "/messages/{id}".
	Route string
	// Attempts is the number of HTTP requests made.
	Attempts int
	// RateLimit is the state of the route's limit.
	RateLimit RateLimit
	// RetryAfter is the wait that the server asked for, from the receipt of its
	// answer; 0 if it asked for none.
	RetryAfter time.Duration
	// RetryAt is when the server asked to come back, by the local clock; zero if
	// it did not.
	RetryAt time.Time
	// IdempotencyKey is the key that all attempts carried: a repeat with
	// WithIdempotencyKey and this key cannot send twice while Orbit remembers it.
	IdempotencyKey string

	failure *call.Failure
}

// Details is what Orbit said of a refused field or limit.
type Details struct {
	// Field is the field, by its name on the wire.
	Field string
	// Value is the refused value, masked.
	Value string
	// Expected is what the value should have been, such as "E.164".
	Expected string
	// Limit is the number of requests that the window allows.
	Limit int
	// Window is the window of the limit, such as "60s".
	Window string
	// RetryAfter is the wait that the body asked for.
	RetryAfter time.Duration
}

// ParamError is a call that was refused before anything was sent.
type ParamError struct {
	// Op names the operation, such as "Messages.SendSMS".
	Op string
	// Field is the parameter, by its name on the wire, or the option.
	Field string
	// Rule says what it must be.
	Rule string
	// Suggestion is a corrected form, digits masked, where one is obvious.
	Suggestion string
	// Code is the code that Orbit would have refused the call with, where programs
	// ask for it: CodeEmergencyCallingNotSupported, or empty.
	Code Code

	failure *call.Failure
}

// TransportError is a call without an answer: no connection, a broken one, a
// timeout, or a context that ended. Ask [MaybeSent] whether Orbit can have
// accepted it.
type TransportError struct {
	// Op names the operation, such as "Messages.SendSMS".
	Op string
	// Method is the HTTP method.
	Method string
	// Route is the path template.
	Route string
	// Attempts is the number of HTTP requests made.
	Attempts int
	// IdempotencyKey is the key that all attempts carried.
	IdempotencyKey string

	// RetryAt is when to come back, by the local clock, where the call was not sent
	// because its route does not respond; zero otherwise.
	RetryAt time.Time

	failure *call.Failure
}

// DecodeError is a success that could not be read: Orbit accepted the call, but
// the answer was HTML, broken off, or without the ID of what was created. Repeat
// it only with its IdempotencyKey.
type DecodeError struct {
	// Op names the operation, such as "Messages.SendSMS".
	Op string
	// Method is the HTTP method.
	Method string
	// Route is the path template.
	Route string
	// StatusCode is the HTTP status.
	StatusCode int
	// Type is what was expected where a value did not fit: a Go type, or "object"
	// or "array".
	Type string
	// Path is the place of that value in the JSON, such as "data.status" or
	// "data[3].to".
	Path string
	// ID names what was created, where the response says so although the rest of it
	// could not be read: get the resource by it instead of creating another.
	ID string
	// RequestID names the request in Orbit's logs.
	RequestID string
	// Attempts is the number of HTTP requests made.
	Attempts int
	// IdempotencyKey is the key that all attempts carried.
	IdempotencyKey string

	failure *call.Failure
}

// CursorError ends a list whose answers say that there is more but not where, or
// lead back to a page that was already read.
type CursorError struct {
	// Op names the operation, such as "Messages.List".
	Op string
	// Cursor is the cursor that came again; empty where it was missing.
	Cursor string

	failure *call.Failure
}

// WaitError reports a Wait whose time was up before the resource reached a final
// status. The last state came back beside it. If the last request failed, the
// error unwraps to its error as well.
type WaitError struct {
	// Op names the operation, such as "Messages.Wait".
	Op string
	// State is the last status seen and how long the wait took, for people.
	State string

	failure *call.Failure
}

// newError makes the error that users see of a failure in the pipeline.
func newError(f *call.Failure) error {
	switch f.Kind {
	case call.KindParam:
		return &ParamError{Op: f.Op, Field: f.Field, Rule: f.Rule, Suggestion: f.Suggestion, Code: Code(f.Code), failure: f}
	case call.KindDecode:
		return &DecodeError{
			Op: f.Op, Method: f.Method, Route: f.Route, StatusCode: f.StatusCode, Type: f.Type, Path: f.Path, ID: f.ID,
			RequestID: f.RequestID, Attempts: f.Attempts, IdempotencyKey: f.IdempotencyKey, failure: f,
		}
	case call.KindCursor:
		return &CursorError{Op: f.Op, Cursor: f.Cursor, failure: f}
	case call.KindWait:
		return &WaitError{Op: f.Op, State: f.Reason, failure: f}
	case call.KindAPI:
		return &Error{
			Op: f.Op, StatusCode: f.StatusCode, Code: Code(f.Code), Message: f.Message, Details: Details(f.Details),
			RequestID: f.RequestID, DocsURL: f.DocsURL, Method: f.Method, Route: f.Route, Attempts: f.Attempts,
			RateLimit: f.RateLimit, RetryAfter: f.RetryAfter, RetryAt: f.RetryAt, IdempotencyKey: f.IdempotencyKey,
			failure: f,
		}
	default:
		return &TransportError{
			Op: f.Op, Method: f.Method, Route: f.Route, Attempts: f.Attempts, IdempotencyKey: f.IdempotencyKey,
			RetryAt: f.RetryAt, failure: f,
		}
	}
}

// Error is one line for a person.
func (e *Error) Error() string {
	what := fmt.Sprintf("%d", e.StatusCode)
	if e.Code != "" {
		what += " " + string(e.Code)
	}
	switch {
	case e.Message != "":
		what += ": " + e.Message
	case e.failure != nil && e.failure.Reason != "":
		what += ": " + e.failure.Reason
	case http.StatusText(e.StatusCode) != "":
		what += " " + http.StatusText(e.StatusCode)
	}
	facts := []string{}
	if e.Details.Field != "" {
		facts = append(facts, "field "+e.Details.Field)
	}
	if e.RetryAfter > 0 {
		facts = append(facts, "retry after "+e.RetryAfter.String())
	}
	if e.failure != nil && e.failure.Unrepeated != "" {
		facts = append(facts, "not repeated: "+e.failure.Unrepeated)
	}
	if MaybeSent(e) {
		facts = append(facts, doubt(e.Method)...)
	}
	return line(e.Op, e.Method, e.Route, what, e.RequestID, e.Attempts, facts...)
}

// Error is one line for a person.
func (e *ParamError) Error() string {
	text := "orbit: " + e.Op + ": " + e.Field + " " + e.Rule
	if e.Suggestion != "" {
		text += "; did you mean " + e.Suggestion + "?"
	}
	if e.failure != nil && e.failure.Err != nil {
		text += ": " + e.failure.Err.Error()
	}
	if !e.Is(ErrNotSent) || strings.Contains(text, nothingSent) { // says the cause
		return text
	}
	return text + " (" + nothingSent + ")"
}

// nothingSent stands once in a line, however many errors know it.
const nothingSent = "nothing was sent"

// Error is one line for a person.
func (e *TransportError) Error() string {
	what := "no answer"
	var facts []string
	if f := e.failure; f != nil {
		if what = f.Reason; f.Err != nil && !f.Timeout {
			what += ": " + f.Err.Error()
		}
		switch {
		case f.NotSent && strings.Contains(what, nothingSent):
		case f.NotSent:
			facts = append(facts, nothingSent)
		case f.MaybeSent:
			facts = append(facts, doubt(e.Method)...)
		}
		if f.Last != nil {
			facts = append(facts, "before that: "+f.Last.Error())
		}
	}
	return line(e.Op, e.Method, e.Route, what, "", e.Attempts, facts...)
}

// Error is one line for a person.
func (e *DecodeError) Error() string {
	what := fmt.Sprintf("%d, but the answer could not be read", e.StatusCode)
	if e.failure != nil {
		what = fmt.Sprintf("%d, but %s", e.StatusCode, e.failure.Reason)
	}
	switch {
	case e.Type != "":
		what += fmt.Sprintf(" (%s expected at %s)", e.Type, cmp.Or(e.Path, "the top"))
	case e.Path != "":
		what += " (at " + e.Path + ")"
	}
	facts := doubt(e.Method)
	if e.ID != "" {
		facts = []string{"it was accepted, the error has its ID"}
	}
	return line(e.Op, e.Method, e.Route, what, e.RequestID, e.Attempts, facts...)
}

// Error is one line for a person.
func (e *CursorError) Error() string {
	if e.Cursor == "" {
		return "orbit: " + e.Op + ": the list says that there is more, but names no cursor"
	}
	return "orbit: " + e.Op + ": the list leads back to cursor " + e.Cursor
}

// Error is one line for a person.
func (e *WaitError) Error() string {
	text := "orbit: " + e.Op + ": " + e.State
	if e.failure != nil && e.failure.Err != nil {
		text += ": " + e.failure.Err.Error()
	}
	if e.failure != nil && e.failure.Last != nil {
		text += " (before that: " + e.failure.Last.Error() + ")"
	}
	return text
}

// doubt is the warning of a call that may have been accepted. Reads need none.
func doubt(method string) []string {
	if method == http.MethodGet || method == http.MethodHead {
		return nil
	}
	return []string{"it may have been accepted"}
}

// line puts an error's parts together.
func line(op, method, route, what, requestID string, attempts int, facts ...string) string {
	if requestID != "" {
		facts = append(facts, "request "+requestID)
	}
	unit := "attempts"
	if attempts == 1 {
		unit = "attempt"
	}
	facts = append(facts, fmt.Sprintf("%d %s", attempts, unit))
	return fmt.Sprintf("orbit: %s: %s %s: %s (%s)", op, method, route, what, strings.Join(facts, ", "))
}

// Is reports whether the error has the given [Code] or belongs to the given
// [Class]. A 429 that the client itself returned, without a request, is
// [ErrNotSent] as well.
func (e *Error) Is(target error) bool {
	switch t := target.(type) {
	case Code:
		return t != "" && e.Code == t
	case Class:
		return t == e.class() || t == ErrNotSent && e.failure != nil && e.failure.NotSent && !e.failure.MaybeSent
	}
	return false
}

// Is reports whether target is [ErrInvalid] or the error's [Code], or [ErrNotSent]
// and no earlier attempt of the call can have reached Orbit.
func (e *ParamError) Is(target error) bool {
	return target == ErrInvalid || e.Code != "" && target == e.Code ||
		target == ErrNotSent && (e.failure == nil || e.failure.NotSent && !e.failure.MaybeSent)
}

// Is reports whether target is [ErrNotSent] and nothing can have reached Orbit.
func (e *TransportError) Is(target error) bool {
	return target == ErrNotSent && e.failure != nil && e.failure.NotSent && !e.failure.MaybeSent
}

// Unwrap gives errors.Is and errors.As the pipeline's own report.
func (e *Error) Unwrap() error { return unwrap(e.failure) }

// Unwrap gives errors.Is and errors.As the cause, if there was one.
func (e *ParamError) Unwrap() error { return unwrap(e.failure) }

// Unwrap gives errors.Is and errors.As the cause, such as the context's error,
// and the last [Error] of the call, if an attempt before was refused.
func (e *TransportError) Unwrap() []error { return unwrapAll(e.failure) }

// Unwrap gives errors.Is and errors.As the cause, and the last [Error] of the
// call, if an attempt before was refused.
func (e *DecodeError) Unwrap() []error { return unwrapAll(e.failure) }

// Unwrap gives errors.Is and errors.As the pipeline's own report.
func (e *CursorError) Unwrap() error { return unwrap(e.failure) }

// Unwrap gives errors.Is and errors.As the context's error, and that of the last
// request, if it failed.
func (e *WaitError) Unwrap() []error { return unwrapAll(e.failure) }

// unwrap keeps a nil failure from becoming an error.
func unwrap(f *call.Failure) error {
	if f == nil {
		return nil
	}
	return f
}

func unwrapAll(f *call.Failure) []error {
	switch {
	case f == nil:
		return nil
	case f.Last == nil:
		return []error{f}
	default:
		return []error{f, f.Last}
	}
}

// RawBody is the body of the answer, at most 1 MiB of it, for a closer look. It
// may hold personal data: do not log it.
func (e *Error) RawBody() []byte { return rawBody(e.failure) }

// RawBody is the body of the answer, at most 16 MiB of it, for a closer look. It
// may hold personal data: do not log it.
func (e *DecodeError) RawBody() []byte { return rawBody(e.failure) }

func rawBody(f *call.Failure) []byte {
	if f == nil || f.RawBody == nil {
		return nil
	}
	return f.RawBody()
}

// Timeout reports whether the last attempt ran out of time.
func (e *TransportError) Timeout() bool { return e.failure != nil && e.failure.Timeout }

// LogValue gives slog the error's parts as a group.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("op", e.Op), slog.String("route", e.Method+" "+e.Route), slog.Int("status", e.StatusCode),
		slog.String("code", string(e.Code)), slog.String("message", e.Message),
		slog.String("request_id", e.RequestID), slog.Int("attempts", e.Attempts),
	}
	if !e.RetryAt.IsZero() {
		attrs = append(attrs, slog.Time("retry_at", e.RetryAt))
	}
	return slog.GroupValue(attrs...)
}
