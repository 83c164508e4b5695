package voice_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

const storageRoute = "GET /recordings/{id}"

// sound is a recording of 100 kB, no part of which is like another.
func sound() []byte {
	var b bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&b, "%09d ", i)
	}
	return b.Bytes()
}

// recorded returns a fake with a recording, and the ID of its call.
func recorded(t *testing.T, r orbittest.Recording) (*orbittest.Server, string) {
	t.Helper()
	server := orbittest.New(t)
	id := server.AddCall(orbittest.Call{Status: "completed", Record: true}).ID
	server.SetRecording(id, r)
	return server, id
}

// SEC-1: a recording is downloaded as it is, and the storage host hears nothing
// that is meant for the API; the fake fails the test if it does.
func TestDownload(t *testing.T) {
	t.Parallel()
	server, id := recorded(t, orbittest.Recording{Content: sound(), ContentType: "audio/mpeg"})
	var ops []string
	observer := orbit.Observer{CallStart: func(ctx context.Context, e orbit.CallEvent) context.Context {
		ops = append(ops, e.Op)
		return ctx
	}}
	var sent orbit.Response
	var got bytes.Buffer
	recording, err := server.Client(orbit.WithObserver(observer), orbit.WithUserAgent("shop/1")).Voice.Recordings.Download(
		t.Context(), id, &got, voice.DownloadParams{},
		orbit.WithHeader("X-Trace", "1"), orbit.CaptureResponse(&sent))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(sound(), got.Bytes()))
	assert.Equal(t, voice.Recording{Meta: recording.Meta, CallID: id, ContentType: "audio/mpeg", Size: 100_000}, *recording)
	assert.NotEmpty(t, recording.RequestID())
	assert.Equal(t, sent.RequestID, recording.RequestID())
	assert.Equal(t, []string{"Voice.Recordings.Download"}, ops, "the storage is no part of the API")
	requests := server.Requests()
	require.Len(t, requests, 2)
	assert.Equal(t, "1", requests[0].Header.Get("X-Trace"))
	assert.Equal(t, orbittest.StorageHost, requests[1].Host)
	assert.Equal(t, http.Header{"Accept": {"*/*"}, "Accept-Encoding": {"identity"}}, requests[1].Header)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	server, id := recorded(t, orbittest.Recording{Content: sound(), ContentType: "audio/mpeg"})
	stream, err := server.Client().Voice.Recordings.Open(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, voice.Recording{Meta: stream.Meta, CallID: id, ContentType: "audio/mpeg", Size: 100_000}, stream.Recording)
	n, err := stream.Read(nil)
	require.NoError(t, err)
	assert.Zero(t, n)
	got, err := io.ReadAll(stream)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(sound(), got))
	n, err = stream.Read(make([]byte, 1))
	assert.Equal(t, io.EOF, err)
	assert.Zero(t, n)
	require.NoError(t, stream.Close())
	require.NoError(t, stream.Close())

	half, err := server.Client().Voice.Recordings.Open(t.Context(), id)
	require.NoError(t, err)
	_, err = io.CopyN(io.Discard, half, 10)
	require.NoError(t, err)
	require.NoError(t, half.Close())
	_, err = half.Read(make([]byte, 1))
	require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
}

func TestEmptyRecording(t *testing.T) {
	t.Parallel()
	server, id := recorded(t, orbittest.Recording{})
	var got bytes.Buffer
	recording, err := server.Client().Voice.Recordings.Download(t.Context(), id, &got, voice.DownloadParams{})
	require.NoError(t, err)
	assert.Zero(t, recording.Size)
	assert.Zero(t, got.Len())
}

