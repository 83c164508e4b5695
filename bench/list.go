package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/devotel/orbit-go/bench/peers"
)

func listing(o options) (*table, error) {
	t := newTable(fmt.Sprintf("A list of %d items", peers.Items),
		fmt.Sprintf("In pages of %d, answered from memory, beside `json.Unmarshal` alone of the same pages into the same types as above. "+
			"Lazy says that the SDK itself fetches a page when the caller gets there. Where that is not so, hcloud-go collects all pages "+
			"first, and the others leave the loop to their caller. By hand is such a loop for orbit-go's pages.", peers.PerPage),
		"SDK", "call", "lazy", "time ÷ decoding", "µs an item", "µs decoding", "allocations an item", "decoding", "ratio")
	for i, p := range peers.All() {
		if p.List == nil {
			continue
		}
		from := peers.NewListing(p.List)
		l, err := listed(o, from, p.List, p.List.All)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		t.row(l.row(p.Name, "`"+p.List.What+"`", yesNo(p.List.Lazy))...)
		if i == 0 {
			t.aim("a list, lazily: time ÷ decoding", 1.15, l.median)
			t.aim("a list, lazily: allocations ÷ decoding", 1.1, l.allocations/l.decoding)
		}
		if p.List.Hand != nil {
			if l, err = listed(o, from, p.List, p.List.Hand); err != nil {
				return nil, fmt.Errorf("by hand: %w", err)
			}
			t.row(l.row("by hand", "a loop", yesNo(false))...)
		}
	}
	return t, nil
}

// lists is a way through a list beside the decoding alone; allocations are those
// of one item.
type lists struct {
	comparison

	allocations, decoding float64
}

func (l lists) row(cells ...any) []any {
	return append(cells, l.comparison, micros(l.best/peers.Items), micros(l.bestBeside/peers.Items),
		fmt.Sprintf("%.2f", l.allocations), fmt.Sprintf("%.2f", l.decoding), fmt.Sprintf("%.2f", l.allocations/l.decoding))
}

func listed(o options, from *peers.Listing, list *peers.List, all func(http.RoundTripper) (int, error)) (l lists, err error) {
	call := func() error {
		n, err := all(from)
		if err == nil && n != peers.Items {
			err = fmt.Errorf("%d items", n)
		}
		return err
	}
	decode := func() error {
		for _, page := range from.Pages() {
			if err := json.Unmarshal(page, list.Into()); err != nil {
				return err
			}
		}
		return nil
	}
	if l.comparison, err = compare(o.of(20, 5), o.of(2, 1), call, decode); err != nil {
		return l, err
	}
	l.allocations, l.decoding = allocations(2, call)/peers.Items, allocations(2, decode)/peers.Items
	return l, nil
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
