package call

import (
	"net/http"
	"strings"

	"github.com/devotel/orbit-go/api"
)

// Names of headers that the pipeline sets itself.
const (
	headerAPIKey      = "X-Api-Key"
	headerIdempotency = "Idempotency-Key"
	// unreplayedIdempotency is the same header under a spelling that net/http
	// does not recognise, so that it does not repeat the request by itself.
	unreplayedIdempotency = "Idempotency-key"
)

// headerRule returns the rule that a header given by a program breaks, or "", and
// the header's name if it can be shown. What net/http would drop or replace is
// refused, so that nothing is lost in silence.
func headerRule(name, value string) (field, rule string) {
	if !isToken(name) {
		return "header", "must have a name of letters, digits and hyphens"
	}
	switch http.CanonicalHeaderKey(name) {
	case headerAPIKey:
		return name, "is set by the client; use NewClient, WithAPIKeyFunc or WithKey"
	case headerIdempotency:
		return name, "is set by WithIdempotencyKey"
	case "User-Agent":
		return name, "is set by the client; WithUserAgent adds to it"
	case "Host":
		return name, "is the base URL's; use WithBaseURL"
	case "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Proxy-Connection", "Keep-Alive", "Upgrade", "Te",
		"Accept-Encoding":
		return name, "is set by net/http"
	}
	if !isFieldValue(value) {
		return name, "must not hold control characters, nor begin or end with a space"
	}
	return name, ""
}

// isToken reports whether s can be a header's name, by RFC 9110.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

// isFieldValue reports whether s can be a header's value, by RFC 9110.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return strings.Trim(s, " \t") == s
}

// header makes the headers of all attempts.
func (x *exchange) header() http.Header {
	own := [...]string{x.client.cfg.UserAgent, x.accept(), x.apiKey, x.idempotencyKey, x.contentType} // one array for all values
	h := make(http.Header, 8)
	h["User-Agent"], h["Accept"], h[headerAPIKey] = own[0:1:1], own[1:2:2], own[2:3:3]
	if x.idempotencyKey != "" {
		h[x.idempotencyHeader()] = own[3:4:4]
	}
	if x.body != nil {
		h["Content-Type"] = own[4:5:5]
	}
	for _, f := range x.set.Header {
		switch name := http.CanonicalHeaderKey(f.Name); name {
		case "Accept", "Content-Type":
			h[name] = []string{f.Value}
		default:
			h[name] = append(h[name], f.Value)
		}
	}
	return h
}

// idempotencyHeader spells the header so that net/http repeats a request on a
// dying connection only where this call may be repeated.
func (x *exchange) idempotencyHeader() string {
	if x.repeats == repeatUnclear {
		return headerIdempotency
	}
	return unreplayedIdempotency
}

func (x *exchange) accept() string {
	if x.route.accept != "" {
		return x.route.accept
	}
	return "application/json"
}

// checkAdded refuses headers of observers' that cannot be sent.
func checkAdded(added http.Header) error {
	for name, values := range added {
		for _, value := range values {
			if field, rule := headerRule(name, value); rule != "" && !isOwn(name) {
				return &unsendable{field, rule + " (an observer added it)"}
			}
		}
	}
	return nil
}

// isOwn reports whether observers cannot change a header: it is left as it is.
func isOwn(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return name == headerAPIKey || name == headerIdempotency
}

// addHeaders adds what observers asked for to a copy of the headers, since
// net/http may still read those of the attempt before.
func addHeaders(req *http.Request, added http.Header) {
	if len(added) == 0 {
		return
	}
	req.Header = req.Header.Clone()
	for name, values := range added {
		if !isOwn(name) {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
}

// unsendable is an attempt that was refused before it was sent.
type unsendable struct{ field, rule string }

func (u *unsendable) Error() string { return u.field + " " + u.rule }

// failure describes it.
func (u *unsendable) failure() *Failure {
	return &Failure{Kind: KindParam, Field: u.field, Rule: u.rule}
}

// invalidHeader names the first header that cannot be sent, and why.
func invalidHeader(fields []api.Field) (field, rule string) {
	for _, f := range fields {
		if field, rule = headerRule(f.Name, f.Value); rule != "" {
			return field, rule
		}
	}
	return "", ""
}
