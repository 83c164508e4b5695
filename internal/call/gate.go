package call

import (
	"context"
	"hash/maphash"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/devotel/orbit-go/api"
)

// gate is asked before every attempt of every call, the first included, and
// told after each what the server said. It is where calls wait for one another.
type gate interface {
	// enter returns when the attempt may start, and what time it is. Its error is
	// the context's, or a *tooLong.
	enter(ctx context.Context, x *exchange) (time.Time, error)
	// leave is told that an attempt that was let in has ended, or that its
	// headers have come: x.last says how.
	leave(x *exchange)
	// giveBack is told that an attempt that was let in is not made after all.
	giveBack(x *exchange)
}

// tooLong is why a gate does not let a call wait: the wait would end after the
// context, or is longer than the call wants to wait for a server.
type tooLong struct {
	until time.Time
	limit api.RateLimit
}

func (*tooLong) Error() string { return "the rate limit of the route allows no request in time" }

// maxGates bounds how many routes are remembered.
const maxGates = 1024

// gates keeps a gate for each key and route.
type gates struct {
	seed  maphash.Seed
	clock *serverClock

	// routes is replaced as a whole, so that calls find their gate without a lock.
	routes atomic.Pointer[map[gateKey]*routeGate]
	mu     sync.Mutex // of those who replace it
}

// gateKey names a route of a key, by a hash of both: the key itself is not kept.
type gateKey uint64

func newGates() *gates {
	g := &gates{seed: maphash.MakeSeed(), clock: newServerClock()}
	g.routes.Store(&map[gateKey]*routeGate{})
	return g
}

func (g *gates) enter(ctx context.Context, x *exchange) (time.Time, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, err
	}
	if x.gate == nil {
		x.gate = g.of(x)
	}
	return x.gate.enter(ctx, x)
}

func (g *gates) leave(x *exchange) {
	if x.last.header != nil {
		g.clock.observe(x.last.header, x.last.received)
	}
	x.gate.leave(x)
}

func (g *gates) giveBack(x *exchange) { x.gate.giveBack() }

// of returns the gate of a call.
func (g *gates) of(x *exchange) *routeGate {
	key := g.keyOf(x)
	if r := (*g.routes.Load())[key]; r != nil {
		return r
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	routes := *g.routes.Load()
	if r := routes[key]; r != nil {
		return r
	}
	routes = maps.Clone(routes)
	if len(routes) >= maxGates {
		forgetOne(routes)
	}
	routes[key] = &routeGate{clock: g.clock}
	g.routes.Store(&routes)
	return routes[key]
}

func (g *gates) keyOf(x *exchange) gateKey {
	const prime = 0x9e3779b97f4a7c15 // so that each part counts in its place
	hash := maphash.String(g.seed, x.apiKey)
	hash = hash*prime + maphash.String(g.seed, x.route.method)
	return gateKey(hash*prime + maphash.String(g.seed, x.route.template))
}

// forgetOne makes room by dropping a gate that nobody is at. A call that still
// holds it is not harmed; the route is learnt anew.
func forgetOne(routes map[gateKey]*routeGate) {
	for key, r := range routes {
		if r.idle() {
			delete(routes, key)
			return
		}
	}
}
