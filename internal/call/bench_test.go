package call_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/devotel/orbit-go/internal/call"
	"github.com/devotel/orbit-go/internal/gate"
)

// ample answers like a server whose limit is far away.
func ample(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return answer(200, good, "X-RateLimit-Limit", "1000000", "X-RateLimit-Remaining", "999999",
		"X-RateLimit-Reset", "4102444800", "Date", "Thu, 31 Dec 2099 23:59:30 GMT")(req)
}

func benchClient() *call.Client {
	return play().client(func(c *call.Config) { c.HTTP = &http.Client{Transport: roundTrip(ample)} })
}

// BenchmarkGate alternates batches of creates with as many passages of the gate,
// and reports the median ratio of a create to one without the gate.
func BenchmarkGate(b *testing.B) {
	c, g := benchClient(), gate.New()
	create := func() {
		if _, err := create(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
	pass := func() {
		r, visit := g.Route(key, "POST", "/things"), gate.Call{MaxWait: time.Minute}
		now, err := r.Enter(context.Background(), &visit, time.Time{})
		if err != nil {
			b.Fatal(err)
		}
		r.Leave(&visit, &gate.Report{Started: now, Received: now, Known: true, Limit: 1e6, Remaining: 999999, Ends: 30 * time.Second})
		r.End(&visit)
	}
	batch := func(f func()) time.Duration {
		started := time.Now()
		for range 200 {
			f()
		}
		return time.Since(started)
	}
	var ratios []float64
	for b.Loop() {
		whole, gated := batch(create), batch(pass)
		ratios = append(ratios, float64(whole)/float64(whole-gated))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
}

// BenchmarkCreate is a whole call in memory.
func BenchmarkCreate(b *testing.B) {
	c := benchClient()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := create(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCreateContended has 64 goroutines on one route.
func BenchmarkCreateContended(b *testing.B) {
	c := benchClient()
	b.SetParallelism(32) // times GOMAXPROCS
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := create(context.Background(), c); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
