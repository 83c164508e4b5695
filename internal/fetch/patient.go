package fetch

import (
	"context"
	"io"
	"sync/atomic"
	"time"
)

// Patient returns a body each piece of which has its own time limit, however long
// the whole takes. A piece that does not come in time cancels the request with
// reason, which is then the error of the read; so does Close, with nil. A reader
// that takes its time between two reads does not count.
func Patient(body io.ReadCloser, limit time.Duration, cancel context.CancelCauseFunc, reason error) io.ReadCloser {
	b := &patient{ReadCloser: body, limit: limit, cancel: cancel, reason: reason}
	b.timer = time.AfterFunc(limit, func() {
		b.late.Store(true)
		cancel(reason)
	})
	b.timer.Stop()
	return b
}

type patient struct {
	io.ReadCloser

	limit  time.Duration
	timer  *time.Timer
	late   atomic.Bool
	cancel context.CancelCauseFunc
	reason error
}

func (b *patient) Read(p []byte) (int, error) {
	b.timer.Reset(b.limit)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if err != nil && err != io.EOF && b.late.Load() { //nolint:errorlint // a reader's end is never wrapped
		err = b.reason
	}
	return n, err
}

func (b *patient) Close() error {
	err := b.ReadCloser.Close()
	b.timer.Stop()
	b.cancel(nil)
	return err
}
