package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/devotel/orbit-go/api"
)

// Why a value cannot be put at a place. Each completes a sentence that begins with
// the place.
const (
	ErrNotPointer = api.Sentinel(`is no JSON Pointer: it must be UTF-8, and empty or begin with "/", with "~" only in "~0" and "~1"`)
	ErrNoPlace    = api.Sentinel("leads through a member that is missing, or that is no object or array")
	ErrOccupied   = api.Sentinel("names an object or array that is there already: name a member of it")
	ErrNotJSON    = api.Sentinel("the text is not valid JSON")
)

// Pointer is a place in a JSON document: a JSON Pointer (RFC 6901), split and
// unescaped. Its methods work on the bytes of a document and leave all others as
// they are.
type Pointer []string

// ParsePointer splits a JSON Pointer.
func ParsePointer(text string) (Pointer, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, "/")
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	if parts[0] != "" || !utf8.ValidString(text) || strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(text), "~") {
		return nil, ErrNotPointer
	}
	for i := range parts {
		parts[i] = unescape.Replace(parts[i])
	}
	return parts[1:], nil
}

// Get returns the part of document that stands at the place, and false where
// nothing does.
func (p Pointer) Get(document json.RawMessage) (json.RawMessage, bool) {
	for _, name := range p {
		at, ok := child(document, name)
		if !ok {
			return nil, false
		}
		document = document[at.start:at.end]
	}
	return document, len(document) > 0
}

// Set returns a copy of document with the value at the place replaced, or added.
// All that the place leads through must be there.
func (p Pointer) Set(document, value json.RawMessage) (json.RawMessage, error) {
	if len(p) == 0 {
		return value, nil
	}
	at, ok := child(document, p[0])
	switch {
	case ok:
		inner, err := p[1:].Set(document[at.start:at.end], value)
		return replace(document, at, inner), err
	case len(p) > 1:
		return nil, ErrNoPlace
	default:
		return add(document, p[0], value)
	}
}

// Add is Set that never loses what is there: it makes the objects that are missing
// on the way, and replaces neither an object nor an array.
func (p Pointer) Add(document, value json.RawMessage) (json.RawMessage, error) {
	if len(p) == 0 {
		if len(document) > 0 && (document[0] == '{' || document[0] == '[') {
			return nil, ErrOccupied
		}
		return value, nil
	}
	at, ok := child(document, p[0])
	if ok && (len(p) == 1 || string(document[at.start:at.end]) != "null") {
		inner, err := p[1:].Add(document[at.start:at.end], value)
		return replace(document, at, inner), err
	}
	inner, err := p[1:].around(value)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return replace(document, at, inner), nil
	default:
		return add(document, p[0], inner)
	}
}

// around returns value inside of the objects that lead to it, and of arrays where
// something is appended. Another element of a missing array is missing too.
func (p Pointer) around(value json.RawMessage) (json.RawMessage, error) {
	if len(p) == 0 {
		return value, nil
	}
	inner, err := p[1:].around(value)
	switch {
	case err != nil:
		return nil, err
	case p[0] == "-":
		return slices.Concat(json.RawMessage("["), inner, json.RawMessage("]")), nil
	case p[0] != "" && strings.Trim(p[0], "0123456789") == "":
		return nil, ErrNoPlace
	default:
		return add(json.RawMessage("{}"), p[0], inner)
	}
}

// Exact makes JSON of a value without respelling any text; a json.RawMessage stays
// as it is. Times are written in UTC.
func Exact(value any) (json.RawMessage, error) {
	if raw, ok := value.(json.RawMessage); ok {
		if !json.Valid(raw) {
			return nil, ErrNotJSON
		}
		return bytes.TrimSpace(raw), nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(UTC(value)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// Elements returns the values of an array or object, byte for byte.
func Elements(container json.RawMessage) []json.RawMessage {
	var elements []json.RawMessage
	walk(container, func(_ string, at span) {
		elements = append(elements, container[at.start:at.end])
	})
	return elements
}

// replace returns a copy of text with what stands at a span replaced.
func replace(text []byte, at span, value []byte) json.RawMessage {
	return slices.Concat(text[:at.start], value, text[at.end:])
}

// add returns a copy of container with a value behind its last one.
func add(container json.RawMessage, name string, value json.RawMessage) (json.RawMessage, error) {
	switch {
	case len(container) > 0 && container[0] == '{':
		quoted, err := Exact(name)
		if err != nil {
			return nil, err
		}
		value = slices.Concat(quoted, json.RawMessage(":"), value)
	case len(container) > 0 && container[0] == '[' && name == "-":
	default:
		return nil, ErrNoPlace
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
