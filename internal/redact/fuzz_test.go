package redact_test

import (
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/redact"
)

// FuzzHide looks for a written text that survives, whole or in part, in any of the
// forms in which servers echo, and for texts that keep the redactor from its work.
func FuzzHide(f *testing.F) {
	for _, seed := range [][3]string{
		{"Your code is ", "482913", "."}, {"a", "Grüße, \"Jo\" & <b>\\u0041</b> 100%25", "b"}, {"a", "O'Neil <jo>, \"Grüße\"", "b"}, {"+1 (415) 555-2671", "jane@example.com", "1 - 2 - 3"},
		{"%", "%4%41%", "41"}, {"&#", "&amp;#39;x&#x", "27;"}, {"\\", "\\\\u00\\u0041", "\\u"}, {"\xff", "\xff\xfe\x00\x80", "\xff"}, {"then", "then", "umber"},
		{"dv_live_sk_", "dv_test_sk_abc", "whsec_"}, {"\u202a12\u200b3", "\u0661\u0662\u0663\u0664", "４"}, {"", "       x", "        "},
		{"0", "        0ݠ!0", "0"}, {"0", " 000!", "0"}, {"0", "+000", "0"}, {"", " 000+", "0"}, {"0", "0%00\n", "0"},
	} {
		f.Add(seed[0], seed[1], seed[2], uint8(len(seed[1])))
	}
	f.Fuzz(func(t *testing.T, before, written, after string, from uint8) {
		if len(before)+len(written)+len(after) > 2000 {
			t.Skip("this test takes quadratic time")
		}
		part := written[min(int(from), len(written)):]
		echoes := []string{written, part, strings.ToUpper(written)}
		if !strings.ContainsAny(written, `%\&`) { // else nobody can tell which escapes are whose
			echoes = append(echoes, url.QueryEscape(written), url.QueryEscape(url.PathEscape(written)),
				html.EscapeString(written), strconv.QuoteToASCII(written), fmt.Sprintf("%q", part))
		}
		for _, echo := range echoes {
			text := before + " " + echo + " " + after
			shown := redact.String(text, len(text)+1, written)
			require.True(t, utf8.ValidString(shown))
			for run := range runs(written, 8) {
				require.NotContains(t, shown, run)
			}
			if plain := strings.TrimSpace(written); utf8.RuneCountInString(plain) >= 4 && isLine(plain) && len(text) < 500 && !strings.Contains(redact.Mark, plain) {
				require.NotContains(t, shown, plain)
			}
		}
	})
}

// runs are the parts of n characters, but for those that a line would not hold, or
// that the marks may hold by chance.
func runs(text string, n int) func(func(string) bool) {
	return func(yield func(string) bool) {
		chars := []rune(text)
		for i := 0; i+n <= len(chars); i++ {
			run := string(chars[i : i+n])
			if isLine(run) && !strings.ContainsAny(run, "[]*…") && !yield(run) {
				return
			}
		}
	}
}

// isLine reports whether a text is made of what is compared, and reads in a line as
// it was written.
func isLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.M) || r == utf8.RuneError || r == ' ' || r == '+' // which is one in queries
	})
}
