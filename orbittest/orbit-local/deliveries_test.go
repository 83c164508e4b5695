package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/webhooks"
)

// A message that is sent by hand reaches a receiver on a real address, signed.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	arrived := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		verifier, err := webhooks.NewVerifier(webhookSecret)
		if err != nil {
			panic(err)
		}
		event, err := verifier.ParseRequest(r)
		if err != nil {
			arrived <- err.Error()
			return
		}
		w.WriteHeader(http.StatusNoContent)
		arrived <- r.Method + " " + r.URL.Path + " " + string(event.Type)
	}))
	defer receiver.Close()

	s := start(t, "-webhook", receiver.URL+"/orbit")
	send(t, "POST", s.base+"/messages/sms", key, `{"to": "+15005550002", "body": "Hello"}`)
	for _, want := range []string{"created", "sent", "delivered"} {
		assert.Equal(t, "POST /orbit message."+want, <-arrived)
	}
	assert.Regexp(t, regexp.MustCompile(`event message\.created evt_[0-9a-f]+ attempt 1: 204\n`), s.end(t))
}

// A program that is not there gets its events later.
func TestDeliveriesFail(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.NotFoundHandler())
	receiver.Close()
	to, err := receiverAt(receiver.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	forward(to).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", http.NoBody))
	assert.Equal(t, http.StatusBadGateway, w.Code)
}
