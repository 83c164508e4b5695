package orbittest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A call is one request on its way through the server: what was sent, what the
// server made of it, and what became of it.
type call struct {
	server *Server

	// As it was sent.
	method, host, escapedPath string
	uri                       string // path and query
	header                    http.Header
	body                      []byte

	// As it was read.
	route          *route // nil: the server has none
	template       string // of the route, or the path below the prefix
	values         []string
	otherMethods   []string // of a path that the server has
	query          url.Values
	fields         map[string]any
	unreadable     *failure
	unknown        []string
	olderForms     []string
	apiKey         string
	sandbox        bool
	idempotencyKey string

	// As it was dealt with.
	account   *account  // nil: its key was refused
	arrived   time.Time // by the local clock
	now       time.Time // the same by the server's clock
	requestID string
	fault     Fault
	attempt   int // on this route with this idempotency key, from 1
	stored    bool
	replayed  bool
}

// read makes a call of a request. It needs no lock: nothing that it looks at
// changes after the server was made.
func (s *Server) read(req *http.Request, host string, body []byte) *call {
	header := canonical(req.Header)
	c := &call{
		server:         s,
		method:         req.Method,
		host:           host,
		escapedPath:    req.URL.EscapedPath(),
		uri:            req.URL.RequestURI(),
		header:         header,
		body:           body,
		apiKey:         header.Get("X-Api-Key"),
		idempotencyKey: header.Get("Idempotency-Key"),
	}
	c.sandbox = s.cfg.sandbox || strings.HasPrefix(c.apiKey, "dv_test_") || header.Get("X-Test-Mode") == "true"
	m := s.find(c.method, c.escapedPath)
	c.route, c.values, c.otherMethods = m.route, m.values, m.methods
	if c.route == nil {
		below, _ := belowBase(c.escapedPath)
		c.template = "/" + strings.Join(elements(below), "/")
		return c
	}
	c.template = c.route.path
	if m.path == c.route.older {
		c.inOlderForm(c.method + " " + m.path)
	}
	c.readQuery(req.URL)
	c.readBody()
	slices.Sort(c.unknown)
	return c
}

func (c *call) readQuery(u *url.URL) {
	if u.RawQuery == "" {
		return
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		c.unreadable = malformed("The query cannot be read.")
	}
	for _, values := range query {
		for i, value := range values { // a plus sign that was not escaped
			if number, ok := strings.CutPrefix(value, " "); ok && onlyDigits(number) {
				values[i] = "+" + number
			}
		}
	}
	c.query = query
	known, _ := c.route.schemas()
	for name := range query {
		if known.find(name) == nil {
			c.unknown = append(c.unknown, "?"+name)
		}
	}
}

func (c *call) readBody() {
	if c.route.form {
		c.readForm()
		return
	}
	if len(c.body) == 0 {
		if c.route.body != nil {
			c.unreadable = malformed("The request needs a JSON body.")
		}
		return
	}
	if contentType := c.header.Get("Content-Type"); !isJSON(contentType) {
		c.unreadable = unsupported(contentType, "application/json")
		return
	}
	fields, err := decodeObject(c.body)
	if err != nil {
		c.unreadable = malformed("The body is not a JSON object.")
		return
	}
	c.take(fields)
}

// take keeps the fields of a body, and notes those that nobody knows.
func (c *call) take(fields map[string]any) {
	c.fields = fields
	if c.route.translate != nil {
		c.route.translate(c)
	}
	_, known := c.route.schemas()
	c.unknown = known.unknown(fields, "", c.unknown)
}

func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}

// decodeObject reads exactly one JSON object, numbers as they were written.
func decodeObject(body []byte) (map[string]any, error) {
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return nil, err
	}
	if fields == nil { // null
		return nil, io.ErrUnexpectedEOF
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, io.ErrUnexpectedEOF
	}
	return fields, nil
}

// validate checks the request against the contract.
func (c *call) validate() *failure {
	if c.unreadable != nil {
		return c.unreadable
	}
	query, body := c.route.schemas()
	if problem := query.validateQuery(c.query.Get); problem != nil {
		return problem
	}
	if problem := body.validate(c.fields, ""); problem != nil {
		return problem
	}
	if check := c.account.work[c.route.index].check; check != nil {
		return check(c)
	}
	return nil
}

// keyed reports whether the call takes part in idempotency.
func (c *call) keyed() bool {
	return c.idempotencyKey != "" && !c.server.cfg.ignoreKeys
}

// value is the value of a path parameter.
func (c *call) value(name string) string {
	for i, param := range c.route.params {
		if param == name {
			return c.values[i]
		}
	}
	panic("orbittest: " + c.route.path + " has no parameter " + name)
}

// text is a field of the body that is a string, or "".
func (c *call) text(name string) string {
	s, _ := c.fields[name].(string)
	return s
}

// has reports whether a field of the body was given.
func (c *call) has(name string) bool { return !absent(c.fields[name]) }

// texts is a field of the body that is a string or a list of strings.
func (c *call) texts(name string) []string {
	switch v := c.fields[name].(type) {
	case string:
		return []string{v}
	case []any:
		all := make([]string, 0, len(v))
		for _, item := range v {
			if s, ok := item.(string); ok {
				all = append(all, s)
			}
		}
		return all
	default:
		return nil
	}
}

// canonical returns the headers under the names that a request has after it has
// travelled over a wire, where the case of letters means nothing.
func canonical(h http.Header) http.Header {
	for name := range h {
		if http.CanonicalHeaderKey(name) != name {
			out := make(http.Header, len(h))
			for name, values := range h {
				name = http.CanonicalHeaderKey(name)
				out[name] = append(out[name], values...)
			}
			return out
		}
	}
	return h
}

func (c *call) redactedHeader() http.Header {
	h := c.header.Clone()
	if h.Get("X-Api-Key") != "" {
		h.Set("X-Api-Key", "redacted")
	}
	return h
}
