package orbittest

import (
	"net/url"
	"slices"
	"strings"
	"sync"
)

// A service is one part of the API, in files of its own: a table of routes, the
// state behind them and their handlers. Everything else is done for it: when a
// handler runs, the request is routed, admitted, not a repetition, and valid by
// its schemas; what the handler returns is wrapped, remembered and recorded. A
// handler runs under the server's lock and must not wait. A new service becomes a
// field of [Server] and an entry in NewServer.
type service interface {
	routes() []*route
}

// A route is one operation of the API.
type route struct {
	method string
	path   string // the template as the contract writes it: "/messages/{id}"
	older  string // another path that the documentation prints for it; "": none
	scope  string // that a key needs
	// perMinute is the published limit; 0: none.
	perMinute int
	status    int   // of a success; 0: 200
	form      bool  // the body is a form, not JSON
	shape     shape // of the response
	// milliseconds are part of the times in the response.
	milliseconds bool
	// pageSize is how many items a page of the newer generation has; 0: 25.
	pageSize int
	// query and body are built on first use: most tests touch few routes.
	query, body func() schema
	// translate brings a body that was printed in another form into this one.
	translate func(*call)
	// check holds what spans several fields of a body that is otherwise valid.
	check  func(*call) *failure
	handle func(*call) (result, *failure)

	index  int      // among the server's routes
	limit  rate     // in force on this server
	params []string // names in the template, in order
	once   sync.Once
	parsed struct{ query, body schema }
}

// schemas returns the known query parameters and body fields.
func (r *route) schemas() (query, body schema) {
	r.once.Do(func() {
		if r.query != nil {
			r.parsed.query = r.query()
		}
		if r.body != nil {
			r.parsed.body = r.body()
		}
	})
	return r.parsed.query, r.parsed.body
}

// writes reports whether the operation changes something.
func (r *route) writes() bool { return r.method != "GET" }

// A node is one path element of the tree that requests are routed by.
type node struct {
	literal map[string]*node
	param   *node
	routes  map[string]leaf // by method
}

// A leaf is a route, and the path that leads to it.
type leaf struct {
	route *route
	path  string
}

func (n *node) add(r *route) {
	r.params = n.plant(r, r.path)
	if r.older != "" {
		n.plant(r, r.older)
	}
}

// plant leads a path to a route, and returns the names of its parameters.
func (n *node) plant(r *route, path string) (params []string) {
	for _, element := range strings.Split(strings.Trim(path, "/"), "/") {
		if strings.HasPrefix(element, "{") {
			params = append(params, strings.Trim(element, "{}"))
			n = n.child("")
		} else {
			n = n.child(element)
		}
	}
	if n.routes == nil {
		n.routes = make(map[string]leaf)
	}
	n.routes[r.method] = leaf{r, path}
	return params
}

// child returns the node below n, made if need be; "" is the parameter.
func (n *node) child(element string) *node {
	if element == "" {
		if n.param == nil {
			n.param = new(node)
		}
		return n.param
	}
	if n.literal == nil {
		n.literal = make(map[string]*node)
	}
	if n.literal[element] == nil {
		n.literal[element] = new(node)
	}
	return n.literal[element]
}

// A match is what a path leads to: a leaf with the values of its parameters, or,
// without a route, the methods that the path does have.
type match struct {
	leaf
	values  []string
	methods []string
}

// find walks the tree, literal elements first.
func (n *node) find(method string, path, values []string) match {
	if len(path) == 0 {
		if l := n.routes[method]; l.route != nil {
			return match{leaf: l, values: values}
		}
		return match{methods: n.methods()}
	}
	var others []string
	if next := n.literal[path[0]]; next != nil {
		m := next.find(method, path[1:], values)
		if m.route != nil {
			return m
		}
		others = m.methods
	}
	if n.param != nil && path[0] != "" {
		m := n.param.find(method, path[1:], append(values, path[0]))
		if m.route != nil {
			return m
		}
		others = append(others, m.methods...)
	}
	return match{methods: others}
}

func (n *node) methods() []string {
	var names []string
	for name := range n.routes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// belowBase cuts the base off a path: /api/v1, or /v1, which the documentation
// prints as well. It reports whether there was one.
func belowBase(path string) (string, bool) {
	for _, base := range [...]string{"/api/v1", "/v1"} {
		if rest, ok := strings.CutPrefix(path, base); ok && (rest == "" || rest[0] == '/') {
			return rest, true
		}
	}
	return path, false
}

// elements splits an escaped path below the base. A collection's root may end
// in a slash; a path with an empty id behind it may not, but the two look the
// same, exactly as they do to the API.
func elements(escaped string) []string {
	parts := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	for i, part := range parts {
		if clear, err := url.PathUnescape(part); err == nil {
			parts[i] = clear
		}
	}
	return parts
}

// find routes a request.
func (s *Server) find(method, escaped string) match {
	below, ok := belowBase(escaped)
	if !ok {
		return match{}
	}
	path := elements(below)
	m := s.tree.find(method, path, nil)
	if last := len(path) - 1; m.route == nil && last > 0 && path[last] == "" {
		m = s.tree.find(method, path[:last], nil)
		if m.route != nil && strings.HasSuffix(strings.TrimSuffix(m.path, "/"), "}") {
			return match{} // "/messages/msg_1/" is not a root
		}
	}
	return m
}

// A pattern names routes: "POST /messages/sms", "POST *" or "*".
type pattern string

// newPattern brings what a test wrote into the form that patterns compare in.
func newPattern(s string) pattern {
	method, path, _ := strings.Cut(strings.TrimSpace(s), " ")
	path, _ = belowBase(strings.TrimSpace(path))
	if path == "" {
		return pattern(method)
	}
	return patternOf(method, path)
}

// patternOf is the pattern of exactly one route.
func patternOf(method, path string) pattern {
	return pattern(method + " " + strings.TrimSuffix(path, "/"))
}

const everything pattern = "*"

// covering lists the patterns that cover a route, the narrowest first.
func covering(method, path string) [3]pattern {
	return [3]pattern{patternOf(method, path), pattern(method + " *"), everything}
}

// covers reports whether a route is one of those that p names.
func (p pattern) covers(method, path string) bool {
	c := covering(method, path)
	return slices.Contains(c[:], p)
}
