package flows

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Why a place in a document cannot be set.
const (
	errNotPointer = api.Sentinel(`is no JSON Pointer: it must be UTF-8, and empty or begin with "/"`)
	errNoPlace    = api.Sentinel("leads through a member that is missing, or that is no object or array")
	errNotJSON    = api.Sentinel("the text is not valid JSON")
)

// document is JSON that is kept as it came. What is set replaces only the bytes
// of that value, in a copy: documents that were copied before do not see it.
type document struct{ raw json.RawMessage }

// Raw returns the JSON, byte for byte.
func (d document) Raw() json.RawMessage { return bytes.Clone(d.raw) }

// Get returns the JSON at a place, byte for byte, and false where there is none.
// The place is a JSON Pointer (RFC 6901) such as "/data/text" or
// "/data/branches/0/label", in which "~1" stands for "/" and "~0" for "~".
func (d document) Get(pointer string) (json.RawMessage, bool) {
	path, err := parsePointer(pointer)
	if err != nil {
		return nil, false
	}
	value := d.raw
	for _, name := range path {
		at, ok := child(value, name)
		if !ok {
			return nil, false
		}
		value = value[at.start:at.end]
	}
	return bytes.Clone(value), len(value) > 0
}

// Set puts a value at a place, written as for Get, and leaves every
// other byte as it is. A member that is missing is added behind the others, and
// "-" as the last part of a place stands for the end of an array; all that the
// place leads through must be there. The value is marshalled with encoding/json;
// a json.RawMessage goes in byte for byte.
func (d *document) Set(pointer string, value any) error {
	path, err := parsePointer(pointer)
	if err != nil {
		return fmt.Errorf("flows: %q %w", pointer, err)
	}
	encoded, err := encode(value)
	if err != nil {
		return fmt.Errorf("flows: the value for %q: %w", pointer, err)
	}
	raw, err := set(d.orEmpty(), path, encoded)
	if err != nil {
		return fmt.Errorf("flows: %q %w", pointer, err)
	}
	d.raw = raw
	return nil
}

// MarshalJSON writes the JSON. encoding/json respells it on the way: Create and
// Update send it byte for byte.
func (d document) MarshalJSON() ([]byte, error) {
	if len(d.raw) == 0 {
		return []byte("null"), nil
	}
	return d.raw, nil
}

// UnmarshalJSON keeps the JSON; null is none.
func (d *document) UnmarshalJSON(data []byte) error {
	d.raw = nil
	if data = bytes.TrimSpace(data); string(data) != "null" {
		d.raw = bytes.Clone(data)
	}
	return nil
}

// exact is the JSON for [encode].
func (d document) exact() json.RawMessage { return d.orEmpty() }

func (d document) orEmpty() json.RawMessage {
	if len(d.raw) == 0 {
		return json.RawMessage("{}")
	}
	return d.raw
}

// text is the text at a place, or the digits of a number there.
func (d document) text(pointer string) string {
	raw, _ := d.Get(pointer)
	var text string
	if wire.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// array is the elements of the array at a place.
func (d document) array(pointer string) []json.RawMessage {
	raw, _ := d.Get(pointer)
	var elements []json.RawMessage
	walk(raw, func(_ string, at span) {
		elements = append(elements, raw[at.start:at.end])
	})
	return elements
}

// parsePointer splits a JSON Pointer into names.
func parsePointer(pointer string) ([]string, error) {
	if pointer == "" {
		return nil, nil
	}
	parts := strings.Split(pointer, "/")
	if parts[0] != "" || !utf8.ValidString(pointer) {
		return nil, errNotPointer
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i := range parts {
		parts[i] = unescape.Replace(parts[i])
	}
	return parts[1:], nil
}

// encode makes JSON of a value without respelling any text.
func encode(value any) (json.RawMessage, error) {
	switch v := value.(type) {
	case json.RawMessage:
		if !json.Valid(v) {
			return nil, errNotJSON
		}
		return bytes.TrimSpace(v), nil
	case interface{ exact() json.RawMessage }:
		return v.exact(), nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(wire.UTC(value)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// set returns a copy of container with the value at a path replaced or added.
func set(container json.RawMessage, path []string, value json.RawMessage) (json.RawMessage, error) {
	if len(path) == 0 {
		return value, nil
	}
	at, ok := child(container, path[0])
	switch {
	case ok:
		inner, err := set(container[at.start:at.end], path[1:], value)
		return replace(container, at, inner), err
	case len(path) > 1:
		return nil, errNoPlace
	default:
		return add(container, path[0], value)
	}
}

// replace returns a copy of text with what stands at a span replaced.
func replace(text []byte, at span, value []byte) json.RawMessage {
	return slices.Concat(text[:at.start], value, text[at.end:])
}

// add returns a copy of container with a value behind its last one.
func add(container json.RawMessage, name string, value json.RawMessage) (json.RawMessage, error) {
	switch {
	case len(container) > 0 && container[0] == '{':
		quoted, err := encode(name)
		if err != nil {
			return nil, err
		}
		value = slices.Concat(quoted, json.RawMessage(":"), value)
	case len(container) > 0 && container[0] == '[' && name == "-":
	default:
		return nil, errNoPlace
	}
	end, empty := 1, true
	walk(container, func(_ string, at span) { end, empty = at.end, false })
	if !empty {
		value = slices.Concat(json.RawMessage(","), value)
	}
	return replace(container, span{end, end}, value), nil
}

// span is where a value stands in a text.
type span struct{ start, end int }

// child finds a member of an object by its name, or an element of an array by its
// index. Of a name that comes twice the last one counts, as it does for decoders.
func child(container json.RawMessage, name string) (found span, ok bool) {
	walk(container, func(n string, at span) {
		if n == name {
			found, ok = at, true
		}
	})
	return found, ok
}

// walk visits the values of an object or array: each with its name, or its index
// in digits, and where it stands.
func walk(container json.RawMessage, visit func(name string, at span)) {
	dec := json.NewDecoder(bytes.NewReader(container))
	opening, err := dec.Token()
	if err != nil || opening != json.Delim('{') && opening != json.Delim('[') {
		return
	}
	for i := 0; dec.More(); i++ {
		name := strconv.Itoa(i)
		if opening == json.Delim('{') {
			token, err := dec.Token()
			if err != nil {
				return
			}
			name, _ = token.(string)
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return
		}
		end := int(dec.InputOffset())
		visit(name, span{end - len(value), end})
	}
}
