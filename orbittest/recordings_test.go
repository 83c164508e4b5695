package orbittest_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

// from fetches an address of the storage.
func from(t testing.TB, rt http.RoundTripper, address string, header ...string) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return try(t, rt, req)
}

// fetch is from for what is answered.
func fetch(t testing.TB, rt http.RoundTripper, address string, header ...string) answer {
	t.Helper()
	a, err := from(t, rt, address, header...)
	require.NoError(t, err)
	return a
}

// addressOf is where the recording of a call is, "" where there is none.
func addressOf(t testing.TB, s *orbittest.Server, id string) string {
	t.Helper()
	address, _ := do(t, s, "GET", "/voice/calls/"+id, "").at("data.recording_url").(string)
	return address
}

// recorded returns a server with a recording, and its address.
func recorded(t testing.TB, r orbittest.Recording) (s *orbittest.Server, id, address string) {
	t.Helper()
	s = orbittest.New(t)
	id = s.AddCall(orbittest.Call{}).ID
	s.SetRecording(id, r)
	return s, id, addressOf(t, s, id)
}

// A recording comes after the end of a call that was answered, if it was asked
// for.
func TestRecordingsAppear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := orbittest.New(t, bothKeys())
		yes := makeCall(t, s, `{"to":"+15005550002","record":true}`)
		no := makeCall(t, s, `{"to":"+15005550002"}`)
		unanswered := makeCall(t, s, `{"to":"+15005550003","record":true}`)
		live := makeCall(t, s, `{"to":"+15005550002","record":true}`, "X-API-Key", liveKey)
		time.Sleep(349 * time.Millisecond)
		assert.Empty(t, addressOf(t, s, yes), "the call has just ended")
		time.Sleep(time.Millisecond)
		a := fetch(t, s, addressOf(t, s, yes))
		assert.Equal(t, 200, a.status)
		assert.Equal(t, "audio/wav", a.header.Get("Content-Type"))
		require.Len(t, a.raw, 8044)
		assert.Equal(t, "RIFF", a.raw[:4])
		assert.Equal(t, uint32(8036), binary.LittleEndian.Uint32([]byte(a.raw[4:])))
		assert.Equal(t, "WAVEfmt ", a.raw[8:16])
		assert.Equal(t, uint32(8000), binary.LittleEndian.Uint32([]byte(a.raw[40:])))
		time.Sleep(36_649 * time.Millisecond)
		assert.Empty(t, addressOf(t, s, live))
		time.Sleep(time.Millisecond)
		assert.NotEmpty(t, addressOf(t, s, live))
		assert.Empty(t, addressOf(t, s, no))
		assert.Empty(t, addressOf(t, s, unanswered))
	})
}

// The storage tells versions apart and sends parts, as storage hosts do.
func TestRanges(t *testing.T) {
	s, id, address := recorded(t, orbittest.Recording{Content: []byte("0123456789"), ContentType: "audio/mpeg"})
	whole := fetch(t, s, address)
	tag := whole.header.Get("ETag")
	assert.Equal(t, "0123456789", whole.raw)
	assert.Equal(t, "audio/mpeg", whole.header.Get("Content-Type"))

	for _, test := range []struct {
		name, ask, condition string
		status               int
		body, part           string
	}{
		{"part", "bytes=4-", "", 206, "456789", "bytes 4-9/10"},
		{"same version", "bytes=4-", tag, 206, "456789", "bytes 4-9/10"},
		{"other version", "bytes=4-", `"x"`, 200, "0123456789", ""},
		{"all of it", "bytes=0-", "", 206, "0123456789", "bytes 0-9/10"},
		{"nothing left", "bytes=10-", "", 416, "<Error><Code>RequestedRangeNotSatisfiable</Code></Error>", ""},
		{"other units", "lines=4-", "", 200, "0123456789", ""},
		{"closed", "bytes=4-5", "", 200, "0123456789", ""},
	} {
		header := []string{"Range", test.ask}
		if test.condition != "" {
			header = append(header, "If-Range", test.condition)
		}
		a := fetch(t, s, address, header...)
		assert.Equal(t, test.status, a.status, test.name)
		assert.Equal(t, test.body, a.raw, test.name)
		assert.Equal(t, test.part, a.header.Get("Content-Range"), test.name)
	}

	s.SetRecording(id, orbittest.Recording{Content: []byte("another"), NoRanges: true, NoETag: true})
	a := fetch(t, s, address, "Range", "bytes=4-")
	assert.Equal(t, 200, a.status)
	assert.Equal(t, "another", a.raw)
	assert.Empty(t, a.header.Get("ETag"))
}

