package peers

import (
	"bytes"
	"io"
	"net/http"
)

// Answering is a transport that answers every request from memory.
type Answering struct {
	// Status is the HTTP status.
	Status int
	// Body is what is answered.
	Body []byte
}

// RoundTrip reads the request and answers it.
func (a Answering) RoundTrip(r *http.Request) (*http.Response, error) {
	drain(r)
	return respond(r, a.Status, a.Body), nil
}

// Listing is a transport that answers with the pages of a list.
type Listing struct {
	list  *List
	pages [][]byte
}

// NewListing makes all pages.
func NewListing(list *List) *Listing {
	l := &Listing{list: list}
	for n := range Pages {
		l.pages = append(l.pages, list.Page(n))
	}
	return l
}

// Pages are the bodies of all pages.
func (l *Listing) Pages() [][]byte { return l.pages }

// RoundTrip answers with the page that is asked for.
func (l *Listing) RoundTrip(r *http.Request) (*http.Response, error) {
	drain(r)
	n := l.list.Asked(r)
	resp := respond(r, http.StatusOK, l.pages[n])
	if l.list.Link != nil {
		resp.Header.Set("Link", l.list.Link(n))
	}
	return resp, nil
}

func drain(r *http.Request) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
}

func respond(r *http.Request, status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: Header(), Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// Header are the headers of every answer, a rate limit that is far away among them.
func Header() http.Header {
	return http.Header{
		"Content-Type": {"application/json"}, "X-Request-Id": {"req_01HV5Y8QZK"},
		"X-Ratelimit-Limit": {"1000000"}, "X-Ratelimit-Remaining": {"999999"}, "X-Ratelimit-Reset": {"4102444800"},
	}
}
