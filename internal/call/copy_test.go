package call_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/call"
)

// copied copies the stream of a script.
func copied(ctx context.Context, t *testing.T, s *script, w io.Writer) (int64, error) {
	t.Helper()
	d, err := call.Stream(ctx, s.client(), call.Get("Things.Export", "/export"), nil, nil)
	require.NoError(t, err)
	return d.Copy(w)
}

func TestCopy(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":          "",
		"CSV":              "id,name\n1,\"a\nb\"\n",
		"a mark of UTF-8":  "\ufeffid\n1\n",
		"blank first line": "\nid\n",
		"JSON":             `[{"id":"a"}]`,
		"an object":        `{"data":[{"id":"a"}],"error":null}`,
		"a large one":      strings.Repeat("0123456789abcdef", 64<<10),
	} {
		for _, length := range []int64{-1, int64(len(text))} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var out bytes.Buffer
				n, err := copied(t.Context(), t, play(stream(text, length, nil)), &out)
				require.NoError(t, err)
				assert.Equal(t, int64(len(text)), n)
				assert.Equal(t, text, out.String())
			})
		}
	}
}

// A file that broke off is never taken for a whole one, and an error in its place
// is never written.
func TestCopyOfWhatIsNoFile(t *testing.T) { // ERR-1, ERR-7
	t.Parallel()
	broke := errors.New("connection reset")
	for name, c := range map[string]struct {
		text    string
		length  int64
		end     error
		written string
		kind    call.Kind
		reason  string
	}{
		"broken":         {"id\n1\n", -1, broke, "id\n1\n", call.KindDecode, "the answer broke off"},
		"broken at once": {"", -1, broke, "", call.KindDecode, "the answer broke off"},
		"too short":      {"id\n1\n", 100, nil, "id\n1\n", call.KindDecode, "the answer broke off"},
		"HTML":           {"\r\n\t<html>", -1, nil, "", call.KindDecode, "the response is HTML, not JSON: perhaps a proxy's"},
		"an error":       {` {"error":{"code":"X","message":"no"}}`, -1, nil, "", call.KindAPI, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			n, err := copied(t.Context(), t, play(stream(c.text, c.length, c.end)), &out)
			f := failure(t, err)
			assert.Equal(t, c.kind, f.Kind)
			assert.Equal(t, c.reason, f.Reason)
			assert.Equal(t, c.kind == call.KindDecode, f.MaybeSent)
			assert.Equal(t, c.written, out.String())
			assert.Equal(t, int64(len(c.written)), n)
			if c.end != nil {
				require.ErrorIs(t, err, c.end)
			}
		})
	}
}

// full takes so many bytes, then fails.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) <= f.room {
		f.room -= len(p)
		return len(p), nil
	}
	n := f.room
	f.room = 0
	return n, errFull
}

var errFull = errors.New("the disk is full")

func TestCopyToAWriterThatFails(t *testing.T) {
	t.Parallel()
	n, err := copied(t.Context(), t, play(stream(strings.Repeat("x", 100<<10), -1, nil)), &full{room: 50 << 10})
	assert.Equal(t, errFull, err, "the writer's own error, as it is")
	assert.Equal(t, int64(50<<10), n)
}

func TestCopyEndsWithItsContext(t *testing.T) { // CTX-2
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		var closed bool
		var out bytes.Buffer
		n, err := copied(ctx, t, play(slowly(20, 5*time.Second, &closed)), &out)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, call.KindTransport, failure(t, err).Kind)
		assert.Equal(t, int64(2), n)
		assert.Equal(t, "xx", out.String())
		assert.True(t, closed)
	})
}
