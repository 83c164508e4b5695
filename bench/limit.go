package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// The load under a limit.
const (
	sends      = 1500
	perWindow  = 300
	window     = 2 * time.Second
	senders    = 32
	answerTime = 5 * time.Millisecond
)

func underLimit(o options) (*table, error) {
	t := newTable(fmt.Sprintf("%d sends at %d in %v", sends, perWindow, spelled(window)),
		fmt.Sprintf("From %d goroutines on one client, over loopback. The server counts in fixed windows that begin at full seconds. It "+
			"answers after %v, and says nothing but `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`, in whole seconds. The run starts "+
			"with a window, so that the least possible time is %v. Each SDK has the settings with which it loses the fewest calls. A call "+
			"that returns an error is lost. One run each.",
			senders, spelled(answerTime), spelled(sends/perWindow*window-window)),
		"SDK", "settings", "seconds", "sent", "lost", "429 answers")
	for i, p := range peers.All() {
		if o.short && i > 0 {
			break
		}
		maker, settings := p.Bulk, p.Settings
		if maker == nil {
			maker = p.Create
		}
		if settings == "" {
			settings = "none for this"
		}
		b := deliver(p, maker)
		t.row(b.row(p.Name, settings)...)
		if i == 0 {
			t.aim("sends under a limit: seconds", 8.1, b.took.Seconds())
			t.aim("sends under a limit: 429 answers", 0, float64(b.refused))
			t.aim("sends under a limit: lost", 0, float64(b.lost))
			t.row(deliver(p, p.Hand).row("by hand", "no retries")...)
		}
	}
	return t, nil
}

// delivery is what came of all sends.
type delivery struct {
	took                time.Duration
	sent, lost, refused int64
}

func (d delivery) row(cells ...any) []any {
	return append(cells, fmt.Sprintf("%.2f", d.took.Seconds()), d.sent, d.lost, d.refused)
}

// deliver makes all sends.
func deliver(p *peers.Peer, maker peers.Maker) delivery {
	limited := &limiter{answer: p.Answer, tooMany: p.Limited}
	server := httptest.NewServer(limited)
	defer server.Close()
	call := maker(server.URL, transport())
	time.Sleep(time.Until(time.Now().Truncate(window).Add(window + 20*time.Millisecond)))
	started := time.Now()
	var next, lost atomic.Int64
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for next.Add(1) <= sends {
				if call() != nil {
					lost.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return delivery{time.Since(started), limited.sent.Load(), lost.Load(), limited.refused.Load()}
}

// limiter is a server with a limit.
type limiter struct {
	answer, tooMany string
	sent, refused   atomic.Int64

	mu    sync.Mutex
	began time.Time
	used  int
}

// ServeHTTP counts a request and answers it.
func (l *limiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	remaining, reset, ok := l.take(time.Now())
	time.Sleep(answerTime)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-RateLimit-Limit", strconv.Itoa(perWindow))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	if !ok {
		l.refused.Add(1)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, l.tooMany)
		return
	}
	l.sent.Add(1)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, l.answer)
}

// take counts a request, and says how many remain until when.
func (l *limiter) take(now time.Time) (remaining int, reset time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if began := now.Truncate(window); began.After(l.began) {
		l.began, l.used = began, 0
	}
	reset = l.began.Add(window)
	if l.used == perWindow {
		return 0, reset, false
	}
	l.used++
	return perWindow - l.used, reset, true
}