// A call without a recording is told apart from everything that fails.
func TestNoRecording(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t)
	for _, c := range []struct {
		call orbittest.Call
		text string
	}{
		{orbittest.Call{Status: "in_progress", Record: true}, " yet: it is in_progress"},
		{orbittest.Call{Status: "in_progress"}, " yet: it is in_progress"},
		{orbittest.Call{Status: "on_hold"}, " yet: it is in an unknown status"},
		{orbittest.Call{Status: "completed", Record: true}, " yet, or never will: it is completed"},
		{orbittest.Call{Status: "busy"}, ": none was asked for"},
	} {
		added := server.AddCall(c.call)
		recordings := server.Client().Voice.Recordings
		_, downloading := recordings.Download(t.Context(), added.ID, io.Discard, voice.DownloadParams{})
		_, opening := recordings.Open(t.Context(), added.ID)
		for op, err := range map[string]error{"Voice.Recordings.Download": downloading, "Voice.Recordings.Open": opening} {
			require.ErrorIs(t, err, voice.ErrNoRecording)
			require.NotErrorIs(t, err, orbit.ErrNotFound)
			var none *voice.NoRecordingError
			require.ErrorAs(t, err, &none)
			status := voice.CallStatus(c.call.Status)
			if !status.Known() {
				status = ""
			}
			assert.Equal(t, voice.NoRecordingError{
				Op: op, Status: status, Requested: orbit.Ptr(c.call.Record),
			}, *none)
			assert.Equal(t, "orbit: "+op+": the call has no recording"+c.text, err.Error())
			assert.False(t, orbit.MaybeSent(err))
		}
	}
	assert.Empty(t, server.Requests(storageRoute))
	_, err := server.Client().Voice.Recordings.Download(t.Context(), "call_x", io.Discard, voice.DownloadParams{})
	require.ErrorIs(t, err, orbit.ErrNotFound)
	require.NotErrorIs(t, err, voice.ErrNoRecording)
}

func TestDownloadRefuses(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t)
	recordings := server.Client(orbit.WithoutChecks()).Voice.Recordings // these are no matter of opinion
	for field, err := range map[string]error{
		"w":               fails(recordings.Download(t.Context(), "call_1", nil, voice.DownloadParams{})),
		"id":              fails(recordings.Open(t.Context(), "")),
		"WithMaxAttempts": fails(recordings.Open(t.Context(), "call_1", orbit.WithMaxAttempts(0))),
	} {
		var refused *orbit.ParamError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, field, refused.Field)
	}
	assert.Empty(t, server.Requests())
}

// A broken connection is made again, and the recording resumed where it broke
// off, in the version that it was begun in.
func TestResume(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, id := recorded(t, orbittest.Recording{Content: sound()})
		server.FailNext(storageRoute, orbittest.ResetBefore(), orbittest.Truncated(), orbittest.Unavailable(), orbittest.Truncated(), orbittest.ResetBefore())
		var got bytes.Buffer
		var seen []int64
		progress := func(received, size int64) {
			assert.Equal(t, int64(100_000), size)
			assert.Equal(t, int64(got.Len()), received)
			seen = append(seen, received)
		}
		_, err := server.Client().Voice.Recordings.Download(t.Context(), id, &got, voice.DownloadParams{Progress: progress}, orbit.WithMaxAttempts(6))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(sound(), got.Bytes()))
		assert.IsIncreasing(t, seen)
		assert.Equal(t, int64(100_000), seen[len(seen)-1])
		var asked []string
		for _, r := range server.Requests(storageRoute) {
			asked = append(asked, r.Header.Get("Range"))
			assert.Equal(t, r.Header.Get("Range") != "", r.Header.Get("If-Range") != "")
		}
		assert.Equal(t, []string{"", "", "bytes=50000-", "bytes=50000-", "bytes=75000-", "bytes=75000-"}, asked)
	})
}

func TestResumeWhileReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, id := recorded(t, orbittest.Recording{Content: sound()})
		server.FailNext(storageRoute, orbittest.ResetBefore(), orbittest.Truncated())
		stream, err := server.Client().Voice.Recordings.Open(t.Context(), id)
		require.NoError(t, err)
		got, err := io.ReadAll(stream)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(sound(), got))
		require.NoError(t, stream.Close())
	})
}

// LEAK-6: an address that expires during the download is asked for anew, and the
// recording resumed.
func TestResumeBehindAnExpiredAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, id := recorded(t, orbittest.Recording{Content: sound()})
		server.FailNext(storageRoute, orbittest.Truncated())
		stream, err := server.Client().Voice.Recordings.Open(t.Context(), id)
		require.NoError(t, err)
		time.Sleep(24 * time.Hour)
		got, err := io.ReadAll(stream)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(sound(), got))
		require.NoError(t, stream.Close())
		assert.Len(t, server.Requests("GET /voice/calls/{id}"), 2)
		assert.Len(t, server.Requests(storageRoute), 3)
	})
}