// Addresses are signed, and good for an hour.
func TestSignedAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, address := recorded(t, orbittest.Recording{Content: []byte("x")})
		assert.Equal(t, 403, fetch(t, s, address[:len(address)-1]+"x").status)
		assert.Equal(t, 403, fetch(t, s, "https://"+orbittest.StorageHost+"/recordings/x.wav").status)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, nil)
		require.NoError(t, err)
		refused, err := try(t, s, req)
		require.NoError(t, err)
		assert.Equal(t, 405, refused.status)
		time.Sleep(time.Hour)
		assert.Equal(t, 200, fetch(t, s, address).status)
		time.Sleep(time.Second)
		a := fetch(t, s, address)
		assert.Equal(t, 403, a.status)
		assert.Equal(t, "<Error><Code>Forbidden</Code></Error>", a.raw)
	})
}

// SEC-1: what belongs to the API alone fails the test when it comes to the
// storage.
func TestLeaksToTheStorage(t *testing.T) {
	for _, name := range []string{"X-API-Key", "Idempotency-Key", "Authorization", "Cookie", "X-Test-Mode", "User-Agent"} {
		tb := &fakeTB{}
		s := orbittest.New(tb)
		id := s.AddCall(orbittest.Call{}).ID
		s.SetRecording(id, orbittest.Recording{Content: []byte("x")})
		a := fetch(t, s, addressOf(t, s, id), name, "orbit-go/1")
		assert.Equal(t, 400, a.status)
		require.Len(t, tb.errors, 1)
		assert.Contains(t, tb.errors[0], http.CanonicalHeaderKey(name))
	}
}

// TST-3: the storage is scripted like the API.
func TestStorageFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, address := recorded(t, orbittest.Recording{Content: []byte("0123456789")})
		s.FailNext("GET /recordings/{id}",
			orbittest.ResetBefore(), orbittest.Truncated(), orbittest.Unavailable(), orbittest.Slow(time.Second),
			orbittest.Fault{Status: 302, Header: http.Header{"Location": {"https://example.com/"}}},
			orbittest.Fault{Header: http.Header{"Etag": nil, "Content-Range": {"bytes 1-2/3"}}})
		_, err := from(t, s, address)
		require.Error(t, err)
		a, err := from(t, s, address)
		require.True(t, errors.Is(err, io.ErrUnexpectedEOF), "%v", err)
		assert.Equal(t, "01234", a.raw)
		assert.Equal(t, 503, fetch(t, s, address).status)
		started := time.Now()
		assert.Equal(t, "0123456789", fetch(t, s, address).raw)
		assert.Equal(t, time.Second, time.Since(started))
		assert.Equal(t, "https://example.com/", fetch(t, s, address).header.Get("Location"))
		bent := fetch(t, s, address)
		assert.Empty(t, bent.header.Get("ETag"))
		assert.Equal(t, "bytes 1-2/3", bent.header.Get("Content-Range"))

		requests := s.Requests("GET /recordings/{id}")
		require.Len(t, requests, 6)
		assert.Equal(t, orbittest.StorageHost, requests[0].Host)
		assert.Zero(t, requests[0].Status)
		assert.Equal(t, 503, requests[2].Status)
	})
}

// Through a listener, the recordings are where the API is.
func TestRecordingsThroughAListener(t *testing.T) {
	s := orbittest.New(t)
	listener := httptest.NewServer(s)
	defer listener.Close()
	id := s.AddCall(orbittest.Call{}).ID
	s.SetRecording(id, orbittest.Recording{Content: []byte("0123456789")})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, listener.URL+"/api/v1/voice/calls/"+id, nil)
	require.NoError(t, err)
	req.Header.Set("X-API-Key", orbittest.DefaultAPIKey)
	a, err := try(t, http.DefaultTransport, req)
	require.NoError(t, err)
	address, _ := a.at("data.recording_url").(string)
	assert.Contains(t, address, listener.URL+"/recordings/"+id)
	assert.Equal(t, "456789", fetch(t, http.DefaultTransport, address, "Range", "bytes=4-").raw)
	s.FailNext("GET /recordings/{id}", orbittest.Truncated())
	_, err = from(t, http.DefaultTransport, address)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	http.DefaultClient.CloseIdleConnections()
}
