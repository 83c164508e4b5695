package redact

import (
	"slices"
	"strings"
	"unicode"
)

const (
	// longRun is the shortest run of digits that is taken for a phone number.
	longRun = 7
	// maxGap is how many separators may stand between two digits of a number, as
	// in "415 - 555 - 2671".
	maxGap = 3
)

// Number hides the middle of a phone number: "+14155552671" becomes
// "+14*******71". Whatever else stands in its place is hidden whole: what is too
// short, and what has letters.
func Number(s string) string {
	const head, tail, shortest = 3, 2, 9
	text := []rune(s)
	if len(text) < shortest || slices.ContainsFunc(text, unicode.IsLetter) {
		return strings.Repeat("*", len(text))
	}
	return string(text[:head]) + strings.Repeat("*", len(text)-head-tail) + string(text[len(text)-tail:])
}

// maskNumbers masks each run of seven digits or more. Separators within a number
// do not end its run, so that "+1 (415) 555-2671" is one.
func maskNumbers(s string) string {
	text := []rune(s)
	for rest := text; len(rest) > 0; {
		end, digits := run(rest)
		if digits >= longRun {
			maskDigits(rest[:end], digits)
		}
		rest = rest[max(end, 1):]
	}
	return string(text)
}

// run measures the number that text begins with: where it ends and how many
// digits it has.
func run(text []rune) (end, digits int) {
	for i, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
			end = i + 1
		case !isSeparator(r) || i-end >= maxGap:
			return end, digits
		}
	}
	return end, digits
}

// maskDigits replaces all but the first three and the last two digits.
func maskDigits(number []rune, digits int) {
	seen := 0
	for i, r := range number {
		if !unicode.IsDigit(r) {
			continue
		}
		seen++
		if seen > 3 && seen <= digits-2 {
			number[i] = '*'
		}
	}
}

// isSeparator reports whether people write r between the digits of a number.
// The invisible marks of Cf come along when one is copied from an address book.
func isSeparator(r rune) bool {
	return strings.ContainsRune("\t()./_", r) || unicode.In(r, unicode.Zs, unicode.Pd, unicode.Cf)
}

// hideEmails hides the local part of each email address, also of one in a URL.
func (t *shown) hideEmails() {
	s, done := t.text, 0
	for i := range len(s) {
		next := i + 1
		switch {
		case s[i] == '@':
		case strings.HasPrefix(s[i:], "%40"):
			next = i + len("%40")
		default:
			continue
		}
		if next == len(s) || !isMailbox(s[next]) && s[next] != '[' {
			continue
		}
		for from := i - 1; from >= done && isMailbox(s[from]); from-- {
			t.hidden[from] = true
		}
		done = next
	}
}

func isMailbox(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 ||
		strings.IndexByte(".!#$%&'*+-/?^_`{|}~", c) >= 0
}
