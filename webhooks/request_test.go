package webhooks_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

func TestParse(t *testing.T) { // WHK-7
	t.Parallel()
	body := []byte(testBody)
	event, err := newVerifier(t).Parse(webhooks.Sign(testSecret, body, signedAt()), body)
	require.NoError(t, err)
	clear(body)
	assert.Equal(t, "evt_1", event.ID)
	assert.Equal(t, testBody, string(event.Raw), "the caller may use its buffer again")
	assert.JSONEq(t, `{"message_id":"msg_1","status":"delivered"}`, string(event.Data))
	assert.Equal(t, webhooks.Verification{Scheme: webhooks.SchemeV1, SignedAt: signedAt()}, event.Verification)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	event, err := newVerifier(t).Parse("", []byte(testBody))
	require.ErrorIs(t, err, webhooks.ErrNoSignature)
	assert.Nil(t, event)
	event, err = newVerifier(t).Parse(webhooks.Sign(testSecret, []byte("hello"), signedAt()), []byte("hello"))
	require.Equal(t, []error{webhooks.ErrNotJSON}, matching(err))
	assert.Nil(t, event)
}

// WHK-7: the body can be read again after a success and after a refusal, and is
// closed once.
func TestParseRequestRestoresBody(t *testing.T) {
	t.Parallel()
	for signature, want := range map[string]error{
		webhooks.Sign(testSecret, []byte(testBody), signedAt()):  nil,
		webhooks.Sign(otherSecret, []byte(testBody), signedAt()): webhooks.ErrMismatch,
		"": webhooks.ErrNoSignature,
	} {
		r := delivery(signature, testBody)
		original := &closeCounter{Reader: r.Body}
		r.Body = original
		_, err := newVerifier(t).ParseRequest(r)
		require.ErrorIs(t, err, want)
		again, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.Equal(t, testBody, string(again))
		assert.Zero(t, original.closed)
		require.NoError(t, r.Body.Close())
		assert.Equal(t, 1, original.closed)
	}
}

type closeCounter struct {
	io.Reader
	closed int
}

func (c *closeCounter) Close() error { c.closed++; return nil }

// WHK-5: not a byte beyond the limit but one is read, and none where the header
// says how long the body is.
func TestParseRequestMaxBody(t *testing.T) {
	t.Parallel()
	const limit = 100
	v := newVerifier(t, webhooks.WithMaxBody(limit))
	for _, c := range []struct {
		name      string
		size      int
		announced bool
		wantRead  int
		wantErr   error
	}{
		{"below", limit - 1, true, limit - 1, webhooks.ErrMismatch},
		{"at the limit", limit, true, limit, webhooks.ErrMismatch},
		{"at the limit, chunked", limit, false, limit, webhooks.ErrMismatch},
		{"above, announced", limit + 1, true, 0, webhooks.ErrBodyTooLarge},
		{"above, chunked", 1 << 20, false, limit + 1, webhooks.ErrBodyTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := delivery(webhooks.Sign(otherSecret, nil, signedAt()), "")
			body := &countingReader{r: strings.NewReader(strings.Repeat("x", c.size))}
			r.Body = io.NopCloser(body)
			r.ContentLength = -1
			if c.announced {
				r.ContentLength = int64(c.size)
			}
			_, err := v.ParseRequest(r)
			require.Equal(t, []error{c.wantErr}, matching(err))
			assert.Equal(t, c.wantRead, body.n)
		})
	}
}

// WHK-9: no byte of a body is read under a header that cannot be right.
func TestParseRequestChecksTheHeaderFirst(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]error{
		"":                           webhooks.ErrNoSignature,
		"t=1772971200":               webhooks.ErrMalformed,
		sum(t, testSecret, testBody): webhooks.ErrMalformed, // of the older scheme
		webhooks.Sign(testSecret, []byte(testBody), signedAt().Add(-6*time.Minute)): webhooks.ErrTooOld,
		webhooks.Sign(testSecret, []byte(testBody), signedAt().Add(6*time.Minute)):  webhooks.ErrTooNew,
	} {
		r := delivery(header, "")
		body := &countingReader{r: strings.NewReader(testBody)}
		r.Body, r.ContentLength = io.NopCloser(body), -1
		_, err := newVerifier(t).ParseRequest(r)
		require.Equal(t, []error{want}, matching(err))
		assert.Zero(t, body.n, "%v", want)
	}
}

type countingReader struct {
	r io.Reader
	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// WHK-6: a body that breaks off, and one that somebody in front has limited.
func TestParseRequestBrokenBody(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	r := delivery(webhooks.Sign(testSecret, []byte(testBody), signedAt()), "")
	r.ContentLength = -1
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(testBody), iotest.ErrReader(broken)))
	_, err := newVerifier(t).ParseRequest(r)
	require.Equal(t, []error{webhooks.ErrBodyUnreadable}, matching(err))
	require.ErrorIs(t, err, broken)

	r = delivery(webhooks.Sign(testSecret, []byte(testBody), signedAt()), testBody)
	r.Body = http.MaxBytesReader(nil, r.Body, 10)
	_, err = newVerifier(t).ParseRequest(r)
	require.Equal(t, []error{webhooks.ErrBodyTooLarge}, matching(err))
}

func TestParseRequestWithoutBody(t *testing.T) {
	t.Parallel()
	r := delivery("", "")
	r.Body = nil
	_, err := newVerifier(t).ParseRequest(r)
	require.ErrorIs(t, err, webhooks.ErrNoSignature)
}

// Several lines of the header are one list, so that there is no choice of line to
// disagree about.
func TestParseRequestHeaderLines(t *testing.T) {
	t.Parallel()
	right := sum(t, testSecret, testBody)
	for _, c := range []struct {
		lines []string
		want  error
	}{
		{[]string{"t=1772971200", "v1=" + right}, nil},
		{[]string{"t=1772971200,v1=" + strings.Repeat("0", 64), "v1=" + right}, nil},
		{[]string{"t=1772971200,v1=" + right, "t=1772971200,v1=" + right}, webhooks.ErrMalformed},
		{[]string{"t=1,v1=00", "t=1772971200,v1=" + right}, webhooks.ErrMalformed},
	} {
		r := delivery("", testBody)
		r.Header[webhooks.SignatureHeader] = c.lines
		_, err := newVerifier(t).ParseRequest(r)
		require.ErrorIs(t, err, c.want)
	}
}
