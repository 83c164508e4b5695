package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/orbittest"
)

// 200 rows in, 200 rows out, each valid number once, within the published limit
// of 100 messages a minute, which is left to the SDK.
func TestSample(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		o := b.start(t.Context())
		assert.Zero(t, o.code, o.stderr)
		assert.Empty(t, o.stderr, "nothing is shown but on a terminal")
		require.Len(t, o.rows, 200)
		o.requireInputKept(t, sample)
		b.requireOnceEach(sample)
		assert.Equal(t, 172, o.count(bulk.Sent))
		assert.Equal(t, 28, o.count(bulk.Rejected))
		assert.Equal(t, "200 rows: 172 sent, 28 rejected, 0 unclear, 0 not sent; results in "+b.path("results.csv")+"\n", o.stdout)
		assert.Contains(t, b.read("results.csv"), "Ada Park,+14155550100,,B-70001,sent,msg_")
	})
}

// SEC-2, SEC-4: what the program writes, byte for byte. UPDATE=1 writes it anew.
func TestGolden(t *testing.T) {
	t.Parallel()
	const golden = "testdata/results.golden.csv"
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, orbittest.WithoutLimits())
		o := b.start(t.Context(), "-concurrency", "1")
		require.Zero(t, o.code, o.stderr)
		if os.Getenv("UPDATE") != "" {
			require.NoError(t, os.WriteFile(golden, []byte(b.read("results.csv")), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), b.read("results.csv"))
		var errs strings.Builder
		for _, r := range o.rows {
			errs.WriteString(r.err + "\n")
		}
		assert.NotRegexp(t, `\d{7}`, errs.String())
		assertDiscreet(t, errs.String()+o.stdout+b.journal())
	})
}

// A second run of a finished job sends nothing and knows everything.
func TestFinishedJobSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, orbittest.WithoutLimits())
		first := b.start(t.Context())
		require.Zero(t, first.code, first.stderr)
		requests := len(b.server.Requests())
		time.Sleep(24 * time.Hour)
		second := b.start(t.Context())
		assert.Zero(t, second.code, second.stderr)
		assert.Equal(t, first.rows, second.rows)
		assert.Len(t, b.server.Requests(), requests)
		assert.Equal(t, first.stdout, second.stdout)
	})
}

func TestAnotherJobSendsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		in := b.write("in.csv", people)
		for _, job := range []string{"spring", "summer"} {
			o := b.start(t.Context(), "-in", in, "-text", "Hello {name}", "-job", job, "-journal", b.path(job))
			assert.Zero(t, o.code, o.stderr)
		}
		assert.Len(t, b.server.Messages(), 6)

		o := b.start(t.Context(), "-in", in, "-text", "Hello {name}", "-job", "autumn", "-journal", b.path("summer"))
		assert.Equal(t, 1, o.code)
		assert.Contains(t, o.stderr, "the journal belongs to another campaign")
		assert.Len(t, b.server.Messages(), 6)
	})
}

// What was sent in a rehearsal is not taken for sent in the real run.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, p := range []place{placeMemory, placeSandbox, placeLive} {
		b.place = p
		o := b.start(t.Context(), "-in", b.write("in.csv", people), "-text", "Hello {name}")
		assert.Zero(t, o.code, o.stderr)
		assert.Equal(t, 3, o.count(bulk.Sent))
	}
	assert.Len(t, b.server.Messages(), 9)
}

func TestFlagsReachTheMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.start(t.Context(), "-in", b.write("in.csv", people), "-text", "Hi {name}: {phone}", "-from", "Shop", "-concurrency", "1")
	require.Zero(t, o.code, o.stderr)
	sent := b.server.Messages()
	require.Len(t, sent, 3)
	assert.Equal(t, "Hi Ada: +14155550100", sent[0].Body)
	assert.Equal(t, "Shop", sent[1].From)
	assert.Equal(t, "Hi Ben: 07700 900101", sent[1].Body)
	assert.Equal(t, api.Recipients{"+447700900101"}, sent[1].To)
}

// No more messages are under way at a time than asked for, and as many as that.
func TestConcurrencyBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, orbittest.WithoutLimits(), orbittest.WithLatency(time.Second))
		var now, most atomic.Int64
		b.transport = roundTrip(func(req *http.Request) (*http.Response, error) {
			n := now.Add(1)
			defer now.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			return b.server.RoundTrip(req)
		})
		o := b.start(t.Context(), "-concurrency", "5")
		assert.Zero(t, o.code, o.stderr)
		assert.EqualValues(t, 5, most.Load())
	})
}

