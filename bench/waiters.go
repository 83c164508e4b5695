package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime/metrics"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bench/peers"
	"github.com/devotel/orbit-go/messages"
)

func waiters(options) (*table, error) {
	const n = 1000
	t := newTable(fmt.Sprintf("%d calls that wait for a limit", n),
		"Goroutines that wait at the gate of one client until a window ends, beside as many that wait on a channel. "+
			"What the runtime keeps of goroutines that have ended was there before, for both.",
		"goroutines", "heap each, bytes", "stack each, bytes")
	first, stop := make(chan struct{}), make(chan struct{})
	_ = waiting(n, func() { <-first }, func() { close(first) }) // the runtime keeps what describes a goroutine
	onChannel := waiting(n, func() { <-stop }, func() { close(stop) })

	exhausted := &spent{}
	client, err := orbit.NewClient("dv_test_sk_bench", orbit.WithHTTPClient(&http.Client{Transport: exhausted}))
	if err != nil {
		return nil, err
	}
	send := func(ctx context.Context) error {
		_, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+14155552671", Body: "Hello"})
		return err
	}
	if err := send(context.Background()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	atGate := waiting(n, func() { _ = send(ctx) }, cancel)
	if requests := exhausted.requests.Load(); requests != 1 {
		return nil, fmt.Errorf("%d requests, though nothing remained after the first", requests)
	}
	more := footprint{atGate.heap - onChannel.heap, atGate.stack - onChannel.stack}
	t.row("on a channel", onChannel.heap, onChannel.stack)
	t.row("at the gate", atGate.heap, atGate.stack)
	t.row("more", more.heap, more.stack)
	t.aim("a call that waits: bytes of heap more than on a channel", 2048, float64(more.heap))
	return t, nil
}

// footprint is what a goroutine takes, in bytes.
type footprint struct{ heap, stack int64 }

// waiting starts n goroutines, and returns what each takes while it waits.
func waiting(n int64, wait, end func()) footprint {
	var wg sync.WaitGroup
	before, asleep := inUse(), waitingGoroutines()
	for range n {
		wg.Go(wait)
	}
	for waitingGoroutines() < asleep+n {
		time.Sleep(10 * time.Millisecond)
	}
	after := inUse()
	end()
	wg.Wait()
	return footprint{(int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n, (int64(after.StackInuse) - int64(before.StackInuse)) / n}
}

// waitingGoroutines is how many goroutines wait for anything.
func waitingGoroutines() int64 {
	sample := []metrics.Sample{{Name: "/sched/goroutines/waiting:goroutines"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// spent is a transport that answers that nothing remains for half a minute.
type spent struct{ requests atomic.Int64 }

func (s *spent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests.Add(1)
	now := time.Now()
	resp, err := peers.Answering{Status: http.StatusAccepted, Body: []byte(peers.All()[0].Answer)}.RoundTrip(r)
	resp.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	resp.Header.Set("X-RateLimit-Limit", "100")
	resp.Header.Set("X-RateLimit-Remaining", "0")
	resp.Header.Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(30*time.Second).Unix(), 10))
	return resp, err
}
