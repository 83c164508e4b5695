package faults_test

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/devotel/orbit-go/internal/strict"
)

// GATE-1 to GATE-10, LIM-1 to LIM-5, RET-6: what strict servers cost a whole client,
// beside the least that they allow.
func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "scenario\tleast\ttook\t429s\tfailed\tmaybe sent\tdoubled\tin trouble")
	for _, s := range strict.Scenarios() {
		if s.Calls > 5000 && testing.Short() {
			continue
		}
		r := runStrictly(t, &s, 1)
		for _, wrong := range r.wrong {
			t.Errorf("%s: %s", s.Name, wrong)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n", r.name, r.least, r.took.Round(time.Millisecond), r.refused, r.failed, r.maybe, r.doubled, r.inTrouble)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
}
