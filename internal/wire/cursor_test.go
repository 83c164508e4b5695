package wire_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// TestStrayCursor proves that a list which says in an unexpected place that it goes
// on is never taken for whole, be it empty or not.
func TestStrayCursor(t *testing.T) { // DEC-5
	t.Parallel()
	for body, path := range map[string]string{
		`{"items":LIST,"pagination":{"cursor":"c","has_more":true}}`: "pagination.cursor",
		`{"data":LIST,"pagination":{"cursor":"c"}}`:                  "pagination.cursor",
		`{"data":LIST,"next_cursor":"c","meta":{}}`:                  "next_cursor",
		`{"data":LIST,"nextCursor":"c"}`:                             "nextCursor",
		`{"data":LIST,"has_more":true}`:                              "has_more",
		`{"data":LIST,"meta":{"cursor":"c"}}`:                        "meta.cursor",
		`{"data":LIST,"meta":{"has_more":"true"}}`:                   "meta.has_more",
		`{"data":LIST,"meta":{"pagination":{"next_cursor":"c"}}}`:    "meta.pagination.next_cursor",
		`{"data":LIST,"meta":{"page":{"info":{"end_cursor":7}}}}`:    "meta.page.info.end_cursor",
		`{"data":{"numbers":LIST,"cursor":"c"},"meta":{}}`:           "data.cursor",
		`{"data":{"numbers":LIST,"pagination":{"hasMore":1}}}`:       "data.pagination.hasMore",
		`{"data":LIST,"some secret text":{"cursor":"c"}}`:            "*.cursor",
	} {
		for _, list := range []string{`[]`, `[{"id":"a"}]`, `[{"id":7}]`} {
			body := replaced(body, list)
			got, _, err := wire.Many[thing]([]byte(body), make([]thing, 0, 25))
			assert.Empty(t, got, body)
			var stray *wire.StrayCursor
			require.ErrorAs(t, err, &stray, body)
			assert.Equal(t, path, stray.Path, body)
		}
	}
}

// TestNoStrayCursor proves that what says nothing of more, or stands in an item, or
// beside what has the last word, is none.
func TestNoStrayCursor(t *testing.T) { // DEC-5, PAG-7
	t.Parallel()
	for _, body := range []string{
		`{"data":LIST}`, `LIST`, `{"items":LIST}`,
		`{"items":LIST,"pagination":{"cursor":null,"has_more":false}}`,
		`{"data":LIST,"next_cursor":"","cursor":null,"has_more":false}`,
		`{"data":LIST,"meta":{"pagination":{"has_more":false}},"next_cursor":"c"}`,
		`{"data":LIST,"meta":{"prev_cursor":"c"}}`,
		`{"data":[{"id":"a","cursor":"c","has_more":true}]}`,
	} {
		for _, list := range []string{`[]`, `[{"id":"a"}]`} {
			body := replaced(body, list)
			_, meta, err := wire.Many[thing]([]byte(body), nil)
			require.NoError(t, err, body)
			_, more := meta.Next()
			assert.False(t, more, body)
		}
	}
}

// TestCursorInTheOtherCasing proves that it is read.
func TestCursorInTheOtherCasing(t *testing.T) { // DEC-3, DEC-5
	t.Parallel()
	for _, meta := range []string{
		`{"nextCursor":"c"}`, `{"pagination":{"cursor":"c","hasMore":true}}`, `{"pagination":{"cursor":"c"}}`,
	} {
		for _, list := range []string{`[]`, `[{"id":"a"}]`, `[{"id":7}]`} {
			_, got, err := wire.Many[thing]([]byte(`{"data":`+list+`,"meta":`+meta+`}`), nil)
			require.NoError(t, err, meta)
			cursor, more := got.Next()
			assert.Equal(t, "c", cursor, meta)
			assert.True(t, more, meta)
		}
	}
}

// TestUnreadablePagination proves that a list whose end cannot be made out is an
// error, while a result does not care.
func TestUnreadablePagination(t *testing.T) { // DEC-5
	t.Parallel()
	for meta, path := range map[string]string{
		`{"pagination":{"has_more":"maybe"}}`: "meta.pagination.has_more",
		`{"pagination":"c"}`:                  "meta.pagination",
		`{"next_cursor":{}}`:                  "meta.next_cursor",
		`[]`:                                  "meta",
	} {
		_, _, err := wire.Many[thing]([]byte(`{"data":[{"id":"a"}],"meta":`+meta+`}`), nil)
		var mismatch *wire.Mismatch
		require.ErrorAs(t, err, &mismatch, meta)
		assert.Equal(t, path, mismatch.Path)
		got, _, err := wire.One[thing]([]byte(`{"data":{"id":"a"},"meta":` + meta + `}`))
		require.NoError(t, err, meta)
		assert.Equal(t, "a", got.ID)
	}
}
