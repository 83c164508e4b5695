package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/devotel/orbit-go/internal/redact"
	"github.com/devotel/orbit-go/orbittest"
)

// requestLog prints a line for each request, and for each delivery of an event.
type requestLog struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *requestLog) print(r orbittest.Request) { l.write(line(r)) }

func (l *requestLog) printDelivery(d orbittest.Delivery) {
	l.write(fmt.Sprintf("event %s %s attempt %d: %d\n", d.EventType, d.EventID, d.Attempt, d.Status))
}

func (l *requestLog) write(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.out, text) // nobody reads it then
}

// line describes a request by what cannot identify anybody. Routes that the server
// does not know and the names of unknown fields are the client's own words: they
// are masked, and cannot break the line.
func line(r orbittest.Request) string {
	const longest = 80
	text := fmt.Sprintf("%s %s %d %s", r.Method, redact.String(r.Route, longest), r.Status, r.RequestID)
	if len(r.UnknownFields) > 0 {
		text += " (unknown to Orbit: " + redact.String(strings.Join(r.UnknownFields, ", "), longest) + ")"
	}
	if len(r.OlderForms) > 0 { // the server's own words
		text += " (older form: " + strings.Join(r.OlderForms, ", ") + ")"
	}
	return text + "\n"
}
