package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strconv"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bench/peers"
	"github.com/devotel/orbit-go/messages"
)

func longList(o options) (*table, error) {
	n := o.of(1_000_000, 100_000)
	const parts, sampled = 5, 500
	t := newTable(fmt.Sprintf("A list of %d items", n),
		fmt.Sprintf("`Messages.All` over pages of %d that are made as they are asked for. Peak is the largest heap since the row before, sampled every %d items, "+
			"garbage of both the SDK and the page maker included. Live is what is left of it after a collection.", peers.PerPage, sampled),
		"items read", "peak heap, MB", "live heap, MB")
	client, err := orbit.NewClient("dv_test_sk_bench", orbit.WithHTTPClient(&http.Client{Transport: endless(n / peers.PerPage)}))
	if err != nil {
		return nil, err
	}
	inUse() // what was measured before leaves no garbage to this
	seen, peak := 0, uint64(0)
	for _, err := range client.Messages.All(context.Background(), messages.ListParams{Limit: peers.PerPage}) {
		if err != nil {
			return nil, err
		}
		seen++
		if seen%sampled == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		if seen%(n/parts) == 0 {
			t.row(seen, fmt.Sprintf("%.1f", mega(int64(peak))), fmt.Sprintf("%.1f", mega(int64(inUse().HeapAlloc))))
			peak = 0
		}
	}
	if seen != n {
		return nil, fmt.Errorf("%d items", seen)
	}
	return t, nil
}

// endless is a transport that answers with so many pages, made as they are asked
// for.
type endless int

func (pages endless) RoundTrip(r *http.Request) (*http.Response, error) {
	at := 0
	if cursor := r.URL.Query().Get("cursor"); cursor != "" {
		var err error
		if at, err = strconv.Atoi(cursor); err != nil {
			return nil, err
		}
	}
	return peers.Answering{Status: http.StatusOK, Body: peers.OrbitPage(at, at+1 < int(pages))}.RoundTrip(r)
}
