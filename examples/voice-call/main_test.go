package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
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
		assert.Zero(t, code, stderr)
		assert.Regexp(t, `^No ORBIT_API_KEY is set: .* nobody's phone rings\.
call:      call_\d+ is initiating \(request req_\d+\)
ended:     call_\d+ is completed after 1 s
recording: 8044 bytes of audio/wav
$`, stdout)
		assert.Less(t, time.Since(started), 750*time.Millisecond)
	})
}

// A live call takes longer, and so does its recording.
func TestToFile(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, "dv_live_sk_canary", server)
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server.FailNext("GET /recordings/{id}", orbittest.Truncated())
		code, _, stderr := start(t, "+14155550132", filepath.Join(folder, "call.wav"))
		assert.Zero(t, code, stderr)
	})
	sound, err := os.ReadFile(filepath.Join(folder, "call.wav"))
	require.NoError(t, err)
	assert.Len(t, sound, 8044)
	assert.Equal(t, "RIFF", string(sound[:4]))
	assert.Equal(t, []string{"call.wav"}, files(t, folder))
	assert.Equal(t, "+14155550132", server.Calls()[0].To)
	assert.True(t, server.Calls()[0].Record)
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// What breaks off for good leaves nothing that could pass for a recording.
func TestBrokenDownload(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		cut := orbittest.Truncated()
		server.FailNext("GET /recordings/{id}", cut, cut, cut)
		code, _, stderr := start(t, "+15005550002", filepath.Join(folder, "call.wav"))
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, "the recording broke off")
	})
	assert.Empty(t, files(t, folder))
	code, _, stderr := start(t, "+15005550002", filepath.Join(folder, "missing", "call.wav"))
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "no such file or directory")
}

// The recording takes a moment; one that never comes is not waited for for ever.
func TestRecordingThatNeverComes(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	synctest.Test(t, func(t *testing.T) {
		go func() {
			time.Sleep(10 * time.Millisecond)
			server.SetCallStatus(server.Calls()[0].ID, "completed")
		}()
		started := time.Now()
		code, _, stderr := start(t)
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, "the call has no recording yet, or never will: it is completed: was the caller asked for consent?")
		assert.InDelta(t, 127, time.Since(started).Seconds(), 8)
	})
}

// A call that nobody takes is told apart from one that was recorded.
func TestNobodyAnswers(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	for number, status := range map[string]string{"+15005550003": "no_answer", "+15005550004": "failed", "+15005550005": "busy", "+15005550006": "voicemail"} {
		synctest.Test(t, func(t *testing.T) {
			code, _, stderr := start(t, number)
			assert.Equal(t, 1, code)
			assert.Equal(t, "nobody was talked to: the call is "+status+"\n", stderr)
		})
	}
}

// A call that is given up does not ring on.
func TestInterrupted(t *testing.T) {
	server := orbittest.New(t)
	withKey(t, orbittest.DefaultAPIKey, server)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		var out, errs bytes.Buffer
		assert.Equal(t, 1, run(ctx, []string{"+15005550001"}, &out, &errs))
		assert.Equal(t, "orbit: Voice.Calls.Wait: still ringing after 3s: context deadline exceeded\n", errs.String())
	})
	assert.Equal(t, api.CallStatusCanceled, server.Calls()[0].Status)
}

// SEC-3, SEC-4, NUM-1: what cannot work is refused before anything is sent, in
// one line that says what it is, why, and what to do.
func TestWrongInput(t *testing.T) {
	for name, test := range map[string]struct {
		key  string
		args []string
		want string
	}{
		"national number": {
			args: []string{"(415) 555-0132"},
			want: `^orbit: Voice\.Calls\.Create: to must be a phone number in E\.164 form: .* \(nothing was sent\): write the country code too, as in \+15005550002\n$`,
		},
		"number in parts": {
			args: []string{"+1", "415", "5550132"},
			want: `^usage: voice-call \[number \[file\]\]; write the number without spaces\n$`,
		},
		"public key": {
			key:  "dv_live_pk_canary",
			want: `^orbit: NewClientFromEnv: ORBIT_API_KEY is a public key, .* \(nothing was sent\)\n$`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := orbittest.New(t)
			withKey(t, test.key, server)
			code, _, stderr := start(t, test.args...)
			assert.Equal(t, 1, code)
			assert.Regexp(t, test.want, stderr)
			assert.NotContains(t, stderr, "canary")
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
	assert.Regexp(t, `^orbit: Voice\.Calls\.Create: .*401 INVALID_API_KEY.*: correct ORBIT_API_KEY\n$`, stderr)
	assert.NotContains(t, stderr, "canary")
}
