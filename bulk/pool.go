package bulk

import (
	"context"
	"sync"
	"time"
)

// How the pool finds its size.
const (
	firstWorkers = 16
	maxWorkers   = 512
	// growEvery is between two looks at the speed, and growGain how much faster the
	// job must have become for the pool to grow further.
	growEvery = 250 * time.Millisecond
	growGain  = 1.05
)

// startPool starts the workers, and lets them become more while that helps. The
// function that it returns ends the growth.
func (r *runner) startPool(ctx context.Context) (stop func()) {
	n := r.opts.Concurrency
	if n <= 0 {
		n = firstWorkers
	}
	r.addWorkers(ctx, n)
	if r.opts.Concurrency > 0 {
		return func() {}
	}
	return every(growEvery, r.grower(ctx, n))
}

func (r *runner) addWorkers(ctx context.Context, n int) {
	for range n {
		r.pool.Go(func() { r.guard(func() { r.work(ctx) }) })
	}
}

// grower returns a function that adds half as many workers as there are whenever the
// last addition has made the job faster.
func (r *runner) grower(ctx context.Context, n int) func() {
	var before int
	var best float64
	return func() {
		p := r.progress()
		done := p.Done() - p.Known
		speed := float64(done - before)
		before = done
		if speed > best*growGain && n < maxWorkers && ctx.Err() == nil {
			best = speed
			r.addWorkers(ctx, n/2)
			n += n / 2
		}
	}
}

// every calls f at an interval until it is stopped, and returns when f does no more.
func every(interval time.Duration, f func()) (stop func()) {
	done := make(chan struct{})
	var once sync.Once
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				f()
			case <-done:
				return
			}
		}
	})
	return func() {
		once.Do(func() { close(done) })
		running.Wait()
	}
}

// paceSlack is how far rows may fall behind their turns and catch up again: timers are
// late.
const paceSlack = 50 * time.Millisecond

// pacer spaces rows evenly.
type pacer struct {
	interval time.Duration
	next     time.Time
}

func newPacer(rate float64) pacer {
	if rate <= 0 {
		return pacer{}
	}
	return pacer{interval: time.Duration(float64(time.Second) / rate), next: time.Now()}
}

// wait waits for the turn of the next row.
func (p *pacer) wait(ctx context.Context) error {
	if p.interval == 0 {
		return nil
	}
	now := time.Now()
	if behind := now.Add(-paceSlack); p.next.Before(behind) {
		p.next = behind
	}
	turn := p.next.Sub(now)
	p.next = p.next.Add(p.interval)
	if turn <= 0 {
		return ctx.Err()
	}
	return sleep(ctx, turn)
}
