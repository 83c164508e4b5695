package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// TestMain makes the test binary the program itself for TestKilled.
func TestMain(m *testing.M) {
	if os.Getenv("CAMPAIGN_TEST_CHILD") != "" {
		main()
	}
	os.Exit(m.Run())
}

// BULK-1: the program is killed twice, by a signal that it cannot catch, and its third run
// ends the campaign: each customer has one message.
func TestKilled(t *testing.T) {
	t.Parallel()
	const rows = 3000
	server := orbittest.New(t, orbittest.WithoutLimits(), orbittest.WithFullResponses())
	journal := filepath.Join(t.TempDir(), "journal")
	var last string
	for _, n := range []int64{rows / 3, rows / 2, 0} {
		var accepted atomic.Int64
		var child *exec.Cmd
		ready := make(chan struct{})
		listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-ready
			server.ServeHTTP(w, r)
			if accepted.Add(1) == n {
				assert.NoError(t, child.Process.Kill())
			}
		}))
		var out bytes.Buffer
		child = process(t, &out, listener.URL+"/api/v1", rows, journal)
		require.NoError(t, child.Start())
		close(ready)
		err := child.Wait()
		listener.Close()
		require.Equal(t, n == 0, err == nil, "killed, except for the last time: %s", out.String())
		last = out.String()
	}
	sent := map[string]int{}
	for _, m := range server.Messages() {
		sent[m.To[0]]++
	}
	assert.Len(t, sent, rows)
	assert.Len(t, server.Messages(), rows, "nobody has two")
	assert.Regexp(t, `\d+ sent, \d+ known, .* 0 unclear, \d+/s, \d+s   \n`, last, "a line of progress")
	assert.Regexp(t, `\d+ sent, \d+ known from earlier runs, \d+ found, 0 rejected, 0 unclear\n`, last)
}

// process is the program as a process of its own, which prints to out.
func process(t *testing.T, out io.Writer, base string, rows int, journal string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, "-rows", strconv.Itoa(rows), "-journal", journal)
	cmd.Env = append(os.Environ(), "CAMPAIGN_TEST_CHILD=1", orbit.EnvAPIKey+"="+orbittest.DefaultAPIKey, orbit.EnvBaseURL+"="+base)
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}

// start runs the program in a folder of its own, and returns what it prints.
func start(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	var b bytes.Buffer
	code = run(t.Context(), args, &b, &b)
	return code, b.String()
}

// Without a key the campaign goes to an Orbit in memory. A campaign that is over sends
// nothing more.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	journal := filepath.Join(t.TempDir(), "journal")
	code, out := start(t, "-rows", "200", "-journal", journal)
	assert.Zero(t, code, out)
	assert.Contains(t, out, "this is an Orbit in memory, and nobody gets a message")
	assert.Contains(t, out, "200 sent, 0 known from earlier runs")
	code, out = start(t, "-rows", "300", "-journal", journal)
	assert.Zero(t, code, out)
	assert.Contains(t, out, "100 sent, 200 known from earlier runs")

	t.Setenv(orbit.EnvAPIKey, orbittest.DefaultAPIKey)
	code, out = start(t, "-rows", "300", "-journal", journal)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "the journal belongs to another campaign", "a rehearsal is not the real thing")
}

// A file is read row by row. One that breaks off ends the run with its place; the rows
// before are sent, and the next run sends the rest.
func TestFile(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	folder := t.TempDir()
	path := filepath.Join(folder, "customers.csv")
	write := func(rows string) { require.NoError(t, os.WriteFile(path, []byte("phone,id\n"+rows), 0o600)) }
	args := []string{"-in", path, "-journal", filepath.Join(folder, "journal")}

	write("+4915100000012,a\n0151,bad\n+4915100000022,b\n\"+49")
	code, out := start(t, args...)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "2 sent, 0 known from earlier runs, 0 found, 1 rejected, 0 unclear")
	assert.Contains(t, out, "customers.csv: parse error on line 5")

	write("+4915100000012,a\n+4915100000022,b\n+4915100000032,c\n")
	code, out = start(t, args...)
	assert.Zero(t, code, out)
	assert.Contains(t, out, "1 sent, 2 known from earlier runs")
}

func TestRefused(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "dv_live_sk_canary")
	folder := t.TempDir()
	other := filepath.Join(folder, "other.csv")
	require.NoError(t, os.WriteFile(other, []byte("name\nAda\n"), 0o600))
	for want, args := range map[string][]string{
		"made-up customers need a sandbox key": nil,
		`unexpected argument "Hello"`:          {"Hello"},
		"no such file":                         {"-in", filepath.Join(folder, "missing.csv")},
		"needs the columns id and phone":       {"-in", other},
	} {
		code, out := start(t, append([]string{"-journal", filepath.Join(folder, "journal")}, args...)...)
		assert.Equal(t, 1, code)
		assert.Contains(t, out, want)
		assert.NotContains(t, out, "canary")
	}
	code, out := start(t, "-h")
	assert.Zero(t, code)
	assert.Contains(t, out, "-journal file")
}

// An interrupt ends the program, and says how to go on.
func TestInterrupted(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	assert.Equal(t, 1, run(ctx, []string{"-journal", filepath.Join(t.TempDir(), "journal")}, &out, &out))
	assert.Contains(t, out.String(), "campaign: interrupted: run the same command again to go on")
}
