package webhooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// EVT-1: each event reaches the one function that is for it: data that is of
// another form, truncated or of an unknown type goes to OnOther, and is answered
// with 2xx like the rest.
func TestDispatch(t *testing.T) {
	t.Parallel()
	var got string
	h := newHandler(t,
		webhooks.OnOther(func(_ context.Context, e *webhooks.Event) error { got = "other " + e.ID; return nil }),
		webhooks.On(webhooks.MessageDelivered, func(_ context.Context, e *webhooks.Event, d *webhooks.MessageData) error {
			got = "delivered " + e.ID + " " + d.MessageID
			return nil
		}),
		webhooks.On(webhooks.MessageFailed, func(_ context.Context, e *webhooks.Event, d *webhooks.MessageData) error {
			got = "failed " + e.ID + " " + string(d.ErrorCode)
			return nil
		}),
		webhooks.On(webhooks.WebhookTest, func(_ context.Context, e *webhooks.Event, d *json.RawMessage) error {
			got = "test " + e.ID + " " + string(*d)
			return nil
		}),
	)
	for _, c := range []struct{ body, want string }{
		{`{"id":"1","type":"message.delivered","data":{"message_id":"msg_1"}}`, "delivered 1 msg_1"},
		{`{"id":"2","type":"message.failed","data":{"message_id":"msg_1","error_code":7}}`, "failed 2 7"},
		{`{"id":"3","type":"webhook.test"}`, "test 3 null"},
		{`{"id":"4","type":"message.sent","data":{"message_id":"msg_1"}}`, "other 4"},
		{`{"id":"5","type":"moon.risen","data":{}}`, "other 5"},
		{`{"id":"6","type":"message.delivered","data":{"messages":[{"message_id":"msg_1"}]}}`, "other 6"},
		{`{"id":"7","type":"message.delivered","data":[7]}`, "other 7"},
		{`{"id":"8","type":"message.delivered","truncated":true,"data":{"_truncated":true,"message_id":"msg_1"}}`, "other 8"},
		{`{"id":"9"}`, "other 9"},
		{`[]`, "other "},
	} {
		got = ""
		assert.Equal(t, http.StatusOK, deliver(h, c.body).Code)
		assert.Equal(t, c.want, got)
	}
}

// Without OnOther, what nothing is for is answered with 2xx all the same.
func TestDispatchWithoutOther(t *testing.T) {
	t.Parallel()
	h := newHandler(t)
	for _, body := range []string{testBody, `{"id":"1","type":"moon.risen"}`, `{}`} {
		assert.Equal(t, http.StatusOK, deliver(h, body).Code)
	}
}

// EVT-1: data that does not fit the function of its event is never acknowledged in
// silence: OnOther decides, and without it the delivery fails until somebody looks.
func TestDispatchUnfitData(t *testing.T) {
	t.Parallel()
	on := webhooks.On(webhooks.MessageDelivered, func(context.Context, *webhooks.Event, *webhooks.MessageData) error {
		t.Error("there is nothing to call it with")
		return nil
	})
	for body, want := range map[string]error{
		`{"id":"1","type":"message.delivered","data":{"messages":[{"message_id":"msg_1"}]}}`: webhooks.ErrReshaped,
		`{"id":"2","type":"message.delivered","data":[7]}`:                                   webhooks.ErrReshaped,
		`{"id":"3","type":"message.delivered"}`:                                              webhooks.ErrReshaped,
		`{"id":"4","type":"message.delivered","data":{"_truncated":true,"id":"msg_1"}}`:      webhooks.ErrTruncated,
	} {
		for _, result := range []error{nil, errors.New("no database")} {
			var other counter
			other.do = func(context.Context) error { return result }
			var failures []error
			onError := webhooks.OnError(func(_ context.Context, _ *webhooks.Event, err error) { failures = append(failures, err) })
			status := deliver(newHandler(t, on, onError, webhooks.OnOther(other.handle)), body).Code
			assert.Equal(t, 1, other.calls)
			if result == nil {
				assert.Equal(t, http.StatusOK, status)
				assert.Empty(t, failures)
			} else {
				assert.Equal(t, http.StatusInternalServerError, status)
				assert.Equal(t, []error{result}, failures)
			}

			failures = nil
			h := newHandler(t, on, onError)
			for range 2 {
				assert.Equal(t, http.StatusInternalServerError, deliver(h, body).Code, "it is not marked as handled")
			}
			require.Len(t, failures, 2)
			require.ErrorIs(t, failures[0], want)
			require.ErrorContains(t, failures[0], "there is no OnOther")
			assertSafe(t, failures[0])
		}
	}
}

