package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/orbittest"
)

// TestMain makes the test binary the program itself for TestKilledProcess.
func TestMain(m *testing.M) {
	if os.Getenv("SEND_BATCH_TEST_CHILD") != "" {
		main()
	}
	os.Exit(m.Run())
}

// RET-9: the real thing. The program is killed twice, by a signal that it cannot
// catch, behind some accepted message, and its third run ends the job.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, orbittest.WithoutLimits())
	for _, n := range []int64{40, 50, 0} {
		var accepted atomic.Int64
		var child *exec.Cmd
		ready := make(chan struct{})
		listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-ready
			b.server.ServeHTTP(w, r)
			if accepted.Add(1) == n {
				assert.NoError(t, child.Process.Kill())
			}
		}))
		program, err := os.Executable()
		require.NoError(t, err)
		child = exec.CommandContext(t.Context(), program, "-in", sample, "-out", b.path("results.csv"), "-journal", b.path("journal"))
		child.Env = append(os.Environ(), "SEND_BATCH_TEST_CHILD=1",
			orbit.EnvAPIKey+"="+orbittest.DefaultAPIKey, orbit.EnvBaseURL+"="+listener.URL+"/api/v1")
		require.NoError(t, child.Start())
		close(ready)
		err = child.Wait()
		listener.Close()
		require.Equal(t, n == 0, err == nil, "killed, except for the last time")
	}
	b.requireOnceEach(sample)
	done := outcome{rows: b.results()}
	done.requireInputKept(t, sample)
	assert.Equal(t, 172, done.count(bulk.Sent))
}

// RET-9: wherever the journal ends, also within a record, the run that follows sends the
// rest and nothing twice: at once under the same key, later after it has looked for what
// may have been sent. Where the list does not show enough for that, it is reported.
func TestCrashAtEveryPlaceOfTheJournal(t *testing.T) {
	t.Parallel()
	const step = 17 // no divisor of a record's length
	unclear := 0
	for length, ended := 0, false; !ended; length += step {
		for _, pause := range []time.Duration{time.Second, time.Hour} {
			for _, others := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, shows(!others)...)
					in := []string{"-in", b.write("in.csv", people), "-text", "Hello {name}", "-concurrency", "1"}
					full := func(int) bool { return len(b.journal()) >= length }
					b.startUntilDead(b.dying(full, func(int) bool { return false }), in...)
					ended = len(b.journal()) < length
					b.write(journalName, b.journal()[:min(length, len(b.journal()))])
					if others {
						b.sendSomethingElse()
					}
					time.Sleep(pause)
					o := b.start(t.Context(), in...)
					require.Zero(t, o.count(""), "length %d", length)
					unclear += o.count(bulk.Unclear)
					if pause == time.Second || !others {
						require.Zero(t, o.count(bulk.Unclear), "length %d: %s", length, o.stderr)
						b.requireOnceEach(b.path("in.csv"))
					}
					requireHonest(t, b, o)
				})
			}
		}
	}
	assert.Positive(t, unclear, "lists that show little cannot prove everything")
}

// requireHonest proves that nobody got two messages, and that the results claim
// neither too much nor too little.
func requireHonest(t *testing.T, b *bench, o outcome) {
	t.Helper()
	stored := b.stored()
	for i, r := range prepared(t, b.path("in.csv")) {
		n := stored[r.to.String()]
		require.LessOrEqual(t, n, 1, o.rows)
		if got := bulk.Outcome(o.rows[i].outcome); got == bulk.Sent || got == bulk.Found {
			require.Equal(t, 1, n, o.rows)
		}
	}
	require.Equal(t, o.count(bulk.Unclear) > 0, o.code == 1)
}

// A journal that was cut at any place afterwards, or lost, is worse than any crash: what
// was sent is missing. Within the window the keys still keep it from being sent twice.
func TestCutJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		whole := newBench(t, orbittest.WithoutLimits())
		require.Zero(t, whole.start(t.Context()).code)
		journal := whole.journal()
		const cuts = 6
		for i := range cuts {
			length := len(journal) * i / cuts
			whole.write(journalName, journal[:length])
			o := whole.start(t.Context())
			require.Zero(t, o.code, "length %d: %s", length, o.stderr)
			whole.requireOnceEach(sample)
		}
	})
}

// A journal that is damaged is refused with the place, and nothing is sent.
func TestDamagedJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := b.write("in.csv", people)
	require.Zero(t, b.start(t.Context(), "-in", in, "-text", "Hello {name}").code)
	requests := len(b.server.Requests())
	journal := []byte(b.journal())
	journal[len(journal)/2] ^= 1
	b.write(journalName, string(journal))
	o := b.start(t.Context(), "-in", in, "-text", "Hello {name}")
	assert.Equal(t, 1, o.code)
	assert.Contains(t, o.stderr, "at byte ")
	assert.Len(t, b.server.Requests(), requests)
}