// A connection that brings nothing is as good as broken.
func TestResumeOfStalledConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, id := recorded(t, orbittest.Recording{Content: sound()})
		server.FailNext(storageRoute, orbittest.Slow(time.Hour), orbittest.Fault{BodyDelay: time.Hour})
		started := time.Now()
		var got bytes.Buffer
		_, err := server.Client().Voice.Recordings.Download(t.Context(), id, &got, voice.DownloadParams{}, orbit.WithAttemptTimeout(10*time.Second))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(sound(), got.Bytes()))
		assert.InDelta(t, 20, time.Since(started).Seconds(), 2)

		server.FailNext(storageRoute, orbittest.Fault{BodyDelay: time.Hour})
		_, err = server.Client().Voice.Recordings.Download(t.Context(), id, &got, voice.DownloadParams{}, orbit.WithRetry(orbit.RetryNone))
		var broken *orbit.TransportError
		require.ErrorAs(t, err, &broken)
		assert.True(t, broken.Timeout())
		assert.Equal(t, "orbit: Voice.Recordings.Download: GET recording_url: the recording broke off after 0.0 of 0.1 MB: nothing came in time (1 attempt)", err.Error())
	})
}

// RET-7, RET-8: the attempts are bounded, and what is left then is an error.
func TestBrokenOffForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, id := recorded(t, orbittest.Recording{Content: sound()})
		cut := orbittest.Truncated()
		for attempts, opts := range map[int][]orbit.CallOption{
			3: nil, 1: {orbit.WithRetry(orbit.RetryNone)}, 2: {orbit.WithMaxAttempts(2)}, 5: {orbit.WithMaxAttempts(5)},
		} {
			server.FailNext(storageRoute, cut, cut, cut, cut, cut)
			before := len(server.Requests(storageRoute))
			var got bytes.Buffer
			recording, err := server.Client().Voice.Recordings.Download(t.Context(), id, &got, voice.DownloadParams{}, opts...)
			assert.Nil(t, recording)
			assert.Len(t, server.Requests(storageRoute), before+attempts)
			var broken *orbit.TransportError
			require.ErrorAs(t, err, &broken)
			assert.Equal(t, attempts, broken.Attempts)
			assert.Equal(t, "recording_url", broken.Route)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			assert.ErrorContains(t, err, "the recording broke off after 0.")
			assert.NotRegexp(t, "[0-9]{7}", err.Error())
			assert.True(t, orbit.Retryable(err))
			assert.False(t, orbit.MaybeSent(err))
			assert.Less(t, got.Len(), 100_000)
			for len(server.Requests(storageRoute)) < before+5 { // use up what is left
				_, _ = server.Client().Voice.Recordings.Open(t.Context(), id, orbit.WithMaxAttempts(1))
			}
		}
	})
}

// What the storage refuses is an error with its status; what may pass is tried
// again, after the wait that was asked for (RET-4).
func TestStorageRefuses(t *testing.T) {
	t.Parallel()
	later := orbittest.Fault{Status: 503, Header: http.Header{"Retry-After": {"7"}}}
	for _, c := range []struct {
		name     string
		faults   []orbittest.Fault
		requests int
		wait     time.Duration
		status   int // of the error; 0 for none
		class    error
		again    bool
	}{
		{"expired", []orbittest.Fault{{Status: 403}}, 1, 0, 403, orbit.ErrForbidden, false},
		{"gone", []orbittest.Fault{{Status: 404}}, 1, 0, 404, orbit.ErrNotFound, false},
		{"redirect to nowhere", []orbittest.Fault{{Status: 302}}, 1, 0, 302, nil, false},
		{"other success", []orbittest.Fault{{Status: 204}}, 1, 0, 204, nil, false},
		{"part of nothing", []orbittest.Fault{{Status: 206}}, 1, 0, 206, nil, false},
		{"once", []orbittest.Fault{later}, 2, 7 * time.Second, 0, nil, false},
		{"for good", []orbittest.Fault{later, later, later}, 3, 14 * time.Second, 503, orbit.ErrServer, true},
		{"for too long", []orbittest.Fault{{Status: 503, Header: http.Header{"Retry-After": {"76"}}}}, 1, 0, 503, orbit.ErrServer, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, id := recorded(t, orbittest.Recording{Content: sound()})
				server.FailNext(storageRoute, c.faults...)
				started := time.Now()
				_, err := server.Client().Voice.Recordings.Download(t.Context(), id, &bytes.Buffer{}, voice.DownloadParams{})
				assert.Equal(t, c.wait, time.Since(started))
				assert.Len(t, server.Requests(storageRoute), c.requests)
				if c.status == 0 {
					require.NoError(t, err)
					return
				}
				var refused *orbit.Error
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, c.status, refused.StatusCode)
				assert.Equal(t, c.requests, refused.Attempts)
				assert.Equal(t, "recording_url", refused.Route)
				assert.ErrorContains(t, err, fmt.Sprintf("%d: the storage host refused the recording", c.status))
				assert.Equal(t, c.again, orbit.Retryable(err))
				assert.False(t, orbit.MaybeSent(err))
				if c.class != nil {
					require.ErrorIs(t, err, c.class)
				}
			})
		})
	}
}

