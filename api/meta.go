package api

import (
	"encoding/json"
	"net/http"
	"time"
)

// RateLimit is what Orbit said about the limit of the route that was called:
// the X-RateLimit headers of the answer. It is zero where the server sent none.
type RateLimit struct {
	// Limit is the number of requests that a window allows.
	Limit int
	// Remaining is the number of requests left in the current window.
	Remaining int
	// Reset is when the window ends, by the server's clock, in UTC.
	Reset time.Time
}

// IsZero reports whether the server sent no limit.
func (r RateLimit) IsZero() bool { return r == RateLimit{} }

// ResponseInfo is what is known of the answer that a result came from. All
// items of a page share one, unless each has its own JSON.
type ResponseInfo struct {
	// StatusCode is the HTTP status.
	StatusCode int
	// RequestID names the request in Orbit's logs: quote it to support.
	RequestID string
	// RateLimit is the state of the route's limit after this request.
	RateLimit RateLimit
	// Attempts is the number of HTTP requests that the call needed.
	Attempts int
	// IdempotencyKey is the key that all attempts carried; empty for reads.
	IdempotencyKey string

	rawJSON func() json.RawMessage // a function, so that no dump prints it
}

// NewResponseInfo returns info with the JSON of one result, for fakes of users.
func NewResponseInfo(info ResponseInfo, rawJSON json.RawMessage) *ResponseInfo {
	info.rawJSON = func() json.RawMessage { return rawJSON }
	return &info
}

// Meta is embedded in every result. It is one pointer wide, and its methods may
// be called on a result that was never sent anywhere.
type Meta struct {
	// Info describes the answer; nil in a value made by hand. Tests may set or
	// clear it.
	Info *ResponseInfo `json:"-"`
}

// RequestID is the ID of the request in Orbit's logs, or "".
func (m Meta) RequestID() string {
	if m.Info == nil {
		return ""
	}
	return m.Info.RequestID
}

// RateLimit is the state of the route's limit after the request, or zero.
func (m Meta) RateLimit() RateLimit {
	if m.Info == nil {
		return RateLimit{}
	}
	return m.Info.RateLimit
}

// RawJSON returns the JSON of this result as it came, for fields that the SDK does
// not know yet. An item of a list has its own; the page has none. It is nil unless
// the call was made with the WithRawJSON option. It may hold personal data: do not
// log it.
func (m Meta) RawJSON() json.RawMessage {
	if m.Info == nil || m.Info.rawJSON == nil {
		return nil
	}
	return m.Info.rawJSON()
}

// Response is the last answer of a call, for the CaptureResponse option.
type Response struct {
	ResponseInfo

	// NextCursor is the cursor of the next page, if the answer named one.
	NextCursor string
	// HasMore reports whether the answer is a page with more behind it.
	HasMore bool

	header func() http.Header
	body   func() []byte
}

// NewResponse returns r with the given headers and body, for fakes of users.
func NewResponse(r Response, header http.Header, body []byte) Response {
	r.header = func() http.Header { return header }
	r.body = func() []byte { return body }
	return r
}

// Header returns the headers of the answer; nil if there was no answer. They may
// hold personal data: do not log them.
func (r *Response) Header() http.Header {
	if r.header == nil {
		return nil
	}
	return r.header()
}

// Body returns the whole body as it came, at most 16 MiB of it (1 MiB of an
// error); nil for a stream. It may hold personal data: do not log it.
func (r *Response) Body() []byte {
	if r.body == nil {
		return nil
	}
	return r.body()
}
