package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/orbittest"
)

func TestLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1000)
	for want, r := range map[string]orbittest.Request{
		"POST /messages/sms 202 req_1\n": {Method: "POST", Route: "/messages/sms", Status: 202, RequestID: "req_1",
			Path: "/canary", Body: []byte("canary"), IdempotencyKey: "canary", Query: map[string][]string{"channel": {"canary"}}},
		"PUT /flows/{id} 200 req_2 (unknown to Orbit: ?chanel, steps[0].colour)\n": {Method: "PUT", Route: "/flows/{id}", Status: 200,
			RequestID: "req_2", UnknownFields: []string{"?chanel", "steps[0].colour"}},
		"POST /verify/send 201 req_6 (older form: POST /verify, expiry)\n": {Method: "POST", Route: "/verify/send", Status: 201,
			RequestID: "req_6", OlderForms: []string{"POST /verify", "expiry"}},
		"GET /+141******32/a b 404 req_3\n": {Method: "GET", Route: "/+14155550132/a\nb", Status: 404, RequestID: "req_3"},
		"GET / 400 req_4 (unknown to Orbit: [hidden]@example.com +141******32)\n": {Method: "GET", Route: "/", Status: 400, RequestID: "req_4",
			UnknownFields: []string{"jo@example.com\r\n+14155550132"}},
		"GET /" + long[:78] + "… 404 req_5\n": {Method: "GET", Route: "/" + long, Status: 404, RequestID: "req_5"},
	} {
		assert.Equal(t, want, line(r))
	}
}
