package orbittest

import (
	"net/http"
	"time"
)

// A Generation is one of the two ways in which Orbit has phrased its answers.
// A client has to read both.
type Generation int

const (
	// Newer is what the current documentation shows: id, provider_id, numbers as
	// numbers, times with milliseconds, pages with cursor, has_more and total,
	// RATE_LIMITED with a Retry-After header. A few endpoints leave out meta, or
	// the envelope: the WhatsApp window and the rendering of e-mail.
	Newer Generation = iota
	// Older is what the documentation before it showed: message_id (of a fax,
	// fax_id), external_id, numbers as strings, times in whole seconds, pages with
	// next_cursor only, of 20 items and at most 100, RATE_LIMIT_EXCEEDED whose wait
	// stands in the details only, a group's rows as a bare list.
	Older
)

// word is one of two words, as the generation has it.
func (g Generation) word(newer, older string) string {
	if g == Older {
		return older
	}
	return newer
}

// A shape is how the newer generation wraps an answer. The older one has a full
// envelope everywhere.
type shape int

const (
	enveloped   shape = iota // data and meta
	withoutMeta              // data alone
	bare                     // the data itself
	cursorOnly               // a list whose meta has no pagination, only a cursor
)

// A result is what a handler answers.
type result struct {
	status int         // 0: the route's own
	data   any         // nil: an answer without a body
	page   *pageInfo   // of a list
	raw    []byte      // a file in place of data
	header http.Header // further headers of the answer
}

const docsURL = "https://docs.orbit.devotel.io/errors/"

// successBody renders a result in the server's generation.
func (c *call) successBody(r result) []byte {
	if r.data == nil {
		return r.raw
	}
	older := c.server.cfg.generation == Older
	e := encoder{buf: make([]byte, 0, 768), numbersAsText: older, wholeSeconds: older}
	shape := c.route.shape
	if older {
		shape = enveloped
	}
	if shape == bare {
		e.value(r.data)
		return e.buf
	}
	e.buf = append(e.buf, `{"data":`...)
	e.value(r.data)
	if shape != withoutMeta {
		e.buf = append(e.buf, `,"meta":`...)
		e.object(c.meta(r.page))
	}
	e.buf = append(e.buf, '}')
	return e.buf
}

// meta is the part of an answer that speaks of the request.
func (c *call) meta(page *pageInfo) object {
	m := object{{"request_id", c.requestID}, {"timestamp", c.now}}
	switch {
	case page == nil:
	case c.server.cfg.generation == Older && page.more:
		m.add("next_cursor", page.cursor)
	case c.server.cfg.generation == Older:
		m.add("next_cursor", nil)
	case c.route.shape == cursorOnly:
		if page.more {
			m.add("next_cursor", page.cursor)
		}
	default:
		m.add("pagination", page.object())
	}
	return m
}

// failureBody renders a failure. Its scalars are the same in both generations.
func (c *call) failureBody(f *failure) []byte {
	e := encoder{buf: make([]byte, 0, 512), wholeSeconds: c.server.cfg.generation == Older}
	problem := object{{"code", f.code}, {"message", f.message}, {"status", f.status}}
	if f.details != nil {
		problem.add("details", f.details)
	}
	meta := append(c.meta(nil), member{"docs_url", docsURL + f.code})
	body := object{{"error", problem}, {"meta", meta}}
	if f.data != nil {
		body = append(object{{"data", f.data}}, body...)
	}
	e.object(body)
	return e.buf
}

// httpDate is the form of the Date header.
func httpDate(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
