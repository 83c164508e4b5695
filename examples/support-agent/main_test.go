package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// start runs the program and returns its exit code and what it printed.
func start(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

// withKey sets the key, and puts a server where the real API would be.
func withKey(t *testing.T, key string, opts ...orbittest.Option) *orbittest.Server {
	t.Helper()
	server := orbittest.New(t, opts...)
	t.Setenv(orbit.EnvAPIKey, key)
	t.Setenv(orbit.EnvBaseURL, "")
	network := http.DefaultTransport
	http.DefaultTransport = server
	t.Cleanup(func() { http.DefaultTransport = network })
	return server
}

// leftovers are the agents and knowledge bases that a program has not removed.
func leftovers(t *testing.T, server *orbittest.Server) int {
	t.Helper()
	made := 0
	for _, route := range []string{"POST /agents", "POST /knowledge-bases"} {
		for _, r := range server.Requests(route) {
			if r.Stored {
				made++
			}
		}
	}
	for _, route := range []string{"DELETE /agents/{id}", "DELETE /knowledge-bases/{id}"} {
		for _, r := range server.Requests(route) {
			if r.Stored {
				made--
			}
		}
	}
	return made
}

// DOC-2: without a key the program does everything by itself, in about a second.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		code, stdout, stderr := start(t.Context())
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.Regexp(t, `^No ORBIT_API_KEY is set: this is an Orbit in memory\.
knowledge base: kb_\d+
document:       doc_\d+ is processing
document:       doc_\d+ is ready
agent:          agt_\d+ is active
question:       How long do parcels take\?
answer:         Parcels take two days within the country and a week abroad\.
$`, stdout)
		assert.Less(t, time.Since(started), 2*time.Second)
	})
}

func TestQuestionAndFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "menu.txt")
	require.NoError(t, os.WriteFile(file, []byte("Breakfast is served until noon."), 0o600))
	server := withKey(t, orbittest.DefaultAPIKey)
	synctest.Test(t, func(t *testing.T) {
		code, stdout, stderr := start(t.Context(), "Until when is breakfast?", file)
		assert.Zero(t, code, stderr)
		assert.NotContains(t, stdout, "in memory")
		assert.Contains(t, stdout, "answer:         Breakfast is served until noon.\n")
	})
	upload := server.Requests("POST /knowledge-bases/{id}/documents")[0]
	assert.Contains(t, string(upload.Body), `filename="menu.txt"`)
	assert.Equal(t, "api.orbit.devotel.io", upload.Host)
	assert.Zero(t, leftovers(t, server))
}

// Whatever goes wrong, the exit code tells, and nothing is left behind.
func TestFailures(t *testing.T) {
	const upload, chat = "POST /knowledge-bases/{id}/documents", "POST /agents/{id}/chat"
	for name, test := range map[string]struct {
		content string
		route   string
		fault   orbittest.Fault
		want    string
	}{
		"a document without text": {
			content: " ", want: `^the document cannot be used: The document could not be indexed\.\n$`,
		},
		"a document that is refused": {
			content: "x", route: upload, fault: orbittest.Fault{Status: 415, Code: "UNSUPPORTED_MEDIA_TYPE"},
			want: `^orbit: Agents\.KnowledgeBases\.Documents\.Upload: .*415 UNSUPPORTED_MEDIA_TYPE.*\n$`,
		},
		"a document that is too large": {
			content: strings.Repeat("x", 10<<20+1),
			want:    `^orbit: Agents\.KnowledgeBases\.Documents\.Upload: file must not be larger than 10 MiB \(nothing was sent\)\n$`,
		},
		"an agent that cannot be deployed": {
			content: "x", route: "POST /agents/{id}/deploy", fault: orbittest.Fault{Status: 422},
			want: `^orbit: Agents\.Deploy: .*422 VALIDATION_ERROR.*\n$`,
		},
		"an answer that gets lost": {
			content: "x", route: chat, fault: orbittest.ResetAfter(),
			want: `^orbit: Agents\.Chat: .*it may have been accepted, 1 attempt.*: it may have happened, and cost something, all the same\n$`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.txt")
			require.NoError(t, os.WriteFile(file, []byte(test.content), 0o600))
			server := withKey(t, orbittest.DefaultAPIKey)
			if test.route != "" {
				server.FailNext(test.route, test.fault)
			}
			synctest.Test(t, func(t *testing.T) {
				code, _, stderr := start(t.Context(), "x", file)
				assert.Equal(t, 1, code)
				assert.Regexp(t, test.want, stderr)
			})
			assert.Zero(t, leftovers(t, server))
			if test.route == chat {
				assert.Len(t, server.Requests(chat), 1)
			}
		})
	}
}

// A document that never ends is given up, and an interrupted program tidies up.
func TestGivenUp(t *testing.T) {
	server := withKey(t, orbittest.DefaultAPIKey)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		code, _, stderr := start(ctx)
		assert.Equal(t, 1, code)
		assert.Regexp(t, `^orbit: Agents.KnowledgeBases.Documents.Wait: still processing after 300ms: context deadline exceeded\n$`, stderr)
	})
	assert.Zero(t, leftovers(t, server))
}

func TestWrongInput(t *testing.T) {
	for name, test := range map[string]struct {
		key  string
		args []string
		want string
	}{
		"no such file":            {args: []string{"x", "missing.txt"}, want: `^open missing\.txt: .*\n$`},
		"question without quotes": {args: []string{"How", "long", "is"}, want: `^usage: support-agent .*; put the question in quotes\n$`},
		"public key":              {key: "dv_live_pk_canary", want: `^orbit: NewClientFromEnv: ORBIT_API_KEY is a public key.*\n$`},
	} {
		t.Run(name, func(t *testing.T) {
			server := withKey(t, test.key)
			code, _, stderr := start(t.Context(), test.args...)
			assert.Equal(t, 1, code)
			assert.Regexp(t, test.want, stderr)
			assert.NotContains(t, stderr, "canary")
			assert.Empty(t, server.Requests())
		})
	}
}

func TestUnknownKey(t *testing.T) {
	withKey(t, "dv_test_sk_canary", orbittest.WithAPIKeys("dv_test_sk_another"))
	code, stdout, stderr := start(t.Context())
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Regexp(t, `^orbit: Agents\.KnowledgeBases\.Create: .*401 INVALID_API_KEY.*: correct ORBIT_API_KEY\n$`, stderr)
	assert.NotContains(t, stderr, "canary")
}
