package wire_test

import (
	"encoding/json"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// TestPointerOfTheRFC evaluates the pointers that RFC 6901, section 5, prints, in
// the document that it prints.
func TestPointerOfTheRFC(t *testing.T) {
	t.Parallel()
	const document = `{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}`
	for text, want := range map[string]string{
		"": document, "/foo": `["bar", "baz"]`, "/foo/0": `"bar"`, "/": "0", "/a~1b": "1", "/c%d": "2", "/e^f": "3", "/g|h": "4",
		`/i\j`: "5", `/k"l`: "6", "/ ": "7", "/m~0n": "8",
	} {
		place, err := wire.ParsePointer(text)
		require.NoError(t, err, text)
		got, ok := place.Get(json.RawMessage(document))
		assert.True(t, ok, text)
		assert.Equal(t, want, string(got), text)
	}
	for _, text := range []string{"foo", "#/foo", "/~", "/~2", "/a~", "/\xff"} {
		_, err := wire.ParsePointer(text)
		assert.ErrorIs(t, err, wire.ErrNotPointer, text)
	}
}

// TestFieldAtPointer proves that a field at a place is added beside what is there,
// and that no object or array is lost.
func TestFieldAtPointer(t *testing.T) { // NEW-2
	t.Parallel()
	const template = `{"template":{"name":"n","components":[{"type":"button"},{"type":"body"}]},"to":"a"}`
	for _, c := range []struct {
		name, in, pointer string
		value             any
		want              string // or the error
	}{
		{"in an element", template, "/template/components/0/sub_type", "url",
			`{"template":{"name":"n","components":[{"type":"button","sub_type":"url"},{"type":"body"}]},"to":"a"}`},
		{"at the top", template, "/new", true, template[:len(template)-1] + `,"new":true}`},
		{"behind an array", template, "/template/components/-", map[string]int{"a": 1},
			`{"template":{"name":"n","components":[{"type":"button"},{"type":"body"},{"a":1}]},"to":"a"}`},
		{"in a new element", template, "/template/components/-/type", "x",
			`{"template":{"name":"n","components":[{"type":"button"},{"type":"body"},{"type":"x"}]},"to":"a"}`},
		{"in place of a text", template, "/template/name", "m", `{"template":{"name":"m","components":[{"type":"button"},{"type":"body"}]},"to":"a"}`},
		{"in a map that is there", `{"metadata":{"order":"17"}}`, "/metadata/job", "k", `{"metadata":{"order":"17","job":"k"}}`},
		{"in a map that is missing", `{"to":"a"}`, "/metadata/job", "k", `{"to":"a","metadata":{"job":"k"}}`},
		{"in a map that is null", `{"metadata":null}`, "/metadata/job", "k", `{"metadata":{"job":"k"}}`},
		{"in several that are missing", `{}`, "/a/b~1c/~0/d", 1.5, `{"a":{"b/c":{"~":{"d":1.5}}}}`},
		{"in an array that is missing", `{}`, "/quick_replies/-/title", "Yes", `{"quick_replies":[{"title":"Yes"}]}`},
		{"with an empty name", `{}`, "/", 1, `{"":1}`},
		{"with a number for a name", `{"a":{}}`, "/a/1", 1, `{"a":{"1":1}}`},
		{"without a body", ``, "/a/b", 1, `{"a":{"b":1}}`},
		{"text as it is", `{"t":"\u003c\/"}`, "/n", "<&\u2028", `{"t":"\u003c\/","n":"<&\u2028"}`},

		{"over an object", template, "/template", 1, "names an object or array that is there already: name a member of it"},
		{"over an array", template, "/template/components", []int{}, "names an object or array that is there already: name a member of it"},
		{"over an element", template, "/template/components/1", 1, "names an object or array that is there already: name a member of it"},
		{"beyond the end", template, "/template/components/2/type", "x", "leads through a member that is missing, or that is no object or array"},
		{"just beyond the end", template, "/template/components/2", "x", "leads through a member that is missing, or that is no object or array"},
		{"no index", template, "/template/components/00/type", "x", "leads through a member that is missing, or that is no object or array"},
		{"through a text", template, "/to/x/y", "x", "leads through a member that is missing, or that is no object or array"},
		{"an element of nothing", `{}`, "/components/0/type", "x", "leads through a member that is missing, or that is no object or array"},
		{"no pointer", `{}`, "/a~2", 1, wire.ErrNotPointer.Error()},
		{"no JSON", `{}`, "/a", json.RawMessage("{"), "has a value that cannot be written as JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var in any
			if c.in != "" {
				in = json.RawMessage(c.in)
			}
			got, err := wire.Body(in, []api.BodyField{{Name: c.pointer, Value: c.value}})
			if c.want[0] == '{' {
				require.NoError(t, err)
				assert.JSONEq(t, c.want, string(got))
				return
			}
			var refused *wire.FieldError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.pointer, refused.Name)
			assert.EqualError(t, err, c.pointer+" "+c.want)
		})
	}
}

