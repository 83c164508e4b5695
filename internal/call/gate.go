package call

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/devotel/orbit-go/api"
)

// gate is asked before every attempt of every call, the first included, and
// told after each what the server said. It is where calls wait for one another.
type gate interface {
	// enter returns when the attempt may start. Its error is the context's, or a
	// *tooLong.
	enter(ctx context.Context, x *exchange) error
	// leave is told that an attempt that was let in has ended, or that its
	// headers have come: x.last and x.outcome say how.
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

// ownHold is a gate that holds nobody but the call that was told to wait.
type ownHold struct{}

func (ownHold) enter(ctx context.Context, x *exchange) error {
	if x.holdUntil.IsZero() {
		return ctx.Err()
	}
	wait := time.Until(x.holdUntil)
	x.holdUntil = time.Time{}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (ownHold) leave(*exchange)    {}
func (ownHold) giveBack(*exchange) {}

// maxGates bounds how many routes are remembered.
const maxGates = 1024

// gates keeps a gate for each key and route.
type gates struct {
	seed  maphash.Seed
	clock *serverClock

	mu     sync.RWMutex
	routes map[gateKey]*routeGate
}

// gateKey names a route of a key. The key itself is not kept.
type gateKey struct {
	key              uint64
	method, template string
}

func newGates() *gates {
	return &gates{seed: maphash.MakeSeed(), clock: newServerClock(), routes: map[gateKey]*routeGate{}}
}

func (g *gates) enter(ctx context.Context, x *exchange) error {
	if err := ctx.Err(); err != nil {
		return err
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
	key := gateKey{maphash.String(g.seed, x.apiKey), x.route.method, x.route.template}
	g.mu.RLock()
	r := g.routes[key]
	g.mu.RUnlock()
	if r != nil {
		return r
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.routes[key]; r != nil {
		return r
	}
	if len(g.routes) >= maxGates {
		g.forgetOne()
	}
	r = &routeGate{clock: g.clock}
	g.routes[key] = r
	return r
}

// forgetOne makes room by dropping a gate that nobody is at. A call that still
// holds it is not harmed; the route is learnt anew.
func (g *gates) forgetOne() {
	for key, r := range g.routes {
		if r.idle() {
			delete(g.routes, key)
			return
		}
	}
}
