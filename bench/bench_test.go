package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

func TestChoose(t *testing.T) {
	for only, want := range map[string][]string{
		"create, waiters": {"create", "waiters"},
		"build":           {"build"}, // also in a short run
	} {
		chosen, err := choose(options{short: true}, only)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range chosen {
			got = append(got, s.name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q chooses %v", only, got)
		}
	}
	if _, err := choose(options{}, "create,nonsense"); err == nil {
		t.Error("an unknown section is chosen")
	}
	full, _ := choose(options{}, "")
	short, _ := choose(options{short: true}, "")
	if len(full) != len(sections()) || len(short) >= len(full) {
		t.Errorf("%d and %d sections", len(full), len(short))
	}
}

// A ratio is that of the call to the one beside it, whoever is first in a round.
func TestCompare(t *testing.T) {
	var order strings.Builder
	quick := func() error { order.WriteByte('q'); return nil }
	slow := func() error {
		order.WriteByte('s')
		for until := time.Now().Add(2 * time.Millisecond); time.Now().Before(until); { // it works, as a call does
		}
		return nil
	}
	c, err := compare(4, 1, slow, quick)
	if err != nil {
		t.Fatal(err)
	}
	if got := order.String(); got != "sq"+"qs"+"sq"+"qs"+"sq" {
		t.Errorf("the order is %s", got)
	}
	if c.low < 5 || c.low > c.median || c.median > c.high || c.best < c.bestBeside {
		t.Errorf("the slow call is %v times as slow, %v beside %v", c, c.best, c.bestBeside)
	}
	broken := errors.New("broken")
	if _, err := compare(1, 1, quick, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a call that fails is measured: %v", err)
	}
}

func TestQuantile(t *testing.T) {
	sorted := []float64{1, 2, 3, 4}
	for q, want := range map[float64]float64{0: 1, 0.25: 1.75, 0.5: 2.5, 1: 4} {
		if got := quantile(sorted, q); got != want {
			t.Errorf("at %v: %v", q, got)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		aim  aim
		want string
	}{
		{aim{most: 1.1, got: 1.1}, "met"},
		{aim{most: 1.1, got: 1.104}, "met"}, // it is printed as 1.1
		{aim{most: 1.1, got: 1.25}, "missed by 0.15"},
		{aim{most: 0, got: 3}, "missed by 3"},
	} {
		if got := test.aim.verdict(); got != test.want {
			t.Errorf("%v: %s", test.aim, got)
		}
	}
}

// The limit lets its number through in a window, and again in the next.
func TestLimiter(t *testing.T) {
	l := &limiter{}
	start := time.Unix(1772971200, 0)
	for i := range perWindow {
		remaining, reset, ok := l.take(start.Add(time.Duration(i) * time.Millisecond))
		if !ok || remaining != perWindow-1-i || !reset.Equal(start.Add(window)) {
			t.Fatalf("send %d: %d remain until %v, %v", i, remaining, reset, ok)
		}
	}
	if _, _, ok := l.take(start.Add(window - 1)); ok {
		t.Error("one too many is let through")
	}
	if remaining, _, ok := l.take(start.Add(window)); !ok || remaining != perWindow-1 {
		t.Errorf("in the next window %d remain, %v", remaining, ok)
	}
}

// The caller by hand keeps all of a long error, which the figures have to show.
func TestErrorBodyIsCounted(t *testing.T) {
	const long = 1 << 20
	f, err := failing(peers.All()[0].Hand, peers.All()[0], long)
	if err != nil {
		t.Fatal(err)
	}
	if f.kept < mega(long) || f.allocated < f.kept {
		t.Errorf("%+v", f)
	}
}

func TestWaiters(t *testing.T) {
	if _, err := waiters(options{}); err != nil {
		t.Error(err)
	}
}

func TestLongList(t *testing.T) {
	table, err := longList(options{short: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(table.rows) != 5 {
		t.Errorf("%d rows", len(table.rows))
	}
}

// There is a program for each SDK and one by hand.
func TestPrograms(t *testing.T) {
	want := []string{byHand}
	for _, p := range peers.All() {
		want = append(want, p.Program)
	}
	entries, err := os.ReadDir("onecall")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("onecall has %v", got)
	}
}

func TestDocument(t *testing.T) {
	thing := newTable("A thing", strings.Repeat("word ", 50), "SDK", "time")
	thing.row("orbit-go", 1.5)
	thing.aim("a thing: time", 1, 1.5)
	text := document([]*table{thing})
	for _, want := range []string{"\n## A thing\n", "| orbit-go | 1.5 |", "| a thing: time | at most 1 | 1.5 | missed by 0.5 |", "hcloud-go"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document has no %q:\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 121 && !strings.HasPrefix(line, "|") {
			t.Errorf("a long line: %s", line)
		}
	}
}