// EVT-3: a panic is a failure like any other: 500, no mark, and the operator
// learns of it.
func TestDispatchPanic(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{
		"text": "to +14155552671", "error": errors.New("to +14155552671"), "abort": http.ErrAbortHandler, "nil": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event := counter{do: func(context.Context) error { panic(value) }}
			var failure *webhooks.PanicError
			h := newHandler(t, webhooks.OnOther(event.handle), webhooks.OnError(func(_ context.Context, _ *webhooks.Event, err error) {
				require.ErrorAs(t, err, &failure)
			}))
			w := deliver(h, testBody)
			assert.Equal(t, http.StatusInternalServerError, w.Code)
			assert.Equal(t, "Internal Server Error\n", w.Body.String())
			require.NotNil(t, failure)
			if value != nil {
				assert.Equal(t, value, failure.Value)
			}
			assert.Contains(t, string(failure.Stack), "dispatch_test.go")
			assert.Contains(t, failure.Error(), "panicked: ")
			assert.NotContains(t, failure.Error(), "4155552671")

			event.do = nil
			assert.Equal(t, http.StatusOK, deliver(h, testBody).Code)
			assert.Equal(t, 2, event.calls)
		})
	}
}

// A function that ends its goroutine, as a failing test does, releases the event.
func TestDispatchGoexit(t *testing.T) {
	t.Parallel()
	var store scriptedStore
	store.state = webhooks.ClaimStateGranted
	event := counter{do: func(context.Context) error { exitGoroutine(); return nil }}
	h := newHandler(t, webhooks.WithStore(&store), webhooks.OnOther(event.handle))
	w := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(w, delivery(webhooks.Sign(testSecret, []byte(testBody), time.Now()), testBody))
	}()
	<-done
	assert.Equal(t, []webhooks.Outcome{webhooks.OutcomeReleased}, store.settled)
}

// What only the program can have done wrong shows when it starts.
func TestHandlerRefusesWiring(t *testing.T) {
	t.Parallel()
	f := func(context.Context, *webhooks.Event, *webhooks.MessageData) error { return nil }
	for text, opts := range map[string][]webhooks.HandlerOption{
		"webhooks: On: two functions for message.sent":     {webhooks.On(webhooks.MessageSent, f), webhooks.On(webhooks.MessageSent, f)},
		"webhooks: On: the function must not be nil":       {webhooks.On[webhooks.MessageData](webhooks.MessageSent, nil)},
		"webhooks: OnOther: the function must not be nil":  {webhooks.OnOther(nil)},
		"webhooks: OnReject: the function must not be nil": {webhooks.OnReject(nil)},
		"webhooks: OnError: the function must not be nil":  {webhooks.OnError(nil)},
		"webhooks: WithStore: the store must not be nil":   {webhooks.WithStore(nil)},
		"webhooks: WithTimeout: must be more than 0":       {webhooks.WithTimeout(0)},
		"webhooks: WithReadTimeout: must be more than 0":   {webhooks.WithReadTimeout(0)},
		"webhooks: Handler: the verifier must not be nil":  nil,
	} {
		v := newVerifier(t)
		if opts == nil {
			v = nil
		}
		assert.PanicsWithValue(t, text, func() { webhooks.Handler(v, opts...) })
	}
}
