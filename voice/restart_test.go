package voice_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// What cannot be resumed begins anew where the writer lets what it has be taken
// back, and fails where it does not.
func TestRestart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(t *testing.T, name string, flags int) *os.File {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_RDWR|flags, 0o600)
		require.NoError(t, err)
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	whole, kept := string(sound()), "kept "
	another := strings.Repeat("another", 100)
	for _, c := range []struct {
		name   string
		writer func(t *testing.T) (w io.Writer, content func() string)
		fails  bool
	}{
		{"buffer", func(*testing.T) (io.Writer, func() string) {
			b := bytes.NewBufferString(kept)
			return b, b.String
		}, false},
		{"file", func(t *testing.T) (io.Writer, func() string) {
			f := file(t, t.Name()[strings.LastIndexByte(t.Name(), '/')+1:], 0)
			_, err := f.WriteString(kept)
			require.NoError(t, err)
			return f, func() string { return read(t, f.Name()) }
		}, false},
		{"file that is appended to", func(t *testing.T) (io.Writer, func() string) {
			name := t.Name()[strings.LastIndexByte(t.Name(), '/')+1:]
			require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(kept), 0o600))
			return file(t, name, os.O_APPEND), func() string { return read(t, filepath.Join(folder, name)) }
		}, false},
		{"writer", func(*testing.T) (io.Writer, func() string) {
			var b strings.Builder
			b.WriteString(kept)
			return &b, b.String
		}, true},
		{"pipe", func(t *testing.T) (io.Writer, func() string) {
			r, w, err := os.Pipe()
			require.NoError(t, err)
			t.Cleanup(func() { _, _ = r.Close(), w.Close() })
			return w, nil
		}, true},
		{"emptied buffer", func(*testing.T) (io.Writer, func() string) { return &leaky{}, nil }, true},
		{"closed file", func(t *testing.T) (io.Writer, func() string) {
			return &closes{file(t, t.Name()[strings.LastIndexByte(t.Name(), '/')+1:], 0)}, nil
		}, true},
	} {
		for _, how := range []string{"no ranges", "no ETag", "changed"} {
			t.Run(c.name+"_"+how, func(t *testing.T) {
				t.Parallel()
				w, content := c.writer(t)
				synctest.Test(t, func(t *testing.T) {
					sound, want := sound()[:60_000], kept+whole[:60_000]
					server, id := recorded(t, orbittest.Recording{Content: sound, NoRanges: how == "no ranges", NoETag: how == "no ETag"})
					server.FailNext(storageRoute, orbittest.Truncated())
					var seen []int64
					params := voice.DownloadParams{Progress: func(received, _ int64) {
						if seen = append(seen, received); how == "changed" && len(seen) == 1 {
							server.SetRecording(id, orbittest.Recording{Content: []byte(another)})
						}
					}}
					if how == "changed" {
						want = kept + another
					}
					recording, err := server.Client().Voice.Recordings.Download(t.Context(), id, w, params)
					if c.fails {
						assert.Nil(t, recording)
						assert.ErrorContains(t, err, "the storage host cannot resume, or has another recording by now, and what was received cannot be taken back")
						var broken *orbit.TransportError
						require.ErrorAs(t, err, &broken)
						assert.Equal(t, 2, broken.Attempts)
						return
					}
					require.NoError(t, err)
					assert.True(t, want == content())
					assert.Equal(t, int64(len(want)-len(kept)), recording.Size)
					assert.Equal(t, recording.Size, seen[len(seen)-1])
					assert.Equal(t, int64(30_000), seen[0])
				})
			})
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(content)
}

// leaky is a buffer that somebody else reads from at once.
type leaky struct{ bytes.Buffer }

func (l *leaky) Write(p []byte) (int, error) { return len(p), nil }

// closes is a file that can be written, and not be cut off.
type closes struct{ *os.File }

func (c *closes) Truncate(int64) error { return os.ErrClosed }

// A stream cannot begin anew: what was read is with its reader.
func TestNoRestartWhileReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for requests, r := range map[int]orbittest.Recording{
			2: {Content: sound(), NoRanges: true},
			1: {Content: sound(), NoETag: true}, // there is no way to ask for the same version
		} {
			server, id := recorded(t, r)
			server.FailNext(storageRoute, orbittest.Truncated())
			stream, err := server.Client().Voice.Recordings.Open(t.Context(), id)
			require.NoError(t, err)
			got, err := io.ReadAll(stream)
			var broken *orbit.TransportError
			require.ErrorAs(t, err, &broken)
			assert.True(t, bytes.Equal(sound()[:50_000], got))
			assert.Len(t, server.Requests(storageRoute), requests)
			_, again := stream.Read(make([]byte, 1))
			assert.Equal(t, err, again, "it stays so")
			require.NoError(t, stream.Close())
		}
	})
}
