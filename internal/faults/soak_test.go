package faults_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

var soak = flag.Duration("soak", time.Second, "how long TestSoak goes on")

// soaked is a server that is changed for a new one now and then, so that what it
// stores does not look like a leak of the client; one request in twenty fails.
type soaked struct {
	current atomic.Pointer[orbittest.Server]
}

func (s *soaked) RoundTrip(req *http.Request) (*http.Response, error) {
	server := s.current.Load()
	if rand.IntN(20) == 0 {
		server.FailNext("POST /messages/sms", []orbittest.Fault{
			orbittest.Unavailable(), orbittest.ResetAfter(), orbittest.ResetBefore(), orbittest.Refused(), orbittest.Truncated(),
			{Status: 500, After: true}, {Status: 502, Body: "<html></html>"},
		}[rand.IntN(7)])
	}
	return server.RoundTrip(req)
}

// CON-1, CON-4: for as long as one likes, 64 goroutines with one fault in twenty
// requests: nothing lost, nothing doubled, memory and goroutines flat.
func TestSoak(t *testing.T) { //nolint:paralleltest // it counts goroutines
	var network soaked
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: &network}),
		orbit.WithDefaults(orbit.WithMaxAttempts(8)))
	if err != nil {
		t.Fatal(err)
	}
	var first, last state
	rounds, sent, failed := 0, 0, 0
	for started := time.Now(); rounds < 2 || time.Since(started) < *soak; rounds++ {
		network.current.Store(orbittest.NewServer(orbittest.WithoutLimits(), orbittest.KeepRequests(0)))
		s, f := round(t, client, network.current.Load())
		sent, failed = sent+s, failed+f
		network.current.Store(orbittest.NewServer())
		if last = measure(); rounds == 0 {
			first = last
		}
	}
	t.Logf("%d rounds, %d sent, %d ended in an error; %+v, then %+v", rounds, sent, failed, first, last)
	if last.goroutines > first.goroutines+2 || last.heap > first.heap+(8<<20) {
		t.Errorf("grew from %+v to %+v", first, last)
	}
}

// round sends from 64 goroutines and compares what the calls said with what the
// server stored.
func round(t *testing.T, client *orbit.Client, server *orbittest.Server) (sent, failed int) {
	t.Helper()
	const goroutines, each = 64, 40
	var mu sync.Mutex
	said := map[string]error{}
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				tag := fmt.Sprintf("message %d of %d", i, g)
				_, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: tag})
				mu.Lock()
				said[tag] = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	stored := map[string]int{}
	for _, m := range server.Messages() {
		stored[m.Body]++
	}
	for tag, err := range said {
		switch {
		case stored[tag] > 1:
			t.Errorf("%s was stored %d times", tag, stored[tag])
		case err == nil && stored[tag] == 0:
			t.Errorf("%s is lost", tag)
		case err != nil && stored[tag] == 1 && !orbit.MaybeSent(err):
			t.Errorf("%s was stored, and the error says that it cannot have been: %v", tag, err)
		}
		if err != nil {
			failed++
		}
	}
	return len(said), failed
}

// state is what must not grow.
type state struct {
	goroutines int
	heap       uint64
}

func measure() state {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return state{runtime.NumGoroutine(), m.HeapAlloc}
}
