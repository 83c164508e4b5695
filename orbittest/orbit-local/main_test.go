package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// address finds the base URL in what the program prints.
func address(t *testing.T, out *bufio.Reader) string {
	t.Helper()
	for {
		text, err := out.ReadString('\n')
		require.NoError(t, err, "no address was printed")
		if m := regexp.MustCompile(`ORBIT_BASE_URL=(\S+)`).FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
}

// started is the program while it runs.
type started struct {
	base   string
	cancel context.CancelFunc
	rest   chan string // what it prints behind the address
	code   chan int
}

// start runs the program in this process, on a free port.
func start(t *testing.T, args ...string) started {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, w := io.Pipe()
	s := started{cancel: cancel, rest: make(chan string, 1), code: make(chan int, 1)}
	go func() {
		s.code <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), w, io.Discard)
		_ = w.Close()
	}()
	out := bufio.NewReader(r)
	s.base = address(t, out)
	go func() {
		text, _ := io.ReadAll(out)
		s.rest <- string(text)
	}()
	return s
}

// end stops the program, and returns the lines that it printed for requests.
func (s *started) end(t *testing.T) string {
	t.Helper()
	s.cancel()
	require.Zero(t, <-s.code)
	_, lines, found := strings.Cut(<-s.rest, "Requests, until Ctrl-C:\n")
	require.True(t, found)
	return lines
}

// send makes a request as a program without the SDK does.
func send(t *testing.T, method, url, apiKey, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("X-API-Key", apiKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// A client of its own sends an SMS and reads it back. The lines that are printed
// meanwhile tell what was asked, and nothing of what was said (SEC-4).
func TestSendAndReadBack(t *testing.T) {
	t.Parallel()
	s := start(t)
	const live = "dv_live_sk_canary"
	status, sent := send(t, "POST", s.base+"/messages/sms", live, `{"to": "+14155550132", "body": "canary", "metadata": {"canary": 1}}`)
	assert.Equal(t, http.StatusAccepted, status)
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(sent)
	require.NotNil(t, id, sent)
	status, _ = send(t, "GET", s.base+"/messages/"+id[1], "dv_test_sk_another", "")
	assert.Equal(t, http.StatusNotFound, status, "another account's")
	status, got := send(t, "GET", s.base+"/messages/"+id[1], live, "")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, got, `"body":"canary"`)
	status, listed := send(t, "GET", s.base+"/messages?channel=sms&canary=1", live, "")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, listed, id[1])

	for apiKey, want := range map[string]string{"": "UNAUTHORIZED", "dv_live_pk_canary": "INVALID_API_KEY", "canary": "INVALID_API_KEY"} {
		status, refused := send(t, "GET", s.base+"/messages", apiKey, "")
		assert.Equal(t, http.StatusUnauthorized, status, apiKey)
		assert.Contains(t, refused, want, apiKey)
	}
	status, _ = send(t, "POST", s.base+"/messages/sms", live, `{"to": "+14155550132", "text": "Hello"}`)
	assert.Equal(t, http.StatusUnprocessableEntity, status)
	status, _ = send(t, "GET", s.base+"/sms/+14155550132/%0a%1b[31m", live, "")
	assert.Equal(t, http.StatusNotFound, status)

	assert.Equal(t, `POST /messages/sms 202 req_1000001
GET /messages/{id} 404 req_1000003
GET /messages/{id} 200 req_1000004
GET /messages 200 req_1000005 (unknown to Orbit: ?canary)
GET /messages 401 req_1000006
GET /messages 401 req_1000007
GET /messages 401 req_1000008
POST /messages/sms 422 req_1000009 (unknown to Orbit: text)
GET /sms/+141******32/ [31m 404 req_1000010
`, s.end(t))
}

// The check of names is in force where the program serves.
func TestForeignNamesAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, "-allow-host", "orbit")
	for host, want := range map[string]int{"evil.example": http.StatusForbidden, "orbit:8025": http.StatusOK, "": http.StatusOK} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+"/messages", nil)
		require.NoError(t, err)
		req.Host = host // "" is the address
		req.Header.Set("X-API-Key", key)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, want, resp.StatusCode, host)
	}
	assert.Equal(t, 2, strings.Count(s.end(t), "GET /messages 200"))
}

func TestOlderAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, "-older")
	_, sent := send(t, "POST", s.base+"/messages/sms", key, `{"to": "+15005550002", "body": "Hello"}`)
	assert.Contains(t, sent, `"message_id":`)
	s.end(t)
}

func TestNoLimits(t *testing.T) {
	t.Parallel()
	for want, args := range map[int][]string{http.StatusTooManyRequests: nil, http.StatusOK: {"-no-limits"}} {
		synctest.Test(t, func(t *testing.T) {
			last := 0
			o, err := parse(args, io.Discard)
			require.NoError(t, err)
			server := orbittest.NewServer(o.server(&requestLog{out: io.Discard})...)
			for range 121 {
				last = ask(t, server)
			}
			assert.Equal(t, want, last)
		})
	}
}

func TestLatencyAndMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, err := parse([]string{"-latency", "200ms"}, io.Discard)
		require.NoError(t, err)
		began := time.Now()
		server := orbittest.NewServer(o.server(&requestLog{out: io.Discard})...)
		ask(t, server)
		assert.Equal(t, 200*time.Millisecond, time.Since(began))
		assert.Empty(t, server.Requests(), "requests pile up in memory")
	})
}

// ask lists the messages of a server that has no address, and returns the status.
func ask(t *testing.T, server *orbittest.Server) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1/api/v1/messages", nil)
	require.NoError(t, err)
	req.Header.Set("X-API-Key", key)
	resp, err := server.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args   []string
		code   int
		stdout string // a part of it
		stderr string
	}{
		"help":             {[]string{"-h"}, 0, "(default \"127.0.0.1:8025\")", ""},
		"licenses":         {[]string{"-licenses"}, 0, "THIRD_PARTY_NOTICES.txt", ""},
		"unknown flag":     {[]string{"-port", "1"}, 1, "", "orbit-local: flag provided but not defined: -port\n"},
		"an argument":      {[]string{"8025"}, 1, "", "orbit-local: unexpected argument \"8025\"\n"},
		"a far webhook":    {[]string{"-webhook", "http://192.0.2.1/orbit"}, 1, "", "orbit-local: -webhook: http://192.0.2.1/orbit is not a plain http address of this machine, as in http://127.0.0.1:8080/orbit\n"},
		"an https webhook": {[]string{"-webhook", "https://localhost/orbit"}, 1, "", "orbit-local: -webhook: https://localhost/orbit is not a plain http address of this machine, as in http://127.0.0.1:8080/orbit\n"},
		"no webhook":       {[]string{"-webhook", "http://[::1/"}, 1, "", "orbit-local: -webhook: the address cannot be read: write it as in http://127.0.0.1:8080/orbit\n"},
		"a host with a port": {[]string{"-allow-host", "orbit:8025"}, 1, "",
			"orbit-local: invalid value \"orbit:8025\" for flag -allow-host: must be the name of a host, without scheme and port\n"},
		"no port": {[]string{"-addr", "127.0.0.1"}, 1, "", "orbit-local: -addr: address 127.0.0.1: missing port in address\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			assert.Equal(t, test.code, run(t.Context(), test.args, &out, &errs))
			assert.Contains(t, out.String(), test.stdout)
			assert.Equal(t, test.stderr, errs.String())
		})
	}
}
