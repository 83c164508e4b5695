package orbittest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/webhooks"
)

// The whole way: a client registers a webhook and sends, and the receiver of
// package webhooks takes each event once, whatever goes wrong. TST-6, EVT-1,
// EVT-3, EVT-5.
func TestReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mux := http.NewServeMux()
		s := orbittest.New(t, orbittest.WithWebhookHandler(mux))
		client := s.Client()
		hook, err := client.Webhooks.Create(t.Context(), webhooks.CreateParams{
			URL: "https://shop.example/orbit", Events: []webhooks.EventType{webhooks.AllEvents},
		})
		require.NoError(t, err)
		verifier, err := webhooks.NewVerifier(hook.SigningSecret)
		require.NoError(t, err)

		var told []string
		var refused []error
		busy := errors.New("busy")
		fail := true
		mux.Handle("POST /orbit", webhooks.Handler(verifier,
			webhooks.On(webhooks.MessageDelivered, func(_ context.Context, _ *webhooks.Event, data *webhooks.MessageData) error {
				if fail {
					fail = false
					return busy
				}
				told = append(told, data.MessageID+" "+string(data.Status)+" "+data.DeliveredAt.Format(time.StampMilli))
				return nil
			}),
			webhooks.OnOther(func(_ context.Context, e *webhooks.Event) error {
				if e.Truncated != nil {
					told = append(told, "truncated "+e.Truncated.MessageID)
				} else {
					told = append(told, string(e.Type))
				}
				return nil
			}),
			webhooks.OnReject(func(_ *http.Request, err error) { refused = append(refused, err) }),
			webhooks.OnError(func(_ context.Context, _ *webhooks.Event, err error) { assert.ErrorIs(t, err, busy) }),
		))

		sent, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hi"})
		require.NoError(t, err)
		time.Sleep(time.Second)
		s.FailDeliveries(orbittest.DeliveryTwice, orbittest.DeliveryRotated)
		assert.Equal(t, []int{200, 200, 200, 500}, statuses(deliver(t, s)))
		assert.Equal(t, []string{"message.created", "message.sent"}, told)
		time.Sleep(time.Minute)
		assert.Equal(t, []int{200}, statuses(deliver(t, s)))
		assert.Equal(t, []string{"message.created", "message.sent", sent.ID + " delivered Jan  1 00:00:00.000"}, told)

		told = nil
		s.AddEvent("never.heard_of", nil)
		s.AddEvent("message.sent", map[string]any{"message_id": "msg_big"})
		s.AddEvent("stale.one", nil)
		s.AddEvent("tampered.one", nil)
		s.AddEvent("large.one", nil)
		s.FailDeliveries(orbittest.DeliveryLate, orbittest.DeliveryTruncated, orbittest.DeliveryStale, orbittest.DeliveryTampered,
			orbittest.DeliveryOversize)
		assert.Equal(t, []int{200, 401, 401, 413, 200}, statuses(deliver(t, s)))
		assert.Equal(t, []string{"truncated msg_big", "never.heard_of"}, told)
		require.Len(t, refused, 3)
		require.ErrorIs(t, refused[0], webhooks.ErrTooOld)
		require.ErrorIs(t, refused[1], webhooks.ErrMismatch)
		require.ErrorIs(t, refused[2], webhooks.ErrBodyTooLarge)
		time.Sleep(time.Minute)
		deliver(t, s)
		assert.Equal(t, []string{"truncated msg_big", "never.heard_of", "stale.one", "tampered.one", "large.one"}, told)
	})
}
