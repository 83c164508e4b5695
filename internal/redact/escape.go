package redact

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxEscapes is how many layers of escapes are undone: JSON in a URL in JSON.
const maxEscapes = 4

func hasEscape(text []byte) bool {
	return slices.ContainsFunc(text, func(b byte) bool { return b == '%' || b == '\\' || b == '&' })
}

// unescape undoes one layer of URL, JSON (and Go's), and HTML escapes, in place.
func unescape(in []char) (out []char, undone bool) {
	out = in[:0]
	for len(in) > 0 {
		r, n := escape(in)
		if n > 1 {
			undone = true
			in[0].r, in[0].to = r, in[n-1].to
		}
		out = append(out, in[0])
		in = in[n:]
	}
	return out, undone
}

// escape returns the character that the text begins with, and in how many it is
// written: 1 for one that is not escaped.
func escape(in []char) (rune, int) {
	switch in[0].r {
	case '%':
		return percent(in)
	case '\\':
		return backslash(in)
	case '&':
		return entity(in)
	}
	return in[0].r, 1
}

// percent reads %C3%BC.
func percent(in []char) (rune, int) {
	var b [utf8.UTFMax]byte
	n := 0
	for n < len(b) && len(in) >= 3*n+3 && in[3*n].r == '%' {
		v, ok := hexadecimal(in[3*n+1 : 3*n+3])
		if !ok {
			break
		}
		b[n] = byte(v)
		n++
	}
	if n == 0 {
		return '%', 1
	}
	r, size := utf8.DecodeRune(b[:n])
	return orByte(r, size, b[0]), 3 * size
}

// backslash reads \n, \u00fc, \x41 and \U0001f600.
func backslash(in []char) (rune, int) {
	if len(in) < 2 {
		return '\\', 1
	}
	digits := 0
	switch in[1].r {
	case 'n', 'r', 't':
		return ' ', 2
	case '"', '\\', '/', '\'':
		return in[1].r, 2
	case 'b', 'f', 'a', 'v':
		return 0, 2 // dropped
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || len(in) < 2+digits {
		return '\\', 1
	}
	v, ok := hexadecimal(in[2 : 2+digits])
	if !ok || v > utf8.MaxRune {
		return '\\', 1
	}
	n := 2 + digits
	if v >= 0xD800 && v < 0xDC00 && len(in) >= 2*n && in[n].r == '\\' && in[n+1].r == 'u' {
		if low, ok := hexadecimal(in[n+2 : 2*n]); ok && low >= 0xDC00 && low < 0xE000 {
			return (v-0xD800)<<10 + (low - 0xDC00) + 0x10000, 2 * n
		}
	}
	return v, n
}

// entity reads &amp;, &#39; and &#x27;, and &uuml; as a letter without its accent.
func entity(in []char) (rune, int) {
	const longest = 10
	var name []byte
	for _, c := range in[1:min(len(in), longest)] {
		if !isLetterOrDigit(c.r) && (c.r != '#' || len(name) > 0) {
			break
		}
		name = append(name, byte(c.r))
	}
	n := len(name) + 1
	if ends := n < len(in) && in[n].r == ';'; ends {
		n++
	} else if len(name) == 0 || name[0] != '#' { // numbers may end without
		return '&', 1
	}
	if digits, ok := strings.CutPrefix(string(name), "#"); ok {
		base := 10
		if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
			base, digits = 16, digits[1:]
		}
		if v, err := strconv.ParseUint(digits, base, 21); err == nil && v <= utf8.MaxRune {
			return rune(v), n
		}
		return '&', 1
	}
	if len(name) < 2 {
		return '&', 1
	}
	switch string(name) {
	case "amp":
		return '&', n
	case "lt":
		return '<', n
	case "gt":
		return '>', n
	case "quot":
		return '"', n
	case "apos":
		return '\'', n
	case "nbsp":
		return ' ', n
	case "szlig":
		return 'ß', n
	}
	switch string(name[1:]) {
	case "uml", "acute", "grave", "circ", "tilde", "ring", "cedil", "slash", "caron":
		return rune(name[0]), n
	}
	return '&', 1
}

func isLetterOrDigit(r rune) bool { return isDigit(r) || 'a' <= r|0x20 && r|0x20 <= 'z' }

// hexadecimal reads a number.
func hexadecimal(digits []char) (rune, bool) {
	var n rune
	for _, c := range digits {
		var d rune
		switch {
		case isDigit(c.r):
			d = c.r - '0'
		case c.r >= 'a' && c.r <= 'f':
			d = c.r - 'a' + 10
		case c.r >= 'A' && c.r <= 'F':
			d = c.r - 'A' + 10
		default:
			return 0, false
		}
		if n > 1<<26 {
			return 0, false
		}
		n = n<<4 + d
	}
	return n, true
}
