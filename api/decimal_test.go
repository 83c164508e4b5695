package api_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

// TestDecimalDigits proves that no digit is lost on the way through the SDK.
func TestDecimalDigits(t *testing.T) { // FWD-5
	t.Parallel()
	for _, c := range []struct{ in, text, sent string }{
		{`"1.50"`, "1.50", `"1.50"`},
		{`1.50`, "1.50", `"1.50"`},
		{`0.1`, "0.1", `"0.1"`},
		{`-0.0075`, "-0.0075", `"-0.0075"`},
		{`12345678901234567890.123456789012345678901`, "12345678901234567890.123456789012345678901", `"12345678901234567890.123456789012345678901"`},
		{`1e3`, "1e3", `"1e3"`},
		{`"2.5E-3"`, "2.5E-3", `"2.5E-3"`},
		{`""`, "", `""`},
		{`null`, "", `""`},
	} {
		t.Run(c.in, func(t *testing.T) {
			t.Parallel()
			var d api.Decimal
			require.NoError(t, json.Unmarshal([]byte(c.in), &d))
			assert.Equal(t, api.Decimal(c.text), d)
			out, err := json.Marshal(d)
			require.NoError(t, err)
			assert.Equal(t, c.sent, string(out))
		})
	}
}

func TestDecimalRefusesJunk(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"1/3", "Inf", "-Inf", "NaN", "0x10", "0b1", "1_000", "1,50", "1.2.3", "--1", "+1", "1-2", ".", "-", "e3", "1e", "1e1.5",
		"1e999999999", "1e-999999999", "0e999999999", " 1.5", "1.5 ", "1.5 EUR", `"1.5"`, "null", "true", "٣",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			d := api.Decimal("7")
			quoted, err := json.Marshal(text)
			require.NoError(t, err)
			assert.Error(t, json.Unmarshal(quoted, &d))
			assert.Equal(t, api.Decimal("7"), d, "a refused number leaves the value as it was")
			_, ok := api.Decimal(text).Rat()
			assert.False(t, ok)
		})
	}
	for _, raw := range []string{`true`, `{}`, `[1]`, `1e999999999`, `"\ud800"`} {
		var d api.Decimal
		assert.Error(t, json.Unmarshal([]byte(raw), &d), raw)
	}
}

func TestDecimalRat(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]*big.Rat{
		"1.50":   big.NewRat(3, 2),
		"0.1":    big.NewRat(1, 10),
		"-.5":    big.NewRat(-1, 2),
		"2.":     big.NewRat(2, 1),
		"1e3":    big.NewRat(1000, 1),
		"25e-4":  big.NewRat(25, 10000),
		"0.0075": big.NewRat(75, 10000),
	} {
		got, ok := api.Decimal(text).Rat()
		require.True(t, ok, text)
		assert.Zero(t, want.Cmp(got), text)
	}
	_, ok := api.Decimal("").Rat()
	assert.False(t, ok, "an absent price is no number")
}

// FuzzDecimal looks for text that is taken for a number but is none, or that
// costs more than it should.
func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{`"1.50"`, `1.5`, `null`, `""`, `"1/3"`, `1e300`, `"-.5"`, `"1e999999999"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d api.Decimal
		if json.Unmarshal(data, &d) != nil || d == "" {
			return
		}
		_, ok := d.Rat()
		require.True(t, ok, "%q was taken for a number", d)
		out, err := json.Marshal(d)
		require.NoError(t, err)
		var again api.Decimal
		require.NoError(t, json.Unmarshal(out, &again))
		require.Equal(t, d, again)
	})
}

// LEAK-7: a number of millions of digits costs nothing.
func TestDecimalIsBounded(t *testing.T) {
	t.Parallel()
	_, ok := api.Decimal(strings.Repeat("9", 1000)).Rat()
	assert.True(t, ok)
	long := api.Decimal(strings.Repeat("9", 16<<20))
	_, ok = long.Rat()
	assert.False(t, ok)
	var read api.Decimal
	require.NoError(t, json.Unmarshal([]byte(long), &read))
	assert.Equal(t, long, read, "the digits themselves are kept")
}
