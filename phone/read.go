package phone

import (
	"strings"
	"unicode"
)

// maxDigits bounds what is looked at: 15 digits of a number, an international
// prefix and a carrier code, with room to spare.
const maxDigits = 30

// written is what a person wrote, reduced to digits. The library that knows the
// numbering plans is given nothing else: it would translate letters, cut
// extensions and skip unknown characters without a word.
type written struct {
	// digits are all digits, in ASCII.
	digits string
	// unbracketed are the digits without the first bracketed group.
	unbracketed string
	// plus is whether a plus sign stood before the digits.
	plus bool
	// open and closed are how many digits stand before the first pair of brackets and
	// before its end.
	open, closed int
	// cuts are where what stands between two digits may mean that another number
	// begins.
	cuts []cut
}

// cut is a place between two digits.
type cut struct {
	digits int // before it
	// groups is whether the same character only makes groups throughout, as in
	// 02/123/45/67.
	groups bool
	// weak is whether what stands there makes groups more often than not.
	weak bool
}

// read takes input apart and refuses whatever is more than one number.
func read(input string) (written, Rule) {
	var w written
	var digits []byte
	w.open, w.closed = -1, -1
	text := withoutFraction(withoutScheme(strings.TrimSpace(input)))
	var before rune
	for i, r := range text {
		if mayEnd, weak := isCut(r, before); mayEnd && len(digits) > 0 {
			w.cuts = append(w.cuts, cut{digits: len(digits), weak: weak})
		}
		before = r
		if d, ok := digit(r); ok {
			if digits = append(digits, d); len(digits) > maxDigits {
				return w, ErrLength
			}
			continue
		}
		switch {
		case r == '+' || r == '＋':
			if w.plus || len(digits) > 0 {
				return w, ErrCharacters
			}
			w.plus = true
		case r == '(' || r == '（':
			if w.open < 0 {
				w.open = len(digits)
			}
		case r == ')' || r == '）':
			if w.open >= 0 && w.closed < 0 {
				w.closed = len(digits)
			}
		case !isSeparator(r):
			return w, refusal(r, text[i:], len(digits) > 0)
		}
	}
	if len(digits) == 0 {
		return w, ErrEmpty
	}
	w.markGroups(text)
	w.digits = string(digits)
	return w.unbracket(), ""
}

// unbracket sets the digits without the first bracketed group.
func (w written) unbracket() written {
	w.unbracketed = w.digits
	if w.closed > w.open && w.closed <= len(w.digits) {
		w.unbracketed = w.digits[:w.open] + w.digits[w.closed:]
	}
	return w
}

// before is what was written before a cut.
func (w written) before(c cut) written {
	w.digits = w.digits[:c.digits]
	return w.unbracket()
}

// isCut reports whether another number may begin behind r. A dash between spaces
// mostly makes groups.
func isCut(r, before rune) (mayEnd, weak bool) {
	switch {
	case strings.ContainsRune("/／~〜～\n\r\v\f\u0085\u2028\u2029([（", r):
		return true, false
	case unicode.Is(unicode.Pd, r) && unicode.IsSpace(before):
		return true, true
	}
	return false, false
}

// markGroups marks the slashes of a number that is written with slashes throughout:
// two or more, the groups between them short.
func (w *written) markGroups(text string) {
	const longest = 4
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '／' })
	if len(groups) <= 2 {
		return
	}
	for _, group := range groups[1:] {
		if _, digits := digitsOf(group); len(digits) > longest {
			return
		}
	}
	for i := range w.cuts {
		w.cuts[i].groups = true
	}
}

// withoutFraction removes the .0 that spreadsheets put behind a number in one piece.
func withoutFraction(s string) string {
	const shortest = 7
	whole, fraction, ok := strings.Cut(s, ".")
	if !ok {
		whole, fraction, ok = strings.Cut(s, ",")
	}
	digits := strings.TrimPrefix(whole, "+")
	if !ok || len(digits) < shortest || (fraction != "0" && fraction != "00") || strings.Trim(digits, "0123456789") != "" {
		return s
	}
	return whole
}

// withoutScheme removes the "tel:" of a link.
func withoutScheme(s string) string {
	const scheme = "tel:"
	if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
		return s[len(scheme):]
	}
	return s
}

// digit returns the ASCII form of a decimal digit of any script.
func digit(r rune) (byte, bool) {
	if !unicode.IsDigit(r) {
		return 0, false
	}
	// The digits of a script follow each other from 0 to 9, and such runs of ten
	// may touch.
	first := r
	for unicode.IsDigit(first - 1) {
		first--
	}
	return '0' + byte((r-first)%10), true
}

// isSeparator reports whether r only makes a number readable, or cannot be seen.
func isSeparator(r rune) bool {
	return strings.ContainsRune("./[]．／−ー~〜～", r) || unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf)
}

// refusal names what is wrong with r, the first character of rest that has no
// place in a number.
func refusal(r rune, rest string, afterDigits bool) Rule {
	switch {
	case afterDigits && isExtension(r, rest):
		return ErrExtension
	case unicode.IsLetter(r):
		return ErrLetters
	default:
		return ErrCharacters
	}
}

// isExtension reports whether rest announces digits to be dialled once the call
// is up, or another parameter.
func isExtension(r rune, rest string) bool {
	if strings.ContainsRune(";,#", r) {
		return true
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(rest)
	}
	switch strings.ToLower(rest[:end]) {
	case "x", "ext", "extn", "extension":
		return true
	}
	return false
}
