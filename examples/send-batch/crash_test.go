package main

import (
	"io"
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
		require.Equal(t, n == 0, err == nil, "killed, but for the last time")
	}
	b.requireOnceEach(sample)
	done := outcome{rows: b.results()}
	done.requireInputKept(t, sample)
	assert.Equal(t, 172, done.count(statusSent))
}

// crash is where a crashing disk ends.
const crash = crashError("the machine has lost its power")

type crashError string

func (e crashError) Error() string { return string(e) }

// crashing is a disk that takes left more bytes, and nothing behind them.
type crashing struct {
	disk
	left int
}

func (c *crashing) Write(p []byte) (int, error) {
	if len(p) > c.left {
		n, _ := c.disk.Write(p[:c.left])
		c.left = 0
		return n, crash
	}
	c.left -= len(p)
	return c.disk.Write(p)
}

// runUntilCrash sends people with a journal that ends at the given length.
func runUntilCrash(t *testing.T, b *bench, length int) error {
	t.Helper()
	j, known, err := openJournal(b.path("journal"))
	require.NoError(t, err)
	defer j.close()
	j.file = &crashing{j.file, length}
	client, _, err := b.dial(nil)
	require.NoError(t, err)
	o := options{concurrency: 2}
	return (&batch{options: o, client: client, journal: j, known: known, progress: newProgress(io.Discard, 0)}).
		run(t.Context(), prepared(t, b.path("in.csv")))
}

// fullJournal is the length of the journal of people.
func fullJournal(t *testing.T) (length int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.write("in.csv", people)
		require.NoError(t, runUntilCrash(t, b, 1<<20))
		length = len(b.read("journal"))
	})
	return length
}

// RET-9: wherever the journal ends, also within a line, a run that follows at
// once sends the rest and nothing twice. One that comes late sends nothing twice
// either, and reports what it cannot know.
func TestCrashAtEveryPlaceOfTheJournal(t *testing.T) {
	t.Parallel()
	const step = 17 // no divisor of a line's length
	full := fullJournal(t)
	for length := 0; length < full; length += step {
		for _, pause := range []time.Duration{time.Second, time.Hour} {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				in := b.write("in.csv", people)
				require.ErrorIs(t, runUntilCrash(t, b, length), crash)
				time.Sleep(pause)
				o := b.start(t.Context(), "-in", in, "-text", "Hello {name}")
				require.Zero(t, o.count(statusNotSent), "length %d", length)
				if pause == time.Second {
					require.Zero(t, o.code, "length %d: %s", length, o.stderr)
					b.requireOnceEach(in)
				}
				requireHonest(t, b, o)
			})
		}
	}
}

// requireHonest proves that nobody got two messages, and that the results claim
// neither too much nor too little.
func requireHonest(t *testing.T, b *bench, o outcome) {
	t.Helper()
	stored := b.stored()
	for i, r := range prepared(t, b.path("in.csv")) {
		n := stored[r.to.String()]
		require.LessOrEqual(t, n, 1, o.rows)
		if o.rows[i].status == string(statusSent) {
			require.Equal(t, 1, n, o.rows)
		}
	}
	require.Equal(t, o.count(statusUnclear) > 0, o.code == 1)
}

// A journal that was cut at any place afterwards is worse than any crash: what
// was sent is missing. Within the window the keys still keep it from being sent
// twice.
func TestCutJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		whole := newBench(t, orbittest.WithoutLimits())
		require.Zero(t, whole.start(t.Context()).code)
		journal := whole.read("journal")
		const cuts = 6
		for i := range cuts {
			length := len(journal) * i / cuts
			whole.write("journal", journal[:length])
			o := whole.start(t.Context())
			require.Zero(t, o.code, "length %d: %s", length, o.stderr)
			whole.requireOnceEach(sample)
		}
	})
}

// A journal that cannot be written stops the job before anything more is sent.
func TestUnwritableJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.write("in.csv", people)
	err := runUntilCrash(t, b, 0)
	require.EqualError(t, err, "the journal cannot be written: the machine has lost its power")
	assert.Empty(t, b.server.Requests())
	assert.Empty(t, b.read("journal"))
}
