package flows

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/devotel/orbit-go/internal/wire"
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
	path, err := wire.ParsePointer(pointer)
	if err != nil {
		return nil, false
	}
	value, ok := path.Get(d.raw)
	return bytes.Clone(value), ok
}

// Set puts a value at a place, written as for Get, and leaves every
// other byte as it is. A member that is missing is added behind the others, and
// "-" as the last part of a place stands for the end of an array; all that the
// place leads through must be there. The value is marshalled with encoding/json;
// a json.RawMessage goes in byte for byte.
func (d *document) Set(pointer string, value any) error {
	path, err := wire.ParsePointer(pointer)
	if err != nil {
		return fmt.Errorf("flows: %q %w", pointer, err)
	}
	encoded, err := encode(value)
	if err != nil {
		return fmt.Errorf("flows: the value for %q: %w", pointer, err)
	}
	raw, err := path.Set(d.orEmpty(), encoded)
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
	return wire.Elements(raw)
}

// encode makes JSON of a value without respelling any text.
func encode(value any) (json.RawMessage, error) {
	if d, ok := value.(interface{ exact() json.RawMessage }); ok {
		return d.exact(), nil
	}
	return wire.Exact(value)
}
