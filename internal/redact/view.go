package redact

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// char is a character of a view, and the bytes of the text that stand for it.
type char struct {
	r        rune
	from, to int32
	at       int32 // in a loose view: its place in the exact one
}

// view is a text in one form: all of its characters, and its letters and digits
// alone. Case, accents and invisible characters are gone.
type view struct{ exact, loose []char }

// views are the forms of a text that are compared: with its escapes undone, and
// as it is, which is empty where that is the same.
type views struct{ plain, raw view }

// read makes the views of a text. It uses the room of v again.
func (v *views) read(text []byte) {
	v.plain.exact, v.raw.exact = slices.Grow(v.plain.exact[:0], len(text)), v.raw.exact[:0]
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		v.plain.exact = append(v.plain.exact, char{r: orByte(r, size, text[at]), from: int32(at), to: int32(at + size)})
		at += size
	}
	if hasEscape(text) {
		v.raw.exact = append(v.raw.exact, v.plain.exact...)
		if !v.plain.unescape() {
			v.raw.exact = v.raw.exact[:0]
		}
	}
	v.plain.fold()
	v.raw.fold()
}

// unescape undoes all layers of escapes, and reports whether there were any.
func (v *view) unescape() (undone bool) {
	for range maxEscapes {
		out, some := unescape(v.exact)
		v.exact = out
		if !some {
			break
		}
		undone = true
	}
	return undone
}

// fold makes equal what people take for the same, and finds the loose form.
func (v *view) fold() {
	v.exact = fold(v.exact)
	v.loose = slices.Grow(v.loose[:0], len(v.exact))
	for i, c := range v.exact {
		if isWord(c.r) {
			c.at = int32(i)
			v.loose = append(v.loose, c)
		}
	}
}

// orByte keeps bytes that are no UTF-8 apart from one another, as characters that
// nobody uses.
func orByte(r rune, size int, b byte) rune {
	if r == utf8.RuneError && size == 1 {
		return 0x10FF00 + rune(b)
	}
	return r
}

// isWord reports whether a character belongs to a word or a number; all others
// separate.
func isWord(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	default:
		return unicode.IsLetter(r) || unicode.IsNumber(r)
	}
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// fold makes characters equal that people take for the same, in place.
func fold(chars []char) []char {
	out := chars[:0]
	for _, c := range chars {
		switch r := c.r; {
		case 'A' <= r && r <= 'Z':
			c.r += 'a' - 'A'
		case r == '+', r == ' ', '\t' <= r && r <= '\r':
			c.r = ' ' // a plus is a space in queries
		case r < ' ', r == 0x7f:
			continue
		case r < utf8.RuneSelf:
		default:
			if c.r = foldOther(r); c.r < 0 {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// latin holds the letters U+00C0 to U+017F without their accents, in lower case.
const latin = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// foldOther folds what is not ASCII; -1 drops it.
func foldOther(r rune) rune {
	const wide = 0xFEE0 // from a full-width character to its ASCII form
	switch {
	case 0xC0 <= r && r <= 0x17F:
		return rune(latin[r-0xC0])
	case 0xFF01 <= r && r <= 0xFF5E:
		return unicode.ToLower(r - wide)
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Cc):
		return -1
	case unicode.IsDigit(r):
		return '0' + digitValue(r)
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// digitValue is the value of a decimal digit of any script. Digits stand in tens
// that begin with zero.
func digitValue(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}
