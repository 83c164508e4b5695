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
	if len(p) == 0 {
		return document, len(document) > 0
	}
	at, _ := p.find(document, skipSpace(document, 0))
	if at.parts < len(p) {
		return nil, false
	}
	return document[at.start:at.end], true
}

// Set returns a copy of document with the value at the place replaced, or added.
// All that the place leads through must be there.
func (p Pointer) Set(document, value json.RawMessage) (json.RawMessage, error) {
	if len(p) == 0 {
		return value, nil
	}
	at, _ := p.find(document, skipSpace(document, 0))
	switch len(p) - at.parts {
	case 0:
		return replace(document, at.span, value), nil
	case 1:
		return at.add(document, p[at.parts], value)
	}
	return nil, ErrNoPlace
}

// Add is Set that never loses what is there: it makes the objects that are missing
// on the way, and replaces neither an object nor an array.
func (p Pointer) Add(document, value json.RawMessage) (json.RawMessage, error) {
	at, _ := p.find(document, skipSpace(document, 0))
	found, missing := document[at.start:at.end], p[at.parts:]
	switch {
	case len(missing) == 0 && at.isContainer(document):
		return nil, ErrOccupied
	case len(missing) == 0:
		return replace(document, at.span, value), nil
	case at.parts > 0 && isNull(found):
		inner, err := missing.around(value)
		if err != nil {
			return nil, err
		}
		return replace(document, at.span, inner), nil
	}
	inner, err := missing[1:].around(value)
	if err != nil {
		return nil, err
	}
	return at.add(document, missing[0], inner)
}

// around returns value inside of the objects that lead to it, and of arrays where
// something is appended. Another element of a missing array is missing too.
func (p Pointer) around(value json.RawMessage) (json.RawMessage, error) {
	var before, behind []byte
	for _, name := range p {
		switch {
		case name == "-":
			before, behind = append(before, '['), append(behind, ']')
		case name != "" && strings.Trim(name, "0123456789") == "":
			return nil, ErrNoPlace
		default:
			quoted, err := Exact(name)
			if err != nil {
				return nil, err
			}
			before, behind = append(append(append(before, '{'), quoted...), ':'), append(behind, '}')
		}
	}
	slices.Reverse(behind)
	return slices.Concat(before, value, behind), nil
}

// place is the value that the first parts of a pointer lead to.
type place struct {
	span

	parts int // how many lead there
	tail  int // of an object or array: where its last value ends, or it begins
	empty bool
}

// find returns how far a pointer leads from the value that begins at i, and where
// that value ends. It looks at each byte once, however deep the place is. Of a name
// that comes twice the last one counts, as it does for decoders.
func (p Pointer) find(b []byte, i int) (place, int) {
	at := place{span: span{i, i}, tail: i + 1, empty: true}
	if len(p) == 0 || !at.isContainer(b) {
		at.end = skipValue(b, i)
		return at, at.end
	}
	deeper, closing := place{}, b[i]+2 // the brackets are two apart
	n := 0
	for i = skipSpace(b, i+1); i < len(b) && b[i] != closing; n++ {
		begin, matches := i, p[0] == strconv.Itoa(n)
		if closing == '}' {
			end := skipString(b, i)
			matches = unquoted(b[i+1:max(i+1, end-1)]) == p[0]
			i = skipSpace(b, min(skipSpace(b, end)+1, len(b))) // behind the colon
		}
		if matches {
			deeper, i = p[1:].find(b, i)
			deeper.parts++
		} else {
			i = skipValue(b, i)
		}
		at.tail, at.empty = i, false
		if i = skipSpace(b, i); i < len(b) && b[i] == ',' {
			i = skipSpace(b, i+1)
		}
		if i == begin {
			break // it is no JSON
		}
	}
	at.end = min(i+1, len(b))
	if deeper.parts > 0 {
		return deeper, at.end
	}
	return at, at.end
}

func (at *place) isContainer(document []byte) bool {
	return at.start < len(document) && (document[at.start] == '{' || document[at.start] == '[')
}

// add returns a copy of document with a value behind the last one of the object or
// array that stands at the place.
func (at *place) add(document json.RawMessage, name string, value json.RawMessage) (json.RawMessage, error) {
	switch {
	case !at.isContainer(document):
		return nil, ErrNoPlace
	case document[at.start] == '{':
		quoted, err := Exact(name)
		if err != nil {
			return nil, err
		}
		value = slices.Concat(quoted, json.RawMessage(":"), value)
	case name != "-":
		return nil, ErrNoPlace
	}
	if !at.empty {
		value = slices.Concat(json.RawMessage(","), value)
	}
	return replace(document, span{at.tail, at.tail}, value), nil
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
	if isArray(container) {
		return slices.Collect(elements(container))
	}
	var values []json.RawMessage
	if isObject(container) {
		for _, value := range members(container) {
			values = append(values, value)
		}
	}
	return values
}

// span is where a value stands in a text.
type span struct{ start, end int }

// replace returns a copy of text with what stands at a span replaced.
func replace(text []byte, at span, value []byte) json.RawMessage {
	return slices.Concat(text[:at.start], value, text[at.end:])
}
