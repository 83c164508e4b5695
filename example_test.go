package orbit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

func Example() {
	server := orbittest.NewServer() // an Orbit in memory; a program leaves it out
	client, err := orbit.NewClient("dv_test_sk_example", orbit.WithHTTPClient(server.HTTPClient()))
	if err != nil {
		log.Fatal(err)
	}
	msg, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Status, msg.RequestID() != "")
	// Output: queued true
}

// What an error says, and what to do about it.
func ExampleError() {
	server := orbittest.NewServer()
	client := server.Client()
	_, err := client.Messages.Get(context.Background(), "msg_missing")

	var refused *orbit.Error
	switch {
	case errors.Is(err, orbit.ErrNotFound):
		errors.As(err, &refused)
		fmt.Println("no such message:", refused.Code, refused.StatusCode, refused.Attempts)
	case errors.Is(err, orbit.ErrRateLimited):
		errors.As(err, &refused)
		fmt.Println("come back at", refused.RetryAt)
	case orbit.Retryable(err):
		fmt.Println("let the job queue try again")
	}
	// Output: no such message: NOT_FOUND 404 1
}

func ExampleParamError() {
	client := orbittest.NewServer().Client()
	_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+1 (415) 555-2671", Body: "Hello"})
	var param *orbit.ParamError
	if errors.As(err, &param) {
		fmt.Println(param.Field, "->", param.Suggestion)
	}
	// Output: to -> +14*******71
}

// A job that crashed between sending and noting it down is run again with the
// same key: the message is sent once.
func ExampleWithIdempotencyKey() {
	server := orbittest.NewServer()
	client := server.Client()
	job := func() (string, error) {
		msg, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"},
			orbit.WithIdempotencyKey("job-1001"))
		if err != nil {
			return "", err
		}
		return msg.ID, nil
	}
	first, err := job() // ... and the process dies before it can store the ID
	if err != nil {
		log.Fatal(err)
	}
	second, err := job()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(first == second, len(server.Messages()))
	// Output: true 1
}

// A template button has fields that the SDK does not know.
func ExampleWithBodyField() {
	server := orbittest.NewServer(orbittest.AllowUnknownFields())
	client := server.Client()
	_, err := client.Messages.SendWhatsApp(context.Background(), messages.SendWhatsAppParams{
		To: "+15005550002",
		Template: messages.WhatsAppTemplate{
			Name: "order_ready", Language: "en",
			Components: []messages.WhatsAppComponent{{Type: "button"}},
		},
	}, orbit.WithBodyField("/template/components/0/sub_type", "url"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(server.Requests()[0].Body))
	// Output: {"to":"+15005550002","type":"template","template":{"name":"order_ready","language":{"code":"en"},"components":[{"type":"button","sub_type":"url"}]}}
}

// After a broken connection nobody knows whether the message was accepted.
func ExampleMaybeSent() {
	server := orbittest.NewServer()
	server.FailNext("POST /messages/sms", orbittest.ResetAfter())
	client := server.Client()
	_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"},
		orbit.WithRetry(orbit.RetrySafe))
	fmt.Println(err != nil, orbit.MaybeSent(err), orbit.Retryable(err))
	// Output: true true true
}

func ExampleRetryable() {
	server := orbittest.NewServer()
	server.FailNext("GET /messages", orbittest.Fault{Status: 401}, orbittest.RateLimited(time.Hour))
	client := server.Client()
	for range 2 {
		_, err := client.Messages.List(context.Background(), messages.ListParams{})
		fmt.Println(orbit.Retryable(err))
	}
	// Output:
	// false
	// true
}

