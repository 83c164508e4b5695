package wiretest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// free marks what is free-form, as a name and as a value: it stays as it is.
const (
	freeName = "freeForm"
	free     = "free"
)

// variant is the object, written in another way.
type variant struct {
	name string
	json []byte
	// absent is the object without the member that is null; nil for all others.
	absent []byte
}

// variants writes an object in all ways.
func variants(t *testing.T, plain []byte) []variant {
	t.Helper()
	all := []variant{{name: "as it is", json: plain}}
	places := count(t, plain)
	for at := -1; at < places; at++ { // -1 is everywhere
		for _, c := range []struct {
			name   string
			change func(m map[string]any, name string)
		}{
			{"another type", func(m map[string]any, name string) { m[name] = swapped(m[name], false) }},
			{"yet another type", func(m map[string]any, name string) { m[name] = swapped(m[name], true) }},
			{"the other casing", rename},
		} {
			if changed := changed(t, plain, at, c.change); !bytes.Equal(changed, plain) {
				all = append(all, variant{name: c.name + " at " + strconv.Itoa(at), json: changed})
			}
		}
		if at >= 0 {
			all = append(all, variant{
				name:   "null at " + strconv.Itoa(at),
				json:   changed(t, plain, at, func(m map[string]any, name string) { m[name] = nil }),
				absent: changed(t, plain, at, func(m map[string]any, name string) { delete(m, name) }),
			})
		}
	}
	both := changed(t, plain, -1, func(m map[string]any, name string) {
		m[name] = swapped(m[name], false)
		rename(m, name)
	})
	unknown := changed(t, plain, 0, func(m map[string]any, _ string) { m["novel_member"] = []any{map[string]any{"id": 1}} })
	return append(all, variant{name: "both", json: both}, variant{name: "unknown", json: unknown})
}

// count is the number of members that are not free-form, at any depth.
func count(t *testing.T, object []byte) int {
	t.Helper()
	n := 0
	changed(t, object, -1, func(map[string]any, string) { n++ })
	return n
}

// changed writes an object with a change at one member, counted in order, or at all.
func changed(t *testing.T, object []byte, at int, change func(m map[string]any, name string)) []byte {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	n := 0
	walk(tree, func(m map[string]any, name string) {
		if at < 0 || n == at {
			change(m, name)
		}
		n++
	})
	out, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// walk visits each member that is not free-form, the inner ones first.
func walk(v any, visit func(m map[string]any, name string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != freeName {
				walk(v[name], visit)
				visit(v, name)
			}
		}
	case []any:
		for _, item := range v {
			walk(item, visit)
		}
	}
}

// swapped is a scalar, or a list of them, in another JSON type.
func swapped(v any, rarer bool) any {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case bool:
		if rarer {
			return json.Number("1")
		}
		return strconv.FormatBool(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = swapped(v[i], rarer)
		}
		return out
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			if rarer {
				return at.Format("2006-01-02 15:04:05+00")
			}
			return json.Number(strconv.FormatInt(at.Unix(), 10))
		}
		if json.Valid([]byte(v)) { // digits
			return json.Number(v)
		}
	}
	return v
}

// rename gives a member its name in the other casing.
func rename(m map[string]any, name string) {
	other := camel(name)
	if other == name {
		other = snake(name)
	}
	if _, taken := m[other]; !taken {
		m[other] = m[name]
		delete(m, name)
	}
}

func camel(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

func snake(name string) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
