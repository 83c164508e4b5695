package wire

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// The functions of this file walk over JSON text without a copy of it. They take the
// text to be valid; on any other they find something else, but never read beyond
// its end.

// skipSpace returns the place of the first character from i on that is no white
// space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// skipString returns the place behind the string that begins at i.
func skipString(b []byte, i int) int {
	for begin := i; ; {
		n := bytes.IndexByte(b[i+1:], '"')
		if n < 0 {
			return len(b)
		}
		i += n + 1
		if b[i-1] != '\\' || i-1 == begin {
			return i + 1
		}
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

// skipValue returns the place behind the value that begins at i.
func skipValue(b []byte, i int) int {
	if i < len(b) && b[i] == '"' {
		return skipString(b, i)
	}
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		if depth <= 0 && isEnd(b[i]) {
			return i
		}
		i++
	}
	return i
}

// isEnd reports whether a number, true, false or null ends before c.
func isEnd(c byte) bool { return c == ',' || c == '}' || c == ']' || c <= ' ' }

// next returns the place of the next element of an array or member of an object,
// where the one before it ended at i.
func next(b []byte, i int) (at int, ok bool) {
	if i = skipSpace(b, i); i >= len(b) || b[i] != ',' {
		return i, false
	}
	i = skipSpace(b, i+1)
	return i, i < len(b)
}

// elements ranges over the elements of an array.
func elements(array []byte) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		if !isArray(array) {
			return
		}
		i := skipSpace(array, skipSpace(array, 0)+1)
		for ok := i < len(array) && array[i] != ']'; ok; {
			end := skipValue(array, i)
			if !yield(array[i:end:end]) {
				return
			}
			i, ok = next(array, end)
		}
	}
}

// members ranges over the members of an object: the name as it is written, without
// its quotes, and the value.
func members(object []byte) iter.Seq2[[]byte, json.RawMessage] {
	return func(yield func([]byte, json.RawMessage) bool) {
		i := skipSpace(object, skipSpace(object, 0)+1)
		for ok := i < len(object) && object[i] == '"'; ok; {
			end := skipString(object, i)
			name := object[i+1 : max(i+1, end-1)]
			i = skipSpace(object, end)                   // the colon
			i = skipSpace(object, min(i+1, len(object))) // the value
			end = skipValue(object, i)
			if !yield(name, object[i:end:end]) {
				return
			}
			i, ok = next(object, end)
			ok = ok && object[i] == '"'
		}
	}
}

// valueOf returns the place of the value of a member of an object, or -1. It does not
// look further than it must.
func valueOf(object []byte, name string) int {
	i := skipSpace(object, skipSpace(object, 0)+1)
	for ok := i < len(object) && object[i] == '"'; ok; {
		end := skipString(object, i)
		found := isNamed(object[i+1:max(i+1, end-1)], name)
		i = skipSpace(object, end)                   // the colon
		i = skipSpace(object, min(i+1, len(object))) // the value
		if found {
			return i
		}
		i, ok = next(object, skipValue(object, i))
		ok = ok && object[i] == '"'
	}
	return -1
}

// unquoted returns the text of a name that members gave.
func unquoted(name []byte) string {
	if bytes.IndexByte(name, '\\') < 0 && utf8.Valid(name) {
		return string(name)
	}
	var s string
	if json.Unmarshal([]byte(`"`+string(name)+`"`), &s) != nil {
		return string(name)
	}
	return s
}

// first returns the first character of a value, 0 for none.
func first(raw []byte) byte {
	if i := skipSpace(raw, 0); i < len(raw) {
		return raw[i]
	}
	return 0
}

func isArray(raw []byte) bool  { return first(raw) == '[' }
func isObject(raw []byte) bool { return first(raw) == '{' }
func isNull(raw []byte) bool   { return first(raw) == 'n' }
