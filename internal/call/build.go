package call

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/redact"
	"github.com/devotel/orbit-go/internal/wire"
)

// build makes what a request is made of, its address, key and body, and refuses
// what cannot be sent safely. The request itself is made when the gate lets the
// call pass: those that wait should be small.
func (x *exchange) build(ctx context.Context, in any) (*url.URL, error) {
	x.in = in
	if p := x.route.problem; p != nil && !x.client.cfg.SkipChecks {
		return nil, x.fail(&Failure{
			Kind: KindParam, NotSent: true, Field: p.Field, Rule: p.Rule, Suggestion: p.Suggestion, Code: p.Code,
		})
	}
	address, err := x.address(in)
	if err != nil {
		return nil, err
	}
	key, err := x.client.cfg.Key(ctx)
	if err != nil {
		return nil, x.fail(&Failure{Kind: KindParam, NotSent: true, Field: headerAPIKey, Rule: "could not be obtained", Err: foreignCause(err)})
	}
	x.apiKey = key
	return address, x.encode(in)
}

// request makes the request of all attempts.
func (x *exchange) request(address *url.URL) *http.Request {
	return (&http.Request{
		Method: x.route.method, URL: address, Host: address.Host, Header: x.header(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(x.ctx)
}

// encode makes the body, once for all attempts.
func (x *exchange) encode(in any) error {
	if x.route.isRead() {
		if len(x.set.BodyFields) > 0 {
			return x.refuseParam("WithBodyField", "has no place in a request without a body")
		}
		return nil
	}
	x.contentType = "application/json"
	if other, ok := in.(notJSON); ok {
		if len(x.set.BodyFields) > 0 {
			return x.refuseParam("WithBodyField", "has no place in a body that is no JSON")
		}
		if i := slices.IndexFunc(x.set.Header, isContentType); i >= 0 {
			return x.refuseParam(x.set.Header[i].Name, "is set by the body, which is no JSON")
		}
		raw, problem := other.raw()
		if problem != nil {
			return x.fail(problem)
		}
		x.body, x.contentType = raw.Data, raw.ContentType
		return nil
	}
	body, err := wire.Body(in, x.set.BodyFields)
	var misplaced *wire.FieldError
	if errors.As(err, &misplaced) {
		return x.refuseParam("WithBodyField", redact.String(misplaced.Error(), maxMessage))
	}
	if err != nil {
		return x.fail(&Failure{Kind: KindParam, NotSent: true, Field: "body", Rule: "cannot be written as JSON", Err: encodingCause(err)})
	}
	x.body = body
	return nil
}

func isContentType(f api.Field) bool { return http.CanonicalHeaderKey(f.Name) == "Content-Type" }

// notJSON is a body that is no JSON. It is an interface so that only programs
// that send one link what makes it.
type notJSON interface {
	raw() (RawBody, *Failure)
	// written gathers what somebody wrote into the body.
	written(w *redact.Written, body []byte)
}

// RawBody is a body as it is sent.
type RawBody struct {
	ContentType string
	Data        []byte
}

func (b RawBody) raw() (RawBody, *Failure) { return b, nil }

// address joins base URL, path and query. Each path element is escaped by
// itself, so that no ID can leave its place.
func (x *exchange) address(in any) (*url.URL, error) {
	base := x.client.cfg.BaseURL
	address := &url.URL{Scheme: base.Scheme, Host: base.Host}
	escaped, err := x.path()
	if err != nil {
		return nil, err
	}
	address.Path = x.client.prefix + escaped
	if strings.Contains(address.Path, "%") {
		address.RawPath = address.Path
		if address.Path, err = url.PathUnescape(address.RawPath); err != nil {
			return nil, x.refuseParam("path", "is malformed")
		}
	}
	address.RawQuery, err = x.query(in)
	return address, err
}

// path fills the template.
func (x *exchange) path() (string, error) {
	rest := x.route.template
	if !strings.Contains(rest, "{") && len(x.route.values) == 0 {
		return rest, nil
	}
	var out strings.Builder
	for i := 0; ; i++ {
		before, after, found := strings.Cut(rest, "{")
		out.WriteString(before)
		if !found {
			if i < len(x.route.values) {
				return "", x.refuseParam("path", "has fewer elements than values given")
			}
			return out.String(), nil
		}
		name, after, _ := strings.Cut(after, "}")
		value, ok := x.route.value(i, name)
		if !ok {
			return "", x.refuseParam(name, "is an element of the path and must be given")
		}
		if value == "" || value == "." || value == ".." {
			return "", x.refuseParam(name, `must not be empty, "." or ".."`)
		}
		out.WriteString(escapeElement(value))
		rest = after
	}
}

// value returns the value of the i-th path element.
func (r *Route) value(i int, name string) (string, bool) {
	if r.names == nil {
		if i < len(r.values) {
			return r.values[i], true
		}
		return "", false
	}
	for j, n := range r.names {
		if n == name {
			return r.values[j], true
		}
	}
	return "", false
}

// escapeElement escapes one path element. A plus is escaped too, since servers
// read it as a space.
func escapeElement(value string) string {
	return strings.ReplaceAll(url.PathEscape(value), "+", "%2B")
}

// query encodes the params of a read and the parameters set by options.
func (x *exchange) query(in any) (string, error) {
	hasParams := in != nil && x.route.query != nil
	if !hasParams && len(x.set.Query) == 0 && x.route.cursor == "" {
		return "", nil
	}
	values := url.Values{}
	if hasParams {
		var err error
		if values, err = x.route.query(in); err != nil {
			return "", x.fail(&Failure{Kind: KindParam, NotSent: true, Field: "params", Rule: "cannot be written as a query", Err: encodingCause(err)})
		}
	}
	for _, f := range x.set.Query {
		values.Set(f.Name, f.Value)
	}
	if x.route.cursor != "" {
		values.Set("cursor", x.route.cursor)
	}
	return values.Encode(), nil
}

// refuseParam makes the user's error of a parameter that is not sent.
func (x *exchange) refuseParam(field, rule string) error {
	return x.fail(&Failure{Kind: KindParam, NotSent: true, Field: field, Rule: rule})
}
