package orbittest

import (
	"context"
	"io"
	"net/http"
	"time"
)

// A reply is an answer ready to be delivered.
type reply struct {
	err        error // instead of an answer: the connection breaks
	status     int
	header     http.Header
	body       []byte
	retryAfter int
	delay      time.Duration // before the answer, or the break
	bodyDelay  time.Duration // between headers and body
	truncate   bool
}

// delay is how long the call's answer takes.
func (c *call) delay() time.Duration { return c.server.cfg.latency + c.fault.Delay }

// sent is the part of the body that reaches the client.
func (r *reply) sent() []byte {
	if r.truncate {
		return r.body[:len(r.body)/2]
	}
	return r.body
}

// wait pauses for d or until the context ends.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A replyBody is the body of an answer as a client reads it.
type replyBody struct {
	ctx   context.Context
	pause time.Duration // before the first byte
	rest  []byte
	end   error // after the last byte: io.EOF, or how the connection broke
	done  bool
}

func (r *reply) reader(ctx context.Context) io.ReadCloser {
	if len(r.body) == 0 && r.bodyDelay == 0 {
		return http.NoBody
	}
	b := &replyBody{ctx: ctx, pause: r.bodyDelay, rest: r.sent(), end: io.EOF}
	if r.truncate {
		b.end = io.ErrUnexpectedEOF
	}
	return b
}

func (b *replyBody) Read(p []byte) (int, error) {
	if b.done {
		return 0, http.ErrBodyReadAfterClose
	}
	if err := wait(b.ctx, b.pause); err != nil {
		return 0, err
	}
	b.pause = 0
	if len(b.rest) == 0 {
		return 0, b.end
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *replyBody) Close() error {
	b.done = true
	return nil
}
