package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/devotel/orbit-go/bench/peers"
)

func createInMemory(o options) (*table, error) {
	t := newTable("One create, in memory",
		"A transport answers from memory, so that only the caller's own work is measured. The row \"by hand\" is orbit-go's caller by hand beside itself: "+
			"what its ratio is off 1 is noise.",
		"SDK", "call", "time ÷ by hand", "µs", "µs by hand", "allocations", "by hand", "more")
	for i, p := range peers.All() {
		rt := peers.Answering{Status: http.StatusCreated, Body: []byte(p.Answer)}
		call, hand := p.Create("", rt), p.Hand("", rt)
		c, more, err := t.created(o, p.Name, "`"+p.What+"`", call, hand)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			t.aim("one create, in memory: time ÷ by hand", 1.3, c.median)
			t.aim("one create, in memory: allocations more than by hand", 15, more)
			if _, _, err := t.created(o, "by hand", "`http.Client.Do`", p.Hand("", rt), hand); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// created measures one way to create something beside another, and returns how
// many allocations more it makes.
func (t *table) created(o options, name, what string, call, hand peers.Call) (c comparison, more float64, err error) {
	if c, err = compare(o.of(60, 12), o.of(1500, 500), call, hand); err != nil {
		return c, 0, fmt.Errorf("%s: %w", name, err)
	}
	a, aHand := allocations(1000, call), allocations(1000, hand)
	t.row(name, what, c, micros(c.best), micros(c.bestBeside), a, aHand, a-aHand)
	return c, a - aHand, nil
}

func createOverLoopback(o options) (*table, error) {
	t := newTable("One create, over loopback",
		`The same over HTTP/1.1 to a server in the same process. Both sides have a transport of their own with the same settings.`,
		"SDK", "time ÷ by hand", "µs", "µs by hand")
	for i, p := range peers.All() {
		c, err := t.overLoopback(o, p.Name, p, p.Create)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			t.aim("one create, over loopback: time ÷ by hand", 1.1, c.median)
			if _, err := t.overLoopback(o, "by hand", p, p.Hand); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// overLoopback measures one way to create something beside the one by hand, with a
// server that lasts as long.
func (t *table) overLoopback(o options, name string, p *peers.Peer, maker peers.Maker) (comparison, error) {
	server := httptest.NewServer(creates(p.Answer))
	defer server.Close()
	c, err := compare(o.of(60, 12), o.of(300, 150), maker(server.URL, transport()), p.Hand(server.URL, transport()))
	if err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	t.row(name, c, micros(c.best), micros(c.bestBeside))
	return c, nil
}

// creates answers every request in the same way.
func creates(answer string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for name, values := range peers.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, answer)
	})
}

// transport is a copy of the default one, with connections for all goroutines that
// share it.
func transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // nobody replaces it here
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return t
}
