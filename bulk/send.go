package bulk

import (
	"context"
	"iter"
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
	// goroutines. key is the caller's own. A panic in it stops the run, and comes out of
	// Send.
	OnResult func(key string, r RowResult)
	// ItemsErr is called when the items have ended: an error means that they ended too
	// early, and becomes the error of Send.
	ItemsErr func() error
}

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
	// Known is the number of rows that an earlier run had settled, or whose key came
	// before in this one.
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
