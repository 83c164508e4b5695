package call

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// largeBody is from where a request body may take longer than the attempt's
	// limit, as long as it moves.
	largeBody = 64 << 10
	// leastRate is what counts as moving, in bytes a second.
	leastRate = 1 << 10
	// uploadStep is how much the transport is given at a time: what it takes next
	// shows that it is rid of this.
	uploadStep = 4 << 10
)

// upload is a large request body on its way. While it moves, the attempt's timer
// begins anew, and so it does for the response once all of it is gone.
type upload struct {
	limit time.Duration
	timer *time.Timer

	mu    sync.Mutex // net/http reads and closes from several goroutines
	rest  bytes.Reader
	since time.Time // when the timer began
	moved int       // bytes since then
}

// watch lets a large body of an attempt extend the time that timer leaves it.
func (x *exchange) watch(req *http.Request, timer *time.Timer) {
	if len(x.body) < largeBody {
		return
	}
	limit, body := x.set.AttemptTimeout, x.body
	req.GetBody = func() (io.ReadCloser, error) {
		u := &upload{limit: limit, timer: timer, since: time.Now()}
		u.rest.Reset(body)
		return u, nil
	}
	req.Body, _ = req.GetBody() // never fails
}

func (u *upload) Read(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	n, err := u.rest.Read(p[:min(len(p), uploadStep)])
	u.moved += n
	now := time.Now()
	if err == nil && (u.rest.Len() == 0 || float64(u.moved) >= leastRate*now.Sub(u.since).Seconds()) {
		u.since, u.moved = now, 0
		u.timer.Reset(u.limit)
	}
	return n, err
}

func (u *upload) Close() error { return nil }
