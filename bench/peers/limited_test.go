package peers_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// The settings for a rate limit do repeat what a 429 refused, as far as the SDK
// can: otherwise the comparison would do it an injustice.
func TestBulkRepeats(t *testing.T) {
	each(t, func(t *testing.T, p *peers.Peer) {
		maker := p.Bulk
		switch p.Name {
		case "orbit-go":
			maker = p.Create
		case "godo":
			t.Skip("it replaces the transport, and cannot be tested in memory")
		}
		if maker == nil {
			t.Skip("it has no settings for that")
		}
		synctest.Test(t, func(t *testing.T) {
			rt := &refusing{peer: p}
			err := maker("", rt)()
			if repeats := p.Name != "stripe-go"; (err == nil) != repeats {
				t.Errorf("%d requests: %v", rt.requests, err)
			}
		})
	})
}

// refusing is a transport that answers the first request with 429.
type refusing struct {
	peer     *peers.Peer
	requests int
}

func (r *refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	r.requests++
	status, body, remaining := http.StatusCreated, r.peer.Answer, 299
	if r.requests == 1 {
		status, body, remaining = http.StatusTooManyRequests, r.peer.Limited, 0
	}
	resp, err := peers.Answering{Status: status, Body: []byte(body)}.RoundTrip(req)
	resp.Header.Set("X-RateLimit-Limit", "300")
	resp.Header.Set("X-RateLimit-Remaining", strconv.Itoa(remaining))
	resp.Header.Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(2*time.Second).Unix(), 10))
	return resp, err
}
