package wire

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// misses reports whether an object, or the first of several that has a name of
// several words, has a member whose name is that of a field in the other casing:
// agentId for agent_id, agent_id for agentId. encoding/json drops it. Only what the
// struct types describe is looked at, never what is free-form.
func (p *plan) misses(value []byte) bool {
	if p == nil || p.anywhere == 0 {
		return false
	}
	i := skipSpace(value, 0)
	if i >= len(value) {
		return false
	}
	switch value[i] {
	case '{':
		_, missed, _ := p.look(value, i)
		return missed
	case '[':
		i = skipSpace(value, i+1)
		for ok := i < len(value) && value[i] == '{'; ok; ok = ok && value[i] == '{' {
			says, missed, end := p.look(value, i)
			if says {
				return missed
			}
			i, ok = next(value, end)
		}
	}
	return false
}

// hasMarks reports whether some name in data has one of the marks. It is right about
// most responses without looking at more than their names.
func hasMarks(data []byte, marks mark) bool {
	for i := 0; ; i++ {
		n := bytes.IndexByte(data[i:], ':')
		if n < 0 {
			return false
		}
		i += n
		end := i - 1
		for end > 0 && data[end] <= ' ' {
			end--
		}
		if end <= 0 || data[end] != '"' {
			continue // a colon within a text
		}
		for end--; end >= 0 && data[end] != '"'; end-- {
			switch c := data[end]; {
			case c == '_' && marks&underscore != 0, c >= 'A' && c <= 'Z' && marks&capital != 0:
				return true
			}
		}
	}
}

// look looks at the names of the object at i. says is whether one of them has
// several words, end the place behind the object unless something was missed.
func (p *plan) look(b []byte, i int) (says, missed bool, end int) {
	begin, ok := i, true
	for i = skipSpace(b, i+1); ok && i < len(b) && b[i] == '"'; {
		start := i + 1
		marks, stop := marksAt(b, start)
		if b[min(stop, len(b))-1] == '\\' { // an escaped quote: such names are not the API's
			return says, false, skipValue(b, begin)
		}
		for i = stop + 1; i < len(b) && (b[i] == ':' || b[i] <= ' '); {
			i++
		}
		if marks != 0 {
			says = true
			if marks&p.other != 0 && p.isMissed(b[start:stop]) {
				return true, true, i
			}
		}
		if i >= len(b) {
			break
		}
		c := b[i]
		end := skipValue(b, i)
		if p.nested && (c == '{' || c == '[') && p.missesIn(b[start:stop], b[i:end]) {
			return true, true, i
		}
		i, ok = next(b, end)
	}
	return says, false, min(i+1, len(b))
}

// marksAt returns the marks of the name that begins at i, and the place of the quote
// behind it. It takes eight letters at a time.
func marksAt(b []byte, i int) (marks mark, end int) {
	const (
		ones = 0x0101010101010101
		high = 0x80 * ones
	)
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		low := x &^ high
		// The high bit of each byte that is one of the characters; beyond ASCII none is.
		quotes := ^((low ^ '"'*ones) + 0x7f*ones) & high &^ x
		capitals := (low + (0x80-'A')*ones) &^ (low + (0x7f-'Z')*ones) & high &^ x
		lines := ^((low ^ '_'*ones) + 0x7f*ones) & high &^ x
		if quotes != 0 {
			before := quotes&-quotes - 1
			capitals, lines = capitals&before, lines&before
		}
		if capitals != 0 {
			marks |= capital
		}
		if lines != 0 {
			marks |= underscore
		}
		if quotes != 0 {
			return marks, i + bits.TrailingZeros64(quotes)/8
		}
	}
	for ; i < len(b) && b[i] != '"'; i++ {
		marks |= marksOf(b[i : i+1])
	}
	return marks, i
}

func (p *plan) isMissed(name []byte) bool {
	text := unquoted(name)
	return p.own(text) < 0 && p.cousin(text) >= 0
}

func (p *plan) missesIn(name, value []byte) bool {
	f, ok := p.exact[string(name)]
	return ok && p.fields[f].inner.misses(value)
}
