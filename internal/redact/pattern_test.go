package redact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/redact"
)

// SEC-4, ERR-4: numbers that nobody wrote are masked.
func TestNumbersInTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"E.164", "to +14155552671 failed", "to +141******71 failed"},
		{"without plus", "14155552671", "141******71"},
		{"seven digits", "5552671", "555**71"},
		{"spaces and brackets", "+1 (415) 555-2671", "+1 (41*) ***-**71"},
		{"dots", "415.555.2671", "415.***.**71"},
		{"slashes and underscores", "030/901820_77", "030/******_77"},
		{"spaced dashes", "415 - 555 - 2671", "415 - *** - **71"},
		{"no-break spaces", "+1\u00a0415\u00a0555\u00a02671", "+1 41* *** **71"},
		{"non-breaking hyphens", "415\u2011555\u20112671", "415\u2011***\u2011**71"},
		{"invisible marks", "\u202a+1415\u200b5552671\u202c", "\u202a+141*\u200b*****71\u202c"},
		{"other digits", "٤١٥٥٥٥٢٦٧١", "٤١٥*****٧١"},
		{"two numbers", "+14155552671, +14155552672", "+141******71, +141******72"},
		{"in a URL", "?to=%2B14155552671&x=1", "?to=%2B141******71&x=1"},
		{"in JSON", `{"value":"+14155552671"}`, `{"value":"+141******71"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, hide(c.in))
		})
	}
}

// What people need to read stays.
func TestShortNumbersStay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "no digits", "422", "short code 12345", "limit 100, window 60s", "6 digits: 123456", "attempt 2 of 3",
		"100, 200, 300", "415 is an area code, 555 another", "500 | 500 | 500", "v1.2.3",
	} {
		assert.Equal(t, text, hide(text))
	}
}

func TestEmailsInTexts(t *testing.T) { // SEC-4
	t.Parallel()
	for in, want := range map[string]string{
		"to jane.doe@example.com failed":    "to [hidden]@example.com failed",
		"<jane+x@example.com>":              "<[hidden]@example.com>",
		"o'brien@example.com":               "[hidden]@example.com",
		"a/b{c}|d@example.com":              "[hidden]@example.com",
		"jürgen@example.de":                 "[hidden]@example.de",
		"root@[192.0.2.1]":                  "[hidden]@[192.0.2.1]",
		"a@b.example,c@d.example":           "[hidden]@b.example,[hidden]@d.example",
		"a@b@c":                             "[hidden]@[hidden]@c",
		"?to=jane.doe%40example.com&x=1":    "?to=[hidden]%40example.com&x=1",
		"at @ alone, @name and trailing x@": "at @ alone, @name and trailing x@",
	} {
		assert.Equal(t, want, hide(in), in)
	}
}

// LEAK-2: keys and signing secrets are hidden whosever they are.
func TestSecretsOfOrbitInTexts(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"key dv_live_sk_a1B2-c3_d4 is wrong": "key [hidden] is wrong",
		"key DV_TEST_SK_abc":                 "key [hidden]",
		"?key=dv%5Flive%5Fsk%5Fabc&x=1":      "?key=[hidden]&x=1",
		"xdv_live_sk_abc":                    "[hidden]",
		"whsec_8Zk1vN0rT5yQ2xLw== here":      "[hidden] here",
		"keys begin with dv_live_ or dv_":    "keys begin with dv_live_ or dv_",
	} {
		assert.Equal(t, want, hide(in), in)
	}
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
		assert.Equal(t, want, redact.Number(in), in)
	}
}
