package mask_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/mask"
)

func TestTextPhoneNumbers(t *testing.T) { // SEC-4, ERR-4
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"E.164", "to +14155552671 failed", "to +141******71 failed"},
		{"without plus", "14155552671", "141******71"},
		{"seven digits", "5552671", "555**71"},
		{"spaces and brackets", "+1 (415) 555-2671", "+1 (41*) ***-**71"},
		{"dots", "415.555.2671", "415.***.**71"},
		{"slashes and underscores", "030/901820_77", "030/******_77"},
		{"spaced dashes", "415 - 555 - 2671", "415 - *** - **71"},
		{"no-break spaces", "+1\u00a0415\u00a0555\u00a02671", "+1\u00a041*\u00a0***\u00a0**71"},
		{"non-breaking hyphens", "415\u2011555\u20112671", "415\u2011***\u2011**71"},
		{"invisible marks", "\u202a+1415\u200b5552671\u202c", "\u202a+141*\u200b*****71\u202c"},
		{"other digits", "٤١٥٥٥٥٢٦٧١", "٤١٥*****٧١"},
		{"two numbers", "+14155552671, +14155552672", "+141******71, +141******72"},
		{"in a URL", "?to=%2B14155552671&x=1", "?to=%2B141******71&x=1"},
		{"in JSON", `{"value":"+14155552671"}`, `{"value":"+141******71"}`},
		{"at the very end", "x 14155552671", "x 141******71"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, mask.Text(c.in))
		})
	}
}

// TestTextLeavesShortNumbers proves that what people need to read stays.
func TestTextLeavesShortNumbers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "no digits", "422", "short code 12345", "limit 100, window 60s", "6 digits: 123456", "attempt 2 of 3",
		"100, 200, 300", "415 is an area code, 555 another", "500 | 500 | 500", "v1.2.3",
	} {
		assert.Equal(t, text, mask.Text(text))
	}
}

func TestTextEmails(t *testing.T) { // SEC-4
	t.Parallel()
	for in, want := range map[string]string{
		"to jane.doe@example.com failed":    "to ***@example.com failed",
		"<jane+x@example.com>":              "<***@example.com>",
		"o'brien@example.com":               "***@example.com",
		"a/b{c}|d@example.com":              "***@example.com",
		"jürgen@example.de":                 "***@example.de",
		"root@[192.0.2.1]":                  "***@[192.0.2.1]",
		"a@b.example,c@d.example":           "***@b.example,***@d.example",
		"a@b@c":                             "***@***@c",
		"14155552671@sms.example.com":       "***@sms.example.com",
		"at @ alone, @name and trailing x@": "at @ alone, @name and trailing x@",
	} {
		assert.Equal(t, want, mask.Text(in), in)
	}
}

func TestTextGivenValues(t *testing.T) { // SEC-2, SEC-4
	t.Parallel()
	for _, c := range []struct {
		name, in string
		values   []string
		want     string
	}{
		{"everywhere", "key K-1, key K-1", []string{"K-1"}, "key [redacted], key [redacted]"},
		{"empty values", "text", []string{"", ""}, "text"},
		{"one begins another", "pass secretary", []string{"secret", "secretary"}, "pass [redacted]"},
		{"one within another", "pass secretary", []string{"cret", "secretary"}, "pass [redacted]"},
		{"overlapping", "abcdef", []string{"abcd", "cdef"}, "[redacted]"},
		{"overlapping itself", "ababa!", []string{"aba"}, "[redacted]!"},
		{"side by side", "abcd", []string{"ab", "cd"}, "[redacted]"},
		{"part of the mark", "acted, xyz", []string{"xyz", "acted"}, "[redacted], [redacted]"},
		{"digits", "code 482913", []string{"482913"}, "code [redacted]"},
		{"other letters", "grüß dich", []string{"grüß"}, "[redacted] dich"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, mask.Text(c.in, c.values...))
		})
	}
}

// TestSecrets hides the given values and nothing else: what stays is an ID that
// people quote to support.
func TestSecrets(t *testing.T) { // ERR-5, SEC-2
	t.Parallel()
	assert.Equal(t, "req_20260308120000 of [redacted]", mask.Secrets("req_20260308120000 of sk_1", "sk_1", ""))
	assert.Equal(t, "jane@example.com", mask.Secrets("jane@example.com"))
	assert.Empty(t, mask.Secrets("", "x"))
}

func TestNumber(t *testing.T) { // NUM-1
	t.Parallel()
	for in, want := range map[string]string{
		"":                 "",
		"12345":            "*****",
		"12345678":         "********",
		"123456789":        "123****89",
		"+14155552671":     "+14*******71",
		"+493012345678901": "+49***********01",
		"hello":            "*****",
		"äöüäöüäöü":        "*********",
		"the code is 1":    "*************",
		"(415) 555-2671":   "(41*********71",
	} {
		assert.Equal(t, want, mask.Number(in), in)
	}
}

// TestTextIsLinear proves that no text that a server can send keeps a program
// busy: the largest error body is 1 MiB.
func TestTextIsLinear(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a@", "1", "1 - ", " - ", "1234567 ", "@", "aaaa"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		assert.NotEmpty(t, mask.Text(text, "aaaa", "bbbb"))
	}
}

// FuzzText looks for numbers and secrets that survive.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"+1 (415) 555-2671", "jane@example.com", "1234567", "12\xff34567", "1 - 2 - 3 - 4 - 5 - 6 - 7", "s3cr3t", "\u00a012\u202a34567",
	} {
		f.Add(seed, "s3cr3t")
	}
	run := regexp.MustCompile(`[0-9]{7}`)
	formatted := regexp.MustCompile(`[0-9]([ ().-]{0,3}[0-9]){6}`)
	f.Fuzz(func(t *testing.T, text, value string) {
		out := mask.Text(text, value)
		require.NotRegexp(t, run, out)
		require.NotRegexp(t, formatted, out)
		if utf8.ValidString(value) && len(value) >= 4 && !strings.Contains("x[redacted]x", value) && utf8.ValidString(text) {
			require.NotContains(t, mask.Text("x"+value+"x", value), value)
		}
		require.Equal(t, out, mask.Text(out), "what is masked stays as it is")
		mask.Number(text)
	})
}
