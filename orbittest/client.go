package orbittest

import (
	"net/http"
	"strings"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
)

// Client returns a client whose calls all reach the server, with
// [DefaultAPIKey]. Options come after those that make it so. Options that cannot
// work fail the test.
func (s *Server) Client(opts ...orbit.Option) *orbit.Client {
	return s.ClientWithKey(DefaultAPIKey, opts...)
}

// ClientWithKey returns a client like that of [Server.Client] for another API
// key, such as a live one.
func (s *Server) ClientWithKey(apiKey string, opts ...orbit.Option) *orbit.Client {
	all := append([]orbit.Option{orbit.WithHTTPClient(s.HTTPClient())}, opts...)
	client, err := orbit.NewClient(apiKey, all...)
	if err != nil {
		s.misused("the client cannot be made: %v", err)
	}
	return client
}

// NewError makes the error that a client returns when Orbit refuses a call, for
// fakes of a program's own interfaces that need no server:
//
//	return nil, orbittest.NewError("Messages.SendSMS", "POST /messages/sms", 422, orbit.CodeInvalidPhoneNumber)
//
// It matches its code and class with errors.Is like a real one. A 429 asks for a
// wait of 30 seconds. All fields may be set otherwise.
func NewError(op, route string, status int, code orbit.Code) *orbit.Error {
	method, path, _ := strings.Cut(route, " ")
	e := &orbit.Error{
		Op:         op,
		StatusCode: status,
		Code:       code,
		Message:    "The request failed.",
		RequestID:  fakeRequestID,
		DocsURL:    docsURL + string(code),
		Method:     method,
		Route:      path,
		Attempts:   1,
	}
	if status == http.StatusTooManyRequests {
		e.RetryAfter = 30 * time.Second
		e.RetryAt = time.Now().Add(e.RetryAfter)
	}
	return e
}

// NewMeta makes the Meta of a result that came with the given status, for fakes
// of a program's own interfaces: one attempt, with 99 of 100 requests of the
// current minute left.
func NewMeta(status int) api.Meta {
	return api.Meta{Info: &api.ResponseInfo{
		StatusCode: status,
		RequestID:  fakeRequestID,
		RateLimit: api.RateLimit{
			Limit:     100,
			Remaining: 99,
			Reset:     time.Now().UTC().Truncate(time.Minute).Add(time.Minute),
		},
		Attempts: 1,
	}}
}

const fakeRequestID = "req_orbittest"
