package wire

import "reflect"

// Lenient decodes valid JSON into *v by the lenient way alone.
func Lenient(data []byte, v any) error { return new(Reader).lenient(data, v, "") }

// Misses reports whether a plain decode of a response into *v leaves out names in the
// other casing.
func (r *Reader) Misses(body []byte, v any) bool { return r.misses(body, reflect.TypeOf(v).Elem()) }