// What can be refused is refused before anything is sent.
func TestRefusedJobs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		input string // of in.csv; people if empty
		args  []string
		want  string
	}{
		"unknown flag":            {args: []string{"-nope"}, want: "flag provided but not defined: -nope"},
		"stray argument":          {args: []string{"Hello"}, want: `unexpected argument "Hello"; put the text in quotes`},
		"no workers":              {args: []string{"-concurrency", "0"}, want: "-concurrency must be at least 1"},
		"no job":                  {args: []string{"-job", ""}, want: "-job must not be empty"},
		"one file for two":        {args: []string{"-out", "x", "-journal", "./x"}, want: "must be three files"},
		"no text":                 {args: []string{"-text", " "}, want: "the text is empty"},
		"unknown column":          {args: []string{"-text", "Hi {nmae}"}, want: "the text names {nmae}; the columns are name, phone, country"},
		"no input":                {args: []string{"-in", "missing.csv"}, want: "missing.csv"},
		"nowhere to write":        {args: []string{"-out", "missing/results.csv"}, want: "missing"},
		"no such journal":         {args: []string{"-journal", "missing/journal"}, want: "missing"},
		"journal is another file": {args: []string{"-job", "taken"}, want: "the file is not a journal"},
		"empty file":              {input: "\n", want: "it needs a header"},
		"no phone column":         {input: "name,number\nAda,1\n", want: `the file has no column "phone"`},
		"ragged rows":             {input: "name,phone\nAda\n", want: "wrong number of fields"},
		"broken quotes":           {input: "name,phone\n\"Ada,1\n", want: "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			in := b.write("in.csv", people)
			if test.input != "" {
				in = b.write("in.csv", test.input)
			}
			if slices.Contains(test.args, "taken") {
				b.write(journalName, people)
			}
			o := b.start(t.Context(), append([]string{"-in", in, "-text", "Hello"}, test.args...)...)
			assert.Equal(t, 1, o.code)
			assert.Contains(t, o.stderr, "send-batch: ")
			assert.Contains(t, o.stderr, test.want)
			assert.Empty(t, b.server.Requests())
			assert.Empty(t, o.rows)
		})
	}
}

// A dry run counts, and neither sends nor leaves a file.
func TestDryRun(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.start(t.Context(), "-dry-run")
	assert.Zero(t, o.code, o.stderr)
	assert.Equal(t, "172 of 200 rows would be sent, as 172 segments\n", o.stdout)
	assert.Empty(t, b.server.Requests())
	files, err := os.ReadDir(b.dir)
	require.NoError(t, err)
	assert.Empty(t, files)
}

// Only a terminal sees the line of progress: a log would have one for each second.
func TestProgressIsForTerminals(t *testing.T) {
	t.Parallel()
	assert.False(t, isTerminal(&bytes.Buffer{}))
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer file.Close()
	assert.False(t, isTerminal(file))
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer device.Close()
	assert.True(t, isTerminal(device), "it is a device for characters")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	o := newBench(t).start(t.Context(), "-h")
	assert.Zero(t, o.code)
	assert.Empty(t, o.stderr)
	for _, flag := range []string{"-in file", "-out file", "-journal file", "-job name", "-text text", "-from sender", "-concurrency number", "-dry-run"} {
		assert.Contains(t, o.stdout, flag)
	}
}

// Without a key the sample goes to an Orbit in memory.
func TestOffline(t *testing.T) {
	t.Setenv("ORBIT_API_KEY", "")
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var stdout, stderr bytes.Buffer
		args := []string{"-in", sample, "-out", b.path("results.csv"), "-journal", b.path("journal")}
		assert.Zero(t, run(t.Context(), args, connect, &stdout, &stderr))
		assert.Equal(t, "No ORBIT_API_KEY is set: this is an Orbit in memory, and nobody gets a message.\n", stderr.String())
		assert.Contains(t, stdout.String(), "200 rows: 172 sent")
	})
}

func TestKeyFromEnvironment(t *testing.T) {
	t.Setenv("ORBIT_API_KEY", "dv_live_pk_canary")
	_, _, err := connect(nil)
	require.ErrorContains(t, err, "is a public key")
	assert.NotContains(t, err.Error(), "canary")
	for key, want := range map[string]place{"dv_test_sk_canary": placeSandbox, "dv_live_sk_canary": placeLive, "canary": placeLive} {
		t.Setenv("ORBIT_API_KEY", key)
		_, got, err := connect(nil)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}
