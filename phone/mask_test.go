package phone_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/phone"
)

// SEC-4
func TestMask(t *testing.T) {
	for _, c := range []struct{ input, want string }{
		{"", ""},
		{"+14155552671", "+141*****71"},
		{"(415) 555-2671", "415*****71"},
		{"tel:+1 415 555 2671", "+141*****71"},
		{"0044 20 7183 8750", "004*****50"},
		{"+12345678", "+1*****78"},
		{"5552671", "*****71"},
		{"555267", "*****"},
		{"911", "*****"},
		{"+", "*****"},
		{"Ann", "*****"},
		{"+١٤١٥٥٥٥٢٦٧١", "+141*****71"},
		{"1+4155552671", "141*****71"},
		{"+1\xff4155552671", "+141*****71"},
		{strings.Repeat("9", 10_000), "999*****99"},
	} {
		assert.Equal(t, c.want, phone.Mask(c.input))
	}
}
