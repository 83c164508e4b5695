package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

type label string

// stamp reads its own JSON, and keeps what it was given.
type stamp struct{ raw string }

func (s *stamp) UnmarshalJSON(data []byte) error {
	s.raw = string(data)
	return nil
}

// inner is embedded, to be read under its own names.
type inner struct {
	Name  label `json:"name"`
	Skip  int   `json:"-"`
	Plain int   // without a tag
}

// record has every kind of field that results have.
type record struct {
	inner

	ID       string            `json:"id"`
	Label    label             `json:"label"`
	Int      int               `json:"int"`
	Int64    int64             `json:"int64,omitempty"`
	Uint     uint              `json:"uint"`
	Float    float64           `json:"float"`
	Bool     bool              `json:"bool"`
	IntPtr   *int              `json:"int_ptr"`
	TextPtr  *string           `json:"text_ptr"`
	At       time.Time         `json:"at"`
	AtPtr    *time.Time        `json:"at_ptr"`
	Texts    []string          `json:"texts"`
	Ints     []int             `json:"ints"`
	Nested   *record           `json:"nested"`
	List     []record          `json:"list"`
	Pointers []*record         `json:"pointers"`
	Map      map[string]string `json:"map"`
	ByName   map[string]record `json:"by_name"`
	Free     map[string]any    `json:"free"`
	Any      any               `json:"any"`
	Raw      json.RawMessage   `json:"raw"`
	Own      stamp             `json:"own"`
}

// TestUnmarshalRewriting reads each kind of field from another JSON type than its
// own, in every position.
func TestUnmarshalRewriting(t *testing.T) { // FWD-1
	t.Parallel()
	at := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, body string
		want       record
	}{
		{"string from number", `{"id":7}`, record{ID: "7"}},
		{"string from a huge number", `{"id":12345678901234567890123}`, record{ID: "12345678901234567890123"}},
		{"string from fraction", `{"id":1.50}`, record{ID: "1.50"}},
		{"string from bool", `{"id":true}`, record{ID: "true"}},
		{"named string", `{"label":7}`, record{Label: "7"}},
		{"pointer to string", `{"text_ptr":7}`, record{TextPtr: ptr("7")}},
		{"pointer to int", `{"int_ptr":"7"}`, record{IntPtr: ptr(7)}},
		{"pointer to time", `{"at_ptr":1772971200}`, record{AtPtr: &at}},
		{"time", `{"at":"2026-03-08 12:00:00"}`, record{At: at}},
		{"empty time", `{"at":"","id":7}`, record{ID: "7"}},
		{"strings", `{"texts":[1,"b",true,null]}`, record{Texts: []string{"1", "b", "true", ""}}},
		{"ints", `{"ints":["1",2]}`, record{Ints: []int{1, 2}}},
		{"embedded", `{"name":7,"Plain":"8","int":"9"}`, record{inner: inner{Name: "7", Plain: 8}, Int: 9}},
		{"hidden names", `{"Skip":"1","-":"2","id":7}`, record{ID: "7"}},
		{"other case", `{"ID":7,"Int":"8"}`, record{ID: "7", Int: 8}},
		{"nested", `{"nested":{"nested":{"id":7,"int":"8"}}}`, record{Nested: &record{Nested: &record{ID: "7", Int: 8}}}},
		{"list", `{"list":[{"id":7},{"id":"b","int":"1"}]}`, record{List: []record{{ID: "7"}, {ID: "b", Int: 1}}}},
		{"list of pointers", `{"pointers":[{"id":7},null]}`, record{Pointers: []*record{{ID: "7"}, nil}}},
		{"map", `{"map":{"a":1,"b":"2"}}`, record{Map: map[string]string{"a": "1", "b": "2"}}},
		{"map of structs", `{"by_name":{"a":{"id":7}}}`, record{ByName: map[string]record{"a": {ID: "7"}}}},
		{"free-form stays", `{"id":7,"free":{"a":"1","b":{"c":[true]}},"any":"7"}`,
			record{ID: "7", Free: map[string]any{"a": "1", "b": map[string]any{"c": []any{true}}}, Any: "7"}},
		{"raw stays", `{"id":7,"raw":{"a": 1}}`, record{ID: "7", Raw: json.RawMessage(`{"a": 1}`)}},
		{"raw list stays", `{"id":7,"raw":["1"]}`, record{ID: "7", Raw: json.RawMessage(`["1"]`)}},
		{"own reader stays", `{"id":7,"own":1.0}`, record{ID: "7", Own: stamp{"1.0"}}},
		{"own reader of an object stays", `{"id":7,"own":{"a":"1"}}`, record{ID: "7", Own: stamp{`{"a":"1"}`}}},
		{"nulls", `{"id":null,"int":null,"bool":null,"at":null,"list":null,"map":null,"int_ptr":null,"label":7}`, record{Label: "7"}},
		{"unknown members", `{"new":{"id":[{}]},"id":7}`, record{ID: "7"}},
		{"quotes in names", `{"map":{"a\"\n<\u2028":1}}`, record{Map: map[string]string{"a\"\n<\u2028": "1"}}},
		{"text with escapes", `{"id":"a\u00e9\"<","int":"7"}`, record{ID: "aé\"<", Int: 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got record
			require.NoError(t, wire.Unmarshal([]byte(c.body), &got))
			assert.Equal(t, c.want, got)
		})
	}
}

