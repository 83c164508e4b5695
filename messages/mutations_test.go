package messages_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// place is where a value stands in a document: names of members, and numbers of
// items.
type place []any

func (p place) String() string { return strings.Trim(fmt.Sprint([]any(p)), "[]") }

// under returns the place of a member or item of what is at p.
func (p place) under(step any) place { return append(append(place{}, p...), step) }

// walk visits every value of a document.
func walk(at place, value any, visit func(place, any)) {
	visit(at, value)
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			walk(at.under(name), member, visit)
		}
	case []any:
		for i, item := range v {
			walk(at.under(i), item, visit)
		}
	}
}

// with returns a copy of a document in which the value at p is another one.
func with(doc any, p place, value any) any {
	if len(p) == 0 {
		return value
	}
	switch v := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			out[name] = member
		}
		name, _ := p[0].(string)
		out[name] = with(v[name], p[1:], value)
		return out
	case []any:
		out := append([]any{}, v...)
		i, _ := p[0].(int)
		out[i] = with(v[i], p[1:], value)
		return out
	}
	return doc
}

// owner tells which field of which message a place belongs to; none for the
// envelope and for the items themselves.
func (p place) owner(file string) (item int, field string) {
	rest := p
	for len(rest) > 0 && (rest[0] == "data" || rest[0] == "messages") {
		rest = rest[1:]
	}
	if !strings.HasPrefix(file, "message_") {
		if len(rest) == 0 {
			return 0, ""
		}
		var ok bool
		if item, ok = rest[0].(int); !ok {
			return 0, ""
		}
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] == "meta" {
		return 0, ""
	}
	name, _ := rest[0].(string)
	switch name {
	case "message_id", "fax_id":
		name = "id"
	case "external_id":
		name = "provider_id"
	}
	return item, name
}

// mutation is a change of one value, and what it makes of the field it is in:
// "=" for the same as before, "" for nothing, "?" for something else.
type mutation struct {
	name  string
	value any
	want  string
}

// mutations are what another generation, or a newer version, might write in place
// of a value.
func mutations(p place, value any) []mutation {
	field, _ := p[len(p)-1].(string)
	null := mutation{"null", nil, ""}
	if len(p) > 1 && (p[len(p)-2] == "to" || p[len(p)-2] == "platforms") {
		null.want = "?" // an item of a list stays in its place
	}
	switch v := value.(type) {
	case json.Number:
		return []mutation{{"text for number", v.String(), "="}, null}
	case bool:
		return []mutation{{"text for bool", strconv.FormatBool(v), "="}, null}
	case string:
		out := []mutation{null}
		switch at, err := time.Parse(time.RFC3339, v); {
		case err == nil:
			return append(out,
				mutation{"Unix milliseconds", at.UnixMilli(), "="}, mutation{"text of Unix milliseconds", strconv.FormatInt(at.UnixMilli(), 10), "="},
				mutation{"Unix seconds", json.Number(strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', -1, 64)), "="},
				mutation{"no zone", at.UTC().Format("2006-01-02T15:04:05.999"), "="}, mutation{"space", at.UTC().Format("2006-01-02 15:04:05.999Z07:00"), "="},
				mutation{"another zone", at.In(time.FixedZone("", -8*3600)).Format(time.RFC3339Nano), "="}, mutation{"empty", "", ""})
		case strings.HasSuffix(field, "_at"):
			return out
		case v != "" && json.Valid([]byte(v)): // a number or bool that this generation writes as text
			return append(out, mutation{"no text", json.RawMessage(v), "="})
		}
		out = append(out, mutation{"number for text", 7, "7"}, mutation{"bool for text", true, "true"})
		switch field {
		case "channel", "status", "direction", "failure_reason":
			out = append(out, mutation{"unknown word", "brand_new", "brand_new"})
		}
		return out
	case map[string]any:
		return nil
	default:
		return []mutation{null}
	}
}

// TestMutations changes each value of each fixture in every way that the API's
// generations differ in, one at a time: the answer must be read, all other fields
// must be as they were, and the raw answer must be there.
func TestMutations(t *testing.T) { // FWD-1, FWD-2
	t.Parallel()
	for file := range fixtures() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			doc := decode(t, load(t, file))
			before := fieldsOf(t, file, doc)
			count := 0
			walk(nil, doc, func(p place, value any) {
				item, field := p.owner(file)
				isContainer := field == "" && (len(p) == 0 || p[len(p)-1] == "data" || p[len(p)-1] == "messages")
				if isContainer || field == "metadata" {
					return // data cannot be missing, and what is in metadata is the user's
				}
				if _, isItem := p[len(p)-1].(int); isItem && field == "" {
					return
				}
				for _, m := range mutations(p, value) {
					count++
					after := fieldsOf(t, file, with(doc, p, m.value))
					expect(t, before, after, item, field, m, fmt.Sprintf("%s: %s", p, m.name))
				}
			})
			assert.Greater(t, count, 20, "the test has something to do")
		})
	}
}

