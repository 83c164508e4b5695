package main

import (
	"fmt"
	"io"
	"os"
	"sync"
)

// progress shows how far the job is, in one line that is written over, on a
// terminal only.
type progress struct {
	out  io.Writer
	rows int // in all

	mu    sync.Mutex
	shown int
	tally tally
}

func newProgress(w io.Writer, rows int) *progress {
	if !isTerminal(w) {
		w = io.Discard
	}
	return &progress{out: w, rows: rows}
}

// isTerminal reports whether w is a device for characters, as terminals are.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show counts a row that is dealt with.
func (p *progress) show(r *recipient) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown++
	p.tally.add(r)
	fmt.Fprintf(p.out, "\r%d of %d rows: %v", p.shown, p.rows, p.tally)
}

// end leaves the line.
func (p *progress) end() { fmt.Fprintln(p.out) }
