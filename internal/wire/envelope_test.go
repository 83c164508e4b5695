package wire_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// thing is a result as small as one can be.
type thing struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// TestOneShapes reads every shape that an answer with one result can have.
func TestOneShapes(t *testing.T) { // PAG-7, FWD-1
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       thing
		requestID  string
	}{
		{"envelope", `{"data":{"id":"a","count":1},"meta":{"request_id":"req_1","timestamp":"2026-03-08T12:00:00Z"}}`, thing{"a", 1}, "req_1"},
		{"without meta", `{"data":{"id":"a"}}`, thing{ID: "a"}, ""},
		{"bare", `{"id":"a","count":1}`, thing{"a", 1}, ""},
		{"bare with meta", `{"id":"a","meta":{"request_id":"req_1"}}`, thing{ID: "a"}, "req_1"},
		{"null meta and error", `{"data":{"id":"a"},"meta":null,"error":null}`, thing{ID: "a"}, ""},
		{"unknown members", `{"success":true,"data":{"id":"a","new":[{}]},"links":{}}`, thing{ID: "a"}, ""},
		{"empty data", `{"data":{}}`, thing{}, ""},
		{"blanks", " \n\t{ \"data\" : { \"id\" : \"a\" } } \r\n", thing{ID: "a"}, ""},
		{"swapped scalars", `{"data":{"id":7,"count":"1"},"meta":{"request_id":9}}`, thing{"7", 1}, "9"},
		{"bare and swapped", `{"id":7,"count":"1"}`, thing{"7", 1}, ""},
		{"data beside an error", `{"data":{"id":"a"},"error":{"code":"PARTIAL","message":"m"}}`, thing{ID: "a"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, meta, err := wire.One[thing]([]byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, &c.want, got)
			assert.Equal(t, c.requestID, meta.RequestID)
		})
	}
}

func TestOneArray(t *testing.T) {
	t.Parallel()
	raw, _, err := wire.One[json.RawMessage]([]byte(" [1, 2]"))
	require.NoError(t, err)
	assert.JSONEq(t, `[1,2]`, string(*raw))
	_, _, err = wire.One[thing]([]byte(`[{"id":"a"}]`))
	require.Error(t, err, "a list is not one result")
}

func TestOneNoData(t *testing.T) { // ERR-7
	t.Parallel()
	for _, body := range []string{
		`null`, `{}`, `{"data":null}`, `{"data":null,"meta":{"request_id":"req_1"}}`, `{"meta":{"request_id":"req_1"}}`,
		`{"meta":{},"error":null}`, `{"error":null}`, `{"data":null,"id":"a"}`, `{"data":null,"error":""}`, `{"Data":null}`,
	} {
		got, _, err := wire.One[thing]([]byte(body))
		require.ErrorIs(t, err, wire.ErrNoData, body)
		assert.Nil(t, got, body)
	}
}

func TestOneUnreadable(t *testing.T) { // ERR-1
	t.Parallel()
	for _, body := range []string{
		``, ` `, `<html><body>Bad gateway</body></html>`, `{"data":{"id":"a"`, `{"data":`, `{`, `{"data":{}}x`,
		`"text"`, `7`, `true`, `{"data":"text"}`, `{"data":7}`, `{"data":[{"id":"a"}]}`, `{"id":{}}`, `{"data":{"count":"many"}}`,
		`{"data":{"count":1.5}}`, `{"data":{"id":["a"]}}`,
	} {
		_, _, err := wire.One[thing]([]byte(body))
		require.Error(t, err, body)
		var refused *wire.Error
		assert.NotErrorAs(t, err, &refused, body)
		assert.NotErrorIs(t, err, wire.ErrNoData, body)
	}
}

