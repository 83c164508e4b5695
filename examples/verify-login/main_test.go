package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
)

// start runs the program and returns its exit code and what it printed.
func start(t *testing.T, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, stdin, &out, &errs)
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

// DOC-2: without a key the program does everything by itself.
func TestOffline(t *testing.T) {
	t.Setenv(orbit.EnvAPIKey, "")
	synctest.Test(t, func(t *testing.T) {
		code, stdout, stderr := start(t, strings.NewReader(""))
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.Equal(t, `No ORBIT_API_KEY is set: this is an Orbit in memory, and nobody gets a code.
Somebody mistypes the code once:
That is not the code. Try again.
Welcome.
Somebody is too late:
Refused: the code is not good any more: ask for a new one.
`, stdout)
	})
}

// somebody types lines that are known only after the code was sent.
type somebody struct {
	server *orbittest.Server
	types  func(code string) string
	rest   io.Reader
}

func (s *somebody) Read(p []byte) (int, error) {
	if s.rest == nil {
		page, err := s.server.Client().Verify.List(context.Background(), verify.ListParams{Limit: 1})
		if err != nil {
			return 0, err
		}
		s.rest = strings.NewReader(s.types(s.server.Code(page.Items[0].ID)))
	}
	return s.rest.Read(p)
}

func TestTerminal(t *testing.T) {
	const prompt, wrong = "Code, or new for another one: ", "That is not the code. Try again.\n"
	for name, c := range map[string]struct {
		types  func(code string) string
		code   int
		stdout string
		stderr string
	}{
		"right":      {func(code string) string { return " " + code + "\n" }, 0, prompt + "Welcome.\n", ""},
		"second try": {func(code string) string { return "1\n" + code + "\n" }, 0, prompt + wrong + prompt + "Welcome.\n", ""},
		"too often": {func(code string) string { return "1\n2\n3\n" + code + "\n" }, 1,
			strings.Repeat(prompt+wrong, 3) + prompt, "too many wrong codes: ask for a new one\n"},
		"the old one": {func(code string) string { return "new\n" + code + "\n" }, 1, prompt + prompt + wrong + prompt, "the number is not verified\n"},
		"nothing":     {func(string) string { return "" }, 1, prompt, "the number is not verified\n"},
		"an empty line": {func(string) string { return "\n" }, 1, prompt,
			"orbit: Verify.Check: code must not be empty (nothing was sent)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			server := orbittest.New(t)
			withKey(t, orbittest.DefaultAPIKey, server)
			code, stdout, stderr := start(t, &somebody{server: server, types: c.types}, "+14155550132")
			assert.Equal(t, c.code, code)
			assert.Equal(t, c.stdout, stdout)
			assert.Equal(t, c.stderr, stderr)
		})
	}
}

// Who got no code asks for another one.
func TestAnotherCode(t *testing.T) {
	server := orbittest.New(t)
	var ids []string
	ask := func(id string) (orbit.Secret, error) {
		if ids = append(ids, id); len(ids) == 1 {
			return another, nil
		}
		code := server.Code(id)
		return orbit.Secret(code[:3] + " " + code[3:]), nil
	}
	err := login(t.Context(), server.Client(), verify.SendParams{To: "+14155550132", Channel: verify.ChannelSMS}, ask, io.Discard)
	require.NoError(t, err)
	require.Len(t, ids, 2)
	assert.NotEqual(t, ids[0], ids[1])
}

// A code that somebody has used lets nobody in.
func TestUsedCode(t *testing.T) {
	server := orbittest.New(t)
	server.FailNext("POST /verify/check", orbittest.Fault{Status: http.StatusConflict})
	ask := func(id string) (orbit.Secret, error) { return orbit.Secret(server.Code(id)), nil }
	err := login(t.Context(), server.Client(), verify.SendParams{To: "+14155550132", Channel: verify.ChannelSMS}, ask, io.Discard)
	require.ErrorIs(t, err, used)
}

// Whatever is not an approval lets nobody in.
func TestOtherAnswers(t *testing.T) {
	for status, want := range map[string]string{
		"cancelled": notProved.Error(), "asleep": notProved.Error(), "": notProved.Error(), "expired": tooLate.Error(), "exhausted": tooOften.Error(),
	} {
		server := orbittest.New(t)
		withKey(t, orbittest.DefaultAPIKey, server)
		server.FailNext("POST /verify/check", orbittest.Fault{Body: `{"data":{"id":"vrf_1","status":"` + status + `"}}`})
		sent, err := server.Client().Verify.Send(t.Context(), verify.SendParams{To: "+14155550132", Channel: verify.ChannelSMS})
		require.NoError(t, err)
		ask := func(string) (orbit.Secret, error) { return orbit.Secret(server.Code(sent.ID)), nil }
		err = login(t.Context(), server.Client(), verify.SendParams{To: "+14155550132", Channel: verify.ChannelSMS}, ask, io.Discard)
		require.EqualError(t, err, want, status)
	}
}

func TestExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t)
		late := func(id string) (orbit.Secret, error) {
			time.Sleep(10 * time.Minute)
			return orbit.Secret(server.Code(id)), nil
		}
		err := login(t.Context(), server.Client(), verify.SendParams{To: "+14155550132", Channel: verify.ChannelSMS}, late, io.Discard)
		require.ErrorIs(t, err, tooLate)
	})
}

func TestWrongInput(t *testing.T) {
	for name, c := range map[string]struct{ key, number, want string }{
		"national": {orbittest.DefaultAPIKey, "(415) 555-0132", "write the country code too, as in +15005550002\n"},
		"key":      {"dv_test_sk_unknown", "+14155550132", "correct ORBIT_API_KEY\n"},
		"public":   {"dv_live_pk_public", "+14155550132", "(nothing was sent)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			server := orbittest.New(t, orbittest.WithAPIKeys(orbittest.DefaultAPIKey))
			withKey(t, c.key, server)
			code, _, stderr := start(t, strings.NewReader(""), c.number)
			assert.Equal(t, 1, code)
			assert.True(t, strings.HasSuffix(stderr, c.want), stderr)
			assert.NotContains(t, stderr, "555-0132")
		})
	}
}
