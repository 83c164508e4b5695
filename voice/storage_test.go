package voice_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/internal/fetch"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// signed is the address of a recording, which must never be printed.
const signed = "https://storage.example.test/call_1.wav?sig=canary%2Fsignature"

// storage is a network with an API, whose one call is recorded at an address,
// and a storage host that says anything: each request gets the next answer, the
// last one again and again.
type storage struct {
	address string
	answers []any // func(*http.Request) *http.Response, *http.Response or error

	mu   sync.Mutex
	hits []*http.Request
}

func (s *storage) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasPrefix(req.URL.Path, "/api/") {
		body := `{"data":{"id":"call_1","status":"completed","recording_url":"` + s.address + `"},"meta":{"request_id":"req_1"}}`
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.answers[min(len(s.hits), len(s.answers)-1)]
	s.hits = append(s.hits, req)
	switch a := answer.(type) {
	case error:
		return nil, a
	case *http.Response:
		return a, nil
	case func(*http.Request) *http.Response:
		return a(req), nil
	}
	panic("no answer")
}

// whole is what the storage of these tests holds.
const whole = "0123456789"

// sends is an answer that sends a body of the given length, and headers in pairs.
func sends(status int, body string, length int64, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: length}
}

// chunked makes an answer one whose length is not told.
func chunked(r *http.Response) *http.Response {
	r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
	return r
}

// breaks makes the body of an answer end with an error.
func breaks(r *http.Response) *http.Response {
	r.Body = io.NopCloser(io.MultiReader(r.Body, broken{}))
	return r
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// tagged is the first answer of most tests: half of the recording, with a tag.
func tagged() *http.Response {
	return sends(200, whole[:5], 10, "ETag", `"v1"`, "Content-Type", "audio/wav")
}

// rest is what should follow it.
func rest(header ...string) *http.Response {
	return sends(206, whole[5:], 5, append([]string{"Content-Range", "bytes 5-9/10", "ETag", `"v1"`}, header...)...)
}

// A recording is whole when all that was announced has come, and not before:
// what falls short, or is another part, never passes.
func TestWholeOrNothing(t *testing.T) {
	t.Parallel()
	const another = "the storage host sent another part of the recording than it was asked for"
	for _, c := range []struct {
		name    string
		answers []any
		want    string // "" where it fails
		size    int64
		fault   string // what the error says
		hits    int
	}{
		{"at once", []any{sends(200, whole, 10)}, whole, 10, "", 1},
		{"in two parts", []any{tagged(), rest()}, whole, 10, "", 2},
		{"more than announced", []any{sends(200, whole+"more", 10)}, whole, 10, "", 1},
		{"in parts that are more than announced", []any{tagged(), sends(206, whole[5:]+"more", -1, "Content-Range", "bytes 5-9/10")}, whole, 10, "", 2},
		{"always too short", []any{func(r *http.Request) *http.Response {
			if r.Header.Get("Range") == "" {
				return tagged()
			}
			return sends(206, "", 5, "Content-Range", "bytes 5-9/10")
		}}, "", 0, "the recording broke off after 0.0 of 0.0 MB: unexpected EOF", 3},
		{"length not told", []any{chunked(sends(200, whole, 0))}, whole, 10, "", 1},
		{"length not told, nor the end", []any{sends(200, whole, -1)}, "", 0, "the storage host does not say where the recording ends", 1},
		{"length told later", []any{breaks(chunked(sends(200, whole[:5], 0, "ETag", `"v1"`))), rest()}, whole, 10, "", 2},
		{"broken after the last byte", []any{breaks(sends(200, whole, 10))}, whole, 10, "", 1},
		{"broken, length not told", []any{breaks(chunked(sends(200, whole, 0)))}, "", 0, "the recording broke off after 0.0 MB", 3},
		{"HTTP/2 without length", []any{func(*http.Request) *http.Response {
			r := sends(200, whole, -1)
			r.ProtoMajor = 2
			return r
		}}, whole, 10, "", 1},
		{"part begins too late", []any{tagged(), sends(206, whole[6:], 4, "Content-Range", "bytes 6-9/10")}, "", 0, another, 2},
		{"part begins too early", []any{tagged(), sends(206, whole[4:], 6, "Content-Range", "bytes 4-9/10")}, "", 0, another, 2},
		{"part ends too early", []any{tagged(), rest("Content-Range", "bytes 5-8/10")}, "", 0, another, 2},
		{"part of something larger", []any{tagged(), sends(206, whole[5:]+"x", 6, "Content-Range", "bytes 5-10/11")}, "", 0, another, 2},
		{"part of something", []any{tagged(), rest("Content-Range", "bytes 5-9/*")}, "", 0, another, 2},
		{"part in other units", []any{tagged(), rest("Content-Range", "lines 5-9/10")}, "", 0, another, 2},
		{"part, nobody knows which", []any{tagged(), sends(206, whole[5:], 5)}, "", 0, another, 2},
		{"part, nonsense", []any{tagged(), rest("Content-Range", "bytes -5-9/10")}, "", 0, another, 2},
		{"part of another length", []any{tagged(), sends(206, whole[5:], 4, "Content-Range", "bytes 5-9/10")}, "", 0, another, 2},
		{"part of another version", []any{tagged(), rest("ETag", `"v2"`)}, "", 0, another, 2},
		{"nothing left", []any{tagged(), sends(416, "", 0, "Content-Range", "bytes */5")}, "", 0, "416: the storage host refused", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &storage{address: signed, answers: c.answers}
				var got bytes.Buffer
				var last int64
				recording, err := newService(t, s).Recordings.Download(t.Context(), "call_1", &got, voice.DownloadParams{
					Progress: func(received, size int64) { last = received },
				})
				assert.Len(t, s.hits, c.hits)
				if c.want == "" {
					assert.Nil(t, recording)
					assert.ErrorContains(t, err, c.fault)
					assert.True(t, strings.HasPrefix(whole, got.String()), "what is there is a part of it: %s", got.String())
					return
				}
				require.NoError(t, err)
				assert.Equal(t, c.want, got.String())
				assert.Equal(t, c.size, recording.Size)
				assert.Equal(t, c.size, last)
			})
		})
	}
}

