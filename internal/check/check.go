// Package check refuses, before anything is sent, what can never be valid: an
// empty required field, a recipient that is no E.164 number, fields that exclude
// each other. Counts and ranges are left to the server.
package check

import (
	"strings"

	"github.com/devotel/orbit-go/internal/redact"
)

// Problem is why a parameter is refused; nil means that it is not.
type Problem struct {
	// Field is the parameter, by its name on the wire.
	Field string
	// Rule says what the field must be.
	Rule string
	// Suggestion is a corrected form, digits masked, where one is obvious.
	Suggestion string
	// Code is what the API would refuse the request with, where programs ask for it.
	Code string
}

// Required refuses an empty text.
func Required(field, value string) *Problem {
	if value == "" {
		return &Problem{Field: field, Rule: "must not be empty"}
	}
	return nil
}

// That refuses the field unless ok.
func That(ok bool, field, rule string) *Problem {
	if ok {
		return nil
	}
	return &Problem{Field: field, Rule: rule}
}

// NotNegative refuses a count below zero.
func NotNegative(field string, n int) *Problem {
	return That(n >= 0, field, "must not be negative")
}

// OneOf refuses anything but exactly one of the named fields; given holds, in
// the order of the names in fields, which of them are set.
func OneOf(fields string, given ...bool) *Problem {
	count := 0
	for _, g := range given {
		if g {
			count++
		}
	}
	return That(count == 1, fields, "exactly one of them must be given")
}

// E164 refuses what is not a plus sign and 8 to 15 digits, the first not zero.
func E164(field, value string) *Problem {
	if IsE164(value) {
		return nil
	}
	if value == "" {
		return Required(field, value)
	}
	return &Problem{
		Field:      field,
		Rule:       `must be a phone number in E.164 form: "+", country code and number, 8 to 15 digits, the first not 0`,
		Suggestion: correction(value),
	}
}

// EachE164 applies E164 to each of values, and refuses an empty list.
func EachE164(field string, values []string) *Problem {
	if len(values) == 0 {
		return Required(field, "")
	}
	for _, v := range values {
		if p := E164(field, v); p != nil {
			return p
		}
	}
	return nil
}

// IsE164 reports whether s has the shape of an E.164 number.
func IsE164(s string) bool {
	const minDigits, maxDigits = 8, 15
	if len(s) < 1+minDigits || len(s) > 1+maxDigits || s[0] != '+' || s[1] == '0' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// withoutSeparators takes out what people write between digits.
func withoutSeparators(value string) string {
	return strings.NewReplacer(" ", "", "\t", "", "-", "", "(", "", ")", "", ".", "", "\u00a0", "").Replace(value)
}

// correction returns the masked E.164 number that value obviously means: one
// with separators, with 00 for the plus, with a national (0), or without the
// plus. A national number has none, since its country is unknown.
func correction(value string) string {
	digits := withoutSeparators(strings.ReplaceAll(value, "(0)", ""))
	candidate := digits
	switch {
	case strings.HasPrefix(digits, "00"):
		candidate = "+" + digits[2:]
	case strings.HasPrefix(digits, "+"):
	case digits == value && len(digits) > 10:
		candidate = "+" + digits
	default:
		return ""
	}
	if !IsE164(candidate) {
		return ""
	}
	return redact.Number(candidate)
}
