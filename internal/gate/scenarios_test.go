package gate

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/devotel/orbit-go/internal/strict"
)

// GATE-1 to GATE-10, LIM-1: what each server costs, beside the least that it allows.
func TestScenarios(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "scenario\tleast\ttook\t429s\tfailed\tin trouble")
	for _, s := range strict.Scenarios() {
		if s.Calls > 5000 && testing.Short() {
			continue
		}
		w := &world{Load: s.Load, Server: &s.Server}
		for _, wrong := range w.judge(t, &s, standard()) {
			t.Errorf("%s: %s", s.Name, wrong)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\n", s.Name, s.Shortest(), w.took.Round(time.Millisecond),
			s.Refusals(), len(w.failed), s.Server.InTrouble())
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
}

// judge runs the scenario and returns what is wrong with what it saw.
func (w *world) judge(t *testing.T, s *strict.Scenario, rules *rules) []string {
	t.Helper()
	w.run(t, 1, rules)
	return append(s.Judge(w.took, len(w.failed)), w.wrong...)
}
