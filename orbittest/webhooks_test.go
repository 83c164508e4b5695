package orbittest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// registered registers a webhook and returns its ID.
func registered(t testing.TB, s *orbittest.Server, body string) string {
	t.Helper()
	a := do(t, s, "POST", "/webhooks", body)
	require.Equal(t, http.StatusCreated, a.status, a.raw)
	return a.id()
}

func TestWebhookSecret(t *testing.T) {
	const name = "signing_secret"
	for _, generation := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		s := orbittest.New(t, orbittest.WithGeneration(generation))
		own := do(t, s, "POST", "/webhooks", `{"url":"https://shop.example","events":["*"],"secret":"whsec_own"}`)
		assert.Equal(t, "whsec_own", own.at("data."+name))
		made := do(t, s, "POST", "/webhooks", `{"url":"https://shop.example","events":["*"]}`)
		assert.Contains(t, made.at("data."+name), "whsec_")
		for _, path := range []string{"/webhooks", "/webhooks/" + own.id()} {
			assert.NotContains(t, do(t, s, "GET", path, "").raw, "secret")
		}
	}
}

func TestWebhookRefusals(t *testing.T) {
	s := orbittest.New(t)
	for body, want := range map[string][2]string{
		`{"events":["*"]}`: {"url", "MISSING_REQUIRED_FIELD"},
		`{"url":"http://shop.example","events":["*"]}`:                      {"url", "INVALID_WEBHOOK_URL"},
		`{"url":"https://10.0.0.1/","events":["*"]}`:                        {"url", "INVALID_WEBHOOK_URL"},
		`{"url":"https://shop.example","events":[]}`:                        {"events", "MISSING_REQUIRED_FIELD"},
		`{"url":"https://shop.example","events":["*","nonsense"]}`:          {"events[1]", "VALIDATION_ERROR"},
		`{"url":"https://shop.example","events":["message.undelivered"]}`:   {"events[0]", "VALIDATION_ERROR"},
		`{"url":"https://shop.example","events":["a.b","message.sending"]}`: {"events[1]", "VALIDATION_ERROR"},
	} {
		a := do(t, s, "POST", "/webhooks", body)
		assert.Equal(t, 422, a.status, body)
		assert.Equal(t, want[0], a.at("error.details.field"), body)
		assert.Equal(t, want[1], a.code(), body)
	}
	older := orbittest.New(t, orbittest.WithGeneration(orbittest.Older))
	registered(t, older, `{"url":"https://shop.example","events":["message.undelivered"]}`)
	for _, request := range [][2]string{{"GET", ""}, {"PUT", "{}"}, {"DELETE", ""}} {
		assert.Equal(t, 404, do(t, s, request[0], "/webhooks/wh_none", request[1]).status)
	}
	assert.Equal(t, 404, do(t, s, "POST", "/webhooks/wh_none/test", "").status)
	assert.Equal(t, 404, do(t, s, "GET", "/webhooks/wh_none/deliveries", "").status)
}

// A webhook is told of the types that it is registered for, while it is active.
func TestWebhookChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		s := orbittest.New(t, orbittest.WithWebhookHandler(r))
		id := registered(t, s, `{"url":"https://shop.example/orbit","events":["message.sent","a.b"],"secret":"`+hookSecret+`"}`)
		sendSMS(t, s)
		time.Sleep(time.Second)
		deliver(t, s)
		assert.Equal(t, "sent", r.types())

		sendSMS(t, s)
		r.status = 500
		time.Sleep(time.Second)
		deliver(t, s) // to be retried
		r.events, r.status = nil, 0
		a := do(t, s, "PUT", "/webhooks/"+id, `{"active":false,"events":["message.delivered"]}`)
		assert.Equal(t, false, a.at("data.active"))
		assert.Equal(t, []any{"message.delivered"}, a.at("data.events"))
		sendSMS(t, s)
		time.Sleep(time.Hour)
		assert.Empty(t, deliver(t, s), "paused")
		do(t, s, "PUT", "/webhooks/"+id, `{"active":true}`)
		deliver(t, s)
		assert.Equal(t, "sent", r.types(), "the retry, and nothing that happened during the pause")

		sendSMS(t, s)
		time.Sleep(time.Second)
		assert.Equal(t, 204, do(t, s, "DELETE", "/webhooks/"+id, "").status)
		assert.Empty(t, deliver(t, s), "what is pending is dropped")
	})
}

func TestWebhookTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		s := orbittest.New(t, orbittest.WithWebhookHandler(r))
		id := registered(t, s, `{"url":"https://shop.example/orbit","events":["message.sent"],"secret":"`+hookSecret+`"}`)
		registered(t, s, `{"url":"https://other.example/orbit","events":["*"],"secret":"`+hookSecret+`"}`)
		event := do(t, s, "POST", "/webhooks/"+id+"/test", "").at("data.event_id")
		made := deliver(t, s)
		require.Len(t, made, 1, "the other one is not told")
		assert.Equal(t, "webhook.test", r.events[0]["type"])
		assert.Equal(t, event, made[0].EventID)
		assert.Equal(t, id, made[0].WebhookID)
	})
}

// Without a receiver no delivery is made, and none is listed.
func TestDeliveriesWithoutReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t)
		id := registered(t, s, `{"url":"https://shop.example/orbit","events":["message.delivered"]}`)
		sendSMS(t, s)
		time.Sleep(time.Second)
		assert.Empty(t, deliver(t, s))
		assert.Empty(t, do(t, s, "GET", "/webhooks/"+id+"/deliveries", "").at("data"))
	})
}
