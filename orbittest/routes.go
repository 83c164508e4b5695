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
	scope  string // that a key needs
	// perMinute is the published limit; 0: none.
	perMinute int
	status    int   // of a success; 0: 200
	form      bool  // the body is a form, not JSON
	shape     shape // of the newer answer
	// pageSize is how many items a page of the newer generation has; 0: 25.
	pageSize int
	// query and body are built on first use: most tests touch few routes.
	query, body func() schema
	// check holds what spans several fields of a body that is otherwise valid.
	check  func(*call) *failure
	handle func(*call) (result, *failure)

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
	routes  map[string]*route // by method
}

func (n *node) add(r *route) {
	for _, element := range strings.Split(strings.Trim(r.path, "/"), "/") {
		if strings.HasPrefix(element, "{") {
			r.params = append(r.params, strings.Trim(element, "{}"))
			n = n.child("")
		} else {
			n = n.child(element)
		}
	}
	if n.routes == nil {
		n.routes = make(map[string]*route)
	}
	n.routes[r.method] = r
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

// find walks the tree, literal elements first. It returns the route, if any,
// with the values of its parameters, and otherwise the methods that the path
// does have.
func (n *node) find(method string, path, values []string) (*route, []string, []string) {
	if len(path) == 0 {
		if r := n.routes[method]; r != nil {
			return r, values, nil
		}
		return nil, nil, n.methods()
	}
	var others []string
	if next := n.literal[path[0]]; next != nil {
		r, found, methods := next.find(method, path[1:], values)
		if r != nil {
			return r, found, nil
		}
		others = methods
	}
	if n.param != nil && path[0] != "" {
		r, found, methods := n.param.find(method, path[1:], append(values, path[0]))
		if r != nil {
			return r, found, nil
		}
		others = append(others, methods...)
	}
	return nil, nil, others
}

func (n *node) methods() []string {
	var names []string
	for name := range n.routes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

const prefix = "/api/v1"

// elements splits an escaped path below the prefix. A collection's root may end
// in a slash; a path with an empty id behind it may not, but the two look the
// same, exactly as they do to the API.
func elements(escaped string) []string {
	if rest, ok := strings.CutPrefix(escaped, prefix); ok && (rest == "" || rest[0] == '/') {
		escaped = rest
	}
	parts := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	for i, part := range parts {
		if clear, err := url.PathUnescape(part); err == nil {
			parts[i] = clear
		}
	}
	return parts
}

// find routes a request.
func (s *Server) find(method, escaped string) (r *route, values, others []string) {
	path := elements(escaped)
	r, values, others = s.tree.find(method, path, nil)
	if last := len(path) - 1; r == nil && last > 0 && path[last] == "" {
		r, values, others = s.tree.find(method, path[:last], nil)
		if r != nil && strings.HasSuffix(strings.TrimSuffix(r.path, "/"), "}") {
			return nil, nil, nil // "/messages/msg_1/" is not a root
		}
	}
	return r, values, others
}

// A pattern names routes: "POST /messages/sms", "POST *" or "*".
type pattern string

// newPattern brings what a test wrote into the form that patterns compare in.
func newPattern(s string) pattern {
	method, path, _ := strings.Cut(strings.TrimSpace(s), " ")
	path = strings.TrimPrefix(strings.TrimSpace(path), prefix)
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