// An earlier refusal is not forgotten.
func TestLastRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, id := recorded(t, orbittest.Recording{Content: sound()})
		server.FailNext(storageRoute, orbittest.Unavailable(), orbittest.ResetBefore(), orbittest.ResetBefore())
		_, err := server.Client().Voice.Recordings.Open(t.Context(), id)
		require.ErrorIs(t, err, syscall.ECONNRESET)
		var refused *orbit.Error
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, 503, refused.StatusCode)
		assert.ErrorContains(t, err, "the storage host did not respond")
	})
}

// CTX-2, CTX-3: a download ends with its context, and does not begin waits that
// it could not finish.
func TestDownloadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	slow := orbittest.Fault{BodyDelay: time.Minute}
	for _, c := range []struct {
		name   string
		faults []orbittest.Fault
		opts   []orbit.CallOption
		after  time.Duration
		err    error
		text   string
	}{
		{"deadline", []orbittest.Fault{slow}, nil, 5 * time.Second, context.DeadlineExceeded, "the download was given up: context deadline exceeded"},
		{"timeout of the call", []orbittest.Fault{slow}, []orbit.CallOption{orbit.WithTimeout(2 * time.Second)}, 2 * time.Second,
			context.DeadlineExceeded, "the download was given up: context deadline exceeded"},
		{"no time to wait", []orbittest.Fault{{Status: 503, Header: http.Header{"Retry-After": {"6"}}}}, nil, 0, orbit.ErrServer, "503"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, id := recorded(t, orbittest.Recording{Content: sound()})
				for _, open := range []bool{false, true} {
					server.FailNext(storageRoute, c.faults...)
					ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
					defer cancel()
					started := time.Now()
					var err error
					if open {
						var stream *voice.RecordingStream
						if stream, err = server.Client().Voice.Recordings.Open(ctx, id, c.opts...); err == nil {
							_, err = io.Copy(io.Discard, stream)
							require.NoError(t, stream.Close())
						}
					} else {
						_, err = server.Client().Voice.Recordings.Download(ctx, id, io.Discard, voice.DownloadParams{}, c.opts...)
					}
					require.ErrorIs(t, err, c.err)
					assert.ErrorContains(t, err, c.text)
					assert.Equal(t, c.after, time.Since(started))
				}
			})
		})
	}
}

// What the writer says is what the caller hears.
func TestWriterFails(t *testing.T) {
	t.Parallel()
	server, id := recorded(t, orbittest.Recording{Content: sound()})
	full := func(p []byte) (int, error) { return 10, syscall.ENOSPC }
	short := func(p []byte) (int, error) { return 10, nil }
	for want, w := range map[error]writer{syscall.ENOSPC: full, io.ErrShortWrite: short} {
		recording, err := server.Client().Voice.Recordings.Download(t.Context(), id, w, voice.DownloadParams{})
		assert.Nil(t, recording)
		require.ErrorIs(t, err, want)
		assert.ErrorContains(t, err, "orbit: Voice.Recordings.Download: the recording cannot be written: ")
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// Over real connections, broken ones among them, the fake's recordings are on
// this machine, which is the one place where http will do.
func TestDownloadThroughAListener(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t)
	listener := httptest.NewServer(server)
	defer listener.Close()
	client, err := orbit.NewClient(apiKey, orbit.WithBaseURL(listener.URL+"/api/v1"))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	id := server.AddCall(orbittest.Call{Status: "completed"}).ID
	server.SetRecording(id, orbittest.Recording{Content: sound()})
	server.FailNext(storageRoute, orbittest.Truncated(), orbittest.ResetBefore())
	file, err := os.Create(filepath.Join(t.TempDir(), "recording.wav"))
	require.NoError(t, err)
	defer file.Close() //nolint:errcheck // it is read below
	_, err = client.Voice.Recordings.Download(t.Context(), id, file, voice.DownloadParams{})
	require.NoError(t, err)
	assert.True(t, string(sound()) == read(t, file.Name()))
	requests := server.Requests(storageRoute)
	require.Len(t, requests, 3)
	assert.Equal(t, "bytes=50000-", requests[2].Header.Get("Range"))
	assert.Equal(t, "Go-http-client/1.1", requests[2].Header.Get("User-Agent"), "no name of ours")
}
