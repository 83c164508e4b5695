package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/devotel/orbit-go/internal/fetch"
)

// address is where the file of most tests is.
const address = "https://storage.example.test/call_1.wav?sig=canary"

// whole is the file of these tests.
const whole = "0123456789"

// errTimedOut is what a client of these tests reports of a silent host.
type errTimedOut struct{}

func (errTimedOut) Error() string        { return "timed out" }
func (errTimedOut) Is(target error) bool { return target == context.DeadlineExceeded }

// network is a transport on which any host says what it is told: each request gets
// the next response, the last one again and again.
type network struct {
	responses []any // *http.Response, error or func(*http.Request) *http.Response
	hits      []*http.Request
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	response := n.responses[min(len(n.hits), len(n.responses)-1)]
	n.hits = append(n.hits, req)
	switch r := response.(type) {
	case error:
		return nil, r
	case func(*http.Request) *http.Response:
		return r(req), nil
	default:
		return r.(*http.Response), nil
	}
}

// failed is what Fail makes of a report in these tests.
type failed struct{ report *fetch.Error }

func (f failed) Error() string { return f.report.Reason }
func (f failed) Unwrap() error { return f.report.Err }

// source is a source at an address; Renew names another one each time.
func source(at string) fetch.Source {
	latest := at
	return fetch.Source{
		Op: "Things.Download", Noun: "thing", Address: at,
		Renew: func(context.Context) (string, error) { latest += "&again"; return latest, nil },
		Piece: 10 * time.Second, Attempts: 3,
		Pause: func(ctx context.Context, _ int, _ *http.Response) bool { return ctx.Err() == nil },
		Fail:  func(e *fetch.Error) error { return failed{e} },
	}
}

// open returns the file of a source on a network.
func open(ctx context.Context, n *network, h fetch.Hosts, s fetch.Source) *fetch.File {
	client := &fetch.Client{
		Transport: n, Hosts: &h, TimedOut: errTimedOut{}, Hide: func(err error, _ *url.URL) error { return err },
	}
	return client.New(ctx, func() {}, s)
}

// sends is a response with a body, which it says is as long as it is, and headers
// in pairs.
func sends(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: h, ContentLength: int64(len(body)),
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// half is a response that breaks off in the middle of the whole, which has a tag.
func half() *http.Response {
	r := sends(200, whole, "ETag", `"v1"`)
	r.Body = io.NopCloser(strings.NewReader(whole[:5]))
	return r
}

// rest is what should follow it.
func rest(header ...string) *http.Response {
	return sends(206, whole[5:], append([]string{"Content-Range", "bytes 5-9/10"}, header...)...)
}

// failure returns what a download reported.
func failure(t *testing.T, err error) *fetch.Error {
	t.Helper()
	var f failed
	if !errors.As(err, &f) {
		t.Fatalf("not a failure of a download: %v", err)
	}
	return f.report
}
