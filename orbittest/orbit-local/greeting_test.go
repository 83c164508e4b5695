package main

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func greeting(ip, webhook string) string {
	var out strings.Builder
	greet(&out, &net.TCPAddr{IP: net.ParseIP(ip), Port: 8025}, webhook)
	return out.String()
}

func TestGreeting(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `An Orbit in memory: it sends nothing to anybody, and forgets everything when it ends.
For programs with the SDK:
  export ORBIT_BASE_URL=http://127.0.0.1:8025/api/v1 ORBIT_API_KEY=dv_test_sk_local
By hand, to send a message and to see what became of it:
  curl -H 'X-API-Key: dv_test_sk_local' -H 'Content-Type: application/json' -d '{"to": "+15005550002", "body": "Hello"}' http://127.0.0.1:8025/api/v1/messages/sms
  curl -H 'X-API-Key: dv_test_sk_local' http://127.0.0.1:8025/api/v1/messages
Requests, until Ctrl-C:
`, greeting("127.0.0.1", ""))
}

func TestGreetingWithReceiver(t *testing.T) {
	t.Parallel()
	assert.Contains(t, greeting("127.0.0.1", "http://localhost:8080/orbit"),
		"/messages\nEvents go to http://localhost:8080/orbit, signed with whsec_local.\nRequests,")
}

func TestGreetingOfOtherAddresses(t *testing.T) {
	t.Parallel()
	const others = "Other machines reach it too, by address or by the names of -allow-host. There the SDK needs the option WithInsecureBaseURL.\n"
	for ip, test := range map[string]struct {
		base string
		open bool
	}{
		"::1":       {"http://[::1]:8025/api/v1", false},
		"0.0.0.0":   {"http://127.0.0.1:8025/api/v1", true},
		"192.0.2.1": {"http://192.0.2.1:8025/api/v1", true},
	} {
		text := greeting(ip, "")
		assert.Contains(t, text, "ORBIT_BASE_URL="+test.base+" ")
		assert.Contains(t, text, " "+test.base+"/messages\n")
		assert.Equal(t, test.open, strings.Contains(text, others), ip)
	}
}
