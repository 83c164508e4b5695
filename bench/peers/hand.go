package peers

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// hand is a create by hand, with net/http and encoding/json.
type hand[T any] struct {
	encode func() ([]byte, error) // makes the body
	id     func(*T) string        // of what was decoded
	want   string                 // is the id
}

// beside makes the call that create makes: the same method, address and headers.
// Only an idempotency key is a new one each time.
func (h hand[T]) beside(create Maker, answer string) Maker {
	return func(base string, rt http.RoundTripper) Call {
		sent := recorded(create, base, answer)
		client := &http.Client{Transport: rt}
		return func() error {
			value, err := h.do(client, sent)
			if err != nil {
				return err
			}
			return expect(h.id(value), h.want, nil)
		}
	}
}

func (h hand[T]) do(client *http.Client, like *request) (*T, error) {
	body, err := h.encode()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(context.Background(), like.method, like.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for _, header := range like.headers {
		req.Header.Set(header.name, header.value)
	}
	if like.keyed {
		req.Header.Set("Idempotency-Key", newKey())
	}
	value := new(T)
	return value, exchange(client, req, value)
}

// exchange sends a request and decodes the answer.
func exchange(client *http.Client, req *http.Request, into any) error {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode > 299 {
		return &failure{resp.StatusCode, raw}
	}
	return json.Unmarshal(raw, into)
}

// failure is an answer that is an error.
type failure struct {
	status int
	body   []byte
}

func (f *failure) Error() string { return fmt.Sprintf("status %d: %s", f.status, f.body) }

// request is what an SDK sends, but for the body.
type request struct {
	method, url string
	headers     []header
	keyed       bool // has an idempotency key
}

// header is a header with its value.
type header struct{ name, value string }

// recorded lets an SDK make its call once, and keeps what it sent.
func recorded(create Maker, base, answer string) *request {
	r := &recorder{answer: []byte(answer)}
	if err := create(base, r)(); err != nil {
		panic(err) // the adapter is wrong
	}
	return r.sent
}

// recorder answers from memory and keeps the request.
type recorder struct {
	answer []byte
	sent   *request
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	drain(req)
	r.sent = &request{method: req.Method, url: req.URL.String()}
	for name, values := range req.Header {
		if name == "Idempotency-Key" {
			r.sent.keyed = true
			continue
		}
		r.sent.headers = append(r.sent.headers, header{name, values[0]})
	}
	return respond(req, http.StatusOK, r.answer), nil
}

// newKey is a random UUID.
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// asJSON encodes a value, made anew for each call.
func asJSON[T any](value func() T) func() ([]byte, error) {
	return func() ([]byte, error) { return json.Marshal(value()) }
}

// asForm encodes names and values as a form, made anew for each call.
func asForm(pairs ...string) func() ([]byte, error) {
	return func() ([]byte, error) {
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return []byte(form.Encode()), nil
	}
}
