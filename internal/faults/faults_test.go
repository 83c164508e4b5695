package faults_test

import (
	"flag"
	"testing"
)

var (
	scripts   = flag.Int("scripts", 2000, "how many random scripts to run")
	firstSeed = flag.Uint64("seed", 1, "the seed of the first script; -scripts 1 replays one")
)

// RET-1 to RET-8, ERR-5, ERR-6, CON-1: random faults over random calls.
func TestScripts(t *testing.T) {
	t.Parallel()
	n := uint64(*scripts)
	if testing.Short() {
		n = min(n, 200)
	}
	failed := 0
	for seed := *firstSeed; seed < *firstSeed+n && failed < 10; seed++ {
		for _, w := range play(t, seed) {
			t.Error(w)
			failed++
		}
	}
	t.Logf("%d scripts from seed %d; replay one with -run TestScripts -scripts 1 -seed N", n, *firstSeed)
}
