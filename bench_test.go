package orbit_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// createdMessage is the answer to a send.
const createdMessage = `{"data":{"id":"msg_01HV","channel":"sms","status":"queued","direction":"outbound","to":"+14155552671","from":"+15005550006","body":"Hello","segments":1,"created_at":"2026-03-08T12:00:00.123Z"},"meta":{"request_id":"req_01HV","timestamp":"2026-03-08T12:00:00.123Z"}}`

// memory answers every request from memory.
type memory struct{ body []byte }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusAccepted, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{
			"Content-Type": {"application/json"}, "X-Request-Id": {"req_01HV"}, "X-Ratelimit-Limit": {"100"},
			"X-Ratelimit-Remaining": {"99"}, "X-Ratelimit-Reset": {"1772971260"},
		},
		Body: io.NopCloser(bytes.NewReader(m.body)), ContentLength: int64(len(m.body)),
	}, nil
}

// bySDK makes one send with the SDK.
func bySDK(b *testing.B, transport http.RoundTripper) func() {
	b.Helper()
	client, err := orbit.NewClient("dv_test_sk_bench", orbit.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		msg, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
		if err != nil || msg.ID == "" {
			b.Fatal(msg, err)
		}
	}
}

// byHand makes the same send with net/http and encoding/json: the same headers,
// the same time limit, the same type decoded.
func byHand(b *testing.B, transport http.RoundTripper) func() {
	b.Helper()
	client := &http.Client{Transport: transport}
	return func() {
		msg, err := sendByHand(context.Background(), client)
		if err != nil || msg.ID == "" {
			b.Fatal(msg, err)
		}
	}
}

func sendByHand(ctx context.Context, client *http.Client) (*messages.Message, error) {
	body, err := json.Marshal(messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, orbit.DefaultBaseURL+"/messages/sms", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var id [16]byte
	_, _ = rand.Read(id[:])
	req.Header.Set("X-API-Key", "dv_test_sk_bench")
	req.Header.Set("Idempotency-Key", fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "by-hand/1")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data messages.Message `json:"data"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	return &answer.Data, nil
}

func BenchmarkCreate(b *testing.B) {
	transport := memory{[]byte(createdMessage)}
	for name, call := range map[string]func(){"sdk": bySDK(b, transport), "byhand": byHand(b, transport)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call()
			}
		})
	}
}

// BenchmarkCreateRatio alternates batches of both callers, so that what else the
// machine does hits both, and reports the ratio of their times.
func BenchmarkCreateRatio(b *testing.B) {
	transport := memory{[]byte(createdMessage)}
	sdk, hand := bySDK(b, transport), byHand(b, transport)
	const batch = 200
	var ours, theirs time.Duration
	for b.Loop() {
		ours += timed(batch, sdk)
		theirs += timed(batch, hand)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
}

func timed(n int, f func()) time.Duration {
	started := time.Now()
	for range n {
		f()
	}
	return time.Since(started)
}
