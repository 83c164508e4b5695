package main

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// comparison says how many times as long one call takes as another: the median and
// the quartiles of the rounds' ratios.
type comparison struct {
	low, median, high float64
	best, bestBeside  time.Duration // of one call of either, in its fastest batch
}

func (c comparison) String() string {
	return fmt.Sprintf("%.2f (%.2f–%.2f)", c.median, c.low, c.high)
}

// compare runs batches of both calls in turn, so that whatever else the machine
// does meets both. They take turns at being first. A round that is not counted
// comes before the others, to fill caches and pools.
func compare(rounds, batch int, call, beside peers.Call) (comparison, error) {
	c := comparison{best: 1<<63 - 1, bestBeside: 1<<63 - 1}
	var ratios []float64
	for round := range rounds + 1 {
		t, tBeside, err := both(batch, call, beside, round%2 == 1)
		if err != nil {
			return c, err
		}
		if round == 0 {
			continue
		}
		ratios = append(ratios, float64(t)/float64(tBeside))
		c.best = min(c.best, t/time.Duration(batch))
		c.bestBeside = min(c.bestBeside, tBeside/time.Duration(batch))
	}
	slices.Sort(ratios)
	c.low, c.median, c.high = quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)
	return c, nil
}

// both times a batch of either call, the second of them first if swapped.
func both(batch int, call, beside peers.Call, swapped bool) (t, tBeside time.Duration, err error) {
	if swapped {
		tBeside, t, err = both(batch, beside, call, false)
		return t, tBeside, err
	}
	if t, err = timed(batch, call); err != nil {
		return 0, 0, err
	}
	tBeside, err = timed(batch, beside)
	return t, tBeside, err
}

// timed is the time of a batch of calls. It begins without garbage, so that nobody
// collects what another has left behind.
func timed(batch int, call peers.Call) (time.Duration, error) {
	runtime.GC()
	started := time.Now()
	for range batch {
		if err := call(); err != nil {
			return 0, err
		}
	}
	return time.Since(started), nil
}

// quantile takes the value at a share q of sorted values, or one between the two
// that are nearest to it.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// allocations is how many a call makes, counted over n calls. It has succeeded
// before.
func allocations(n int, call peers.Call) float64 {
	return testing.AllocsPerRun(n, func() {
		if err := call(); err != nil {
			panic(err)
		}
	})
}

// spelled is a duration of whole seconds or milliseconds, as text has it.
func spelled(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

// micros is a duration in microseconds.
func micros(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()*1e6) }
