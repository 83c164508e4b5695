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
	"time"

	"github.com/devotel/orbit-go/internal/redact"
)

// maxDumpBody bounds how much of a body is looked at for a dump.
const maxDumpBody = 8 << 10

// Dump writes the traffic of a client for people who debug it: routes, a few
// harmless headers, and the shape of the bodies: their structure, the lengths of
// their texts, and the API's own words.
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
	written := x.written()
	var s sheet
	s.names = written.Names(nil)
	s.write(fmt.Sprintf("> %s %s (%s, attempt %d)\n", x.route.method, x.route.template, x.route.op, x.attempts))
	s.header("> ", req.Header)
	s.body("> ", x.body)
	s.names = written.Names(resultOf(x.target))
	s.write(fmt.Sprintf("< %d\n", x.last.status))
	s.header("< ", x.last.header)
	s.body("< ", x.last.body)
	written.Hide(s.shown...)
	d.mu.Lock()
	defer d.mu.Unlock()
	_, _ = io.WriteString(d.w, s.String()) // a dump that cannot be written must not fail the call
}

// resultOf is what the data of a success is decoded into, or nil.
func resultOf(t target) any {
	switch t := t.(type) {
	case *one:
		return t.into
	case *listing:
		return t.into
	case anything:
		return t.out
	}
	return nil
}

// sheet is a dump in pieces. Those that others wrote are redacted together.
type sheet struct {
	pieces []*string
	quoted []bool
	shown  []redact.Text
	names  map[string]bool // of fields that are the API's
}

func (s *sheet) write(text string) {
	s.pieces, s.quoted = append(s.pieces, &text), append(s.quoted, false)
}

// show writes a text that is redacted first.
func (s *sheet) show(text redact.Text, quoted bool) {
	s.pieces, s.quoted, s.shown = append(s.pieces, text.At), append(s.quoted, quoted), append(s.shown, text)
}

func (s *sheet) String() string {
	var out strings.Builder
	for i, piece := range s.pieces {
		if s.quoted[i] {
			out.WriteString(strconv.Quote(*piece))
		} else {
			out.WriteString(*piece)
		}
	}
	return out.String()
}

// time writes a time in one of the forms in which the API gives them. Nobody can
// write anything else into it; what is in its place is redacted.
func (s *sheet) time(text string, quoted bool) {
	const day = 24 * time.Hour
	longest := 100 * 365 * day
	at, err := http.ParseTime(text)
	if err != nil {
		layout := "2006-01-02T15:04:05Z"
		if len(text) > len(layout) { // time.Parse alone takes a fraction of any length
			layout = "2006-01-02T15:04:05.000Z"
		}
		at, err = time.Parse(layout, text)
	}
	if n, failed := strconv.ParseInt(text, 10, 64); failed == nil {
		at, err, longest = time.Unix(n, 0), nil, 7*day // any number is a time
	}
	if err != nil || time.Since(at).Abs() > longest {
		s.show(redact.Text{At: &text, Limit: maxWord}, quoted)
		return
	}
	if quoted {
		text = strconv.Quote(text)
	}
	s.write(text)
}

// header writes the headers that identify nobody, and the names of the rest.
func (s *sheet) header(prefix string, h http.Header) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s.write(prefix + name + ": ")
		value := strings.Join(h[name], ", ")
		switch http.CanonicalHeaderKey(name) {
		case "Accept", "Idempotency-Key", "User-Agent":
			s.write(value) // the client's own
		case "X-Request-Id":
			s.show(redact.Text{At: &value, Limit: longestID, ID: true}, false)
		case "Date", "X-Ratelimit-Reset":
			s.time(value, false)
		case "Content-Type": // without the boundary of a form, which is made of its content
			value, _, _ = strings.Cut(value, ";")
			s.show(redact.Text{At: &value, Limit: maxWord}, false)
		case "Content-Length", "Retry-After", "X-Ratelimit-Limit", "X-Ratelimit-Remaining":
			s.show(redact.Text{At: &value, Limit: maxWord}, false)
		default:
			s.write(redact.Mark)
		}
		s.write("\n")
	}
}

// body writes the shape of a JSON body, or the size of another one.
func (s *sheet) body(prefix string, body []byte) {
	switch {
	case len(body) == 0:
		return
	case len(body) > maxDumpBody || !json.Valid(body):
		s.write(fmt.Sprintf("%s[%d bytes]\n", prefix, len(body)))
		return
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	s.write(prefix)
	s.value(dec, "")
	s.write("\n")
}

// value writes the next value of a body, which is valid. Path is where it stands.
func (s *sheet) value(dec *json.Decoder, path string) {
	token, _ := dec.Token()
	switch v := token.(type) {
	case json.Delim:
		s.write(v.String())
		for first := true; dec.More(); first = false {
			if !first {
				s.write(",")
			}
			if v == '[' {
				s.value(dec, path+"[]")
				continue
			}
			name, _ := dec.Token()
			s.value(dec, s.name(name.(string), path)) //nolint:forcetypeassert // the name of a member
		}
		end, _ := dec.Token()
		s.write(fmt.Sprint(end))
	case string:
		switch {
		case isTime(path):
			s.time(v, true)
		case isRequestID(path):
			s.show(redact.Text{At: &v, Limit: longestID, ID: true}, true)
		case isShown(path):
			s.show(redact.Text{At: &v, Limit: maxWord}, true)
		default:
			s.write(size(v))
		}
	case json.Number:
		text := string(v)
		if isShown(path) {
			s.show(redact.Text{At: &text, Limit: maxWord}, false)
		} else {
			s.write(`"[number]"`)
		}
	case nil:
		s.write("null")
	default:
		s.write(fmt.Sprint(v))
	}
}

// name writes the name of a member, if it is one of the API's, and returns the
// member's path.
func (s *sheet) name(name, path string) string {
	if path += "." + name; s.names[name] || isEnvelope(path) {
		s.write(strconv.Quote(name) + ":")
	} else {
		s.write(size(name) + ":")
	}
	return path
}

// size stands for a text.
func size(text string) string { return `"[` + strconv.Itoa(len(text)) + ` bytes]"` }

// isEnvelope reports whether a member is one of every response.
func isEnvelope(path string) bool {
	switch path {
	case ".data", ".meta", ".error", ".error.message", ".error.details", ".error.details.value", ".error.details.expected",
		".meta.docs_url", ".meta.cursor", ".meta.next_cursor", ".meta.has_more", ".meta.pagination":
		return true
	}
	return isShown(path) || isTime(path) || isRequestID(path)
}

// isShown reports whether a value is one of the API's own words, or one of its
// counts. Except for times and the ID of the request, no other is shown.
func isShown(path string) bool {
	switch strings.Replace(path, ".data[]", ".data", 1) {
	case ".channel",
		".data.status", ".data.channel", ".data.direction", ".data.segments",
		".meta.total", ".meta.limit",
		".error.code", ".error.status", ".error.details.field", ".error.details.limit", ".error.details.window",
		".error.details.retry_after":
		return true
	}
	return false
}

func isTime(path string) bool {
	switch path {
	case ".data.created_at", ".data[].created_at", ".meta.timestamp":
		return true
	}
	return false
}

func isRequestID(path string) bool { return path == ".meta.request_id" }
