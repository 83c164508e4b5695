package orbit_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/messages"
)

// inTurn answers each request with the next transport, the last one again and
// again.
func inTurn(transports ...http.RoundTripper) roundTripFunc {
	n := -1
	return func(req *http.Request) (*http.Response, error) {
		n = min(n+1, len(transports)-1)
		return transports[n].RoundTrip(req)
	}
}

type spanKey struct{}

// OBS-2: hooks see each call and each attempt, with their facts; a start's
// context reaches the request, and its headers go with it.
func TestObserver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []http.Header
		transport := inTurn(refusal(503, "SERVICE_UNAVAILABLE"), &recorder{status: 202, body: createdMessage})
		watched := roundTripFunc(func(req *http.Request) (*http.Response, error) {
			assert.Equal(t, "attempt", req.Context().Value(spanKey{}))
			sent = append(sent, req.Header)
			time.Sleep(time.Second)
			return transport(req)
		})
		var calls []orbit.CallEvent
		var attempts, waits []orbit.AttemptEvent
		observer := orbit.Observer{
			CallStart: func(ctx context.Context, e orbit.CallEvent) context.Context {
				calls = append(calls, e)
				return context.WithValue(ctx, spanKey{}, "call")
			},
			AttemptStart: func(ctx context.Context, e orbit.AttemptEvent) context.Context {
				assert.Equal(t, "call", ctx.Value(spanKey{}))
				e.Header.Set("Traceparent", "00-"+strings.Repeat("a", e.Attempt))
				e.Header.Set("X-API-Key", "stolen")
				e.Header.Set("Idempotency-Key", "stolen")
				attempts = append(attempts, e)
				return context.WithValue(ctx, spanKey{}, "attempt")
			},
			AttemptDone: func(ctx context.Context, e orbit.AttemptEvent) {
				assert.Equal(t, "attempt", ctx.Value(spanKey{}))
				assert.NoError(t, ctx.Err())
				attempts = append(attempts, e)
			},
			RetryWait: func(_ context.Context, e orbit.AttemptEvent) { waits = append(waits, e) },
			CallDone: func(ctx context.Context, e orbit.CallEvent) {
				assert.Equal(t, "call", ctx.Value(spanKey{}))
				calls = append(calls, e)
			},
		}
		client := newTestClient(t, watched, orbit.WithObserver(observer), orbit.WithObserver(orbit.Observer{}))
		msg := send(t, client)

		require.Len(t, calls, 2)
		start, done := calls[0], calls[1]
		assert.Equal(t, "Messages.SendSMS", start.Op)
		assert.Equal(t, "POST", start.Method)
		assert.Equal(t, "/messages/sms", start.Route)
		assert.Equal(t, msg.Info.IdempotencyKey, start.IdempotencyKey)
		assert.Equal(t, 202, done.StatusCode)
		assert.Equal(t, 2, done.Attempts)
		assert.Equal(t, "req_01HV", done.RequestID)
		assert.Empty(t, done.Code)
		require.NoError(t, done.Err)

		require.Len(t, attempts, 4)
		first, second := attempts[1], attempts[3]
		assert.Equal(t, 1, first.Attempt)
		assert.Equal(t, 503, first.StatusCode)
		assert.Equal(t, api.CodeServiceUnavailable, first.Code)
		assert.Equal(t, "req_9", first.RequestID)
		assert.Equal(t, "503 Service Unavailable", first.Reason)
		assert.Empty(t, second.Reason)
		for _, address := range []string{start.Address, done.Address, first.Address} {
			assert.Equal(t, "api.orbit.devotel.io:443", address)
		}
		assert.Equal(t, 100, second.RateLimit.Limit)
		assert.Equal(t, 100, done.RateLimit.Limit)
		assert.Equal(t, time.Second, first.Duration)
		assert.Equal(t, 2, second.Attempt)
		assert.Equal(t, 202, second.StatusCode)
		require.Len(t, waits, 1)
		assert.Positive(t, waits[0].Wait)
		assert.Zero(t, first.Queued)
		assert.Equal(t, waits[0].Wait, attempts[2].Queued)
		assert.Equal(t, waits[0].Wait, second.Queued)
		assert.Equal(t, 2*time.Second+waits[0].Wait, done.Duration)
		assert.Equal(t, "00-a", sent[0].Get("Traceparent"))
		assert.Equal(t, "00-aa", sent[1].Get("Traceparent"))
		for _, h := range sent {
			assert.Equal(t, []string{testKey}, h.Values("X-API-Key"))
			assert.Equal(t, []string{msg.Info.IdempotencyKey}, h.Values("Idempotency-Key"))
		}
	})
}

