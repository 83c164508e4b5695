package orbittest

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// A Request is a request that arrived, and what became of it.
type Request struct {
	// Time is when it arrived, by the local clock.
	Time time.Time
	// Method is the HTTP method.
	Method string
	// Host is the host that was asked, with its port if one was named.
	Host string
	// Route is the path template, such as "/messages/{id}", or the path below
	// /api/v1 if the server does not know it.
	Route string
	// Path is the path as it was sent, escapes and prefix included.
	Path string
	// Query holds the query's parameters; nil if there were none.
	Query url.Values
	// Header holds the headers, with X-API-Key replaced by "redacted".
	Header http.Header
	// Body is the body as it was sent. Do not change it.
	Body []byte
	// IdempotencyKey is the value of the Idempotency-Key header.
	IdempotencyKey string
	// Attempt counts, from 1, the requests on this method and route that carried
	// this idempotency key. It is 1 for requests without a key.
	Attempt int
	// UnknownFields are the JSON paths, such as "rich_card.colour", and the query
	// parameters, such as "?colour", that Orbit does not know and drops.
	UnknownFields []string
	// Account is the account of the API key, see [WithAccount]; empty where the key
	// was refused.
	Account string
	// OlderForms is what the request says in another form than the SDK, one that the
	// documentation prints or has printed: a path, such as "POST /verify", or a
	// field, such as "expiry".
	OlderForms []string
	// Status is the HTTP status of the answer; 0 if the connection broke.
	Status int
	// RequestID is the X-Request-Id of the answer.
	RequestID string
	// Replayed reports whether an earlier answer to the same idempotency key was
	// sent again.
	Replayed bool
	// Stored reports whether this request was accepted and changed something,
	// whether or not the client was told.
	Stored bool
}

// A requestLog holds what arrived.
type requestLog struct {
	keep     int // the last ones; negative: all
	requests []Request
	attempts map[attemptKey]int // of the requests that are kept
	unknown  []string           // the complaints about unknown fields, in order
}

type attemptKey struct{ method, path, key string }

// attempt counts a request by its idempotency key.
func (l *requestLog) attempt(c *call) int {
	if c.idempotencyKey == "" {
		return 1
	}
	if l.attempts == nil {
		l.attempts = make(map[attemptKey]int)
	}
	key := attemptKey{c.method, c.template, c.idempotencyKey}
	l.attempts[key]++
	return l.attempts[key]
}

func (l *requestLog) add(c *call, status int) {
	for _, name := range c.unknown {
		complaint := c.method + " " + c.template + ": " + name
		if !slices.Contains(l.unknown, complaint) {
			l.unknown = append(l.unknown, complaint)
		}
	}
	if l.keep == 0 {
		c.attempt = 1
		return
	}
	if l.keep > 0 && len(l.requests) >= 2*l.keep { // in halves: cheap for each request
		l.shorten()
	}
	c.attempt = l.attempt(c)
	l.requests = append(l.requests, c.record(status))
}

// shorten forgets all but the last requests, and the attempts of their keys.
func (l *requestLog) shorten() {
	l.requests = slices.Clone(l.last())
	clear(l.attempts)
	for _, r := range l.requests {
		if r.IdempotencyKey != "" {
			l.attempts[attemptKey{r.Method, r.Route, r.IdempotencyKey}] = r.Attempt
		}
	}
}

// record is the call as others see it.
func (c *call) record(status int) Request {
	account := ""
	if c.account != nil {
		account = c.account.name
	}
	return Request{
		Account:        account,
		Time:           c.arrived,
		Method:         c.method,
		Host:           c.host,
		Route:          c.template,
		Path:           c.escapedPath,
		Query:          c.query,
		Header:         c.redactedHeader(),
		Body:           c.body,
		IdempotencyKey: c.idempotencyKey,
		Attempt:        c.attempt,
		UnknownFields:  c.unknown,
		OlderForms:     c.olderForms,
		Status:         status,
		RequestID:      c.requestID,
		Replayed:       c.replayed,
		Stored:         c.stored,
	}
}

// last returns the requests that are to be kept.
func (l *requestLog) last() []Request {
	if l.keep > 0 && len(l.requests) > l.keep {
		return l.requests[len(l.requests)-l.keep:]
	}
	return l.requests
}

// Requests returns every request that arrived, oldest first. With routes, named
// as for [Server.FailNext], only those on one of them.
func (s *Server) Requests(route ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(route) == 0 {
		return slices.Clone(s.log.last())
	}
	var found []Request
	for _, r := range s.log.last() {
		if slices.ContainsFunc(route, func(p string) bool { return newPattern(p).covers(r.Method, r.Route) }) {
			found = append(found, r)
		}
	}
	return found
}
