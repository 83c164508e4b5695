package redact

import (
	"strings"
	"unicode"
)

// Hide replaces in texts whatever was written, with the words around it, and what
// is secret wherever it comes from.
func (w *Written) Hide(texts ...Text) {
	s, all := newSet(), make([]*shown, len(texts))
	for i, t := range texts {
		all[i] = &shown{text: cut(*t.At, t.Limit)}
	}
	s.show(all)
	if len(s.heads) > 1 {
		w.each(func(v *views, kind kind) {
			switch kind {
			case aNumber:
				s.number(v)
			case aText:
				s.short(v)
				fallthrough
			default:
				s.long(v)
				s.number(v)
			}
		})
	}
	for i, t := range texts {
		all[i].hideOrbits()
		if t.ID {
			*t.At = line(all[i].String(), t.Limit)
			continue
		}
		s.finish(all[i])
		all[i].hideEmails()
		*t.At = line(maskNumbers(all[i].String()), t.Limit)
	}
}

// String returns the text with what is hidden replaced, whole words at a time.
func (t *shown) String() string {
	t.widen()
	var out strings.Builder
	for i := range len(t.text) {
		switch {
		case !t.hidden[i]:
			out.WriteByte(t.text[i])
		case i == 0 || !t.hidden[i-1]:
			out.WriteString(Mark)
		}
	}
	return out.String()
}

// widen hides the rest of each word of which something is hidden.
func (t *shown) widen() {
	chars := t.views.plain.exact
	for i := 0; i < len(chars); i++ {
		from, touched := i, false
		for ; i < len(chars) && isWord(chars[i].r); i++ {
			touched = touched || t.hidden[chars[i].from]
		}
		if touched {
			t.hideAll(chars[from:i])
		}
	}
	trim(t.text, t.hidden, 1)
	trim(t.text, t.hidden, -1)
}

// trim shows the white space at one end of all that is hidden.
func trim(text string, hidden []bool, step int) {
	before := false
	for i := range hidden {
		if step < 0 {
			i = len(hidden) - 1 - i
		}
		if !before && text[i] == ' ' {
			hidden[i] = false
		}
		before = hidden[i]
	}
}

// hideOrbits hides API keys and signing secrets, whosever they are.
func (t *shown) hideOrbits() {
	t.views.each(func(chars []char, loose bool) {
		if loose {
			return
		}
		for i := 0; i < len(chars); i++ {
			if n := orbits(chars[i:]); n > 0 {
				t.hideAll(chars[i : i+n])
				i += n
			}
		}
	})
}

// orbits measures the secret of Orbit that a text begins with: dv_live_sk_... or
// whsec_...
func orbits(chars []char) int {
	const longestMode = 16 // of the word between dv_ and _sk_
	n := prefix(chars, "whsec_")
	if n == 0 {
		if n = prefix(chars, "dv_"); n == 0 {
			return 0
		}
		mode := 0
		for mode < longestMode && n+mode < len(chars) && isWord(chars[n+mode].r) {
			mode++
		}
		sk := prefix(chars[n+mode:], "_sk_")
		if sk == 0 {
			return 0
		}
		n += mode + sk
	}
	for n < len(chars) && (isWord(chars[n].r) || strings.ContainsRune("_-/=", chars[n].r)) {
		n++
	}
	return n
}

// prefix is the length of a prefix that the text has, or 0.
func prefix(chars []char, want string) int {
	if len(chars) < len(want) {
		return 0
	}
	for i := range len(want) {
		if chars[i].r != rune(want[i]) {
			return 0
		}
	}
	return len(want)
}

// cut leaves as much of a text as can matter to a line of limit characters, since
// what is hidden may be longer than its mark.
func cut(text string, limit int) string {
	const ample = 8
	if len(text) > ample*limit {
		return text[:ample*limit]
	}
	return text
}

// line returns text as one line of at most limit characters.
func line(text string, limit int) string {
	chars := []rune(strings.Join(strings.FieldsFunc(text, isBreak), " "))
	if len(chars) > limit {
		chars = append(chars[:limit-1], '…')
	}
	return string(chars)
}

// isBreak reports whether a character would end a line, or steer a terminal.
func isBreak(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
