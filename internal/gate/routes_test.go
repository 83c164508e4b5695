package gate

import (
	"fmt"
	"testing"
)

// LIM-2: a route is told by its key, its method and its template, and the number
// of those that are remembered is bounded.
func TestRoutes(t *testing.T) {
	t.Parallel()
	g := New()
	r := g.Route("key", "GET", "/a")
	for name, other := range map[string]*Route{
		"key": g.Route("other", "GET", "/a"), "method": g.Route("key", "PUT", "/a"), "template": g.Route("key", "GET", "/b"),
	} {
		if other == r {
			t.Errorf("another %s, and the same route", name)
		}
	}
	if g.Route("key", "GET", "/a") != r {
		t.Error("the route is forgotten")
	}
	for i := range 3 * maxRoutes {
		g.Route("key", "GET", fmt.Sprint(i))
	}
	if n := g.Len(); n > maxRoutes {
		t.Errorf("%d routes are remembered", n)
	}
}
