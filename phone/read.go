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
}

// read takes input apart and refuses whatever is more than one number.
func read(input string) (written, Rule) {
	var w written
	var digits []byte
	open, closed := -1, -1
	text := withoutScheme(strings.TrimSpace(input))
	for i, r := range text {
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
			if open < 0 {
				open = len(digits)
			}
		case r == ')' || r == '）':
			if open >= 0 && closed < 0 {
				closed = len(digits)
			}
		case !isSeparator(r):
			return w, refusal(r, text[i:], len(digits) > 0)
		}
	}
	if len(digits) == 0 {
		return w, ErrEmpty
	}
	w.digits, w.unbracketed = string(digits), string(digits)
	if closed > open {
		w.unbracketed = w.digits[:open] + w.digits[closed:]
	}
	return w, ""
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