func TestOpenWithoutLength(t *testing.T) {
	t.Parallel()
	s := &storage{address: signed, answers: []any{chunked(sends(200, whole, 0))}}
	stream, err := newService(t, s).Recordings.Open(t.Context(), "call_1")
	require.NoError(t, err)
	assert.Equal(t, int64(-1), stream.Size)
	got, err := io.ReadAll(stream)
	require.NoError(t, err)
	assert.Equal(t, whole, string(got))
	require.NoError(t, stream.Close())
}

// A part is asked for only of a version that has a name, and by that name.
func TestValidators(t *testing.T) {
	t.Parallel()
	const day = "Sun, 08 Mar 2026 12:00:0"
	for _, c := range []struct {
		name   string
		header []string
		want   string
	}{
		{"tag", []string{"ETag", `"v1"`, "Last-Modified", day + "0 GMT", "Date", day + "9 GMT"}, `"v1"`},
		{"weak tag", []string{"ETag", `W/"v1"`}, ""},
		{"date", []string{"Last-Modified", day + "0 GMT", "Date", day + "1 GMT"}, day + "0 GMT"},
		{"weak tag and date", []string{"ETag", `W/"v1"`, "Last-Modified", day + "0 GMT", "Date", day + "9 GMT"}, day + "0 GMT"},
		{"date of now", []string{"Last-Modified", day + "0 GMT", "Date", day + "0 GMT"}, ""},
		{"date of no time", []string{"Last-Modified", day + "0 GMT"}, ""},
		{"nonsense", []string{"Last-Modified", "yesterday", "Date", day + "9 GMT"}, ""},
		{"nothing", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &storage{address: signed, answers: []any{
					sends(200, whole[:5], 10, c.header...),
					func(r *http.Request) *http.Response {
						if r.Header.Get("Range") == "" {
							return sends(200, whole, 10)
						}
						return sends(206, whole[5:], 5, "Content-Range", "bytes 5-9/10")
					},
				}}
				var got bytes.Buffer
				_, err := newService(t, s).Recordings.Download(t.Context(), "call_1", &got, voice.DownloadParams{})
				require.NoError(t, err)
				assert.Equal(t, whole, got.String())
				require.Len(t, s.hits, 2)
				assert.Equal(t, c.want, s.hits[1].Header.Get("If-Range"))
				assert.Equal(t, c.want != "", s.hits[1].Header.Get("Range") == "bytes=5-")
			})
		})
	}
}

