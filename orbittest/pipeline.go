package orbittest

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer deals with one request, and tells who wants to know.
func (s *Server) answer(c *call) reply {
	r := s.settle(c)
	if s.cfg.requestLog != nil && c.requestID != "" {
		s.cfg.requestLog(c.record(r.status))
	}
	return r
}

// settle deals with one request, from the key to the record of what became of it.
// It runs under the server's lock, and nothing in it waits: pauses are only noted
// in the reply.
func (s *Server) settle(c *call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return reply{err: ErrClosed}
	}
	// The clock is read under the lock, so that no request is older than one that
	// was dealt with before it.
	c.arrived = time.Now()
	c.now = c.arrived.Add(s.cfg.clockOffset)
	c.requestID = s.newID("req_")
	var r reply
	if c.atStorage() {
		r = s.store(c)
	} else {
		r = s.process(c)
	}
	r.delay = c.delay()
	s.log.add(c, r.status)
	return r
}

// process decides who answers: a fault on the way, the server's own guards, or,
// behind them, the route.
func (s *Server) process(c *call) reply {
	line, scripted := s.faults.next(c.method, c.template)
	if scripted {
		c.fault = s.faults.lines[line][0].fault
	}
	if c.fault.breaksBefore() {
		s.faults.take(line)
		return c.fault.broken()
	}
	if problem := s.guard(c); problem != nil {
		c.fault = Fault{} // stays in its line
		return c.finish(c.refused(problem))
	}
	if scripted {
		s.faults.take(line)
	}
	return c.finish(s.outcome(c))
}

// guard turns away what has no valid key or is too much.
func (s *Server) guard(c *call) *failure {
	if problem := c.authenticate(); problem != nil {
		return problem
	}
	c.account = s.accountOf(c.apiKey)
	if c.route == nil {
		return nil
	}
	return s.limits.admit(c)
}

// outcome is the answer of the route, of a fault in its place, or of a fault
// after it.
func (s *Server) outcome(c *call) reply {
	if !c.fault.replaces() {
		return s.perform(c)
	}
	if c.fault.After {
		s.perform(c)
	}
	if c.fault.Reset {
		return c.fault.broken()
	}
	if problem := c.fault.failure(s.cfg.generation); problem != nil {
		return c.refused(problem)
	}
	return reply{status: c.fault.Status}
}

// perform carries the request out, once for each idempotency key.
func (s *Server) perform(c *call) reply {
	if c.route == nil {
		return c.refused(c.unknownRoute())
	}
	first, problem := s.memory.recall(c)
	if problem != nil {
		return c.refused(problem)
	}
	if first != nil {
		c.replayed = true
		return *first
	}
	if problem := c.validate(); problem != nil {
		return c.refused(problem)
	}
	if c.route.writes() && len(c.route.params) > 0 { // it may overwrite what histories come from
		c.account.webhooks.observe(c.now)
	}
	res, problem := c.account.work[c.route.index].handle(c)
	if problem != nil {
		return c.refused(problem)
	}
	r := c.succeeded(res)
	if c.route.writes() {
		c.stored = true
		s.memory.remember(c, r, c.now.Add(c.delay()))
	}
	return r
}

func (c *call) succeeded(res result) reply {
	return reply{status: cmp.Or(res.status, c.route.status, http.StatusOK), body: c.successBody(res), header: res.header}
}

func (c *call) refused(problem *failure) reply {
	return reply{status: problem.status, body: c.failureBody(problem), header: problem.header, retryAfter: problem.retryAfter}
}

func (c *call) unknownRoute() *failure {
	if len(c.otherMethods) == 0 {
		return notFound("There is no such endpoint.")
	}
	return &failure{
		status:  http.StatusMethodNotAllowed,
		code:    codeMethodNotAllowed,
		message: "The endpoint does not know this method.",
		header:  http.Header{"Allow": {strings.Join(c.otherMethods, ", ")}},
	}
}

// finish adds the headers that every answer has, and lets the fault bend the
// whole.
func (c *call) finish(r reply) reply {
	if r.err != nil {
		return r
	}
	h := make(http.Header, 8)
	h["Date"] = []string{httpDate(c.now)}
	h["X-Request-Id"] = []string{c.requestID}
	if !c.server.cfg.withoutHeaders {
		c.server.limits.quota(c).set(h)
	}
	if r.retryAfter > 0 && c.server.cfg.generation == Newer {
		h["Retry-After"] = []string{strconv.Itoa(r.retryAfter)}
	}
	if len(r.body) > 0 || c.fault.Body != "" {
		h["Content-Type"] = []string{"application/json"}
	}
	for name, values := range r.header {
		h[name] = values
	}
	r.header = h
	c.fault.bend(&r)
	return r
}
