package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"github.com/devotel/orbit-go/internal/redact"
)

// How much of what the server says is kept, in characters; the rest is in the
// raw body.
const (
	maxMessage = 500
	maxWord    = 100
)

// written gathers what somebody wrote into the request. It is asked on the way to
// an error, and for observers and dumps.
func (x *exchange) written() *redact.Written {
	w := &redact.Written{}
	w.AddKey(x.apiKey)
	w.Learn(x.in)
	for _, v := range x.route.values {
		w.Add(v)
	}
	query, _ := x.query(x.in) // what could not be encoded was not sent
	w.AddForm(query)
	for _, f := range x.set.Header {
		if !isTrace(f.Name) {
			w.Add(f.Value)
		}
	}
	for _, f := range x.set.BodyFields {
		w.Learn(f.Value)
	}
	if file, ok := x.in.(notJSON); ok {
		file.written(w, x.body)
	} else {
		w.AddJSON(x.body)
	}
	return w
}

// hide replaces in texts what was written.
func (x *exchange) hide(texts ...redact.Text) { x.written().Hide(texts...) }

// cause is err with a text that can be shown.
func (x *exchange) cause(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	x.hide(redact.Text{At: &text, Limit: maxMessage})
	return newCause(text, err)
}

// foreignCause is an error that came before the request was made, and so can
// quote nothing of it but the given texts.
func foreignCause(err error, secrets ...string) error {
	return newCause(redact.String(err.Error(), maxMessage, secrets...), err)
}

// encodingCause is why params could not be encoded. What they hold is not known
// yet, so that a text which may quote them is not shown.
func encodingCause(err error) error {
	var kind *json.UnsupportedTypeError
	var value *json.UnsupportedValueError
	switch {
	case errors.As(err, &kind):
		return newCause(kind.Error(), err)
	case errors.As(err, &value):
		return newCause(value.Error(), err)
	}
	return newCause(redact.Mark, err)
}

// isTrace reports whether a header names the request in logs. What it holds is
// made for them.
func isTrace(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "X-Request-Id", "X-Correlation-Id", "Traceparent":
		return true
	}
	return false
}

// written takes a body that is sent as it is.
func (b RawBody) written(w *redact.Written, _ []byte) {
	w.Add(b.ContentType)
	switch kind, _, _ := mime.ParseMediaType(b.ContentType); kind {
	case "application/json":
		w.AddJSON(b.Data)
	case "application/x-www-form-urlencoded":
		w.AddForm(string(b.Data))
	default:
		w.AddContent(b.Data)
	}
}

// written takes the name of the file, and its content from the form that it is in.
func (f File) written(w *redact.Written, body []byte) {
	w.Add(f.Name)
	w.Add(f.ContentType)
	_, content, _ := bytes.Cut(body, []byte("\r\n\r\n"))
	if end := bytes.LastIndex(content, []byte("\r\n--")); end >= 0 {
		w.AddContent(content[:end])
	}
}
