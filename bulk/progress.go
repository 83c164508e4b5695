package bulk

import (
	"fmt"
	"io"
	"time"
)

// Progress is how far a run of [Send] has come.
type Progress struct {
	Report

	// Rate is the number of rows brought to an outcome by this run a second, on
	// average.
	Rate float64
	// Waiting is the number of rows that are put aside, to be looked for at the end.
	Waiting int
	// Ended means that the run is over: this is its last progress.
	Ended bool
}

// Done is the number of rows that have an outcome.
func (p Progress) Done() int { return p.Sent + p.Known + p.Found + p.Rejected + p.Unclear }

// ProgressLine returns a Progress function that writes one line to a terminal and keeps
// it up to date. It writes no key, number or text.
func ProgressLine(w io.Writer) func(Progress) {
	return func(p Progress) {
		end := "\r"
		if p.Ended {
			end = "\n"
		}
		_, _ = fmt.Fprintf(w, "%d sent, %d known, %d found, %d rejected, %d unclear, %.0f/s, %s   %s",
			p.Sent, p.Known, p.Found, p.Rejected, p.Unclear+p.Waiting, p.Rate, p.Took.Round(time.Second), end)
	}
}

// progressEvery is between two calls of a Progress function.
const progressEvery = time.Second

// observe calls the Progress function until it is stopped.
func (r *runner) observe() (stop func()) {
	f := r.opts.Progress
	if f == nil {
		return func() {}
	}
	return every(progressEvery, func() { r.guard(func() { f(r.progress()) }) })
}

func (r *runner) progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Progress{Report: r.report, Waiting: len(r.aside)}
	p.Took = time.Since(r.began)
	p.Rate = float64(p.Done()-p.Known) / max(p.Took.Seconds(), 1e-3)
	return p
}
