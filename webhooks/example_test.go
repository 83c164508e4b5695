package webhooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/webhooks"
)

// The secret is the one that Orbit showed when the webhook was created. The
// examples sign their deliveries themselves, at 2026-03-08T12:00:00Z.
const exampleSecret = "whsec_8Zk1vN0rT5yQ2xLw"

func exampleTime() time.Time { return time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC) }

const exampleBody = `{"id":"evt_1","type":"message.delivered","created_at":"2026-03-08T12:00:00Z",` +
	`"data":{"message_id":"msg_1","status":"delivered","to":"+1415555****"}}`

func exampleVerifier(opts ...webhooks.VerifierOption) *webhooks.Verifier {
	v, err := webhooks.NewVerifier(exampleSecret, append([]webhooks.VerifierOption{webhooks.WithClock(exampleTime)}, opts...)...)
	if err != nil {
		panic(err)
	}
	return v
}

func exampleRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/orbit", strings.NewReader(body))
	r.Header.Set(webhooks.SignatureHeader, webhooks.Sign(exampleSecret, []byte(body), exampleTime()))
	return r
}

// exampleDeliver delivers an event to a handler and prints the answer.
func exampleDeliver(h http.Handler, body string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, exampleRequest(body))
	fmt.Println(w.Code)
}

func ExampleNewVerifier() {
	_, err := webhooks.NewVerifier("")
	fmt.Println(err)
	fmt.Println(errors.Is(err, webhooks.ErrNoSecret))
	// Output:
	// webhooks: the signing secret is empty
	// true
}

func ExampleVerifier_Verify() {
	v := exampleVerifier()
	signature := webhooks.Sign(exampleSecret, []byte(exampleBody), exampleTime())

	verification, err := v.Verify(signature, []byte(exampleBody))
	fmt.Println(verification.Scheme, verification.SignedAt, err)

	_, err = v.Verify(signature, []byte(exampleBody+"\n"))
	fmt.Println(errors.Is(err, webhooks.ErrMismatch))
	// Output:
	// v1 2026-03-08 12:00:00 +0000 UTC <nil>
	// true
}

func ExampleVerifier_Parse() {
	// Header and body as some framework or cloud function gives them.
	signature := webhooks.Sign(exampleSecret, []byte(exampleBody), exampleTime())

	event, err := exampleVerifier().Parse(signature, []byte(exampleBody))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(event.ID, event.Type)
	// Output: evt_1 message.delivered
}

