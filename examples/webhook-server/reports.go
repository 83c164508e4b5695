package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/phone"
	"github.com/devotel/orbit-go/webhooks"
)

// reports keeps the newest status of each message. A real program has a column in
// its database for it.
type reports struct {
	out io.Writer

	mu     sync.Mutex
	newest map[string]messages.Status
}

func newReports(out io.Writer) *reports {
	return &reports{out: out, newest: map[string]messages.Status{}}
}

// handler receives the events that tell how far a message has come.
func (r *reports) handler(verifier *webhooks.Verifier) http.Handler {
	opts := []webhooks.HandlerOption{
		webhooks.OnOther(func(_ context.Context, e *webhooks.Event) error {
			r.print("%s: nothing to do", e.Type)
			return nil
		}),
		webhooks.OnReject(func(_ *http.Request, err error) { r.print("refused: %v", err) }),
		webhooks.OnError(func(_ context.Context, e *webhooks.Event, err error) { r.print("event %s failed: %v", e.ID, err) }),
	}
	for _, kind := range []webhooks.Kind[webhooks.MessageData]{
		webhooks.MessageSending, webhooks.MessageSent, webhooks.MessageDelivered, webhooks.MessageUndelivered,
		webhooks.MessageFailed, webhooks.MessageRead, webhooks.MessageStatusUpdated,
	} {
		opts = append(opts, webhooks.On(kind, r.receive))
	}
	return webhooks.Handler(verifier, opts...)
}

// receive notes a status, unless a newer one is known: events arrive out of
// order.
func (r *reports) receive(_ context.Context, e *webhooks.Event, data *webhooks.MessageData) error {
	r.mu.Lock()
	status := cmp.Or(data.Status, statusOf(e.Type))
	known := r.newest[data.MessageID]
	late := status.Before(known)
	if !late {
		r.newest[data.MessageID] = status
	}
	r.mu.Unlock()

	if late {
		r.print("%s: %s is late, it is %s already", data.MessageID, status, known)
		return nil
	}
	r.print("%s to %s: %s", data.MessageID, phone.Mask(data.To.String()), status)
	return nil
}

// statusOf is the status that an event's name tells, for events whose data does
// not say it.
func statusOf(t webhooks.EventType) messages.Status {
	return messages.Status(strings.TrimPrefix(string(t), "message."))
}

func (r *reports) print(format string, args ...any) {
	fmt.Fprintf(r.out, format+"\n", args...)
}

// lockedWriter lets several deliveries print at once.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
