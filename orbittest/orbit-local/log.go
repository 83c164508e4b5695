package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/devotel/orbit-go/internal/mask"
	"github.com/devotel/orbit-go/orbittest"
)

// requestLog prints a line for each request.
type requestLog struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *requestLog) print(r orbittest.Request) {
	text := line(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.out, text) // nobody reads it then
}

// line describes a request by what cannot identify anybody. Routes that the server
// does not know and the names of unknown fields are the client's own words: they
// are masked, and cannot break the line.
func line(r orbittest.Request) string {
	const longest = 80
	text := fmt.Sprintf("%s %s %d %s", r.Method, mask.Line(r.Route, longest), r.Status, r.RequestID)
	if len(r.UnknownFields) > 0 {
		text += " (unknown to Orbit: " + mask.Line(strings.Join(r.UnknownFields, ", "), longest) + ")"
	}
	return text + "\n"
}
