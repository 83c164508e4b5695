package orbittest

import (
	"net/http"
	"time"
)

// A Generation is one of the two ways in which Orbit's documentation prints its
// responses. A client has to read both.
type Generation int

const (
	// Newer is what the current documentation prints: id, external_id, prices as
	// numbers, RATE_LIMITED. Codes, lookups and the rendering of an email come
	// without meta, and a number's emergency address without an envelope.
	Newer Generation = iota
	// Older is what the documentation before it printed: message_id (of a fax,
	// fax_id), provider_id, prices as strings, pages of 20 items and at most 100,
	// RATE_LIMIT_EXCEEDED, a full envelope everywhere.
	Older
)

// word is one of two words, as the generation has it.
func (g Generation) word(newer, older string) string {
	if g == Older {
		return older
	}
	return newer
}

// A shape is how a response is wrapped.
type shape int

const (
	enveloped   shape = iota // data and meta
	withoutMeta              // data alone in the newer generation
	bare                     // the data itself in the newer generation
	cursorOnly               // a list whose meta has a cursor in place of pagination and time
)

// A result is what a handler answers.
type result struct {
	status int         // 0: the route's own
	data   any         // nil: an answer without a body
	under  string      // what data calls the list that it holds; "": data is the list
	page   *pageInfo   // of a list
	raw    []byte      // a file in place of data
	header http.Header // further headers of the answer
}

// The pages on error codes.
const docsURL, olderDocsURL = "https://docs.orbit.devotel.io/errors/", "https://orbit-docs.devotel.io/errors/"

// successBody renders a result in the server's generation.
func (c *call) successBody(r result) []byte {
	if r.data == nil {
		return r.raw
	}
	e := encoder{buf: make([]byte, 0, 768), wholeSeconds: c.server.wholeSeconds() && !c.route.milliseconds}
	shape := c.route.shape
	if c.server.cfg.generation == Older {
		shape = enveloped
	}
	data := c.printed(r.data)
	if r.under != "" {
		data = object{{r.under, data}}
	}
	if shape == bare {
		e.value(data)
		return e.buf
	}
	e.buf = append(e.buf, `{"data":`...)
	e.value(data)
	if shape != withoutMeta {
		e.buf = append(e.buf, `,"meta":`...)
		e.object(c.meta(r.page))
	}
	e.buf = append(e.buf, '}')
	return e.buf
}

// wholeSeconds reports whether times have no fraction: none that is printed has
// one, except those of executions and of scheduled releases.
func (s *Server) wholeSeconds() bool { return s.cfg.generation == Older || !s.cfg.full }

// meta is the part of a response that speaks of the request.
func (c *call) meta(page *pageInfo) object {
	m := make(object, 0, 3)
	if page != nil && c.route.shape == cursorOnly {
		if page.more {
			m.add("next_cursor", page.cursor)
		}
		m.add("request_id", c.requestID)
		return m
	}
	m = append(m, member{"request_id", c.requestID}, member{"timestamp", c.now})
	if page != nil {
		m.add("pagination", page.object())
	}
	return m
}

// failureBody renders a failure. A failure of a limit names no page on its code.
func (c *call) failureBody(f *failure) []byte {
	e := encoder{buf: make([]byte, 0, 512), wholeSeconds: c.server.wholeSeconds()}
	problem := object{{"code", f.code}, {"message", f.message}, {"status", f.status}}
	if f.details != nil {
		problem.add("details", f.details)
	}
	meta := c.meta(nil)
	if f.status != http.StatusTooManyRequests {
		meta.add("docs_url", c.server.cfg.generation.word(docsURL, olderDocsURL)+f.code)
	}
	body := object{{"error", problem}, {"meta", meta}}
	if f.data != nil {
		body = append(object{{"data", f.data}}, body...)
	}
	e.object(body)
	return e.buf
}

// httpDate is the form of the Date header.
func httpDate(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
