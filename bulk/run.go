package bulk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/devotel/orbit-go"
)

const (
	// flyingPause is between two looks at a row whose key came twice in a row.
	flyingPause = 10 * time.Millisecond
	// maxAside bounds the unclear rows that wait in memory until they are looked for.
	maxAside = 10_000
	// maxUnclear is how many rows in a row may become unclear before the job pauses: more
	// than can be under way.
	maxUnclear = 1000
)

// task is one row to send.
type task struct {
	key  string
	row  identity
	send func(context.Context) (messageID string, err error)
}

// runner is one run of Send.
type runner struct {
	job  *Job
	opts SendOptions

	tasks  chan task
	cancel context.CancelCauseFunc
	pace   pacer
	pool   sync.WaitGroup
	// conflicts means that Orbit has had keys of this run before: the journal was lost.
	conflicts atomic.Bool

	mu       sync.Mutex
	report   Report
	began    time.Time
	moved    time.Time       // when a row was last brought to an outcome that is clear
	unclear  int             // rows that became unclear since
	flying   map[string]bool // rows that the pool has, by key
	aside    map[string]task // unclear rows, by key, looked for together at the end
	panicked *panicked       // the first
}

func newRunner(job *Job, opts SendOptions) *runner {
	if opts.Patience == 0 {
		opts.Patience = DefaultPatience
	}
	return &runner{
		job: job, opts: opts, tasks: make(chan task), pace: newPacer(opts.Rate),
		began: time.Now(), moved: time.Now(), flying: map[string]bool{}, aside: map[string]task{},
	}
}