func ExampleClient_Call() {
	client := orbittest.NewServer().Client()
	var out struct {
		HTML string `json:"html"`
	}
	in := map[string]any{"name": "welcome", "blocks": []any{map[string]string{"type": "text", "content": "Hi"}}}
	err := client.Call(context.Background(), "POST", "/messages/{tool}/render", in, &out, orbit.PathValue("tool", "email-builder"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.HTML != "")
	// Output: true
}

func ExampleClient_WithKey() {
	server := orbittest.NewServer()
	client := server.Client()
	tenant, err := client.WithKey("dv_test_sk_tenant")
	if err != nil {
		log.Fatal(err)
	}
	_, err = tenant.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleClient_CloseIdleConnections() {
	client, err := orbit.NewClient("dv_test_sk_example")
	if err != nil {
		log.Fatal(err)
	}
	defer client.CloseIdleConnections()
	fmt.Println(client.Messages != nil)
	// Output: true
}

func ExampleCollect() {
	server := orbittest.NewServer()
	client := server.Client()
	for range 5 {
		server.AddMessage(orbittest.Message{Channel: "sms", To: []string{"+15005550002"}})
	}
	latest, err := orbit.Collect(client.Messages.All(context.Background(), messages.ListParams{Limit: 2}), 3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(latest), len(server.Requests()))
	// Output: 3 2
}

func ExampleCollectAll() {
	server := orbittest.NewServer()
	client := server.Client()
	for range 5 {
		server.AddMessage(orbittest.Message{Channel: "sms", To: []string{"+15005550002"}})
	}
	all, err := orbit.CollectAll(client.Messages.All(context.Background(), messages.ListParams{Limit: 2}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(all), len(server.Requests()))
	// Output: 5 3
}

func ExampleCaptureResponse() {
	client := orbittest.NewServer().Client()
	var response orbit.Response
	_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"},
		orbit.CaptureResponse(&response))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, response.RateLimit.Remaining, response.Header().Get("Content-Type"), len(response.Body()) > 0)
	// Output: 202 99 application/json true
}

// A field that the SDK does not know yet, of each message of a list.
func ExampleWithRawJSON() {
	server := orbittest.NewServer(orbittest.WithFullResponses())
	client := server.Client()
	ctx := context.Background()
	if _, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"}); err != nil {
		log.Fatal(err)
	}
	for msg, err := range client.Messages.All(ctx, messages.ListParams{}, orbit.WithRawJSON()) {
		if err != nil {
			log.Fatal(err)
		}
		var more struct {
			Status string `json:"status"` // as an example: the SDK knows it
		}
		if err := json.Unmarshal(msg.RawJSON(), &more); err != nil {
			log.Fatal(err)
		}
		fmt.Println(more.Status)
	}
	// Output: queued
}

func ExampleWithLogger() {
	server := orbittest.NewServer()
	server.FailNext("POST /messages/sms", orbittest.Unavailable())
	client := server.Client(orbit.WithLogger(slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelWarn,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "time" || a.Key == "wait" || a.Key == "request_id" {
				return slog.Attr{} // for an example whose output is always the same
			}
			return a
		},
	}))))
	if _, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"}); err != nil {
		log.Fatal(err)
	}
	// Output: level=WARN msg="orbit retry" op=Messages.SendSMS route="POST /messages/sms" attempt=1 status=503 code=SERVICE_UNAVAILABLE reason="503 Service Unavailable"
}

func ExampleWithObserver() {
	client := orbittest.NewServer().Client(orbit.WithObserver(orbit.Observer{
		CallDone: func(_ context.Context, e orbit.CallEvent) {
			fmt.Println(e.Op, e.Method, e.Route, e.StatusCode, e.Attempts)
		},
	}))
	if _, err := client.Messages.List(context.Background(), messages.ListParams{}); err != nil {
		log.Fatal(err)
	}
	// Output: Messages.List GET /messages 200 1
}

// sharedLimit shares what the server says that is left of a limit among all
// clients that are given it. A fleet keeps the same in a store that its processes
// share.
type sharedLimit struct {
	mu     sync.Mutex
	routes map[orbit.RateRoute]*sharedWindow
}

type sharedWindow struct {
	left int
	ends time.Time
}

func (l *sharedLimit) Wait(ctx context.Context, r orbit.RateRoute) error {
	for {
		l.mu.Lock()
		w := l.routes[r]
		if w == nil || w.left > 0 || !time.Now().Before(w.ends) {
			if w != nil {
				w.left--
			}
			l.mu.Unlock()
			return nil
		}
		wait := time.Until(w.ends)
		l.mu.Unlock()
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return context.DeadlineExceeded
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *sharedLimit) Learn(_ context.Context, r orbit.RateRoute, resp orbit.RateResponse) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if resp.Limit > 0 {
		l.routes[r] = &sharedWindow{left: resp.Remaining, ends: time.Now().Add(resp.ResetIn)}
	}
}

func ExampleWithRateLimiter() {
	limit := &sharedLimit{routes: map[orbit.RateRoute]*sharedWindow{}}
	server := orbittest.NewServer(orbittest.WithLimit("POST /messages/sms", 3, time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	clients := []*orbit.Client{ // as of two processes
		server.Client(orbit.WithRateLimiter(limit)), server.Client(orbit.WithRateLimiter(limit)),
	}
	for i := range 4 {
		_, err := clients[i%2].Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		fmt.Println(err == nil, errors.Is(err, orbit.ErrNotSent))
	}
	fmt.Println(len(server.Requests()), "requests")
	// Output:
	// true false
	// true false
	// true false
	// false true
	// 3 requests
}

// sender is all that a part of a program needs of Orbit: its tests can put a
// fake in its place.
type sender interface {
	SendSMS(ctx context.Context, params messages.SendSMSParams, opts ...orbit.CallOption) (*messages.Message, error)
	Get(ctx context.Context, id string, opts ...orbit.CallOption) (*messages.Message, error)
	Wait(ctx context.Context, id string, params messages.WaitParams, opts ...orbit.CallOption) (*messages.Message, error)
}

// A service satisfies any interface of its methods.
func Example_narrowInterface() {
	var s sender = orbittest.NewServer().Client().Messages
	msg, err := s.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Status)
	// Output: queued
}
