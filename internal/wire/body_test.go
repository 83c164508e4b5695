package wire_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// params are the body of a request.
type params struct {
	To       string       `json:"to"`
	Text     string       `json:"text,omitzero"`
	At       time.Time    `json:"at,omitzero"`
	Until    *time.Time   `json:"until,omitzero"`
	Metadata api.Metadata `json:"metadata,omitempty"`
}

// TestBody proves the exact bytes that are sent.
func TestBody(t *testing.T) { // ERG-2, FWD-4, FWD-5
	t.Parallel()
	local := time.Date(2026, 3, 8, 13, 0, 0, 123_000_000, rome())
	field := func(name string, value any) api.BodyField { return api.BodyField{Name: name, Value: value} }
	for _, c := range []struct {
		name  string
		in    any
		extra []api.BodyField
		want  string
	}{
		{"nothing", nil, nil, ""},
		{"empty", struct{}{}, nil, `{}`},
		{"only required", params{To: "a"}, nil, `{"to":"a"}`},
		{"times in UTC", params{To: "a", At: local, Until: &local}, nil,
			`{"to":"a","at":"2026-03-08T12:00:00.123Z","until":"2026-03-08T12:00:00.123Z"}`},
		{"only an extra field", nil, []api.BodyField{field("new", 1)}, `{"new":1}`},
		{"extra fields", params{To: "a"}, []api.BodyField{field("new", []int{1}), field("at", local)},
			`{"to":"a","new":[1],"at":"2026-03-08T12:00:00.123Z"}`},
		{"extra replaces", params{To: "a", Text: "b"}, []api.BodyField{field("to", nil), field("text", "c"), field("text", "d")},
			`{"to":null,"text":"d"}`},
		{"numbers exact", params{To: "a", Metadata: api.Metadata{"n": json.Number("9007199254740993"), "i": int64(math.MaxInt64)}},
			[]api.BodyField{field("m", json.Number("0.10"))}, `{"to":"a","metadata":{"i":9223372036854775807,"n":9007199254740993},"m":0.10}`},
		{"a map", map[string]any{"b": 1, "a": 2}, nil, `{"a":2,"b":1}`},
		{"raw", json.RawMessage(`{"b": 1}`), []api.BodyField{field("a", json.RawMessage(` [ 1 ] `))}, `{"b":1,"a":[ 1 ]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.Body(c.in, c.extra)
			require.NoError(t, err)
			assert.Equal(t, c.want, string(got))
		})
	}
	none, err := wire.Body(nil, nil)
	require.NoError(t, err)
	assert.Nil(t, none, "no body at all, so that no content type goes with it")
}

// TestBodyText proves that text arrives as it was written, with and without extra
// fields.
func TestBodyText(t *testing.T) {
	t.Parallel()
	const text = "<b>a & b</b> \"q\" \\ \u2028 \x00 é 😀"
	for _, extra := range [][]api.BodyField{nil, {{Name: "more", Value: text}}} {
		body, err := wire.Body(params{To: "a", Text: text}, extra)
		require.NoError(t, err)
		var got map[string]string
		require.NoError(t, json.Unmarshal(body, &got))
		assert.Equal(t, text, got["text"])
		if extra != nil {
			assert.Equal(t, text, got["more"])
		}
	}
}

func TestBodyRefuses(t *testing.T) {
	t.Parallel()
	extra := []api.BodyField{{Name: "a", Value: 1}}
	for name, c := range map[string]struct {
		in    any
		extra []api.BodyField
	}{
		"no JSON for it":        {in: math.NaN()},
		"no JSON in it":         {in: params{Metadata: api.Metadata{"f": func() {}}}},
		"broken raw JSON":       {in: json.RawMessage(`{`)},
		"field beside an array": {in: []int{1}, extra: extra},
		"field without JSON":    {in: params{}, extra: []api.BodyField{{Name: "a", Value: math.Inf(1)}}},
	} {
		_, err := wire.Body(c.in, c.extra)
		require.Error(t, err, name)
	}
}

// TestBodyLeavesTheCallersValue proves that params are read only.
func TestBodyLeavesTheCallersValue(t *testing.T) { // ERG-5
	t.Parallel()
	local := time.Date(2026, 3, 8, 13, 0, 0, 0, rome())
	until := local
	in := params{At: local, Until: &until, Metadata: api.Metadata{"a": "b"}}
	_, err := wire.Body(&in, []api.BodyField{{Name: "metadata", Value: nil}})
	require.NoError(t, err)
	assert.Equal(t, params{At: local, Until: &until, Metadata: api.Metadata{"a": "b"}}, in)
	assert.Equal(t, rome().String(), in.Until.Location().String())
}
