package faults_test

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// patience is how long an attempt waits for a server that says nothing.
const patience = 500 * time.Millisecond

// trial is one call over sockets.
type trial struct {
	rupture rupture
	kind    kind
	reused  bool // over a connection that served a request before
	always  bool // every attempt meets the rupture, not the first alone
}

// RET-1, RET-2, RET-3, ERR-5, ERR-6, CON-4: whatever a TCP connection does, each
// call is stored once or ends in an error that tells the truth, and leaves
// nothing behind: no connection once the idle ones are closed, no goroutine.
func TestSockets(t *testing.T) { //nolint:paralleltest // it counts goroutines
	before := runtime.NumGoroutine()
	columns := kindsNamed(t, "send", "send, safe", "get", "chat", "billed post", "billed get")
	var trials []trial
	for _, r := range ruptures() {
		for _, reused := range []bool{false, true} {
			for _, k := range columns {
				trials = append(trials, trial{r, k, reused, false}, trial{r, k, reused, true})
			}
		}
	}
	ends := make([]string, len(trials))
	var wg sync.WaitGroup
	const together = 48
	free := make(chan struct{}, together)
	for i, c := range trials {
		if c.rupture.at == whileIdle && (!c.reused || c.always) {
			ends[i] = "-" // it takes a connection that is idle, and the next one is not
			continue
		}
		free <- struct{}{}
		s, o, client := c.prepare(t)
		wg.Go(func() {
			defer func() { <-free }()
			defer s.end()
			ends[i] = c.run(t, s, o, client)
		})
	}
	wg.Wait()
	if !eventually(func() bool { return runtime.NumGoroutine() <= before }) {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines, then %d:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
	}
	printTrials(t, columns, trials, ends)
}

// printTrials prints the table, a line for each rupture and connection.
func printTrials(t *testing.T, columns []kind, trials []trial, ends []string) {
	t.Helper()
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "connection")
	for _, k := range columns {
		fmt.Fprint(w, "\t", k.name)
	}
	for i := 0; i < len(trials); i += 2 {
		if i%(2*len(columns)) == 0 {
			fmt.Fprintf(w, "\n%s, %s", trials[i].rupture.name, map[bool]string{false: "new", true: "reused"}[trials[i].reused])
		}
		if ends[i] == "" || ends[i+1] == "" {
			t.Errorf("%s: no outcome", trials[i])
		}
		fmt.Fprintf(w, "\t%s / %s", ends[i], ends[i+1])
	}
	fmt.Fprintln(w)
	_ = w.Flush() // a builder takes everything
	t.Logf("attempts and end: once / every time (? = may have been accepted)\n%s", out.String())
}

func (c trial) String() string {
	return fmt.Sprintf("%s, reused %t, always %t: %s", c.rupture.name, c.reused, c.always, c.kind.name)
}

// prepare makes the call's server and client.
func (c trial) prepare(t *testing.T) (*sockets, *outcome, *orbit.Client) {
	t.Helper()
	var opts []orbittest.Option
	if c.kind.safely {
		opts = append(opts, orbittest.IgnoreIdempotencyKeys())
	}
	s := newSockets(t, opts...)
	o := newOutcome(s.orbit, c.kind, newAgent(t, s.orbit), 0)
	if c.always {
		o.kind.opts = append(slices.Clip(o.kind.opts), orbit.WithMaxAttempts(2))
	}
	if c.rupture.manner == freezes {
		o.kind.opts = append(slices.Clip(o.kind.opts), orbit.WithAttemptTimeout(patience))
	}
	client, err := orbit.NewClient(orbittest.DefaultAPIKey, orbit.WithBaseURL(s.base()))
	if err != nil {
		t.Fatal(err)
	}
	return s, o, client
}

// run makes the call and says what it ended in.
func (c trial) run(t *testing.T, s *sockets, o *outcome, client *orbit.Client) string {
	n := 1
	if c.always {
		n = 1000
	}
	if c.rupture.at == whileIdle { // it is the request before that leaves a dead connection
		s.script(c.rupture, 1)
		n = 0
	}
	if c.reused {
		if _, err := client.Messages.List(t.Context(), messages.ListParams{}); err != nil {
			t.Errorf("%s: the request before: %v", c, err)
		}
	}
	s.script(c.rupture, n)
	o.make(t.Context(), client)
	client.CloseIdleConnections()
	if open := s.stillOpen(); open > 0 {
		t.Errorf("%s: %d connections are open", c, open)
	}
	text := fmt.Sprintf("%d %s", o.response.Attempts, ending(o.err))
	for _, w := range c.check(o, s, text) {
		t.Errorf("%s: %s (err: %v)", c, w, o.err)
	}
	return text
}

// check compares what the call said with what arrived.
func (c trial) check(o *outcome, s *sockets, text string) complaints {
	s.mu.Lock()
	defer s.mu.Unlock()
	wrong := o.checkPromise(s.orbit, s.requests)
	wrong.unless(regexp.MustCompile("^"+c.wanted()+"$").MatchString(text), "ended in %q, not %q", text, c.wanted())
	wrong.unless(!c.kind.safely || s.arrived <= 1, "a careful call reached the server %d times", s.arrived)
	least, most := o.response.Attempts, o.response.Attempts
	switch {
	case c.rupture.at == whileIdle, c.rupture.manner == freezes: // what is sent to a dead connection, or too late, does not arrive
		least = 0
	case c.reused && c.rupture.silent() && !c.kind.safely: // net/http repeats one
		most++
	}
	wrong.unless(least <= s.arrived && s.arrived <= most, "%d attempts told, %d requests arrived", o.response.Attempts, s.arrived)
	return wrong
}

// wanted is what the call must end in, as a regular expression.
func (c trial) wanted() string {
	repeated := !c.kind.safely && !c.rupture.settled()
	switch {
	case c.rupture.at == whileIdle && repeated:
		return "[12] ok"
	case c.rupture.at == whileIdle: // if the client had not heard of it, nobody can tell that nobody read it
		return `1 (ok|no answer\?)`
	case !repeated:
		return "1 " + c.broken()
	case c.always:
		return "2 " + c.broken()
	case c.reused && c.rupture.silent(): // net/http's repeat is none of ours
		return "[12] ok"
	case c.rupture.manner == freezes: // a slow machine may be too late once more
		return "[23] ok"
	default:
		return "2 ok"
	}
}

// broken is what an attempt ends in that meets the rupture.
func (c trial) broken() string {
	switch {
	case c.rupture.at == midBody && c.rupture.manner == resets: // it may take along what was sent before it
		return `(unreadable|no answer)\?`
	case c.rupture.at == midBody && c.rupture.manner == freezes: // on a slow machine the headers are late already
		return `(unreadable|too late)\?`
	case c.rupture.at == midBody:
		return `unreadable\?`
	case c.rupture.manner == freezes:
		return `too late\?`
	default:
		return `no answer\?`
	}
}

// eventually waits for what other goroutines are about to do.
func eventually(done func() bool) bool {
	for started := time.Now(); time.Since(started) < 10*time.Second; runtime.Gosched() {
		if done() {
			return true
		}
	}
	return done()
}
