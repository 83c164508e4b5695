package call

import (
	"net/http"
	"net/url"
	"time"

	"github.com/devotel/orbit-go/internal/check"
	"github.com/devotel/orbit-go/internal/wire"
)

// Route is what a method says of the request it makes: its verb, its path
// template and IDs, and how careful a repeat must be. It is made anew for each call,
// or each list, by the functions below; its methods change it and return it.
type Route struct {
	op       string
	method   string
	template string
	values   []string
	names    []string // of values, where the caller named them; else in order
	problem  *check.Problem
	caution  caution
	optional bool          // a success may come without a body
	streams  bool          // the answer is left open for its reader
	accept   string        // what media type is asked for; JSON where empty
	cursor   string        // of the page asked for, over the params' own
	patience time.Duration // that an attempt is given at least by default
	// query encodes the params of a read. It is in the route so that programs that
	// only write do not link it.
	query func(params any) (url.Values, error)
}

// caution is how an operation limits repeats by itself; zero for not at all.
type caution uint8

const (
	// onceUnlessAsked is never repeated after an unclear failure unless the
	// caller asks with a retry policy.
	onceUnlessAsked caution = iota + 1
	// billedRead is a GET that costs money: never repeated after an unclear
	// failure, by net/http neither.
	billedRead
)

// Get makes a route that reads. Op is the operation's name, as "Messages.Get";
// values fill the {elements} of the template in order.
func Get(op, template string, values ...string) *Route {
	return newRead(op, template, values)
}

// Post makes a route that creates or acts.
func Post(op, template string, values ...string) *Route {
	return newRoute(http.MethodPost, op, template, values)
}

// Put makes a route that replaces.
func Put(op, template string, values ...string) *Route {
	return newRoute(http.MethodPut, op, template, values)
}

// Patch makes a route that changes the given fields.
func Patch(op, template string, values ...string) *Route {
	return newRoute(http.MethodPatch, op, template, values)
}

// Delete makes a route that deletes.
func Delete(op, template string, values ...string) *Route {
	return newRoute(http.MethodDelete, op, template, values)
}

// newRoute is not inlined, since each of the many methods that make a route would
// then hold the code that fills it.
//
//go:noinline
func newRoute(method, op, template string, values []string) *Route {
	return &Route{op: op, method: method, template: template, values: values}
}

// newRead is not inlined either.
//
//go:noinline
func newRead(op, template string, values []string) *Route {
	r := newRoute(http.MethodGet, op, template, values)
	r.query = wire.Query
	return r
}

// Check attaches what the local checks found; the first problem counts.
func (r *Route) Check(problems ...*check.Problem) *Route {
	for _, p := range problems {
		if r.problem == nil {
			r.problem = p
		}
	}
	return r
}

// Once marks an operation that is not repeated after an unclear failure unless
// the caller asks for it: one that takes minutes or costs money.
func (r *Route) Once() *Route {
	r.caution = onceUnlessAsked
	return r
}

// Patient marks an operation that takes long: each attempt has d, or the
// client's own limit where that is longer, unless the caller sets one for the
// call.
func (r *Route) Patient(d time.Duration) *Route {
	r.patience = d
	return r
}

// Billed marks a GET that costs money.
func (r *Route) Billed() *Route {
	r.caution = billedRead
	return r
}

// MayBeEmpty marks an operation whose success may come without a body. The
// result is then a zero value with its metadata.
func (r *Route) MayBeEmpty() *Route {
	r.optional = true
	return r
}

// isRead reports whether the request changes nothing.
func (r *Route) isRead() bool { return r.method == http.MethodGet || r.method == http.MethodHead }

// key is the name of the route's limit: method and path template.
func (r *Route) key() string { return r.method + " " + r.template }
