package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// An outage: sends at a steady rate, and a server that responds with 503 for a while.
const (
	sendsEach  = 10 * time.Millisecond
	outageFrom = 3 * time.Second
	outageTo   = 13 * time.Second
	lastSend   = 45 * time.Second
)

// failing is a server that is down for a while.
type failing struct {
	next  http.Handler
	start time.Time

	mu       sync.Mutex
	requests []orbittest.Request
}

func (f *failing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	status := http.StatusOK
	if since := now.Sub(f.start); since >= outageFrom && since < outageTo {
		status = http.StatusServiceUnavailable
	}
	f.mu.Lock()
	f.requests = append(f.requests, orbittest.Request{Time: now, Status: status})
	f.mu.Unlock()
	if status != http.StatusOK {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		return
	}
	f.next.ServeHTTP(w, r)
}

// during is how many requests came while it was down.
func (f *failing) during() (n int) {
	for _, r := range f.requests {
		if r.Status != http.StatusOK {
			n++
		}
	}
	return n
}

// drawOutageTo draws requests over time through an outage, with this client and
// with one that retries and knows of nothing else.
func drawOutageTo(path string) error {
	var rows []row
	for _, r := range []struct {
		title string
		make  func(url string) (func(context.Context, int) error, error)
	}{{"this client", sharing}, {"a plain retrying client", retrying}} {
		f, failed, err := throughOutage(r.make)
		if err != nil {
			return err
		}
		rows = append(rows, row{
			title: fmt.Sprintf("%s: %d of %d calls failed, %d requests in the outage", r.title, failed, int(lastSend/sendsEach), f.during()),
			bins:  binned(f.requests, func(r orbittest.Request) bool { return r.Status != http.StatusOK }),
		})
	}
	return os.WriteFile(path, []byte(svg(rows, "answered", "answered with 503")), 0o600)
}

func throughOutage(newSend func(string) (func(context.Context, int) error, error)) (*failing, int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, err
	}
	f := &failing{next: orbittest.NewServer(orbittest.WithLimit("*", 1e6, time.Minute), orbittest.KeepRequests(0)), start: time.Now()}
	server := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	defer server.Close() //nolint:errcheck // it ends with the program
	send, err := newSend("http://" + listener.Addr().String() + "/api/v1")
	if err != nil {
		return nil, 0, err
	}
	var failed atomic.Int64
	var wg sync.WaitGroup
	for i := range int(lastSend / sendsEach) {
		time.Sleep(time.Until(f.start.Add(time.Duration(i) * sendsEach)))
		wg.Go(func() {
			if err := send(context.Background(), i); err != nil {
				failed.Add(1)
			}
		})
	}
	wg.Wait()
	return f, int(failed.Load()), nil
}

func sharing(url string) (func(context.Context, int) error, error) {
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithBaseURL(url))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, i int) error {
		_, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: fmt.Sprint("message ", i)})
		return err
	}, nil
}

func retrying(url string) (func(context.Context, int) error, error) {
	client := retryablehttp.NewClient()
	client.Logger = nil
	return func(ctx context.Context, i int) error {
		body := fmt.Sprintf(`{"to":"+15005550002","body":"message %d"}`, i)
		req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, url+"/messages/sms", strings.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("X-API-Key", orbittest.DefaultAPIKey)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", fmt.Sprint("plain-client-", i))
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close() //nolint:errcheck // nothing is left to be lost
		_, _ = io.Copy(io.Discard, resp.Body)
		if resp.StatusCode >= http.StatusBadRequest {
			return fmt.Errorf("status %d", resp.StatusCode)
		}
		return nil
	}, nil
}