func (r *runner) run(ctx context.Context, tasks iter.Seq2[task, error]) (Report, error) {
	ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	stopTicks := r.observe()
	defer stopTicks()
	reserve, err := r.feedPool(ctx, tasks)
	if err == nil && ctx.Err() == nil {
		err = r.lookForAll(ctx, reserve)
	}
	stopTicks()
	if p := r.firstPanic(); p != nil {
		panic(p)
	}
	if err == nil && r.opts.ItemsErr != nil {
		err = r.opts.ItemsErr()
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	r.report.Took = time.Since(r.began)
	if f := r.opts.Progress; f != nil {
		p := r.progress()
		p.Ended = true
		f(p)
	}
	return r.report, err
}

// feedPool feeds a pool, and returns when it has ended, also if the items panic.
func (r *runner) feedPool(ctx context.Context, tasks iter.Seq2[task, error]) (reserve *task, err error) {
	stopGrowth := r.startPool(ctx)
	fed := false
	defer func() {
		if !fed {
			r.cancel(errPanicked)
		}
		close(r.tasks)
		stopGrowth()
		r.pool.Wait()
	}()
	reserve, err = r.feed(ctx, tasks)
	fed = true
	return reserve, err
}

// feed hands the rows to the pool, except for those that need nothing and those that
// must be looked for. It keeps one row back, and returns it.
func (r *runner) feed(ctx context.Context, tasks iter.Seq2[task, error]) (reserve *task, err error) {
	for t, err := range tasks {
		if err != nil {
			r.rejected(t, err)
			continue
		}
		if reserve != nil && reserve.row.key == t.row.key {
			if err := r.hand(ctx, *reserve); err != nil {
				return nil, err
			}
			reserve = nil
		}
		for r.isFlying(t) && sleep(ctx, flyingPause) == nil { // the key came twice in a row
		}
		switch state := r.job.peek(t.row); {
		case state == Different:
			r.rejected(t, ErrOtherParams)
		case state == Settled, r.isAside(t):
			r.settled(t, verdict{Settlement: Settlement{Outcome: Known}})
		case state == Granted:
			r.unclearRow(t, verdict{Settlement: Settlement{Outcome: Unclear}, err: ErrUnclear})
		case r.job.isOpen(t.row): // its key protects it for a short time only
			err = r.hand(ctx, t)
		default:
			if reserve != nil {
				err = r.hand(ctx, *reserve)
			}
			reserve = &t
		}
		if err == nil && r.waiting() > maxAside {
			err = r.lookForAll(ctx, reserve)
			reserve = nil
		}
		if err != nil {
			return nil, err
		}
	}
	return reserve, nil
}

// hand gives a row to the pool when its turn has come.
func (r *runner) hand(ctx context.Context, t task) error {
	if err := r.pace.wait(ctx); err != nil {
		return context.Cause(ctx)
	}
	r.fly(t, true)
	select {
	case r.tasks <- t:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// sendOne sends a row that was kept back, if there is one.
func (r *runner) sendOne(ctx context.Context, t *task) {
	if t == nil {
		return
	}
	if err := r.pace.wait(ctx); err == nil {
		r.sendRow(ctx, *t)
	}
}

// work sends rows until there are none.
func (r *runner) work(ctx context.Context) {
	for t := range r.tasks {
		if ctx.Err() == nil {
			r.sendRow(ctx, t)
		}
		r.fly(t, false)
	}
}

func (r *runner) sendRow(ctx context.Context, t task) {
	r.job.name(t.row, t.key)
	w := worker{ledger: r.job, row: t.row, send: t.send}
	v, err := w.run(ctx, r.opts.Patience)
	r.conclude(t, v, err)
}

// conclude counts a row, or pauses the job where the row cannot go on.
func (r *runner) conclude(t task, v verdict, err error) {
	switch {
	case errors.Is(err, ErrOtherParams): // another Send of the job has just sent it
		r.rejected(t, err)
	case err != nil && v.unsettled(), errors.Is(err, ErrClosed):
		r.cancel(err)
	case err != nil:
		r.cancel(fmt.Errorf("bulk: the journal cannot be written: %w", err))
	case v.Outcome == Later:
		r.cancel(fmt.Errorf("%w: %w", ErrPaused, v.err))
	case v.Outcome == Unclear:
		r.unclearRow(t, v)
		if errors.Is(v.err, orbit.ErrConflict) {
			r.conflicts.Store(true)
		}
		if r.stalledBy(1) {
			r.cancel(fmt.Errorf("%w: %w", ErrPaused, v.err))
		}
	default:
		r.settled(t, v)
	}
}

// unclearRow puts a row aside, where there is a place to look for it.
func (r *runner) unclearRow(t task, v verdict) {
	if r.opts.Find == nil {
		r.settled(t, v)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.aside[t.row.key] = t
}

func (r *runner) rejected(t task, err error) {
	r.settled(t, verdict{Settlement: Settlement{Outcome: Rejected}, err: err})
}

// settled counts a row that has come to an outcome, and reports it unless it was known.
func (r *runner) settled(t task, v verdict) {
	r.job.forget(t.row)
	r.count(v.Outcome)
	if f := r.opts.OnResult; f != nil && v.Outcome != Known {
		f(t.key, RowResult{Outcome: v.Outcome, MessageID: v.MessageID, Err: v.err})
	}
}

func (r *runner) count(o Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch o {
	case Sent:
		r.report.Sent++
	case Found:
		r.report.Found++
	case Known:
		r.report.Known++
	case Rejected:
		r.report.Rejected++
	default:
		r.report.Unclear++
		return
	}
	r.moved, r.unclear = time.Now(), 0
}

// stalledBy counts rows that became unclear. It reports whether no row has come to a clear
// outcome for longer than the patience, or while many became unclear.
func (r *runner) stalledBy(unclear int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unclear += unclear
	return time.Since(r.moved) > r.opts.Patience || r.unclear > maxUnclear
}

// fly notes that the pool has a row, or has it no longer.
func (r *runner) fly(t task, flies bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if flies {
		r.flying[t.row.key] = true
	} else {
		delete(r.flying, t.row.key)
	}
}

func (r *runner) isFlying(t task) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.flying[t.row.key]
}

func (r *runner) isAside(t task) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, aside := r.aside[t.row.key]
	return aside
}

// waiting is the number of rows that are aside.
func (r *runner) waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.aside)
}

// takeAside returns the rows that are aside, which no longer are.
func (r *runner) takeAside() []task {
	r.mu.Lock()
	defer r.mu.Unlock()
	rows := slices.Collect(maps.Values(r.aside))
	clear(r.aside)
	return rows
}
