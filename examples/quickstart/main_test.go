package main

import (
	"bytes"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/orbittest"
)

// start runs the program and returns its exit code and what it printed.
func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// withKey sets the key, and puts server where the real API would be.
func withKey(t *testing.T, key string, server *orbittest.Server) {
	t.Helper()
	t.Setenv(orbit.EnvAPIKey, key)
	t.Setenv(orbit.EnvBaseURL, "")
	network := http.DefaultTransport
	http.DefaultTransport = server
	t.Cleanup(func() { http.DefaultTransport = network })
}

// DOC-2: without a key the program does everything by itself, in well under a
// second.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		code, stdout, stderr := start(t)
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.Regexp(t, `^No ORBIT_API_KEY is set: .* nobody gets the message\.
sent:  msg_\d+ is queued \(request req_\d+\)
ended: msg_\d+ is delivered \(request req_\d+\)
the last messages \(request req_\d+\):
       msg_\d+ is delivered
$`, stdout)
		assert.Less(t, time.Since(started), 750*time.Millisecond)
	})
}

func TestNumberAndText(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	synctest.Test(t, func(t *testing.T) {
		code, stdout, stderr := start(t, "+14155550132", "Good morning")
		assert.Zero(t, code, stderr)
		assert.NotContains(t, stdout, "in memory")
	})
	sent := server.Messages()
	require.Len(t, sent, 1)
	assert.Equal(t, api.Recipients{"+14155550132"}, sent[0].To)
	assert.Equal(t, "Good morning", sent[0].Body)
	assert.Equal(t, "api.orbit.devotel.io", server.Requests()[0].Host)
}

func TestBaseURLFromEnvironment(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	t.Setenv(orbit.EnvBaseURL, "https://orbit-api.devotel.io/api/v1")
	synctest.Test(t, func(t *testing.T) {
		code, _, stderr := start(t)
		assert.Zero(t, code, stderr)
	})
	assert.Equal(t, "orbit-api.devotel.io", server.Requests()[0].Host)
}

// A message that ends badly, or not at all, is told apart from one that arrived.
func TestNotDelivered(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	for number, want := range map[string]string{
		"+15005550004": "the message was not delivered: it is failed\n",
		"+15005550001": "orbit: Messages.Wait: still submitted after 1m0s: context deadline exceeded\n",
	} {
		t.Run(number, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				code, stdout, stderr := start(t, number)
				assert.Equal(t, 1, code)
				assert.Equal(t, want, stderr)
				assert.Contains(t, stdout, "sent:  msg_")
			})
		})
	}
}

// SEC-3, SEC-4, NUM-1: what cannot work is refused before anything is sent, in
// one line that says what it is, why, and what to do.
func TestWrongInput(t *testing.T) {
	const e164 = `orbit: Messages.SendSMS: to must be a phone number in E.164 form: "+", country code and number, 8 to 15 digits, the first not 0`
	for name, test := range map[string]struct {
		key  string
		args []string
		want string
	}{
		"national number": {
			args: []string{"(415) 555-0132"},
			want: e164 + " (nothing was sent): write the country code too, as in +15005550002",
		},
		"number with spaces": {
			args: []string{"+1 415 555 0132"},
			want: e164 + "; did you mean +14*******32? (nothing was sent)",
		},
		"empty text": {
			args: []string{"+15005550002", ""},
			want: "orbit: Messages.SendSMS: body must not be empty, unless media_urls are given (nothing was sent)",
		},
		"text without quotes": {
			args: []string{"+15005550002", "Good", "morning"},
			want: "usage: quickstart [number [text]]; put the text in quotes",
		},
		"public key": {
			key:  "dv_live_pk_canary",
			want: "orbit: NewClientFromEnv: ORBIT_API_KEY is a public key, for browsers; use a secret one (dv_live_sk_... or dv_test_sk_...) (nothing was sent)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := orbittest.New(t)
			withKey(t, test.key, server)
			code, _, stderr := start(t, test.args...)
			assert.Equal(t, 1, code)
			assert.Equal(t, test.want+"\n", stderr)
			assert.Empty(t, server.Requests())
		})
	}
}

func TestUnknownKey(t *testing.T) {
	server := orbittest.New(t, orbittest.WithAPIKeys("dv_test_sk_another"))
	withKey(t, "dv_test_sk_canary", server)
	code, stdout, stderr := start(t)
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Regexp(t, `^orbit: Messages\.SendSMS: .*401 INVALID_API_KEY.*: correct ORBIT_API_KEY\n$`, stderr)
	assert.NotContains(t, stderr, "canary")
}
