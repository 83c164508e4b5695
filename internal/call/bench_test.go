package call_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/devotel/orbit-go/internal/call"
)

// ample answers like a server whose limit is far away.
func ample(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return answer(200, good, "X-RateLimit-Limit", "1000000", "X-RateLimit-Remaining", "999999",
		"X-RateLimit-Reset", "4102444800", "Date", "Thu, 31 Dec 2099 23:59:30 GMT")(req)
}

func benchClient(ungated bool) *call.Client {
	c := play().client(func(c *call.Config) { c.HTTP = &http.Client{Transport: roundTrip(ample)} })
	if ungated {
		c.Ungate()
	}
	return c
}

// BenchmarkGate alternates batches of creates with the gate on and off, and
// reports the median ratio of their times.
func BenchmarkGate(b *testing.B) {
	on, off := benchClient(false), benchClient(true)
	batch := func(c *call.Client) time.Duration {
		started := time.Now()
		for range 200 {
			if _, err := create(context.Background(), c); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(started)
	}
	var ratios []float64
	for i := 0; b.Loop(); i++ {
		var gated, free time.Duration
		if i%2 == 0 { // who goes first finds other things in the caches
			gated, free = batch(on), batch(off)
		} else {
			free, gated = batch(off), batch(on)
		}
		ratios = append(ratios, float64(gated)/float64(free))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
}

// BenchmarkGateAllocs shows that the gate allocates nothing.
func BenchmarkGateAllocs(b *testing.B) {
	for name, ungated := range map[string]bool{"on": false, "off": true} {
		b.Run(name, func(b *testing.B) {
			c := benchClient(ungated)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := create(context.Background(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkGateContended has 64 goroutines on one route.
func BenchmarkGateContended(b *testing.B) {
	for name, ungated := range map[string]bool{"on": false, "off": true} {
		b.Run(name, func(b *testing.B) {
			c := benchClient(ungated)
			b.SetParallelism(32) // times GOMAXPROCS
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := create(context.Background(), c); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}
