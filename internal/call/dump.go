package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/devotel/orbit-go/internal/mask"
)

// maxDumpBody bounds how much of a body is looked at for a dump.
const maxDumpBody = 8 << 10

// Dump writes the traffic of a client for people who debug it: routes, a few
// harmless headers, and the shape of the bodies. What the bodies say is left
// out, but for a few fields that name nobody.
type Dump struct {
	mu sync.Mutex
	w  io.Writer
}

// NewDump returns a dump to w, one write an exchange.
func NewDump(w io.Writer) *Dump { return &Dump{w: w} }

// dumper writes the attempt that just ended.
type dumper interface {
	dump(x *exchange, req *http.Request)
}

func (d *Dump) dump(x *exchange, req *http.Request) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "> %s %s (%s, attempt %d)\n", x.route.method, x.route.template, x.route.op, x.attempts)
	dumpHeader(&out, "> ", req.Header)
	dumpBody(&out, "> ", x.body)
	fmt.Fprintf(&out, "< %d\n", x.last.status)
	dumpHeader(&out, "< ", x.last.header)
	dumpBody(&out, "< ", x.last.body)
	d.mu.Lock()
	defer d.mu.Unlock()
	_, _ = io.WriteString(d.w, mask.Secrets(out.String(), x.secrets()...)) // a dump that cannot be written must not fail the call
}

// dumpHeader writes the headers that identify nobody, and the names of the rest.
func dumpHeader(out *bytes.Buffer, prefix string, h http.Header) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := "[redacted]"
		if isHarmlessHeader(name) {
			value = strings.Join(h[name], ", ")
		}
		fmt.Fprintf(out, "%s%s: %s\n", prefix, name, value)
	}
}

func isHarmlessHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Content-Length", "Content-Type", "Date", "Idempotency-Key", "Retry-After", "User-Agent",
		"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "X-Request-Id":
		return true
	}
	return false
}

// dumpBody writes the shape of a JSON body, or the size of another one.
func dumpBody(out *bytes.Buffer, prefix string, body []byte) {
	var value any
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	switch {
	case len(body) == 0:
		return
	case len(body) > maxDumpBody || dec.Decode(&value) != nil:
		fmt.Fprintf(out, "%s[%d bytes]\n", prefix, len(body))
		return
	}
	shape, err := json.Marshal(shapeOf("", value))
	if err == nil {
		fmt.Fprintf(out, "%s%s\n", prefix, shape)
	}
}

// shapeOf replaces what a value says by its size, but for harmless fields.
func shapeOf(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[mask.Line(k, maxWord)] = shapeOf(k, member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = shapeOf(name, item)
		}
		return out
	case string:
		if isHarmlessField(name) {
			return v
		}
		if isHarmlessWord(name) {
			return mask.Line(v, maxWord)
		}
		return "[" + strconv.Itoa(len(v)) + " bytes]"
	case json.Number:
		if isHarmlessField(name) {
			return v
		}
		return "[number]"
	default:
		return v
	}
}

// isHarmlessField reports whether a JSON field holds a time, a count, or the ID of
// a request, which are shown as they are.
func isHarmlessField(name string) bool {
	switch name {
	case "request_id", "timestamp", "created_at", "has_more", "total", "limit", "retry_after", "segments":
		return true
	}
	return false
}

// isHarmlessWord reports whether a JSON field holds a word of the API's own.
func isHarmlessWord(name string) bool {
	switch name {
	case "status", "channel", "direction", "window", "field":
		return true
	}
	return false
}
