package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/internal/strict"
	"github.com/devotel/orbit-go/messages"
)

// strictly puts a strict server behind HTTP.
type strictly struct {
	*strict.Server

	number *regexp.Regexp // of the call that a body is of
}

func (s strictly) call(body []byte) string {
	if found := s.number.FindSubmatch(body); found != nil {
		return string(found[1])
	}
	return ""
}

// RoundTrip answers a send.
func (s strictly) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	call, err := strconv.Atoi(s.call(body))
	if err != nil {
		return nil, err
	}
	if err := s.travel(req.Context()); err != nil {
		return nil, err
	}
	resp := s.Serve(call)
	switch resp.Fate {
	case strict.Hanging:
		<-req.Context().Done()
		return nil, req.Context().Err()
	case strict.Unconnected:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case strict.Lost, strict.Broken:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	if err := s.travel(req.Context()); err != nil {
		return nil, err
	}
	return written(&resp, call), nil
}

func (s strictly) travel(ctx context.Context) error {
	select {
	case <-time.After(s.Delay()):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// written is what a response looks like on the wire.
func written(r *strict.Response, call int) *http.Response {
	h := http.Header{}
	if r.Told {
		h.Set("X-Ratelimit-Limit", strconv.Itoa(r.Limit))
		h.Set("X-Ratelimit-Remaining", strconv.Itoa(r.Remaining))
		h.Set("X-Ratelimit-Reset", strconv.FormatInt(r.Reset.Unix(), 10))
	}
	if !r.Date.IsZero() {
		h.Set("Date", r.Date.UTC().Format(http.TimeFormat))
	}
	if r.Wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(r.Wait.Seconds())))
	}
	status, body := http.StatusAccepted, fmt.Sprintf(`{"data":{"id":"msg_%d","status":"queued"},"meta":{"request_id":"req_%d"}}`, call, call)
	switch r.Fate {
	case strict.Refused:
		status, body = http.StatusTooManyRequests, `{"error":{"code":"RATE_LIMITED","message":"slow down"}}`
	case strict.Busy:
		status, body = http.StatusServiceUnavailable, "<html>busy</html>"
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// row is a line of the table.
type row struct {
	name, least string
	took        time.Duration
	refused     int
	failed      int
	maybe       int
	doubled     int
	inTrouble   int
	wrong       []string
}

// runStrictly makes the calls of a scenario through whole clients.
func runStrictly(t *testing.T, s *strict.Scenario, seed uint64) *row {
	t.Helper()
	out := &row{name: s.Name, least: s.Shortest()}
	synctest.Test(t, func(t *testing.T) {
		s.Start(seed)
		transport := strictly{&s.Server, regexp.MustCompile(`call ([0-9]+)`)}
		clients := make([]*orbit.Client, max(s.Clients, 1))
		opts := []orbit.CallOption{orbit.WithMaxWait(s.Patience())}
		if s.Once {
			opts = append(opts, orbit.WithMaxAttempts(1))
		}
		if s.Timeout > 0 {
			opts = append(opts, orbit.WithAttemptTimeout(s.Timeout))
		}
		for i := range clients {
			var err error
			clients[i], err = orbit.NewClient("dv_test_sk_0123456789", orbit.WithHTTPClient(&http.Client{Transport: transport}), orbit.WithDefaults(opts...))
			if err != nil {
				t.Fatal(err)
			}
		}
		var failed, maybe, lies atomic.Int64
		out.took = s.Run(func(client, i int) {
			_, err := clients[client].Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "call " + strconv.Itoa(i)})
			if err != nil {
				failed.Add(1)
			}
			if orbit.MaybeSent(err) {
				maybe.Add(1)
			} else if s.Stored(i) != (err == nil) || errors.Is(err, orbit.ErrNotSent) && s.Stored(i) {
				lies.Add(1)
			}
		})
		out.failed, out.maybe = int(failed.Load()), int(maybe.Load())
		if n := lies.Load(); n > 0 {
			out.wrong = append(out.wrong, fmt.Sprintf("%d results that say the opposite of the truth", n))
		}
	})
	out.refused, out.doubled, out.inTrouble = s.Refusals(), s.Doubled(), s.Server.InTrouble()
	out.wrong = append(out.wrong, s.Judge(out.took, out.failed)...)
	return out
}
