package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// start runs the program and returns its exit code and what it printed.
func start(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, osDisk{}, &out, &errs)
	return code, out.String(), errs.String()
}

// withKey sets the key, and puts server where the real API would be.
func withKey(t *testing.T, key string, server http.RoundTripper) {
	t.Helper()
	t.Setenv(orbit.EnvAPIKey, key)
	t.Setenv(orbit.EnvBaseURL, "")
	network := http.DefaultTransport
	http.DefaultTransport = server
	t.Cleanup(func() { http.DefaultTransport = network })
}

// DOC-2: without a key the program does everything by itself.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	f := newFolder(t)
	code, stdout, stderr := start(t.Context(), "-out", f.path("out"))
	assert.Zero(t, code)
	assert.Equal(t, "450 messages in "+f.path("out")+"\n", stdout)
	assert.Equal(t, "No ORBIT_API_KEY is set: these are messages of an Orbit in memory.\n", stderr)
	lines := strings.Split(f.read(t, "out"), "\n")
	assert.Len(t, lines, 451)
	assert.Equal(t, `{"id":"msg_450","channel":"sms","status":"delivered","direction":"inbound","to":"+14155550449","from":"+15005550002",`+
		`"body":"Message 450","segments":1,"provider_id":"ext_msg_450","created_at":"2026-03-08T19:29:00Z","delivered_at":"2026-03-08T19:29:00Z"}`, lines[0])

	code, _, stderr = start(t.Context(), "-out", f.path("out"))
	assert.Equal(t, 1, code, "what is finished is not written over")
	assert.Contains(t, stderr, "is there already")
}

// stopping is an account whose export is stopped while it waits for a page.
type stopping struct {
	*account

	stop    context.CancelFunc
	answers int
}

func (s *stopping) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.answers--; s.answers < 0 {
		s.stop()
	}
	return s.account.RoundTrip(r)
}

// Interrupted and started again, the program goes on.
func TestInterrupted(t *testing.T) {
	f := newFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	a := &stopping{newAccount(t, 10), stop, 2}
	withKey(t, orbittest.DefaultAPIKey, a)
	args := []string{"-out", f.path("out"), "-page-size", "3"}
	code, stdout, stderr := start(ctx, args...)
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Equal(t, "export-messages: interrupted: run the same command again to go on\n", stderr)

	code, stdout, stderr = start(t.Context(), args...)
	assert.Zero(t, code, stderr)
	assert.Equal(t, "going on behind 6 messages\n10 messages in "+f.path("out")+"\n", stdout)
	assert.Equal(t, ids(10, 1), exported(t, f.read(t, "out")))
}

func TestChannel(t *testing.T) {
	f, server := newFolder(t), orbittest.New(t, orbittest.WithFullResponses())
	withKey(t, "dv_live_sk_orbittest", server)
	server.AddMessage(orbittest.Message{ID: "msg_1", Channel: "rcs", Body: "<Hello>\nthere"})
	server.AddMessage(orbittest.Message{ID: "msg_2"})
	code, _, stderr := start(t.Context(), "-out", f.path("out"), "-channel", "rcs")
	assert.Zero(t, code, stderr)
	assert.Equal(t, []string{"msg_1"}, exported(t, f.read(t, "out")))
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for name, test := range map[string]struct {
		fault orbittest.Fault
		want  string // the end
	}{
		"an old cursor": {orbittest.Fault{Status: 400, Code: "INVALID_CURSOR"}, ": Orbit has forgotten where this export was; remove both files to begin anew\n"},
		"a bad day":     {orbittest.Fault{Status: 501}, "1 attempt)\n"},
		"a short break": {orbittest.RateLimited(1000e9), ": run the same command again to go on\n"},
	} {
		t.Run(name, func(t *testing.T) {
			f, server := newFolder(t), orbittest.New(t, orbittest.WithFullResponses())
			withKey(t, orbittest.DefaultAPIKey, server)
			server.FailNext("GET /messages", test.fault)
			code, stdout, stderr := start(t.Context(), "-out", f.path("out"))
			assert.Equal(t, 1, code)
			assert.Empty(t, stdout)
			assert.True(t, strings.HasSuffix(stderr, test.want), stderr)
		})
	}
}

func TestCommandLine(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "dv_live_pk_canary")
	for name, test := range map[string]struct {
		args           []string
		code           int
		stdout, stderr string // a part of them
	}{
		"help":         {[]string{"-h"}, 0, "(default \"messages.ndjson\")", ""},
		"unknown flag": {[]string{"-format", "csv"}, 1, "", "flag provided but not defined: -format\n"},
		"an argument":  {[]string{"out"}, 1, "", "unexpected argument \"out\"\n"},
		"public key":   {nil, 1, "", "is a public key"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := start(t.Context(), test.args...)
			assert.Equal(t, test.code, code)
			assert.Contains(t, stdout, test.stdout)
			assert.Contains(t, stderr, test.stderr)
			require.NotContains(t, stderr, "canary")
		})
	}
}
