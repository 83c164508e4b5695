package gate

import (
	"hash/maphash"
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// maxRoutes bounds how many routes are remembered.
const maxRoutes = 1024

// Gate keeps a Route for each account, method and template.
type Gate struct {
	seed maphash.Seed

	// routes is replaced as a whole, so that calls find theirs without a lock. The
	// keys are hashes: nothing secret is kept.
	routes atomic.Pointer[map[uint64]*Route]
	mu     sync.Mutex // of those who replace it
}

// New returns a gate that knows no route.
func New() *Gate {
	g := &Gate{seed: maphash.MakeSeed()}
	g.routes.Store(&map[uint64]*Route{})
	return g
}

// Route returns the gate of a route.
func (g *Gate) Route(account, method, template string) *Route {
	const prime = 0x9e3779b97f4a7c15 // so that each part counts in its place
	key := maphash.String(g.seed, account)
	key = key*prime + maphash.String(g.seed, method)
	key = key*prime + maphash.String(g.seed, template)
	if r := (*g.routes.Load())[key]; r != nil {
		return r
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := (*g.routes.Load())[key]; r != nil {
		return r
	}
	routes := maps.Clone(*g.routes.Load())
	if len(routes) >= maxRoutes {
		forgetOne(routes)
	}
	r := newRoute(standard())
	routes[key] = r
	g.routes.Store(&routes)
	return r
}

// Len is the number of routes that are remembered.
func (g *Gate) Len() int { return len(*g.routes.Load()) }

// forgetOne makes room by dropping a route that nobody is at. A call that still
// holds it is not harmed; the route is learnt anew.
func forgetOne(routes map[uint64]*Route) {
	for key, r := range routes {
		if r.idle() {
			delete(routes, key)
			return
		}
	}
}

func newRoute(rules *rules) *Route {
	r := &Route{rules: rules, start: time.Now()}
	r.enterDoubt()
	return r
}

// idle reports whether nobody is at the route.
func (r *Route) idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.flying == 0 && r.resting == 0 && r.queued() == 0
}
