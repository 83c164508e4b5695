package main

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"

	"github.com/devotel/orbit-go/bench/peers"
)

func errorBody(options) (*table, error) {
	const long = 10 << 20
	t := newTable("An error body of 10 MB",
		"A 400 in the vendor's JSON, with a message of 10 MiB, answered from memory. Allocated is all that the call allocates. Kept is what stays "+
			"in use for as long as the caller holds the error. 1 MB is 1,000,000 bytes.",
		"SDK", "allocated, MB", "kept, MB")
	for i, p := range peers.All() {
		f, err := failing(p.Create, p, long)
		if err != nil {
			return nil, err
		}
		t.row(f.row(p.Name)...)
		if i == 0 {
			t.aim("an error body of 10 MB: MB allocated", 2.5, f.allocated)
			t.aim("an error body of 10 MB: MB kept", 1.1, f.kept)
			if f, err = failing(p.Hand, p, long); err != nil {
				return nil, err
			}
			t.row(f.row("by hand")...)
		}
	}
	return t, nil
}

// failed is what a failed call takes, in MB.
type failed struct{ allocated, kept float64 }

func (f failed) row(name string) []any {
	return []any{name, fmt.Sprintf("%.2f", f.allocated), fmt.Sprintf("%.2f", f.kept)}
}

// failing makes a call that fails, once with a short error, which fills caches,
// and once with a long one, which is measured.
func failing(maker peers.Maker, p *peers.Peer, long int64) (failed, error) {
	rt := &problem{text: p.Problem, length: 1}
	call := maker("", rt)
	if call() == nil {
		return failed{}, fmt.Errorf("%s: a 400 is no error", p.Name)
	}
	rt.length = long
	before := inUse()
	err := call()
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	holding := inUse()
	runtime.KeepAlive(err)
	runtime.KeepAlive(call)
	return failed{
		allocated: mega(int64(after.TotalAlloc - before.TotalAlloc)),
		kept:      mega(max(int64(holding.HeapAlloc)-int64(before.HeapAlloc), 0)),
	}, nil
}

func mega(n int64) float64 { return float64(n) / 1e6 }

// inUse is the state of the heap once all garbage is collected, pools emptied.
func inUse() runtime.MemStats {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m
}

// problem is a transport that answers with an error whose message has a length.
// What it reads from is small, so that only the SDK's own memory counts.
type problem struct {
	text   string
	length int64
}

func (p *problem) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := peers.Answering{Status: http.StatusBadRequest}.RoundTrip(r)
	before, after, _ := strings.Cut(p.text, peers.Long)
	resp.ContentLength = -1
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(before), io.LimitReader(letters{}, p.length), strings.NewReader(after)))
	return resp, err
}

// letters reads as an endless row of the same letter.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
