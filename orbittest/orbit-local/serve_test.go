package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pipes is a listener without a network, so that waiting takes no time.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func newPipes() *pipes {
	return &pipes{connections: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

// ask sends a request, and returns what reads the answer.
func (p *pipes) ask(t *testing.T) func() (*http.Response, error) {
	t.Helper()
	mine, theirs := net.Pipe()
	t.Cleanup(func() { _ = mine.Close() })
	p.connections <- theirs
	_, err := io.WriteString(mine, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	require.NoError(t, err)
	return func() (*http.Response, error) { return http.ReadResponse(bufio.NewReader(mine), nil) }
}

// slow answers after a while.
func slow(d time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(d):
			w.WriteHeader(http.StatusAccepted)
		case <-r.Context().Done():
		}
	})
}

// What is under way when the signal comes is answered, and nothing is taken after.
func TestServeEndsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, signal := context.WithCancel(t.Context())
		at, ended := newPipes(), make(chan error, 1)
		go func() { ended <- serve(ctx, at, slow(3*time.Second), 5*time.Second) }()
		answer := at.ask(t)
		synctest.Wait()
		signal()
		synctest.Wait()
		assert.Empty(t, ended)
		select {
		case <-at.closed:
		default:
			t.Error("the listener is still open")
		}
		resp, err := answer()
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, http.StatusAccepted, resp.StatusCode)
		assert.NoError(t, <-ended)
	})
}

func TestServeIsPatientForSoLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, signal := context.WithCancel(t.Context())
		at, ended := newPipes(), make(chan error, 1)
		go func() { ended <- serve(ctx, at, slow(time.Hour), 5*time.Second) }()
		answer := at.ask(t)
		synctest.Wait()
		signal()
		began := time.Now()
		require.EqualError(t, <-ended, "connections that were still in use after 5s were cut off")
		assert.Equal(t, 5*time.Second, time.Since(began))
		_, err := answer()
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	})
}

func TestServeFailsWithItsListener(t *testing.T) {
	t.Parallel()
	at := newPipes()
	require.NoError(t, at.Close())
	require.ErrorIs(t, serve(t.Context(), at, slow(0), time.Second), net.ErrClosed)
}

// echo answers with the body that reaches it.
func echo() http.Handler {
	return limited(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
}

func TestBodiesArePassedOn(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, largest} {
		body := bytes.Repeat([]byte("x"), size)
		w := httptest.NewRecorder()
		echo().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", bytes.NewReader(body)))
		assert.Equal(t, http.StatusOK, w.Code)
		assert.True(t, bytes.Equal(body, w.Body.Bytes()), "%d bytes", size)
	}
}

func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	endless := io.LimitReader(zeros{}, largest+1)
	w := httptest.NewRecorder()
	echo().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", endless))
	assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
	assert.Equal(t, "the body is too large for orbit-local\n", w.Body.String())
}

func TestBrokenBodiesAreNotAnswered(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF))
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", broken)
	assert.PanicsWithError(t, http.ErrAbortHandler.Error(), func() { echo().ServeHTTP(httptest.NewRecorder(), r) })
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
