package call_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// rowsOf ranges over the rows of a script.
func rowsOf(ctx context.Context, s *script, opts ...api.CallOption) iter.Seq2[thing, error] {
	whole := func(http.Header) error { return nil }
	return call.Rows[thing, thingWire](ctx, s.client(), call.Get("Things.Export", "/export"), nil, whole, opts)
}

// collect reads all rows, and the error behind them.
func collect(rows iter.Seq2[thing, error]) (ids []string, err error) {
	for row, e := range rows {
		if e != nil {
			err = e
			continue
		}
		ids = append(ids, row.ID)
	}
	return ids, err
}

func TestRows(t *testing.T) {
	t.Parallel()
	padded := `","pad":"` + strings.Repeat("x", 700<<10) + `"`
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"none":                                  {"[]", nil},
		"some":                                  {` [{"id":"a"} , {"id":"b"}] ` + "\n", []string{"a", "b"}},
		"behind a mark":                         {"\ufeff" + `[{"id":"a"}]`, []string{"a"}},
		"another type":                          {`[{"id":7}]`, []string{"7"}},
		"in an envelope":                        {`{"data":[{"id":"a"},{"id":"b"}],"meta":{}}`, []string{"a", "b"}},
		"deeper":                                {`{"data":{"things":[{"id":"a"}]},"error":null}`, []string{"a"}},
		"larger than read":                      {`[{"id":"` + strings.Repeat("x", 100<<10) + `"},{"id":"b"}]`, []string{strings.Repeat("x", 100<<10), "b"}},
		"larger rows than one may be, together": {`[{"id":"a` + padded + `},{"id":"b` + padded + `},{"id":"c` + padded + `}]`, []string{"a", "b", "c"}},
		"the same in an envelope":               {`{"data":[{"id":"a` + padded + `},{"id":"b` + padded + `}]}`, []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(problem(503, "X"), answer(200, c.body, "X-Request-Id", "req_r"))
			rows := rowsOf(t.Context(), s)
			assert.Zero(t, s.count(), "nothing is sent before the range")
			for row, err := range rows {
				require.NoError(t, err)
				assert.Equal(t, "req_r", row.RequestID())
			}
			assert.Equal(t, "application/json", s.hits[1].header.Get("Accept"))
			ids, err := collect(rows) // another range is another call
			require.NoError(t, err)
			assert.Equal(t, c.want, ids)
			assert.Equal(t, 3, s.count())
		})
	}
}

// ERR-1, ERR-7, FWD-3: rows that came before the end went wrong are followed by
// an error, whatever it was.
func TestRowsThatEndBadly(t *testing.T) {
	t.Parallel()
	broke := errors.New("connection reset")
	for name, c := range map[string]struct {
		body   string
		end    error
		rows   int
		kind   call.Kind
		reason string
	}{
		"empty":                {"", nil, 0, call.KindDecode, "the answer broke off"},
		"only begun":           {"[", nil, 0, call.KindDecode, "the answer broke off"},
		"within a row":         {`[{"id":"a"},{"id":`, nil, 1, call.KindDecode, "the answer broke off"},
		"between rows":         {`[{"id":"a"},`, nil, 1, call.KindDecode, "the answer broke off"},
		"behind the last row":  {`[{"id":"a"}`, nil, 1, call.KindDecode, "the answer broke off"},
		"broken connection":    {`[{"id":"a"}`, broke, 1, call.KindDecode, "the answer broke off"},
		"broken behind it all": {`[{"id":"a"}]`, broke, 1, call.KindDecode, "the answer broke off"},
		"not JSON":             {`[{"id":"a"},oops]`, nil, 1, call.KindDecode, "the response is not valid JSON"},
		"CSV":                  {"id\na\n", nil, 0, call.KindDecode, "the response is not valid JSON"},
		"a text":               {`"id"`, nil, 0, call.KindDecode, "the response is not an array"},
		"null":                 {"null", nil, 0, call.KindDecode, "the response is not an array"},
		"more behind it":       {`[{"id":"a"}] {}`, nil, 1, call.KindDecode, "the response goes on behind its array"},
		"another type":         {`[{"id":"a"},{"id":{}}]`, nil, 1, call.KindDecode, "a field has another type than expected"},
		"HTML":                 {"\n <html>", nil, 0, call.KindDecode, "the response is HTML, not JSON: perhaps a proxy's"},
		"a row without end":    {`[{"id":"a"},{"id":"` + strings.Repeat("x", 3<<20), nil, 1, call.KindDecode, "the answer is larger than the limit"},
		"empty envelope":       {`{"meta":{}}`, nil, 0, call.KindDecode, "the response holds no data"},
		"broken envelope":      {`{"data":[{"id":"a"}`, broke, 0, call.KindDecode, "the answer broke off"},
		"an error":             {`{"error":{"code":"X","message":"no"},"data":[]}`, nil, 0, call.KindAPI, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(stream(c.body, -1, c.end))
			ids, err := collect(rowsOf(t.Context(), s))
			f := failure(t, err)
			assert.Len(t, ids, c.rows)
			assert.Equal(t, c.kind, f.Kind)
			assert.Equal(t, c.reason, f.Reason)
			assert.Equal(t, c.kind == call.KindDecode, f.MaybeSent)
			assert.Equal(t, "Things.Export", f.Op)
			assert.Equal(t, 1, s.count(), "what was begun is not begun again")
			if c.end != nil {
				require.ErrorIs(t, err, c.end)
			}
		})
	}
}