func ExampleVerifier_ParseRequest() {
	r := exampleRequest(exampleBody)
	event, err := exampleVerifier().ParseRequest(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	again, _ := io.ReadAll(r.Body)
	fmt.Println(event.ID, string(again) == exampleBody)
	// Output: evt_1 true
}

func ExampleWithSecret() {
	const oldSecret = "whsec_0ldButG00dEnough"
	endOfOld := exampleTime().Add(24 * time.Hour)
	v := exampleVerifier(webhooks.WithSecret(oldSecret, endOfOld))

	verification, err := v.Verify(webhooks.Sign(oldSecret, []byte(exampleBody), exampleTime()), []byte(exampleBody))
	fmt.Println("secret", verification.Secret, err)
	// Output: secret 1 <nil>
}

func ExampleWithTolerance() {
	v := exampleVerifier(webhooks.WithTolerance(time.Minute))
	_, err := v.Verify(webhooks.Sign(exampleSecret, []byte(exampleBody), exampleTime().Add(-2*time.Minute)), []byte(exampleBody))
	fmt.Println(errors.Is(err, webhooks.ErrTooOld))
	fmt.Println(err)
	// Output:
	// true
	// webhooks: the signature is too old: signed 2m0s ago, 1m0s is allowed
}

func ExampleWithClock() {
	v, _ := webhooks.NewVerifier(exampleSecret, webhooks.WithClock(func() time.Time { return exampleTime().AddDate(1, 0, 0) }))
	_, err := v.Verify(webhooks.Sign(exampleSecret, []byte(exampleBody), exampleTime()), []byte(exampleBody))
	fmt.Println(errors.Is(err, webhooks.ErrTooOld))
	// Output: true
}

func ExampleWithMaxBody() {
	_, err := exampleVerifier(webhooks.WithMaxBody(100)).ParseRequest(exampleRequest(exampleBody))
	fmt.Println(err)
	// Output: webhooks: the body is too large
}

func ExampleWithLegacySignature() {
	const body = `{"id":"evt_1"}`
	// printf '{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_8Zk1vN0rT5yQ2xLw
	const signature = "eac5f2f71103e087720a7a1d91f84090970c8045b4f09a011e395fcc57b38097"

	_, err := exampleVerifier().Verify(signature, []byte(body))
	fmt.Println(errors.Is(err, webhooks.ErrMalformed))

	verification, err := exampleVerifier(webhooks.WithLegacySignature()).Verify(signature, []byte(body))
	fmt.Println(verification.Scheme, err)
	// Output:
	// true
	// legacy <nil>
}

func ExampleSign() {
	fmt.Println(webhooks.Sign(exampleSecret, []byte(`{"id":"evt_1"}`), exampleTime()))
	// Output: t=1772971200,v1=4648273a9da24fe0b162c09d1e51ddc831e59542fa6ae0d44b6a0a008a0e43a9
}

func ExampleParseEvent() {
	event, err := webhooks.ParseEvent([]byte(`{"id":"evt_7","type":"moon.risen","data":{"phase":0.25}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(event.ID, event.Type, string(event.Data))

	_, err = webhooks.ParseEvent([]byte("hello"))
	fmt.Println(err)
	// Output:
	// evt_7 moon.risen {"phase":0.25}
	// webhooks: the event is not JSON
}

func ExampleEvent_truncated() {
	event, _ := webhooks.ParseEvent([]byte(`{"id":"evt_1","type":"message.received","truncated":true,
		"data":{"_truncated":true,"_original_bytes":300000,"message_id":"msg_1","channel":"email"}}`))
	if t := event.Truncated; t != nil {
		fmt.Println("fetch", t.MessageID, "of", t.OriginalBytes, "bytes")
	}
	// Output: fetch msg_1 of 300000 bytes
}

func ExampleEventType_Known() {
	fmt.Println(webhooks.EventType("message.sent").Known(), webhooks.EventType("moon.risen").Known())
	// Output: true false
}

func ExampleKind_Data() {
	event, _ := webhooks.ParseEvent([]byte(exampleBody))
	data, err := webhooks.MessageDelivered.Data(event)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(data.MessageID, data.Status, data.Status == messages.StatusDelivered)

	_, err = webhooks.MessageSent.Data(event)
	fmt.Println(errors.Is(err, webhooks.ErrOtherType))
	// Output:
	// msg_1 delivered true
	// true
}

func ExampleKind_Type() {
	event, _ := webhooks.ParseEvent([]byte(exampleBody))
	switch event.Type {
	case webhooks.MessageSent.Type():
		fmt.Println("on its way")
	case webhooks.MessageDelivered.Type():
		fmt.Println("there")
	}
	// Output: there
}

func ExampleKind_Known() {
	type invoice struct{ Total string }
	const invoicePaid webhooks.Kind[invoice] = "invoice.paid"
	fmt.Println(webhooks.CallCompleted.Known(), invoicePaid.Known())
	// Output: true false
}

func ExampleHandler() {
	h := webhooks.Handler(exampleVerifier(),
		webhooks.On(webhooks.MessageDelivered, func(_ context.Context, _ *webhooks.Event, data *webhooks.MessageData) error {
			fmt.Println("delivered", data.MessageID)
			return nil
		}),
	)
	exampleDeliver(h, exampleBody)
	exampleDeliver(h, exampleBody) // a second time: no second effect
	// Output:
	// delivered msg_1
	// 200
	// 200
}

func ExampleOn() {
	var opts []webhooks.HandlerOption
	for _, kind := range []webhooks.Kind[webhooks.MessageData]{webhooks.MessageSent, webhooks.MessageDelivered, webhooks.MessageFailed} {
		opts = append(opts, webhooks.On(kind, func(_ context.Context, e *webhooks.Event, data *webhooks.MessageData) error {
			fmt.Println(e.Type, data.MessageID)
			return nil
		}))
	}
	exampleDeliver(webhooks.Handler(exampleVerifier(), opts...), exampleBody)
	// Output:
	// message.delivered msg_1
	// 200
}

func ExampleOnOther() {
	h := webhooks.Handler(exampleVerifier(), webhooks.OnOther(func(_ context.Context, e *webhooks.Event) error {
		fmt.Println("not handled:", e.Type)
		return nil
	}))
	exampleDeliver(h, `{"id":"evt_7","type":"moon.risen"}`)
	// Output:
	// not handled: moon.risen
	// 200
}

func ExampleOnReject() {
	h := webhooks.Handler(exampleVerifier(), webhooks.OnReject(func(r *http.Request, err error) {
		fmt.Println(r.URL.Path, err)
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/orbit", strings.NewReader(exampleBody)))
	fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	// Output:
	// /orbit webhooks: there is no signature
	// 401 Unauthorized
}

func ExampleOnError() {
	h := webhooks.Handler(exampleVerifier(),
		webhooks.OnOther(func(context.Context, *webhooks.Event) error { return errors.New("no database") }),
		webhooks.OnError(func(_ context.Context, e *webhooks.Event, err error) { fmt.Println(e.ID, err) }),
	)
	exampleDeliver(h, exampleBody)
	// Output:
	// evt_1 no database
	// 500
}

func ExamplePanicError_Error() {
	h := webhooks.Handler(exampleVerifier(),
		webhooks.OnOther(func(context.Context, *webhooks.Event) error { panic("no route to +14155550100") }),
		webhooks.OnError(func(_ context.Context, _ *webhooks.Event, err error) { fmt.Println(err) }),
	)
	exampleDeliver(h, exampleBody)
	// Output:
	// webhooks: the event's function panicked: no route to +141******00
	// 500
}

func ExampleWithStore() {
	store := webhooks.NewMemoryStore(10_000, 48*time.Hour)
	first := webhooks.Handler(exampleVerifier(), webhooks.WithStore(store))
	second := webhooks.Handler(exampleVerifier(), webhooks.WithStore(store), webhooks.OnOther(func(context.Context, *webhooks.Event) error {
		fmt.Println("never called: the other handler has handled it")
		return nil
	}))
	exampleDeliver(first, exampleBody)
	exampleDeliver(second, exampleBody)
	// Output:
	// 200
	// 200
}

func ExampleWithTimeout() {
	h := webhooks.Handler(exampleVerifier(), webhooks.WithTimeout(time.Hour), webhooks.OnOther(func(ctx context.Context, _ *webhooks.Event) error {
		deadline, _ := ctx.Deadline()
		fmt.Println(time.Until(deadline).Round(time.Hour))
		return nil
	}))
	exampleDeliver(h, exampleBody)
	// Output:
	// 1h0m0s
	// 200
}

func ExampleNewMemoryStore() {
	h := webhooks.Handler(exampleVerifier(), webhooks.WithStore(webhooks.NewMemoryStore(1000, time.Hour)))
	exampleDeliver(h, exampleBody)
	// Output: 200
}

func ExampleMemoryStore_Claim() {
	ctx := context.Background()
	store := webhooks.NewMemoryStore(1000, time.Hour)
	for _, token := range []string{"first", "second"} {
		state, err := store.Claim(ctx, webhooks.Claim{EventID: "evt_1", Token: token, Lease: time.Minute})
		fmt.Println(state, err)
	}
	// Output:
	// granted <nil>
	// running <nil>
}

func ExampleMemoryStore_Settle() {
	ctx := context.Background()
	store := webhooks.NewMemoryStore(1000, time.Hour)
	claim := webhooks.Claim{EventID: "evt_1", Token: "first", Lease: time.Minute}
	for _, outcome := range []webhooks.Outcome{webhooks.OutcomeReleased, webhooks.OutcomeDone} {
		state, _ := store.Claim(ctx, claim)
		fmt.Println(state, outcome, store.Settle(ctx, claim, outcome))
	}
	state, _ := store.Claim(ctx, claim)
	fmt.Println(state)
	// Output:
	// granted released <nil>
	// granted done <nil>
	// done
}

func ExampleWebhookTest() {
	event, _ := webhooks.ParseEvent([]byte(`{"id":"evt_9","type":"webhook.test","data":{"n":1.10}}`))
	raw, _ := webhooks.WebhookTest.Data(event)
	fmt.Println(string(json.RawMessage(*raw)))
	// Output: {"n":1.10}
}
