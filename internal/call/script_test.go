package call_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// key is the canary of all tests: it must never be printed.
const key = "dv_test_sk_canary_0123456789"

// hit is a request that arrived.
type hit struct {
	method string
	url    url.URL
	header http.Header
	body   string
	at     time.Time
}

// step answers a request.
type step func(*http.Request) (*http.Response, error)

// script is a server in memory: each request gets the next step, the last one
// again and again.
type script struct {
	mu    sync.Mutex
	steps []step
	hits  []hit
}

func play(steps ...step) *script { return &script{steps: steps} }

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	s.mu.Lock()
	n := len(s.hits)
	s.hits = append(s.hits, hit{req.Method, *req.URL, req.Header.Clone(), string(body), time.Now()})
	next := s.steps[min(n, len(s.steps)-1)]
	s.mu.Unlock()
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	resp, err := next(req)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// count is how many requests have arrived.
func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.hits)
}

// answer is a step that answers with a body, and headers in pairs.
func answer(status int, body string, header ...string) step {
	return func(*http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{
			StatusCode: status, Header: h, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

// problem is an answer with the error envelope.
func problem(status int, code string, header ...string) step {
	return answer(status, `{"error":{"code":"`+code+`","message":"no"},"meta":{"request_id":"req_`+code+`"}}`, header...)
}

// fails is a step that breaks.
func fails(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// hangs is a step that never answers.
func hangs(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// cut is a success whose body ends too early.
func cut(*http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(`{"data":{"id":`), broken{})
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: 100, Body: io.NopCloser(body)}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func refusedDial() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

func brokenConnection() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
}

// good is a success.
const good = `{"data":{"id":"thing_1"},"meta":{"request_id":"req_ok"}}`

// thing is a result of the tests.
type thing struct {
	api.Meta `json:"-"`

	ID   string `json:"id"`
	Size int    `json:"size"`
}

type thingWire struct{ thing }

func (w *thingWire) Public(info *api.ResponseInfo) *thing {
	w.Info = info
	return &w.thing
}

func (w *thingWire) Identity() string { return w.ID }

// client returns a client over the script. Failures come back as they are.
func (s *script) client(change ...func(*call.Config)) *call.Client {
	base, _ := url.Parse("https://api.example.test/api/v1")
	cfg := call.Config{
		BaseURL: base, HTTP: &http.Client{Transport: s}, UserAgent: "test",
		Key:      func(context.Context) (string, error) { return key, nil },
		Defaults: api.CallSettings{MaxAttempts: 3, AttemptTimeout: 10 * time.Second, MaxWait: 75 * time.Second},
		Fail:     func(f *call.Failure) error { return f },
	}
	for _, c := range change {
		c(&cfg)
	}
	return call.NewClient(cfg)
}

func option(f func(*api.CallSettings)) api.CallOption { return api.NewCallOption(f) }

func withRetry(p api.RetryPolicy) api.CallOption {
	return option(func(s *api.CallSettings) { s.Retry = p })
}

func get(ctx context.Context, c *call.Client, opts ...api.CallOption) (*thing, error) {
	return call.Do[thing, thingWire](ctx, c, call.Get("Things.Get", "/things/{id}", "1"), nil, opts)
}

func create(ctx context.Context, c *call.Client, opts ...api.CallOption) (*thing, error) {
	return call.Create[thing, thingWire](ctx, c, call.Post("Things.Create", "/things"), map[string]string{"to": "+14155552671"}, opts)
}

// failure returns the failure in err.
func failure(t *testing.T, err error) *call.Failure {
	t.Helper()
	var f *call.Failure
	require.True(t, errors.As(err, &f), "want a failure, got %v", err)
	return f
}
