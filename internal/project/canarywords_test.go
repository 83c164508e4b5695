package project_test

import (
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// sort is what people write: words, codes, numbers, addresses, sentences.
type sort int

const (
	aWord sort = iota
	aShortWord
	aCode
	aNumber
	anEmail
	aSentence
	sorts
)

// canaries makes texts that stand nowhere else, each once.
type canaries struct {
	sort sort
	made []string
}

// next makes another text.
func (c *canaries) next() string {
	n := len(c.made)
	text := ""
	switch c.sort {
	case aShortWord:
		text = letters("qzvxkjw", n, 5)
	case aCode:
		text = letters("3456789", n, 4+n%5)
	case aNumber:
		text = "+1" + letters("3456789", n, 10)
	case anEmail:
		text = letters("qzvxkjw", n, 9) + "@" + letters("gqpzvb", n, 8) + ".example"
	case aSentence:
		text = fmt.Sprintf("Grüße, \"%s\" & <b>%s</b>! 50%%25 %s %s.", letters("qzvxkjw", n, 9), letters("qzvxkjw", n+77, 9),
			`\u0041`, letters("3456789", n, 6))
	default:
		text = "Zq" + letters("abdefgkpqvxz", n, 11)
	}
	c.made = append(c.made, text)
	return text
}

// letters spells a number in an alphabet, scrambled so that no two begin alike.
func letters(alphabet string, n, length int) string {
	seed := uint64(n+1) * 0x9E3779B97F4A7C15
	out := make([]byte, length)
	for i := range out {
		seed ^= seed >> 29
		seed *= 0xBF58476D1CE4E5B9
		out[i] = alphabet[seed>>33%uint64(len(alphabet))]
	}
	return string(out)
}

// ways are the ways in which a server echoes what it got.
func ways() map[string]func(string) string {
	each := func(text, format string) string {
		var out strings.Builder
		for _, r := range text {
			fmt.Fprintf(&out, format, r)
		}
		return out.String()
	}
	return map[string]func(string) string{
		"whole":     func(s string) string { return s },
		"sentence":  func(s string) string { return "Your value '" + s + "' is wrong" },
		"middle":    middle,
		"upper":     strings.ToUpper,
		"title":     strings.ToTitle,
		"query":     url.QueryEscape,
		"path":      url.PathEscape,
		"percent":   func(s string) string { return strings.ReplaceAll(fmt.Sprintf("% X", " "+s), " ", "%")[2:] },
		"twice":     func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"json":      func(s string) string { return each(s, `\u%04x`) },
		"quoted":    func(s string) string { return fmt.Sprintf("%q", s) },
		"html":      html.EscapeString,
		"entities":  func(s string) string { return each(s, "&#%d;") },
		"separated": func(s string) string { return strings.Join(strings.Split(s, ""), "-") },
		"spaced":    func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
		"glued":     func(s string) string { return "value" + s + "value" },
	}
}

// middle is a part of a text that is long enough to be secret.
func middle(text string) string {
	r := []rune(text)
	if len(r) == 5 { // a short word has no such part
		return text
	}
	return string(r[len(r)/5 : len(r)-len(r)/5])
}

// traces are the forms by which a text is found again, all of them of letters and
// digits: whole, each run of eight, and where only texts are looked at, each run of
// four digits.
type traces struct{ whole, parts, digits map[string]bool }

// tracesOf finds them with nothing of what the SDK does it with.
func tracesOf(texts []string) traces {
	t := traces{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, text := range texts {
		plain := bareLetters(text)
		if len(plain) < 8 {
			t.whole[plain] = true
		}
		for i := 0; i+8 <= len(plain); i++ {
			t.parts[plain[i:i+8]] = true
		}
		for _, run := range strings.FieldsFunc(plain, func(r rune) bool { return r < '0' || r > '9' }) {
			for i := 0; i+4 <= len(run); i++ {
				t.digits[run[i:i+4]] = true
			}
		}
	}
	return t
}

// bareLetters leaves the letters and digits of ASCII.
func bareLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// numbersOf leaves the digits of ASCII, with a mark between numbers: one character
// that is neither a letter nor a digit may stand between two digits of one.
func numbersOf(text string) string {
	out, apart := make([]byte, 0, len(text)), 0
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			if apart > 1 {
				out = append(out, '|')
			}
			out, apart = append(out, c), 0
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= 0x80:
			apart = 2
		default:
			apart++
		}
	}
	return string(out)
}

// plainForms are a text as it is, and with its escapes undone.
func plainForms(text string) []string {
	forms := []string{text}
	for range 3 {
		undone := html.UnescapeString(unpercent(unslash(text)))
		if undone == text {
			break
		}
		text = undone
		forms = append(forms, text)
	}
	return forms
}

// unpercent undoes %41.
func unpercent(text string) string {
	return unescape(text, "%", 2, func(n uint64) string { return string([]byte{byte(n)}) })
}

// unslash undoes \u0041.
func unslash(text string) string {
	return unescape(text, `\u`, 4, func(n uint64) string { return string(rune(n)) })
}

func unescape(text, mark string, digits int, plain func(uint64) string) string {
	before, rest, found := strings.Cut(text, mark)
	if !found {
		return text
	}
	var out strings.Builder
	for ; found; before, rest, found = strings.Cut(rest, mark) {
		out.WriteString(before)
		n, err := strconv.ParseUint(rest[:min(digits, len(rest))], 16, 32)
		if err != nil || len(rest) < digits {
			out.WriteString(mark)
			continue
		}
		out.WriteString(plain(n))
		rest = rest[digits:]
	}
	out.WriteString(before)
	return out.String()
}

// in returns a trace that a text holds, or "". Digits are looked for where nothing
// but texts is, since clocks, pointers and random waits have some too.
func (t traces) in(text string, withDigits bool) string {
	for _, form := range plainForms(text) {
		plain := bareLetters(form)
		for whole := range t.whole {
			if strings.Contains(plain, whole) && (withDigits || whole >= "a") {
				return whole
			}
		}
		for i := 0; i+8 <= len(plain); i++ {
			if t.parts[plain[i:i+8]] && (withDigits || strings.Trim(plain[i:i+8], "0123456789") != "") {
				return plain[i : i+8]
			}
		}
		if !withDigits {
			continue
		}
		digits := numbersOf(form)
		for i := 0; i+4 <= len(digits); i++ {
			if t.digits[digits[i:i+4]] {
				return digits[i : i+4]
			}
		}
	}
	return ""
}
