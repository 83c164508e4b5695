package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

const testSecret = "whsec_8Zk1vN0rT5yQ2xLw"

func TestDemo(t *testing.T) { // EVT-3, EVT-4, SEC-4
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), nil, "", &out))
	assert.Equal(t, `ORBIT_WEBHOOK_SECRET is not set: this is a demonstration

The report of the arrival comes first:
msg_1 to +141*****01: delivered
answered with 200 OK

The report of the sending comes late:
msg_1: sent is late, it is delivered already
answered with 200 OK

The report of the arrival comes again, and is not handled again:
answered with 200 OK

Another message failed:
msg_2 to +*****55: failed
answered with 200 OK

An event that there is no function for:
contact.opted_out: nothing to do
answered with 200 OK

A forged event:
refused: `+string(webhooks.ErrMismatch)+`
answered with 401 Unauthorized
`, out.String())
}

// The program serves until its context ends, and ends well.
func TestServer(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-addr", "127.0.0.1:0"}, testSecret, writer) }()
	lines := bufio.NewScanner(reader)
	require.True(t, lines.Scan())
	url, found := strings.CutPrefix(lines.Text(), "listening on ")
	require.True(t, found)

	answer := make(chan int, 1)
	go func() { answer <- post(t, url, delivered) }()
	require.True(t, lines.Scan())
	assert.Equal(t, "msg_1 to +141*****01: delivered", lines.Text())
	assert.Equal(t, http.StatusOK, <-answer)
	stop()
	require.NoError(t, <-ended)
}

// A delivery that is being handled when the program is told to end gets its
// answer.
func TestServeEndsGracefully(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	goOn := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stop()
		<-goOn
		w.WriteHeader(http.StatusAccepted)
	})
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, h) }()
	answer := make(chan int, 1)
	go func() { answer <- post(t, "http://"+listener.Addr().String(), delivered) }()
	<-ctx.Done()
	close(goOn)
	assert.Equal(t, http.StatusAccepted, <-answer)
	require.NoError(t, <-ended)
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	require.Error(t, run(t.Context(), []string{"-addr", "nowhere"}, testSecret, io.Discard))
	require.Error(t, run(t.Context(), nil, " ", io.Discard))
}

// A status comes from the event's name where its data has none.
func TestStatusOf(t *testing.T) {
	t.Parallel()
	for _, kind := range []webhooks.Kind[webhooks.MessageData]{
		webhooks.MessageSending, webhooks.MessageSent, webhooks.MessageDelivered, webhooks.MessageUndelivered, webhooks.MessageFailed, webhooks.MessageRead,
	} {
		assert.True(t, statusOf(kind.Type()).Known(), kind)
	}
}

// post delivers an event and returns the status of the answer, or 0.
func post(t *testing.T, url, body string) int {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if !assert.NoError(t, err) {
		return 0
	}
	req.Header.Set(webhooks.SignatureHeader, webhooks.Sign(testSecret, []byte(body), time.Now()))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if !assert.NoError(t, err) {
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}