// OBS-2: a failed call tells why.
func TestObserverSeesFailures(t *testing.T) {
	t.Parallel()
	var done []orbit.CallEvent
	observer := orbit.Observer{CallDone: func(_ context.Context, e orbit.CallEvent) { done = append(done, e) }}
	client := newTestClient(t, refusal(404, "NOT_FOUND"), orbit.WithObserver(observer))
	_, err := client.Messages.Get(t.Context(), "msg_1")
	_, local := client.Messages.Get(t.Context(), "")
	require.Len(t, done, 2)
	assert.Equal(t, err, done[0].Err)
	assert.Equal(t, 404, done[0].StatusCode)
	assert.Equal(t, api.CodeNotFound, done[0].Code)
	assert.Equal(t, "req_9", done[0].RequestID)
	assert.Equal(t, local, done[1].Err)
	assert.Zero(t, done[1].Attempts)
}

// OBS-1, OBS-4: nothing is written unless asked for; a retried success logs no
// error, and a refusal none either.
func TestLogger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		client := newTestClient(t, inTurn(refusal(503, "SERVICE_UNAVAILABLE"), &recorder{status: 202, body: createdMessage}, refusal(422, "INVALID_EMAIL")),
			orbit.WithLogger(logger))
		send(t, client)
		_, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
		require.Error(t, err)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		require.Len(t, lines, 4)
		for i, want := range []string{
			`level=DEBUG msg="orbit attempt" op=Messages.SendSMS route="POST /messages/sms" attempt=1 status=503 request_id=req_9 code=SERVICE_UNAVAILABLE reason="503 Service Unavailable" duration=`,
			`level=WARN msg="orbit retry" op=Messages.SendSMS route="POST /messages/sms" attempt=1 status=503 request_id=req_9 code=SERVICE_UNAVAILABLE reason="503 Service Unavailable" wait=`,
			`level=DEBUG msg="orbit attempt" op=Messages.SendSMS route="POST /messages/sms" attempt=2 status=202 request_id=req_01HV duration=`,
			`level=DEBUG msg="orbit attempt" op=Messages.SendSMS route="POST /messages/sms" attempt=1 status=422 request_id=req_9 code=INVALID_EMAIL reason="422 Unprocessable Entity" duration=`,
		} {
			assert.Contains(t, lines[i], want)
		}
	})
}

// SEC-5: a dump shows routes, harmless headers and the shape of bodies.
func TestDump(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	client := newTestClient(t, &recorder{status: 202, body: createdMessage}, orbit.WithDump(&out))
	send(t, client, orbit.WithIdempotencyKey("job-1"), orbit.WithQuery("q", "covert"))
	text := out.String()
	for _, want := range []string{
		"> POST /messages/sms (Messages.SendSMS, attempt 1)\n", "> Idempotency-Key: job-1\n", "> X-Api-Key: [hidden]\n",
		`> {"to":"[12 bytes]","body":"[5 bytes]"}` + "\n", "< 202\n", "< X-Ratelimit-Remaining: 99\n", `"status":"queued"`, `"request_id":"req_01HV"`,
	} {
		assert.Contains(t, text, want)
	}
	for _, secret := range []string{"Hello", "4155552671", "covert", testKey} {
		assert.NotContains(t, text, secret)
	}

	out.Reset()
	client = newTestClient(t, failing{http.ErrHandlerTimeout}, orbit.WithDump(&out))
	_, err := client.Messages.Get(t.Context(), "msg_1", orbit.WithRetry(orbit.RetryNone))
	require.Error(t, err)
	assert.Contains(t, out.String(), "> GET /messages/{id} (Messages.Get, attempt 1)")
}
