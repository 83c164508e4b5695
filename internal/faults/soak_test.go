package faults_test

import (
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
	current  atomic.Pointer[orbittest.Server]
	requests atomic.Int64
	faults   atomic.Int64
}

func (s *soaked) RoundTrip(req *http.Request) (*http.Response, error) {
	server := s.current.Load()
	s.requests.Add(1)
	if rand.IntN(20) == 0 {
		s.faults.Add(1)
		server.FailNext(sendRoute, []orbittest.Fault{
			orbittest.Unavailable(), orbittest.ResetAfter(), orbittest.ResetBefore(), orbittest.Refused(), orbittest.Truncated(),
			{Status: 500, After: true}, {Status: 502, Body: "<html></html>"},
		}[rand.IntN(7)])
	}
	return server.RoundTrip(req)
}

// CON-1, CON-4: for as long as one likes, 64 goroutines with one fault in twenty
// requests: nothing lost, nothing doubled, memory and goroutines flat. The server
// counts against a limit that nobody comes near, so that the gate has its part.
func TestSoak(t *testing.T) { //nolint:paralleltest // it counts goroutines
	var network soaked
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithHTTPClient(&http.Client{Transport: &network}),
		orbit.WithDefaults(orbit.WithMaxAttempts(8)))
	if err != nil {
		t.Fatal(err)
	}
	goroutines := runtime.NumGoroutine()
	var first, last uint64
	rounds, sent := 0, 0
	for started := time.Now(); rounds < 2 || time.Since(started) < *soak; rounds++ {
		network.current.Store(orbittest.NewServer(orbittest.WithLimit("*", 1e6, time.Minute), orbittest.KeepRequests(0)))
		sent += round(t, client, network.current.Load())
		network.current.Store(nil)
		if last = heap(); rounds == 0 {
			first = last
		}
		if !eventually(func() bool { return runtime.NumGoroutine() <= goroutines }) {
			t.Fatalf("%d goroutines, then %d", goroutines, runtime.NumGoroutine())
		}
	}
	t.Logf("%d rounds, %d sent with %d requests, %d of which met a fault; %d bytes in use, then %d",
		rounds, sent, network.requests.Load(), network.faults.Load(), first, last)
	if last > first+1<<20 {
		t.Errorf("memory grew from %d to %d bytes", first, last)
	}
}

// round sends from 64 goroutines and compares what the calls said with what the
// server stored. With eight attempts none of them has a reason to fail.
func round(t *testing.T, client *orbit.Client, server *orbittest.Server) (sent int) {
	t.Helper()
	const goroutines, each = 64, 40
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				tag := fmt.Sprintf("message %d of %d", i, g)
				_, err := client.Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: tag})
				if err != nil {
					t.Errorf("%s: %v", tag, err)
				}
			}
		})
	}
	wg.Wait()
	stored := map[string]int{}
	for _, m := range server.Messages() {
		stored[m.Body]++
	}
	for tag, n := range stored {
		if n != 1 {
			t.Errorf("%s was stored %d times", tag, n)
		}
	}
	if len(stored) != goroutines*each {
		t.Errorf("%d messages are lost", goroutines*each-len(stored))
	}
	return goroutines * each
}

// heap is the memory in use, once pools are empty too.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