// TestDisguised tells errors under a success's status from results that have an
// error field.
func TestDisguised(t *testing.T) { // ERR-7
	t.Parallel()
	for _, c := range []struct{ name, body, code, message string }{
		{"envelope", `{"error":{"code":"NOT_FOUND","message":"m","status":404},"meta":{"request_id":"req_1"}}`, "NOT_FOUND", "m"},
		{"null data", `{"data":null,"error":{"code":"X","message":"m"}}`, "X", "m"},
		{"empty data", `{"data":{ },"error":{"code":"X"}}`, "X", ""},
		{"empty list", `{"data":[ ],"error":{"code":"X"}}`, "X", ""},
		{"empty text", `{"data":"","error":{"message":"m"}}`, "", "m"},
		{"false", `{"data":null,"error":{"code":"X"},"success":false}`, "X", ""},
		{"text", `{"error":"went wrong"}`, "", "went wrong"},
		{"true, with a message", `{"error":true,"message":"m","code":"X"}`, "X", "m"},
		{"null id", `{"id":null,"error":{"code":"X"}}`, "X", ""},
		{"request's id", `{"request_id":"req_1","error":{"code":"X"}}`, "X", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := wire.One[thing]([]byte(c.body))
			var refused *wire.Error
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.code, refused.Code)
			assert.Equal(t, c.message, refused.Message)
			_, _, err = wire.Many[thing]([]byte(c.body), make([]thing, 0, 25))
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.code, refused.Code)
		})
	}
}

func TestNotDisguised(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":"a","error":{"code":"TIMEOUT","message":"node failed"}}`, // a failed execution
		`{"message_id":"a","error":"refused by the carrier"}`,
		`{"fax_id":"a","error":"busy"}`,
		`{"verification_id":7,"error":"x"}`,
		`{"count":1,"error":null}`, `{"count":1,"error":""}`, `{"count":1,"error":false}`, `{"count":1,"error":0}`,
		`{"count":1,"error":{}}`, `{"count":1,"error":[]}`, `{"count":1,"error":{"code":null,"message":""}}`,
		`{"data":{"count":1},"error":{"code":"X"}}`,
	} {
		_, _, err := wire.One[thing]([]byte(body))
		require.NoError(t, err, body)
	}
}