func ptr[T any](v T) *T { return &v }

// TestUnmarshalPlain proves that an answer as expected is left to encoding/json:
// its target need not be empty.
func TestUnmarshalPlain(t *testing.T) {
	t.Parallel()
	got := record{Int: 5}
	require.NoError(t, wire.Unmarshal([]byte(`{"id":"a"}`), &got))
	assert.Equal(t, record{ID: "a", Int: 5}, got)
}

// TestUnmarshalBeginsAnew proves that the second decode fills a zeroed target: what
// the first one left behind, and what was there before, does not stay.
func TestUnmarshalBeginsAnew(t *testing.T) {
	t.Parallel()
	got := record{Int: 5, Map: map[string]string{"old": "x"}}
	require.NoError(t, wire.Unmarshal([]byte(`{"id":7,"map":{"a":"1"}}`), &got))
	assert.Equal(t, record{ID: "7", Map: map[string]string{"a": "1"}}, got)
}

func TestUnmarshalRefuses(t *testing.T) { // FWD-3
	t.Parallel()
	for _, body := range []string{
		``, `{`, `<`, `[]`, `"x"`, `7`, `{"id":{}}`, `{"id":[]}`, `{"int":{}}`, `{"int":true}`, `{"bool":{}}`, `{"bool":[]}`, `{"bool":"maybe"}`,
		`{"float":{}}`, `{"at":{}}`, `{"at":[]}`, `{"at":"soon"}`, `{"at":true}`, `{"texts":"a"}`, `{"texts":{}}`, `{"nested":"a"}`,
		`{"nested":[]}`, `{"map":[]}`, `{"map":{"a":{}}}`, `{"list":[[]]}`, `{"list":{}}`,
	} {
		var got record
		require.Error(t, wire.Unmarshal([]byte(body), &got), body)
	}
}

// TestUnmarshalNamesTheField proves that what cannot be read is named as it is in
// the answer.
func TestUnmarshalNamesTheField(t *testing.T) { // FWD-3
	t.Parallel()
	var got record
	err := wire.Unmarshal([]byte(`{"id":7,"nested":{"int":{}}}`), &got)
	var mismatch *json.UnmarshalTypeError
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, "nested.int", mismatch.Field)
	assert.Equal(t, "int", mismatch.Type.String())
}

// FuzzUnmarshal compares the tolerant decode with the plain one: it may read
// more, never otherwise.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{"id":7,"int":"7","bool":"true","at":1772971200,"float":"1.5"}`, `{"list":[{"id":1}],"map":{"a":1},"nested":{"id":true}}`,
		`{"name":1,"any":{"a":"1"},"raw":[1],"own":{}}`, `{"int":"1e3","uint":"-1"}`, `{"at":""}`, `null`, `{"id":"\ud800","int":""}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var plain, tolerant record
		plainErr, err := json.Unmarshal(body, &plain), wire.Unmarshal(body, &tolerant)
		if plainErr == nil {
			require.NoError(t, err)
			require.Equal(t, plain, tolerant)
		}
		if err == nil {
			require.True(t, json.Valid(body), "a success of what is no JSON")
			require.True(t, bytes.ContainsAny(body, "{n"), "an object or null")
		}
	})
}