// stream is a success whose body ends with err, or well.
func stream(body string, length int64, err error) step {
	return func(*http.Request) (*http.Response, error) {
		var r io.Reader = strings.NewReader(body)
		if err != nil {
			r = io.MultiReader(r, failing{err})
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: length, Body: io.NopCloser(r)}, nil
	}
}

type failing struct{ err error }

func (r failing) Read([]byte) (int, error) { return 0, r.err }

// What the headers say of the whole comes last.
func TestRowsEnd(t *testing.T) {
	t.Parallel()
	cut := errors.New("only the first rows")
	end := func(h http.Header) error {
		assert.Equal(t, "true", h.Get("X-Cut"))
		return cut
	}
	s := play(answer(200, `[{"id":"a"},{"id":"b"}]`, "X-Cut", "true"))
	ids, err := collect(call.Rows[thing, thingWire](t.Context(), s.client(), call.Get("Things.Export", "/export"), nil, end, nil))
	require.ErrorIs(t, err, cut)
	assert.Equal(t, []string{"a", "b"}, ids)
}

// PAG-3: who has seen enough closes the stream.
func TestRowsBreak(t *testing.T) {
	t.Parallel()
	var closed bool
	s := play(func(*http.Request) (*http.Response, error) {
		body := closing{strings.NewReader(`[{"id":"a"},{"id":"b"},oops`), &closed}
		return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: body}, nil
	})
	for row, err := range rowsOf(t.Context(), s) {
		require.NoError(t, err)
		assert.Equal(t, "a", row.ID)
		break
	}
	assert.True(t, closed)
}

type closing struct {
	io.Reader

	closed *bool
}

func (c closing) Close() error {
	*c.closed = true
	return nil
}

// CTX-2: a stream ends with its context, and says so.
func TestRowsEndWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		var closed bool
		s := play(func(req *http.Request) (*http.Response, error) {
			resp, err := slowly(20, 5*time.Second, &closed)(req)
			resp.Body = within{resp.Body, io.MultiReader(strings.NewReader(`[{"id":"`), resp.Body)}
			return resp, err
		})
		_, err := collect(rowsOf(ctx, s))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, call.KindTransport, failure(t, err).Kind)
		assert.True(t, closed)
	})
}

// within reads a body behind something else.
type within struct {
	io.Closer
	io.Reader
}

func TestRowsRefused(t *testing.T) {
	t.Parallel()
	s := play(problem(404, "NOT_FOUND"))
	ids, err := collect(rowsOf(t.Context(), s))
	assert.Empty(t, ids)
	assert.Equal(t, "NOT_FOUND", failure(t, err).Code)
}
