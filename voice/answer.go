package voice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// maxAnswerRequest is how large the body of an answer request may be: Orbit's own
// take a few hundred bytes.
const maxAnswerRequest = 64 << 10

const (
	// ErrAnswerTooLarge is an answer request whose body is larger than 64 KiB.
	ErrAnswerTooLarge = api.Sentinel("voice: the request is too large for an answer request")
	// ErrNoAnswerRequest is a request that is no answer request: with another
	// method than POST and GET, with a body that is no JSON object, or without
	// callSid.
	ErrNoAnswerRequest = api.Sentinel("voice: the request is no answer request")
)

// AnswerRequest is what Orbit asks of the answer URL of a number when a call
// comes in. It expects JSON that tells what to do with the call, in a language
// that is not published.
type AnswerRequest struct {
	// CallSID is the call.
	CallSID string `json:"callSid"`
	// From is who calls; empty where the number is withheld.
	From string `json:"from"`
	// To is who is called.
	To string `json:"to"`
	// DialedE164 is the number that was dialled, in E.164 form.
	DialedE164 string `json:"dialedE164"`
	// RouteID is the route that led to the URL.
	RouteID string `json:"routeId"`
	// OrganizationID is the organization that the number belongs to.
	OrganizationID string `json:"organizationId"`
	// Extra holds the further fields, as JSON: there are some that are not
	// documented. Those of a GET are strings, or lists of strings where a field
	// comes several times.
	Extra map[string]json.RawMessage `json:"-"`
}

// ParseAnswerRequest reads a request to an answer URL in both forms that Orbit
// sends: a POST with JSON, and a GET with the same fields in the query. It reads
// 64 KiB of the body at most, and leaves it in r to be read again. What it fails
// with is [ErrNoAnswerRequest], [ErrAnswerTooLarge] or the error of reading the
// body.
//
// Nothing proves that a request comes from Orbit: keep the URL secret.
func ParseAnswerRequest(r *http.Request) (*AnswerRequest, error) {
	fields, err := answerFields(r)
	if err != nil {
		return nil, err
	}
	whole, _ := json.Marshal(fields) // it came from JSON, or was made of strings
	var a AnswerRequest
	if err := new(wire.Reader).Unmarshal(whole, &a); err != nil {
		return nil, fmt.Errorf("%w: a field has another type than expected", ErrNoAnswerRequest)
	}
	if a.CallSID == "" {
		return nil, fmt.Errorf("%w: it has no callSid", ErrNoAnswerRequest)
	}
	for _, known := range []string{"callSid", "from", "to", "dialedE164", "routeId", "organizationId"} {
		delete(fields, known)
	}
	if a.Extra = fields; r.Method == http.MethodGet && a.From == "null" {
		a.From = "" // a query has no other way to say so
	}
	return &a, nil
}

// answerFields reads the fields of either form.
func answerFields(r *http.Request) (map[string]json.RawMessage, error) {
	switch r.Method {
	case http.MethodGet:
		return queryFields(r.URL.Query()), nil
	case http.MethodPost:
	default:
		return nil, fmt.Errorf("%w: its method is neither POST nor GET", ErrNoAnswerRequest)
	}
	body, err := answerBody(r)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return nil, fmt.Errorf("%w: its body is no JSON object", ErrNoAnswerRequest)
	}
	return fields, nil
}

// answerBody reads a body within the limit, and leaves another reader of it.
func answerBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxAnswerRequest))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, ErrAnswerTooLarge
	case err != nil:
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// queryFields writes the parameters of a query as JSON.
func queryFields(query url.Values) map[string]json.RawMessage {
	fields := make(map[string]json.RawMessage, len(query))
	for name, values := range query {
		var value any = values
		if len(values) == 1 {
			value = values[0]
		}
		fields[name], _ = json.Marshal(value) // text can always be written
	}
	return fields
}
