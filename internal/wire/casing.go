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

// hasMarks reports whether some name in data has one of the marks: a quick look that
// most responses need no other than. Letters stand within texts alone, so that the
// next quote ends the text, and a colon behind it makes the text a name.
func hasMarks(data []byte, marks mark) bool {
	for i := 0; i < len(data); {
		var found uint64
		for ; len(data)-i >= 8 && found == 0; i += 8 {
			found = marked(binary.LittleEndian.Uint64(data[i:]), marks)
		}
		switch {
		case found != 0:
			i += bits.TrailingZeros64(found)/8 - 8
		case i == len(data) || marksOf(data[i:i+1])&marks == 0:
			i++
			continue
		}
		end := bytes.IndexByte(data[i:], '"')
		if end < 0 {
			return false
		}
		if i = skipSpace(data, i+end+1); i < len(data) && data[i] == ':' {
			return true
		}
	}
	return false
}

// marked returns the high bit of each of eight letters that has one of the marks.
func marked(letters uint64, marks mark) (found uint64) {
	low := letters &^ high
	if marks&capital != 0 {
		found = (low + (0x80-'A')*ones) &^ (low + (0x7f-'Z')*ones)
	}
	if marks&underscore != 0 {
		found |= ^((low ^ '_'*ones) + 0x7f*ones)
	}
	return found & high &^ letters
}

// Of eight letters in a word: the lowest bit of each, and the highest.
const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

// look looks at the names of the object at i. says is whether one of them has
// several words, end the place behind the object unless something was missed.
func (p *plan) look(b []byte, i int) (says, missed bool, end int) {
	ok := true
	for i = skipSpace(b, i+1); ok && i < len(b) && b[i] == '"'; {
		start := i + 1
		stop := max(start, skipString(b, i)-1)
		marks := marksOf(b[start:stop])
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

func (p *plan) isMissed(name []byte) bool {
	text := unquoted(name)
	return p.own(text) < 0 && p.cousin(text) >= 0
}

func (p *plan) missesIn(name, value []byte) bool {
	f, ok := p.exact[string(name)]
	return ok && p.fields[f].inner.misses(value)
}
