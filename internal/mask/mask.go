// Package mask hides what identifies people and unlocks accounts from text that
// is meant for errors and logs.
package mask

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

// Text returns text with phone numbers, e-mail addresses and the given values
// hidden.
func Text(text string, values ...string) string {
	return emails(digitRuns(Secrets(text, values...)))
}

// Line returns text, masked like Text, as one line of at most limit characters.
func Line(text string, limit int, values ...string) string {
	const ample = 16 // times the limit: masking must see more than what is shown
	if len(text) > ample*limit {
		text = text[:ample*limit]
	}
	line := []rune(strings.Join(strings.FieldsFunc(Text(text, values...), isBreak), " "))
	if len(line) > limit {
		line = append(line[:limit-1], '…')
	}
	return string(line)
}

// isBreak reports whether a character would end a line, or steer a terminal.
func isBreak(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

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

// Secrets returns text with just the given values hidden: every byte that belongs
// to one of them, also where one is part of another or overlaps it.
func Secrets(text string, values ...string) string {
	hidden := make([]bool, len(text))
	for _, v := range values {
		hide(hidden, text, v)
	}
	var out strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			out.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString("[redacted]")
		}
	}
	return out.String()
}

// hide marks the bytes of each occurrence of value in text.
func hide(hidden []bool, text, value string) {
	end := 0
	for from := 0; value != ""; from++ {
		at := strings.Index(text[from:], value)
		if at < 0 {
			return
		}
		from += at
		for i := max(from, end); i < from+len(value); i++ {
			hidden[i] = true
		}
		end = from + len(value)
	}
}

// digitRuns masks each run of seven digits or more. Separators within a number
// do not end its run, so that "+1 (415) 555-2671" is one.
func digitRuns(s string) string {
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

// emails masks the local part of each e-mail address.
func emails(s string) string {
	var out strings.Builder
	copied := 0
	for at := range len(s) {
		if s[at] != '@' || at+1 == len(s) || !isMailbox(s[at+1]) && s[at+1] != '[' {
			continue
		}
		start := at
		for start > copied && isMailbox(s[start-1]) {
			start--
		}
		if start < at {
			out.WriteString(s[copied:start])
			out.WriteString("***")
			copied = at
		}
	}
	out.WriteString(s[copied:])
	return out.String()
}

func isMailbox(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 ||
		strings.IndexByte(".!#$%&'*+-/?^_`{|}~", c) >= 0
}