// TestManyShapes reads every shape that a list can have.
func TestManyShapes(t *testing.T) { // PAG-7
	t.Parallel()
	two := []thing{{"a", 1}, {"b", 2}}
	const items = `[{"id":"a","count":1},{"id":"b","count":2}]`
	for _, c := range []struct {
		name, body string
		want       []thing
	}{
		{"envelope", `{"data":` + items + `,"meta":{"pagination":{"cursor":"c","has_more":true}}}`, two},
		{"next_cursor", `{"data":` + items + `,"meta":{"next_cursor":"c"}}`, two},
		{"without meta", `{"data":` + items + `}`, two},
		{"nested", `{"data":{"numbers":` + items + `,"country":"US"}}`, two},
		{"bare array", ` ` + items, two},
		{"bare object", `{"items":` + items + `,"meta":{}}`, two},
		{"empty", `{"data":[]}`, []thing{}},
		{"empty with more", `{"data":[],"meta":{"pagination":{"cursor":"c","has_more":true}}}`, []thing{}},
		{"empty nested", `{"data":{"numbers":[]}}`, []thing{}},
		{"empty bare", `[]`, []thing{}},
		{"swapped", `{"data":[{"id":7,"count":"1"}],"meta":{"pagination":{"has_more":"true","total":"1"}}}`, []thing{{"7", 1}}},
		{"nested and swapped", `{"data":{"x":[{"id":7,"count":"1"}]}}`, []thing{{"7", 1}}},
		{"bare and swapped", `[{"id":7,"count":"1"}]`, []thing{{"7", 1}}},
		{"beside an error", `{"data":` + items + `,"error":{"code":"PARTIAL"}}`, two},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := wire.Many[thing]([]byte(c.body), make([]thing, 0, 1))
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

// TestManyUnreadable proves that a list which cannot be read whole is an error.
func TestManyUnreadable(t *testing.T) { // FWD-3
	t.Parallel()
	for _, body := range []string{
		``, `null`, `{}`, `{"data":null}`, `{"data":{}}`, `{"data":"text"}`, `{"data":7}`, `{"meta":{}}`, `{"id":"a"}`,
		`{"data":{"a":[],"b":[]}}`, `{"data":[{"id":"a"},{"id":`, `[{"id":"a"}`, `{"data":[{"id":"a"},{"count":"many"}]}`,
		`[{"id":"a"},7]`, `{"data":[{"id":"a"},"b"]}`, `<html>`,
	} {
		_, _, err := wire.Many[thing]([]byte(body), make([]thing, 0, 25))
		require.Error(t, err, body)
	}
}

// TestManyNull keeps the place of a null item, so that none moves up.
func TestManyNull(t *testing.T) {
	t.Parallel()
	got, _, err := wire.Many[thing]([]byte(`{"data":[{"id":"a"},null]}`), make([]thing, 0, 25))
	require.NoError(t, err)
	assert.Equal(t, []thing{{ID: "a"}, {}}, got)
}

func TestMetaNext(t *testing.T) { // PAG-1, PAG-7
	t.Parallel()
	for _, c := range []struct {
		meta, cursor string
		more         bool
	}{
		{`{}`, "", false},
		{`{"next_cursor":"n"}`, "n", true},
		{`{"next_cursor":""}`, "", false},
		{`{"next_cursor":null}`, "", false},
		{`{"next_cursor":42}`, "42", true},
		{`{"pagination":null}`, "", false},
		{`{"pagination":{"cursor":"c"}}`, "c", true},
		{`{"pagination":{"cursor":"c","has_more":true}}`, "c", true},
		{`{"pagination":{"cursor":"c","has_more":false}}`, "c", false}, // the last item, on the last page
		{`{"pagination":{"cursor":"c","has_more":null}}`, "c", true},
		{`{"pagination":{"cursor":"c","has_more":"false"}}`, "c", false},
		{`{"pagination":{"cursor":null,"has_more":true}}`, "", true},
		{`{"pagination":{"has_more":true},"next_cursor":"n"}`, "n", true},
		{`{"pagination":{"has_more":false},"next_cursor":"n"}`, "n", false},
		{`{"pagination":{"cursor":"c","has_more":1}}`, "c", true},
	} {
		_, meta, err := wire.Many[thing]([]byte(`{"data":[],"meta":`+c.meta+`}`), nil)
		require.NoError(t, err, c.meta)
		cursor, more := meta.Next()
		assert.Equal(t, c.cursor, cursor, c.meta)
		assert.Equal(t, c.more, more, c.meta)
	}
}

func TestMetaTotal(t *testing.T) {
	t.Parallel()
	for meta, want := range map[string]string{
		`{}`: "unknown", `{"pagination":{}}`: "unknown", `{"pagination":{"total":null}}`: "unknown",
		`{"pagination":{"total":0}}`: "0", `{"pagination":{"total":"12"}}`: "12",
	} {
		_, got, err := wire.Many[thing]([]byte(`{"data":[],"meta":`+meta+`}`), nil)
		require.NoError(t, err, meta)
		text := "unknown"
		if total := got.Total(); total != nil {
			text = fmt.Sprint(*total)
		}
		assert.Equal(t, want, text, meta)
	}
}

// replaced puts a list into a template.
func replaced(template, list string) string { return strings.ReplaceAll(template, "LIST", list) }

// TestMark proves that the mark that some servers begin UTF-8 with does no harm.
func TestMark(t *testing.T) { // DEC-6
	t.Parallel()
	for _, body := range []string{`{"data":{"id":"a"}}`, `{"data":{"id":"a"},"meta":[]}`, `{"id":"a"}`, ` {"data":{"id":"a"}}`} {
		got, _, err := wire.One[thing]([]byte("\ufeff" + body))
		require.NoError(t, err, body)
		assert.Equal(t, &thing{ID: "a"}, got)
		assert.JSONEq(t, string(wire.Data([]byte(body))), string(wire.Data([]byte("\ufeff"+body))))
	}
	for _, body := range []string{`{"data":[{"id":"a"}]}`, `[{"id":"a"}]`, `[{"id":"a","count":"0"}]`} {
		got, _, err := wire.Many[thing]([]byte("\ufeff"+body), nil)
		require.NoError(t, err, body)
		assert.Equal(t, []thing{{ID: "a"}}, got)
	}
	refused := wire.ParseError([]byte("\ufeff" + `{"error":{"code":"X"}}`))
	assert.Equal(t, "X", refused.Code)
}

// TestOnePartly proves that what could be read is there beside the error.
func TestOnePartly(t *testing.T) { // DEC-6
	t.Parallel()
	var got *thing
	meta, err := new(wire.Reader).One([]byte(`{"data":{"count":{},"id":"a"},"meta":{"request_id":"r"}}`), &got)
	assert.Equal(t, &wire.Mismatch{Type: "int", Path: "data.count"}, err)
	assert.Equal(t, &thing{ID: "a"}, got)
	assert.Equal(t, "r", meta.RequestID)
}

// TestPageLimit proves that a page may have 10,000 items and no more, wherever it
// stands, and that the rows of an export may.
func TestPageLimit(t *testing.T) { // LEAK-7
	t.Parallel()
	for _, template := range []string{`LIST`, `{"data":LIST}`, `{"data":{"numbers":LIST}}`, `{"items":LIST}`, `{"Data":LIST,"meta":{}}`} {
		for n, fits := range map[int]bool{10_000: true, 10_001: false} {
			body := []byte(replaced(template, "["+strings.Repeat(`{"id":"a,b"},`, n-1)+"{}]"))
			got, _, err := wire.Many[thing](body, nil)
			if !fits {
				require.EqualError(t, err, "the response holds more than 10,000 items", template)
				assert.Empty(t, got)
				rows, err := wire.Items(body)
				require.NoError(t, err)
				assert.Len(t, rows, n)
				continue
			}
			require.NoError(t, err, template)
			assert.Len(t, got, n)
		}
	}
	broken := []byte(`{"data":[` + strings.Repeat("{},", 350_000)) // not even valid
	_, _, err := wire.Many[thing](broken, nil)
	require.EqualError(t, err, "the response holds more than 10,000 items")
}

// holdsData reports whether a body has data to give: what One and Many may make
// a result of.
func holdsData(body []byte) bool {
	var value any
	if json.Unmarshal(body, &value) != nil || value == nil {
		return false
	}
	object, ok := value.(map[string]any)
	if !ok {
		return true
	}
	other := false
	for name, member := range object {
		switch strings.ToLower(name) {
		case "data":
			if member != nil {
				return true
			}
		case "meta", "error":
		default:
			other = true
		}
	}
	return other
}

func envelopeSeeds() []string {
	return []string{
		`{"data":{"id":"a","count":1},"meta":{"request_id":"r"}}`, `{"data":[{"id":"a"}],"meta":{"next_cursor":"c"}}`,
		`{"data":{"numbers":[{"id":7,"count":"1"}]}}`, `{"id":"a"}`, `[{"id":"a"}]`, `{"error":{"code":"X"}}`, `null`, `{}`, `<html>`,
		`{"data":null}`, `{"meta":{"pagination":{"has_more":"true","cursor":1}},"data":[]}`,
	}
}

func FuzzOne(f *testing.F) {
	for _, seed := range envelopeSeeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, _, err := wire.One[thing](body)
		if err == nil {
			require.NotNil(t, got)
			require.True(t, holdsData(body), "a success without data")
		}
	})
}

func FuzzMany(f *testing.F) {
	for _, seed := range envelopeSeeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, _, err := wire.Many[thing](body, make([]thing, 0, 25))
		if err == nil {
			require.NotNil(t, got)
			require.True(t, holdsData(body), "a success without data")
			require.Contains(t, string(body), "[")
		}
	})
}