// SEC-1: redirects are followed over https, and each of them hears only what it
// needs; http is refused on the spot.
func TestDownloadRedirects(t *testing.T) {
	t.Parallel()
	to := func(location string) *http.Response { return sends(302, "moved", 5, "Location", location) }
	synctest.Test(t, func(t *testing.T) {
		s := &storage{address: signed, answers: []any{to("https://edge.example.test/1"), tagged(), to("/2"), rest()}}
		var got bytes.Buffer
		_, err := newService(t, s).Recordings.Download(t.Context(), "call_1", &got, voice.DownloadParams{}, orbit.WithHeader("Authorization", "Bearer canary"))
		require.NoError(t, err)
		assert.Equal(t, whole, got.String())
		var asked []string
		for _, r := range s.hits {
			asked = append(asked, r.URL.Host+r.URL.Path+" "+r.Header.Get("Range"))
			for name := range r.Header {
				assert.Contains(t, []string{"Accept", "Accept-Encoding", "Range", "If-Range"}, name)
			}
		}
		assert.Equal(t, []string{"storage.example.test/call_1.wav ", "edge.example.test/1 ", "storage.example.test/call_1.wav bytes=5-", "storage.example.test/2 bytes=5-"}, asked)
	})
	for _, c := range []struct {
		name, address string
		answer        any
		hits          int
		want          error
	}{
		{"http", "http://storage.example.test/call_1.wav?sig=canary", nil, 0, fetch.ErrUnsafe},
		{"no address", "recordings/call_1.wav?sig=canary", nil, 0, fetch.ErrUnsafe},
		{"to http", signed, to("http://edge.example.test/?sig=canary"), 1, fetch.ErrUnsafe},
		{"to this machine", signed, to("http://127.0.0.1/?sig=canary"), 1, fetch.ErrUnsafe},
		{"in circles", signed, to(signed), 6, fetch.ErrLost},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &storage{address: c.address, answers: []any{c.answer}}
			_, err := newService(t, s).Recordings.Open(t.Context(), "call_1")
			require.ErrorIs(t, err, c.want)
			assert.Len(t, s.hits, c.hits, "no repeat would help")
			assertNoCanary(t, err)
		})
	}
}

// SEC-4: no error of a download says where the recording is.
func TestErrorsHoldNoAddress(t *testing.T) {
	t.Parallel()
	leak := fmt.Errorf("GET %s: no route to canary/signature", signed)
	for name, answers := range map[string][]any{
		"no answer":       {leak},
		"refused":         {sends(403, "<Error>"+signed+"</Error>", -1)},
		"broken":          {breaksWith(sends(200, whole[:5], 10, "ETag", `"v1"`), leak), leak},
		"another part":    {tagged(), rest("Content-Range", signed)},
		"redirected":      {sends(302, "", 0, "Location", "http://canary.example/")},
		"refused, broken": {sends(503, signed, -1), leak},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &storage{address: signed, answers: answers}
				var dump bytes.Buffer
				_, err := newService(t, s, orbit.WithDump(&dump)).Recordings.Download(t.Context(), "call_1", &bytes.Buffer{}, voice.DownloadParams{})
				require.Error(t, err)
				assertNoCanary(t, err)
				assert.NotContains(t, dump.String(), "canary")
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		s := &storage{address: signed, answers: []any{func(*http.Request) *http.Response {
			cancel(leak)
			return breaks(sends(200, whole[:5], 10))
		}}}
		_, err := newService(t, s).Recordings.Download(ctx, "call_1", io.Discard, voice.DownloadParams{})
		require.ErrorIs(t, err, context.Canceled)
		assertNoCanary(t, err)
	})
}

// breaksWith is breaks with another error.
func breaksWith(r *http.Response, err error) *http.Response {
	r.Body = io.NopCloser(io.MultiReader(r.Body, writerTo{err}))
	return r
}

type writerTo struct{ err error }

func (w writerTo) Read([]byte) (int, error) { return 0, w.err }

// assertNoCanary looks through an error and all that it wraps.
func assertNoCanary(t *testing.T, err error) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
		assert.NotContains(t, fmt.Sprintf(verb, err), "canary")
	}
	assert.NotContains(t, err.Error(), "call_1.wav")
	switch e := err.(type) { //nolint:errorlint // each layer by itself
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			assertNoCanary(t, inner)
		}
	default:
		if inner := errors.Unwrap(err); inner != nil {
			assertNoCanary(t, inner)
		}
	}
}

// CON-1: one client downloads for many goroutines.
func TestDownloadsSideBySide(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t, orbittest.WithoutLimits())
	recordings := server.Client().Voice.Recordings
	var wait sync.WaitGroup
	for i := range 50 {
		id := server.AddCall(orbittest.Call{}).ID
		content := strings.Repeat(id, 100+i)
		server.SetRecording(id, orbittest.Recording{Content: []byte(content)})
		wait.Go(func() {
			var got bytes.Buffer
			_, err := recordings.Download(t.Context(), id, &got, voice.DownloadParams{})
			assert.NoError(t, err)
			assert.True(t, content == got.String())
		})
	}
	wait.Wait()
}