// FuzzAdd proves, for any document: what was there is there afterwards, apart from
// a text, number or null at the place itself.
func FuzzAdd(f *testing.F) {
	f.Add(`{"a":[1,{"b":1e3}],"m":null,"t":"x"}`, "/a/1/c/d")
	f.Add(`{"a":[1,{"b":1e3}],"m":null,"t":"x"}`, "/m/k")
	f.Add(`{"t":"x"}`, "/t")
	f.Fuzz(func(t *testing.T, document, pointer string) {
		place, err := wire.ParsePointer(pointer)
		if err != nil || len(place) == 0 || !json.Valid([]byte(document)) {
			return
		}
		before, had := place.Get(json.RawMessage(document))
		after, err := place.Add(json.RawMessage(document), json.RawMessage(`"new"`))
		if err != nil {
			return
		}
		require.True(t, json.Valid(after))
		if had {
			require.NotContains(t, "{[", string(before[:1]))
			restored, err := place.Set(after, before)
			require.NoError(t, err)
			require.Equal(t, document, string(restored))
		}
		if place[len(place)-1] != "-" {
			got, ok := place.Get(after)
			require.True(t, ok)
			require.Equal(t, `"new"`, string(got))
		}
	})
}

// FuzzGet compares with what encoding/json makes of the document.
func FuzzGet(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"a":[1,{"b":1e3}],"m":null,"t":"x"}`, "/a/1/b"}, {` [ [ ] , { } ] `, "/1"}, {`{"a":1,"\u0061":{"b":2}}`, "/a/b"}, {`{"a":{"b":1},"a":2}`, "/a/b"},
		{`[0,1,2,3,4,5,6,7,8,9,10]`, "/10"}, {`[1]`, "/01"}, {`{"":{"":"}]"}}`, "//"}, {`"x"`, ""}, {`{"a~b":"\\"}`, "/a~0b"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, document, pointer string) {
		place, err := wire.ParsePointer(pointer)
		if err != nil {
			return
		}
		got, ok := place.Get(json.RawMessage(document)) // also of no JSON, as long as it ends
		var value any
		if json.Unmarshal([]byte(document), &value) != nil {
			return
		}
		wanted := true
		for _, name := range place {
			switch v := value.(type) {
			case map[string]any:
				value, wanted = v[name], hasKey(v, name)
			case []any:
				i, err := strconv.Atoi(name)
				if wanted = err == nil && i >= 0 && i < len(v) && strconv.Itoa(i) == name; wanted {
					value = v[i]
				}
			default:
				wanted = false
			}
			if !wanted {
				break
			}
		}
		require.Equal(t, wanted, ok)
		if wanted {
			var found any
			require.NoError(t, json.Unmarshal(got, &found))
			require.Equal(t, value, found)
		}
	})
}

func hasKey(m map[string]any, name string) bool {
	_, ok := m[name]
	return ok
}

// LEAK-7: a place costs what the document has of bytes, however deep it is.
func TestPointerIsLinear(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	const depth = 5_000
	document := json.RawMessage(strings.Repeat(`{"a":[0,`, depth) + `"x"` + strings.Repeat(`]}`, depth))
	text := strings.Repeat("/a/1", depth)
	place, err := wire.ParsePointer(text)
	require.NoError(t, err)
	missing, err := wire.ParsePointer(text + text)
	require.NoError(t, err)

	before := allocated()
	got, ok := place.Get(document)
	assert.True(t, ok)
	assert.Equal(t, `"x"`, string(got))
	set, err := place.Set(document, json.RawMessage(`"y"`))
	require.NoError(t, err)
	assert.Len(t, set, len(document))
	_, err = place.Add(document, json.RawMessage(`"y"`))
	require.NoError(t, err)
	inner, err := wire.ParsePointer(strings.Repeat("/b", depth))
	require.NoError(t, err)
	added, err := inner.Add(json.RawMessage("{}"), json.RawMessage("1"))
	require.NoError(t, err)
	assert.True(t, json.Valid(added))
	_, ok = missing.Get(document)
	assert.False(t, ok)
	assert.Less(t, allocated()-before, uint64(40*len(document)))
}

// allocated is how many bytes the process has ever asked for.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
