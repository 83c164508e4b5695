package wire_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/wire"
)

// numbers are the scalars that change their type between generations.
type numbers struct {
	I   int     `json:"i"`
	I64 int64   `json:"i64"`
	I8  int8    `json:"i8"`
	U   uint64  `json:"u"`
	F   float64 `json:"f"`
	B   bool    `json:"b"`
}

// TestScalars reads each number and boolean in the forms that make sense, digit
// for digit.
func TestScalars(t *testing.T) { // FWD-1, FWD-5
	t.Parallel()
	for _, c := range []struct {
		field, json string
		want        numbers
	}{
		{"i", `"7"`, numbers{I: 7}},
		{"i", `" 7 "`, numbers{I: 7}},
		{"i", `"-7"`, numbers{I: -7}},
		{"i", `"+7"`, numbers{I: 7}},
		{"i", `"007"`, numbers{I: 7}},
		{"i", `"7.0"`, numbers{I: 7}},
		{"i", `7.0`, numbers{I: 7}},
		{"i", `1e3`, numbers{I: 1000}},
		{"i", `"1e3"`, numbers{I: 1000}},
		{"i", `""`, numbers{}},
		{"i64", `"9223372036854775807"`, numbers{I64: math.MaxInt64}},
		{"i64", `"-9223372036854775808"`, numbers{I64: math.MinInt64}},
		{"i64", `"9007199254740993"`, numbers{I64: 9007199254740993}},
		{"i8", `"127"`, numbers{I8: 127}},
		{"u", `"7"`, numbers{U: 7}},
		{"u", `7.0`, numbers{U: 7}},
		{"f", `"1.5"`, numbers{F: 1.5}},
		{"f", `"-2e-3"`, numbers{F: -0.002}},
		{"f", `""`, numbers{}},
		{"b", `"true"`, numbers{B: true}},
		{"b", `"TRUE"`, numbers{B: true}},
		{"b", `"yes"`, numbers{B: true}},
		{"b", `1`, numbers{B: true}},
		{"b", `"1"`, numbers{B: true}},
		{"b", `"false"`, numbers{}},
		{"b", `"no"`, numbers{}},
		{"b", `0`, numbers{}},
		{"b", `""`, numbers{}},
	} {
		t.Run(c.field+" "+c.json, func(t *testing.T) {
			t.Parallel()
			var got numbers
			require.NoError(t, wire.Unmarshal(fmt.Appendf(nil, `{%q:%s}`, c.field, c.json), &got))
			assert.Equal(t, c.want, got)
		})
	}
}

// TestScalarsRefused proves that nothing is rounded, cut or made up.
func TestScalarsRefused(t *testing.T) {
	t.Parallel()
	for field, values := range map[string][]string{
		"i":   {`"a"`, `"1.5"`, `1.5`, `"0x10"`, `"0x1p4"`, `"1_000"`, `"1,000"`, `"Inf"`, `"NaN"`, `true`, `"true"`, `{}`, `[]`, `"1e30"`},
		"i64": {`"9223372036854775808"`, `9223372036854775808`, `"9007199254740993.0"`, `1e19`},
		"i8":  {`"128"`, `"1e3"`},
		"u":   {`"-1"`, `-1`},
		"f":   {`"a"`, `"1e999"`, `"Inf"`, `"NaN"`, `"0x10"`, `".5"`, `true`, `{}`},
		"b":   {`"maybe"`, `2`, `{}`, `[]`},
	} {
		for _, value := range values {
			var got numbers
			require.Error(t, wire.Unmarshal(fmt.Appendf(nil, `{%q:%s}`, field, value), &got), "%s: %s", field, value)
		}
	}
}
