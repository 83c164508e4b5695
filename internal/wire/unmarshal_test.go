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
	Picky    picky             `json:"picky"`
	Unsigned uint              `json:"u"`
}

// picky reads its own JSON, with the help of the package.
type picky struct{ inner *record }

func (p *picky) UnmarshalJSON(data []byte) error {
	p.inner = new(record)
	return wire.Unmarshal(data, p.inner)
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
// the response, alike with every version of Go, and that the rest is read.
func TestUnmarshalNamesTheField(t *testing.T) { // FWD-3, DEC-6
	t.Parallel()
	for body, want := range map[string]wire.Mismatch{
		`{"id":7,"nested":{"int":{}}}`:                           {Type: "int", Path: "nested.int"},
		`{"id":7,"list":[{},{"at":"soon"}]}`:                     {Type: "time.Time", Path: "list[1].at"},
		`{"id":7,"by_name":{"secret":{"texts":[[]]}}}`:           {Type: "string", Path: "by_name.*.texts[0]"},
		`{"id":7,"pointers":[null,7]}`:                           {Type: "object", Path: "pointers[1]"},
		`{"id":7,"texts":{}}`:                                    {Type: "array", Path: "texts"},
		`{"id":7,"map":[],"int":{}}`:                             {Type: "object", Path: "map"},
		`{"id":7,"label":{}}`:                                    {Type: "wire_test.label", Path: "label"},
		`{"id":7,"picky":{"int":[]}}`:                            {Type: "int", Path: "picky.int"},
		`{"id":7,"picky":3}`:                                     {Type: "object", Path: "picky"},
		`{"id":7,"intPtr":{}}`:                                   {Type: "int", Path: "intPtr"},
		`{"id":7,"list":[{"list":[{},{},{"list":[{"u":[]}]}]}]}`: {Type: "uint", Path: "list[0].list[2].list[0].u"},
	} {
		var got record
		err := wire.Unmarshal([]byte(body), &got)
		var mismatch *wire.Mismatch
		require.ErrorAs(t, err, &mismatch, body)
		assert.Equal(t, want, *mismatch, body)
		assert.NotContains(t, err.Error(), "secret")
		assert.Equal(t, "7", got.ID, body)
	}
	var whole record
	require.Equal(t, &wire.Mismatch{Type: "object"}, wire.Unmarshal([]byte(`[]`), &whole))
	for _, body := range []string{``, `{`, `{"id":7`, `<`, `{"id":7}x`} {
		require.ErrorIs(t, wire.Unmarshal([]byte(body), &whole), wire.ErrSyntax, body)
	}
}

// TestExplain proves that a user's own type is decoded as encoding/json does, and
// the place of what does not fit named alike with every version of Go.
func TestExplain(t *testing.T) { // DEC-6
	t.Parallel()
	var own struct {
		List []struct {
			N  int       `json:"n"`
			At time.Time `json:"at"`
		} `json:"list"`
		Free map[string]int `json:"free"`
	}
	for body, want := range map[string]wire.Mismatch{
		`{"list":[{"n":1},{"n":"1"}]}`: {Type: "int", Path: "list[1].n"},
		`{"list":[{"at":1}]}`:          {Type: "time.Time", Path: "list[0].at"},
		`{"free":{"secret":"x"}}`:      {Type: "int", Path: "free.*"},
		`[]`:                           {Type: "object", Path: ""},
		`{"data":{"list":7}}`:          {Type: "array", Path: "data.list"},
	} {
		assert.Equal(t, &want, wire.Explain([]byte(body), &own), body)
	}
	require.NoError(t, wire.Explain([]byte(`{"list":[{"n":1}],"free":{"a":1}}`), &own))
	assert.Empty(t, own.List, "the value itself is left alone")
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
			if !bytes.ContainsAny(body, "_ABCDEFGHIJKLMNOPQRSTUVWXYZ\\") { // no name in the other casing
				var lenient record
				require.NoError(t, wire.Lenient(body, &lenient))
				require.Equal(t, plain, lenient)
				require.Equal(t, plain, tolerant)
			}
		}
		if err == nil {
			require.True(t, json.Valid(body), "a success of what is no JSON")
			require.True(t, bytes.ContainsAny(body, "{n"), "an object or null")
		}
	})
}
