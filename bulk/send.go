package bulk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/devotel/orbit-go/api"
)

// ErrPaused is returned by [Send] when something would have met every row: a key that
// Orbit refuses, an empty wallet, an outage that outlasted the patience. The reason is
// in its chain. Run Send again to go on.
const ErrPaused = api.Sentinel("bulk: the job is paused")

// SendOptions are the settings of [Send]. The zero value is usable, but rows that a
// crash left unclear then stay so.
type SendOptions struct {
	// Find names where to look for rows that a crash left unclear, such as
	// [InMessages]. nil looks nowhere.
	Find Finder
	// Concurrency is how many rows are sent at once. 0 finds it: the number grows
	// while that speeds the job up.
	Concurrency int
	// Rate bounds the rows begun a second, to stay below the API's limit and leave
	// room for others. 0 does not bound them.
	Rate float64
	// Patience is how long a row waits for a limit or an outage to end before the job
	// pauses. 0 means [DefaultPatience].
	Patience time.Duration
	// Call holds options for each send. The idempotency key is set by Send.
	Call []api.CallOption
	// Progress is called about every second, and at the end, by one goroutine at a
	// time. See [ProgressLine].
	Progress func(Progress)
	// OnResult is called for each row that this run brought to an outcome, by many
	// goroutines. key is the caller's own.
	OnResult func(key string, r RowResult)
	// ItemsErr is called when the items have ended: an error means that they ended too
	// early, and becomes the error of Send.
	ItemsErr func() error
}

const (
	// flyingPause is between two looks at a row whose key came twice in a row.
	flyingPause = 10 * time.Millisecond
	// maxAside bounds the unclear rows that wait for the end in memory.
	maxAside = 10_000
)

// DefaultPatience is how long a row waits before the job pauses.
const DefaultPatience = 10 * time.Minute

// RowResult is what became of a row.
type RowResult struct {
	// Outcome says whether the row was sent.
	Outcome Outcome
	// MessageID is the ID that Orbit gave, with Sent, Known and Found.
	MessageID string
	// Err says why, with Rejected and Unclear.
	Err error
}

// Report is what one run of [Send] did.
type Report struct {
	// Sent is the number of rows that Orbit accepted in this run.
	Sent int
	// Known is the number of rows that an earlier run had settled.
	Known int
	// Found is the number of rows that an earlier run had sent before it crashed.
	Found int
	// Rejected is the number of rows that were rejected for good in this run.
	Rejected int
	// Unclear is the number of rows that may have been sent; see [ErrUnclear].
	Unclear int
	// Took is how long the run took.
	Took time.Duration
}

// Send sends the rows of a job that were not sent before. items yields the key and the
// params of each row; it is ranged over once, and never held in memory. A row that is
// rejected fails alone. Send returns when all rows have an outcome, when the context
// ends, when the journal cannot be written, or with [ErrPaused]; whatever ended it, the
// next Send with the same items goes on from there.
func Send[P, R any](ctx context.Context, job *Job, items iter.Seq2[string, P], send SendFunc[P, R], opts SendOptions) (Report, error) {
	tasks := func(yield func(task, error) bool) {
		for key, params := range items {
			id, err := identify(job.prefix, key, params)
			ok := yield(task{key: key, row: id, send: func(ctx context.Context) (string, error) {
				response, err := send(ctx, params, id.options(opts.Call)...)
				return messageID(response, err), err
			}}, err)
			if !ok {
				return
			}
		}
	}
	return newRunner(job, opts).run(ctx, tasks)
}

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

	mu     sync.Mutex
	report Report
	began  time.Time
	moved  time.Time       // when a row was last brought to an outcome
	flying map[string]bool // rows that the pool has, by key
	aside  []task          // unclear rows, looked for together at the end
}

func newRunner(job *Job, opts SendOptions) *runner {
	if opts.Patience == 0 {
		opts.Patience = DefaultPatience
	}
	return &runner{job: job, opts: opts, tasks: make(chan task), flying: map[string]bool{}, began: time.Now(), moved: time.Now(), pace: newPacer(opts.Rate)}
}

func (r *runner) run(ctx context.Context, tasks iter.Seq2[task, error]) (Report, error) {
	ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	stop := r.observe()
	stopPool := r.startPool(ctx)
	reserve, err := r.feed(ctx, tasks)
	close(r.tasks)
	stopPool()
	r.pool.Wait()
	if err == nil && ctx.Err() == nil {
		err = r.lookForAll(ctx, reserve)
	}
	if err == nil && r.opts.ItemsErr != nil {
		err = r.opts.ItemsErr()
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	stop()
	r.report.Took = time.Since(r.began)
	return r.report, err
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
		switch r.job.peek(t.row) {
		case Settled:
			r.count(func(c *Report) { c.Known++ })
			continue
		case Different:
			r.rejected(t, ErrOtherParams)
			continue
		case Granted:
			r.putAside(t)
			continue
		}
		if r.job.isOpen(t.row) { // its key protects it for a short time only
			err = r.hand(ctx, t)
		} else {
			if reserve != nil {
				err = r.hand(ctx, *reserve)
			}
			reserve = &t
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
	case err != nil && v.unsettled(), errors.Is(err, ErrClosed):
		r.cancel(err)
	case err != nil:
		r.cancel(fmt.Errorf("bulk: the journal cannot be written: %w", err))
	case v.Outcome == Later:
		r.cancel(fmt.Errorf("%w: %w", ErrPaused, v.err))
	case v.Outcome == Unclear:
		if r.putAside(t) > maxAside || r.stalled() {
			r.cancel(fmt.Errorf("%w: %w", ErrPaused, v.err))
		}
	default:
		r.settled(t, v)
	}
}

func (r *runner) settled(t task, v verdict) {
	r.job.forget(t.row)
	r.count(func(c *Report) {
		switch v.Outcome {
		case Sent:
			c.Sent++
		case Found:
			c.Found++
		case Known:
			c.Known++
		case Rejected:
			c.Rejected++
		default:
			c.Unclear++
		}
	})
	if f := r.opts.OnResult; f != nil {
		f(t.key, RowResult{Outcome: v.Outcome, MessageID: v.MessageID, Err: v.err})
	}
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

// stalled reports whether no row has come to an outcome for longer than the patience.
func (r *runner) stalled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Since(r.moved) > r.opts.Patience
}

func (r *runner) rejected(t task, err error) {
	r.settled(t, verdict{Settlement: Settlement{Outcome: Rejected}, err: err})
}

func (r *runner) putAside(t task) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.aside = append(r.aside, t)
	return len(r.aside)
}

func (r *runner) count(f func(*Report)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.report)
	r.moved = time.Now()
}