// expect compares what was read before and after a mutation.
func expect(t *testing.T, before, after []map[string]any, item int, field string, m mutation, what string) {
	t.Helper()
	require.Len(t, after, len(before), what)
	if field == "" {
		assert.Equal(t, before, after, what)
		return
	}
	for i := range before {
		for name := range before[i] {
			if i != item || name != field {
				assert.Equal(t, before[i][name], after[i][name], "%s: %s of message %d", what, name, i)
			}
		}
	}
	got := after[item][field]
	switch m.want {
	case "=":
		assert.Equal(t, before[item][field], got, what)
	case "":
		assert.True(t, got == nil || got == "", "%s: %v", what, got)
	case "?":
	default:
		assert.Contains(t, fmt.Sprint(got), m.want, what)
	}
}

// TestUnknownFields adds a field that the SDK does not know to each object.
func TestUnknownFields(t *testing.T) { // FWD-1
	t.Parallel()
	for file := range fixtures() {
		doc := decode(t, load(t, file))
		before := fieldsOf(t, file, doc)
		walk(nil, doc, func(p place, value any) {
			_, isObject := value.(map[string]any)
			if _, field := p.owner(file); !isObject || field == "metadata" {
				return
			}
			for _, added := range []any{"x", 7, true, nil, map[string]any{"a": []any{1}}} {
				assert.Equal(t, before, fieldsOf(t, file, with(doc, p.under("brand_new"), added)), "%s: %s", file, p)
			}
		})
	}
}

// TestUnknownEnums proves that a word which is new to the SDK comes through it
// unchanged.
func TestUnknownEnums(t *testing.T) { // FWD-2
	t.Parallel()
	body := []byte(`{"data":{"id":"a","channel":"hologram","status":"teleported","direction":"sideways","failure_reason":"SOLAR_FLARE"}}`)
	got, err := read(t, "message_", body)
	require.NoError(t, err)
	m := got[0]
	assert.False(t, m.Channel.Known() || m.Status.Known() || m.Direction.Known() || m.FailureReason.Known())
	assert.False(t, m.Status.IsTerminal() || m.Status.Succeeded())
	encoded, err := json.Marshal(m)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"a","channel":"hologram","status":"teleported","direction":"sideways","failure_reason":"SOLAR_FLARE"}`, string(encoded))
}

// decode reads a document, its numbers as they are written.
func decode(t *testing.T, body []byte) any {
	t.Helper()
	var doc any
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&doc))
	return doc
}

// fieldsOf gives a document to the SDK and returns the fields of the messages that
// come out, by name.
func fieldsOf(t *testing.T, file string, doc any) []map[string]any {
	t.Helper()
	body, err := json.Marshal(doc)
	require.NoError(t, err)
	var raw orbit.Response
	got, err := read(t, file, body, orbit.CaptureResponse(&raw))
	require.NoError(t, err, "%s", body)
	assert.Equal(t, string(body), string(raw.Body()))
	encoded, err := json.Marshal(plain(got))
	require.NoError(t, err)
	var again []messages.Message
	require.NoError(t, json.Unmarshal(encoded, &again))
	require.Equal(t, plain(got), plain(again), "what was read can be written and read again") // ERG-3
	items, _ := decode(t, encoded).([]any)
	out := make([]map[string]any, len(items))
	for i := range items {
		out[i], _ = items[i].(map[string]any)
	}
	return out
}
